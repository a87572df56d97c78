"""Whether this service can have reviews made: what readiness tells."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextvars import Context
from typing import Any

from kube_auth.client import ReviewClient
from kube_auth.errors import ReviewUnavailableError
from kube_auth.reviews import REVIEW_KINDS, SELF_REVIEWS, read_status, self_review

# A self-review needs one look at RBAC; who cannot give it in this time cannot review either.
SECONDS = 1.5
FRESH_SECONDS, AGAIN_SECONDS = 5.0, 1.0
UNKNOWN = "whether this service may create reviews is being asked"
log = logging.getLogger("kube_auth")


class Standing:
    """Asks the API server by SelfSubjectAccessReviews whether this service may review.

    They are sent when somebody wants to know and nothing recent is known, and after a
    review that failed. Only they decide: a failure of one caller's review could be
    that caller's doing, and must not take the service out of service.
    """

    def __init__(self, client: ReviewClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._problem: str | None = UNKNOWN
        self._told_at = float("-inf")
        self._ask_at = clock()
        self._asking: asyncio.Task[None] | None = None

    def problem(self) -> str | None:
        """Why reviews cannot be had, as far as is known; None when they can."""
        missing = self._client.not_ready()
        if missing is None:
            self._ask_when_due()
        return missing or self._problem

    def worked(self) -> None:
        """A review was answered, so that nothing needs to be asked for a while."""
        if self._problem is None:
            self._ask_at = self._clock() + FRESH_SECONDS

    def failed(self) -> None:
        """A review was not answered."""
        self._ask_at = min(self._ask_at, self._told_at + AGAIN_SECONDS)
        self._ask_when_due()

    async def aclose(self) -> None:
        """Ask no more."""
        self._ask_at = float("inf")
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    def _ask_when_due(self) -> None:
        if self._asking is None and self._clock() >= self._ask_at:
            # An empty context: it is nobody's request.
            self._asking = asyncio.get_running_loop().create_task(self._ask(), context=Context())
            self._asking.add_done_callback(self._asked)

    def _asked(self, asking: "asyncio.Task[None]") -> None:
        self._asking = None
        if not asking.cancelled() and asking.exception() is not None:
            self._tell(f"the self-review failed: {type(asking.exception()).__name__}")

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                answers = [await self._may_create(*kind) for kind in REVIEW_KINDS]
        except TimeoutError:
            self._tell(f"the API server did not answer within {SECONDS:g} s")
        except ReviewUnavailableError as error:
            # Where nobody may review himself, reviews themselves have to show it.
            self._tell(None if error.status == 403 else str(error))
        else:
            self._tell(next(filter(None, answers), None))

    async def _may_create(self, group: str, resource: str) -> str | None:
        answer: Any = await self._client.create(SELF_REVIEWS, self_review(group, resource))
        if read_status(answer).get("allowed") is True:
            return None
        return f"this service may not create {resource}; bind it to system:auth-delegator"

    def _tell(self, problem: str | None) -> None:
        """Keep what was found, and log each change."""
        self._told_at = self._clock()
        self._ask_at = self._told_at + (AGAIN_SECONDS if problem else FRESH_SECONDS)
        if problem == self._problem:
            return
        self._problem = problem
        if problem is None:
            log.info("reviews can be made")
        else:
            log.warning("reviews cannot be made", extra={"reason": problem})
