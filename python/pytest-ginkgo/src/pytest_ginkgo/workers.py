"""Events of xdist's workers; imported only when xdist is there."""

from typing import Any

import pytest

from pytest_ginkgo.events import EventWriter


class WorkerEvents:
    """Reports workers as they come and go."""

    def __init__(self, writer: EventWriter) -> None:
        self._writer = writer

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        """A worker is ready to collect."""
        self._writer.write("worker_up", worker=node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """A worker ended; `error` is absent when that was planned."""
        self._writer.write(
            "worker_down", worker=node.gateway.id, error=str(error) if error else None
        )
