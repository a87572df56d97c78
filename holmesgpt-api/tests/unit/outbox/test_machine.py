"""Any order of commits, outages, poison, power losses and restarts: the multiset of ids is kept."""

import tempfile
from pathlib import Path
from random import Random

from holmesgpt_api.outbox import Outbox, UnavailableError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from .conftest import LossyDisk, Sink, event, ids

SECONDS = 30


class OutboxMachine(RuleBasedStateMachine):
    """The model is what was committed, in order, and which of it is poison."""

    def __init__(self) -> None:
        super().__init__()
        self.root = tempfile.TemporaryDirectory()
        self.sink = Sink()
        self.committed: list[str] = []
        self.lives = 0

    @initialize()
    def begin(self) -> None:
        self._open(Path(self.root.name) / "0")

    def _open(self, folder: Path) -> None:
        self.folder = folder
        self.disk = LossyDisk(Random(self.lives), folder)
        self.outbox = Outbox(
            folder, self.sink.deliver, max_bytes=1 << 30, disk=self.disk, delays=(0.001, 0.002)
        )
        self.outbox.start()

    @rule(count=st.integers(1, 4), poison=st.booleans())
    def commit(self, count: int, poison: bool) -> None:
        events = [event(f"rem-{len(self.committed)}") for _ in range(count)]
        if poison:
            self.sink.poison[events[0]["event_id"]] = "refused: poison"
        self.outbox.commit(events)
        self.committed += ids(events)

    @rule()
    def outage(self) -> None:
        self.sink.up.clear()

    @rule()
    def back(self) -> None:
        self.sink.up.set()

    @rule(count=st.integers(1, 3))
    def answers_are_lost(self, count: int) -> None:
        self.sink.lost_answers = count

    @rule(count=st.integers(1, 3), whole=st.booleans())
    def failures(self, count: int, whole: bool) -> None:
        self.sink.whole_requests = whole
        self.sink.failures = [UnavailableError("status 500") for _ in range(count)]

    @rule()
    def restart(self) -> None:
        self.outbox.close(SECONDS)
        self._open(self.folder)

    @rule()
    def power_loss(self) -> None:
        self.lives += 1
        left = self.disk.after_power_loss(self.folder, Path(self.root.name) / str(self.lives))
        self.outbox.close(SECONDS)
        self._open(left)

    @precondition(lambda self: self.sink.up.is_set())
    @rule()
    def everything_arrives(self) -> None:
        good = [name for name in self.committed if name not in self.sink.poison]
        self.sink.wait_for(lambda: len(self.sink.stored) == len(good))
        assert list(self.sink.stored) == good

    @invariant()
    def nothing_is_made_up(self) -> None:
        assert set(self.sink.stored) <= set(self.committed)

    def teardown(self) -> None:
        self.sink.failures, self.sink.lost_answers = [], 0
        self.sink.up.set()
        self.outbox.close(SECONDS)
        self.root.cleanup()
        good = {name for name in self.committed if name not in self.sink.poison}
        assert set(self.sink.stored) == good


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
