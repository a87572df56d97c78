"""The one thread that delivers: in order, for ever, and past what can never be delivered."""

import random
import threading
import time

import structlog

from holmesgpt_api.outbox.delivery import Deliver, RefusedError, UnavailableError
from holmesgpt_api.outbox.metrics import EVENTS, RETRIES
from holmesgpt_api.outbox.quarantine import Quarantine
from holmesgpt_api.outbox.record import Event
from holmesgpt_api.outbox.store import Store

FIRST_DELAY, LONGEST_DELAY = 0.2, 30.0
LOG_SECONDS = 60.0
log = structlog.get_logger("holmesgpt_api.outbox")


class _Stopped(Exception):  # noqa: N818 # no error: the rest stays on disk for the next start
    """The process ends and DataStorage does not answer."""


class Sender:
    """Delivers records in batches of which each is repeated until it is done with."""

    def __init__(
        self,
        store: Store,
        quarantine: Quarantine,
        deliver: Deliver,
        delays: tuple[float, float] = (FIRST_DELAY, LONGEST_DELAY),
    ) -> None:
        self._store = store
        self._quarantine = quarantine
        self._deliver = deliver
        self._first_delay, self._longest_delay = delays
        self._closing = threading.Event()
        self._failures = 0
        self._logged = -LOG_SECONDS
        self._thread = threading.Thread(target=self._run, name="outbox-sender", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def close(self, seconds: float) -> bool:
        """Deliver what waits for at most so long, and not beyond a failure; whether it ended."""
        self._closing.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while batch := self._store.head():
                self._done_with(batch.events)
                self._store.delivered(batch)
        except _Stopped:
            log.info("audit events are left for the next start", records=len(self._store))

    def _done_with(self, events: list[Event]) -> None:
        """Return when each event is stored or in quarantine."""
        while events:
            try:
                self._send(events)
            except (UnavailableError, OSError) as error:
                self._wait(error)
            else:
                self._failures = 0
                return

    def _send(self, events: list[Event]) -> None:
        try:
            reasons = self._deliver(events)
        except RefusedError as error:
            self._isolate(events, str(error))
            return
        for event, reason in zip(events, reasons, strict=True):
            if reason is None:
                EVENTS.labels("stored").inc()
            else:
                self._refused(event, reason)

    def _isolate(self, events: list[Event], reason: str) -> None:
        """Find by halves the event for which all were refused; the others are stored."""
        if len(events) == 1:
            self._refused(events[0], reason)
            return
        middle = len(events) // 2
        self._done_with(events[:middle])
        self._done_with(events[middle:])

    def _refused(self, event: Event, reason: str) -> None:
        log.error(
            "audit event in quarantine",
            event_id=event.get("event_id"),
            event_type=event.get("event_type"),
            reason=reason,
        )
        self._quarantine.put(event, reason)

    def _wait(self, error: UnavailableError | OSError) -> None:
        attention = getattr(error, "needs_attention", False)
        RETRIES.labels("refused credentials" if attention else "unavailable").inc()
        self._report(error, attention=attention)
        delay = min(self._longest_delay, self._first_delay * 2 ** min(self._failures, 16))
        self._failures += 1
        delay = max(delay * random.uniform(0.5, 1), getattr(error, "retry_after", 0))  # noqa: S311
        if self._closing.is_set():
            raise _Stopped
        # A close ends the wait; whether DataStorage is back is then tried once more.
        self._closing.wait(delay)

    def _report(self, error: Exception, *, attention: bool) -> None:
        """Once a minute: an outage of hours must not fill the log."""
        now = time.monotonic()
        if now - self._logged < LOG_SECONDS:
            return
        self._logged = now
        note = log.error if attention else log.warning
        note("audit events wait", reason=str(error), records=len(self._store))
