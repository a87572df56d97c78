"""Runs analyses in threads, each until its deadline or until its client has gone."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from service_base.problems import ProblemError

from holmesgpt_api.engine import (
    Cancellation,
    DeadlineExceededError,
    EngineError,
    InvestigationCancelledError,
)
from holmesgpt_api.outbox import OutboxError

T = TypeVar("T")
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
TITLES = {
    413: ("payload-too-large", "Payload Too Large"),
    502: ("bad-gateway", "Bad Gateway"),
    503: ("service-unavailable", "Service Unavailable"),
    504: ("gateway-timeout", "Gateway Timeout"),
}
RETRY_AFTER = 2
# What an analysis whose time is up may still need to make its audit events durable.
LAST_WORDS_SECONDS = 1.0


def failure(status: int, detail: str, retry_after: int | None = None) -> ProblemError:
    """The problem for something that this service depends on."""
    slug, title = TITLES[status]
    headers = {"Retry-After": str(retry_after or RETRY_AFTER)} if status == 503 else {}
    return ProblemError(status, slug, title, detail, headers=headers)


class Runner:
    """At most so many analyses at a time; one more is told to come back."""

    def __init__(self, max_in_flight: int, deadline: float) -> None:
        self._deadline = deadline
        self._free = max_in_flight
        self._pool = ThreadPoolExecutor(max_in_flight, thread_name_prefix="analysis")

    def close(self) -> None:
        """Start nothing more, and wait for what was cancelled to end."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def run(self, work: Callable[[Cancellation], T], receive: Receive) -> T:
        """The work's result; its errors as problems."""
        if self._free == 0:
            raise failure(503, "too many analyses are under way")
        self._free -= 1
        cancellation = Cancellation(self._deadline)
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, work, cancellation)
        future.add_done_callback(self._release)
        watch = asyncio.create_task(_disconnected(receive))
        try:
            await self._wait({future, watch}, cancellation)
            if not future.done():
                raise _unfinished(disconnected=watch.done(), deadline=self._deadline)
            return _result(future, self._deadline)
        finally:
            cancellation.cancel()
            watch.cancel()

    async def _wait(self, waited: set["asyncio.Future[Any]"], cancellation: Cancellation) -> None:
        done, _ = await asyncio.wait(
            waited, timeout=self._deadline, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            cancellation.cancel()
            await asyncio.wait(
                waited, timeout=LAST_WORDS_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )

    def _release(self, future: "asyncio.Future[Any]") -> None:
        self._free += 1
        if not future.cancelled():
            # Nobody asks any more for the error of an abandoned analysis.
            future.exception()


def _unfinished(*, disconnected: bool, deadline: float) -> ProblemError:
    if disconnected:
        return failure(503, "the client closed the connection")
    return failure(504, f"no answer within {deadline:g} s")


def _result(future: "asyncio.Future[T]", deadline: float) -> T:
    try:
        return future.result()
    except DeadlineExceededError as error:
        raise failure(504, f"no answer within {deadline:g} s") from error
    except InvestigationCancelledError as error:
        raise failure(504, f"no answer within {deadline:g} s") from error
    except OutboxError as error:
        raise failure(503, str(error)) from error
    except EngineError as error:
        raise failure(error.status, str(error), error.retry_after) from error


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
