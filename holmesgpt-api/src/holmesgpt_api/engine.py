"""What an analysis asks of an investigation engine."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Message = dict[str, Any]
ToolFunction = Callable[[dict[str, Any]], dict[str, Any]]


class InvestigationCancelledError(Exception):
    """The caller went away."""


class DeadlineExceededError(Exception):
    """The request's time is used up."""


class EngineError(Exception):
    """The LLM could not be used; holds the HTTP status to answer with."""

    def __init__(self, status: int, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_after = retry_after


class Cancellation:
    """A deadline, and a cancel that interrupts whatever is waited for."""

    def __init__(self, seconds: float) -> None:
        self.event = threading.Event()
        self._until = time.monotonic() + seconds
        self._callbacks: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """Interrupt the investigation."""
        with self._lock:
            self.event.set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], object]) -> None:
        """Call this on cancel, at once when it happened already."""
        with self._lock:
            self._callbacks.append(callback)
            happened = self.event.is_set()
        if happened:
            callback()

    def remaining(self) -> float:
        """Seconds left; raises when there is nothing left to work for."""
        if self.event.is_set():
            raise InvestigationCancelledError
        left = self._until - time.monotonic()
        if left <= 0:
            raise DeadlineExceededError
        return left


@dataclass(frozen=True)
class Investigation:
    """What to investigate, with what, and for how long."""

    messages: list[Message]
    search: ToolFunction
    cancellation: Cancellation
    remediation_id: str
    request_id: str | None = None


@dataclass(frozen=True)
class ToolCall:
    """A tool call that the LLM made."""

    name: str
    arguments: dict[str, Any]
    result: str
    failed: bool = False


@dataclass(frozen=True)
class EngineResult:
    """The LLM's final answer and how it came to it."""

    text: str
    messages: list[Message]
    tool_calls: list[ToolCall] = field(default_factory=list)
    llm_calls: int = 0
    tokens: int = 0


class Engine(Protocol):
    """Runs one investigation at a time per calling thread."""

    def load(self) -> None:
        """Import and warm up whatever takes long."""

    def investigate(self, investigation: Investigation) -> EngineResult:
        """Let the LLM investigate until its final answer."""
