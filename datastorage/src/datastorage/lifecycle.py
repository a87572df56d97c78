"""What runs beside the requests: the start of the database, and the anchor."""

import asyncio
from collections.abc import Callable, Coroutine

import structlog

log = structlog.get_logger("datastorage")


class Background:
    """A task whose failure is told, not swallowed, and that can be ended."""

    def __init__(
        self,
        name: str,
        work: Coroutine[None, None, None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._name = name
        self._failed = failed
        self._task = asyncio.create_task(work, name=name)
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Cancel the task and wait until it has ended; its failure was told when it came."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("background task failed", task=self._name, exc_info=error)
        if self._failed is not None:
            self._failed(error)
