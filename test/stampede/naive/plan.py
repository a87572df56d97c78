"""The load, as the reproduction describes it, and the moment at which it begins."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GATHER_SECONDS = 120


@dataclass(frozen=True)
class Plan:
    """One run's load; `barrier` is host and port."""

    url: str
    token_file: str
    barrier: str
    at_once: bool
    timeout_seconds: float
    attempts: int
    workflows: list[dict[str, Any]]

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """Read the file that the reproduction wrote."""
        return cls(**json.loads(path.read_text()))

    @property
    def token(self) -> str:
        """The caller's bearer token."""
        return Path(self.token_file).read_text().strip()

    @contextmanager
    def start_together(self) -> Iterator[None]:
        """Hold until every worker has come, and tell when this one is done.

        The start of the workers is not part of the load: they take seconds for it.
        """
        host, port = self.barrier.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=GATHER_SECONDS) as gate:
            if not gate.recv(1):
                raise RuntimeError("the reproduction ended before all workers had come")
            yield
