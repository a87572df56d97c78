"""Deadlines, disconnects and the limit of concurrent analyses."""

import asyncio
import threading
from typing import Any

import pytest
from holmesgpt_api.engine import Cancellation
from holmesgpt_api.runner import Runner
from service_base.problems import ProblemError


async def connected() -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


async def gone() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def test_a_disconnect_cancels_the_work() -> None:
    cancelled = threading.Event()

    def work(cancellation: Cancellation) -> None:
        cancellation.on_cancel(cancelled.set)
        cancellation.event.wait(5)

    runner = Runner(1, 5)
    with pytest.raises(ProblemError):
        asyncio.run(runner.run(work, gone))
    runner.close()
    assert cancelled.wait(5)


def test_one_too_many_is_told_to_come_back() -> None:
    async def both(runner: Runner) -> ProblemError:
        release = threading.Event()
        first = asyncio.create_task(runner.run(lambda _: release.wait(5), connected))
        await asyncio.sleep(0)
        with pytest.raises(ProblemError) as raised:
            await runner.run(lambda _: None, connected)
        release.set()
        assert await first
        return raised.value

    runner = Runner(1, 5)
    error = asyncio.run(both(runner))
    runner.close()
    assert error.status == 503
    assert int(error.headers["Retry-After"]) > 0
