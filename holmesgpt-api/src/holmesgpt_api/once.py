"""Requests with the same Idempotency-Key are one analysis."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter
from service_base.problems import ProblemError

from holmesgpt_api.answers import Answers, Kept

HEADER = "idempotency-key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
REPEATED = Counter(
    "holmesgpt_api_repeated_requests_total", "Requests answered by another's analysis.", ["how"]
)
Run = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True)
class Ticket:
    """Whose request it is, under which key, and what it asks."""

    name: str
    fingerprint: str


def ticket(headers: Mapping[str, str], caller: str, kind: str, body: str) -> Ticket | None:
    """The request's ticket; None without a key. Raises ProblemError for a malformed key."""
    key = headers.get(HEADER)
    if key is None:
        return None
    if not KEY.fullmatch(key):
        said = "must be 1 to 255 visible ASCII characters"
        raise ProblemError(
            400,
            "validation-error",
            "Validation Error",
            f"Idempotency-Key {said}",
            field_errors={"Idempotency-Key": said},
        )
    return Ticket(_digest(caller, key), _digest(kind, body))


def _digest(*parts: str) -> str:
    # A separator that no part has: two callers must not share a name.
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Once:
    """Runs each ticket's analysis once. What it runs nobody cancels by leaving."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._flights: dict[str, tuple[str, asyncio.Task[bytes]]] = {}

    async def answer(self, asked: Ticket, run: Run) -> bytes:
        """The answer to the ticket, by running or by waiting for who runs."""
        flight = self._flights.get(asked.name)
        if flight is None:
            task = asyncio.create_task(self._fly(asked, run))
            self._flights[asked.name] = (asked.fingerprint, task)
            task.add_done_callback(lambda ended: self._land(asked.name, ended))
        else:
            fingerprint, task = flight
            _must_match(asked, fingerprint)
            REPEATED.labels("joined").inc()
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way."""
        tasks = [task for _, task in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _land(self, name: str, ended: "asyncio.Task[bytes]") -> None:
        del self._flights[name]
        if not ended.cancelled():
            # Whoever still waits gets the error; perhaps nobody does.
            ended.exception()

    async def _fly(self, asked: Ticket, run: Run) -> bytes:
        kept = await asyncio.to_thread(self._answers.read, asked.name)
        if kept is not None:
            _must_match(asked, kept.fingerprint)
            REPEATED.labels("kept").inc()
            return kept.answer
        answer = await run()
        await asyncio.to_thread(self._answers.write, asked.name, Kept(asked.fingerprint, answer))
        return answer


def _must_match(asked: Ticket, fingerprint: str) -> None:
    if asked.fingerprint != fingerprint:
        raise ProblemError(
            409,
            "conflict",
            "Conflict",
            "the Idempotency-Key belongs to a request with another body",
        )


async def never() -> MutableMapping[str, Any]:
    """A client that does not leave."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")
