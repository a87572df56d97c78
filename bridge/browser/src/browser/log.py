"""What a timeline must draw, worked out from the event log alone.

This shares no code with the program that draws: the two must agree.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """One attempt of a test; times are seconds from the first event."""

    name: str
    lane: str
    outcome: str
    start: float
    end: float


@dataclass(frozen=True)
class Log:
    """The events of a run."""

    events: list[Event] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "Log":
        """Read a log of which every line is whole."""
        return cls([json.loads(line) for line in path.read_text().splitlines()])

    @cached_property
    def begin(self) -> float:
        """Epoch seconds of the first event."""
        return min(float(event["time"]) for event in self.events)

    @property
    def seconds(self) -> float:
        """From the first event to the last."""
        return max(float(event["time"]) for event in self.events) - self.begin

    def of(self, kind: str, nodeid: str | None = None) -> list[Event]:
        """Events of a kind, in the order of the log."""
        chosen = [event for event in self.events if event["event"] == kind]
        return [event for event in chosen if nodeid is None or event["nodeid"] == nodeid]

    def workers(self) -> list[str]:
        """The workers, gw2 before gw10."""
        names = {str(event["worker"]) for event in self.of("worker_up")}
        return sorted(names, key=lambda name: int(name.removeprefix("gw")))

    def tests(self) -> list[Expected]:
        """What must be drawn for a run in which every test finished."""
        phases: dict[str, list[Event]] = defaultdict(list)
        for phase in self.of("phase"):
            phases[phase["nodeid"]].append(phase)
        return [
            bar
            for finish in self.of("test_finish")
            for bar in self._attempts(str(finish["nodeid"]), finish, phases[finish["nodeid"]])
        ]

    def _attempts(self, nodeid: str, finish: Event, reported: list[Event]) -> list[Expected]:
        tries: list[list[Event]] = []
        for phase in reported:
            if not phase.get("start"):
                continue
            if phase["when"] == "setup" or not tries:
                tries.append([])
            tries[-1].append(phase)
        if not tries or tries[-1][-1]["when"] != "teardown":
            return [self._crashed(nodeid, finish, tries)]
        return [
            Expected(
                name=nodeid,
                lane=str(phases[0]["worker"]),
                outcome=str(finish["outcome"]) if phases is tries[-1] else "rerun",
                start=float(phases[0]["start"]) - self.begin,
                end=float(phases[-1]["stop"]) - self.begin,
            )
            for phases in tries
        ]

    def _crashed(self, nodeid: str, finish: Event, tries: list[list[Event]]) -> Expected:
        """A test whose worker died lasts until the worker went down."""
        worker = str(finish["worker"])
        down = next(event for event in self.of("worker_down") if event["worker"] == worker)
        start = tries[-1][0]["start"] if tries else self.of("test_start", nodeid)[-1]["time"]
        return Expected(
            name=nodeid,
            lane=worker,
            outcome=str(finish["outcome"]),
            start=float(start) - self.begin,
            end=float(down["time"]) - self.begin,
        )
