"""The real DataStorage that all strategies seed, and what it counts."""

import json
import re
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["go", "run", "./test/infrastructure/stack/cmd/stack-up", "--json"]
LIMIT_SECONDS = 300
POST = '"request":"POST /api/v1/workflows"'
REVIEWS = re.compile(r'^kube_auth_reviews_total\{kind="token".*\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """What DataStorage has seen so far."""

    posts: int
    token_reviews: int

    def since(self, before: "Counts") -> "Counts":
        """What came after."""
        return Counts(self.posts - before.posts, self.token_reviews - before.token_reviews)


class Stack:
    """API server, etcd, PostgreSQL and DataStorage, up for as long as this is entered."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stack.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._told: dict[str, Any] = {}

    def __enter__(self) -> "Stack":
        command = [*COMMAND, str(self._file)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
        deadline, pause = time.monotonic() + LIMIT_SECONDS, threading.Event()
        while not self._file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the stack did not come up; its output stands above")
            pause.wait(0.1)
        self._told = json.loads(self._file.read_text())
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
            self._process.wait()

    @property
    def url(self) -> str:
        """DataStorage."""
        return str(self._told["urls"]["datastorage"])

    @property
    def token_file(self) -> Path:
        """The suite's token."""
        return Path(self._told["client_token_file"])

    def counts(self) -> Counts:
        """By DataStorage's access log and metrics."""
        log = Path(self._told["logs"]["datastorage"]).read_text()
        metrics = requests.get(f"{self.url}/metrics", timeout=30)
        metrics.raise_for_status()
        reviews = sum(float(number) for number in REVIEWS.findall(metrics.text))
        return Counts(log.count(POST), int(reviews))
