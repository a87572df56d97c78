"""Kills a process with an outbox at chosen moments and counts what is left.

    python killing.py FOLDER --runs 1000 --first-seed 1

One run is some lives of a process on one folder. Each life but the last ends by
SIGKILL at a point and at an occurrence of it that the seed chooses; the last
one delivers what it finds. The parent is DataStorage: it stores each id once.
Writes one JSON object with the counts; exits with 1 when an event is missing.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from holmesgpt_api.identifiers import uuid7
from holmesgpt_api.outbox import Disk, Event, Outbox

POINTS = ("before write", "before sync", "before answer", "before sent mark", "during rename")
LIVES, INVESTIGATIONS, CALLERS = 3, 8, 3
POISON_EVERY = 11


class Killer:
    """Ends this process at the nth time that it comes by a point."""

    def __init__(self, point: str | None, occurrence: int) -> None:
        self._point = point
        self._left = occurrence
        self._lock = threading.Lock()

    def at(self, point: str) -> None:
        """Pass the point, or not."""
        with self._lock:
            self._left -= point == self._point
            if self._point is not None and self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class DeadlyDisk(Disk):
    """Comes by a point in each system call."""

    def __init__(self, killer: Killer) -> None:
        self._killer = killer

    def write(self, descriptor: int, data: bytes) -> None:
        self._killer.at("before write")
        super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        self._killer.at("before sync")
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._killer.at("during rename")
        super().rename(source, target)


class Line:
    """JSON lines over a socket, from several threads."""

    def __init__(self, end: socket.socket) -> None:
        self._file = end.makefile("rwb")
        self._lock = threading.Lock()

    def say(self, message: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(message).encode() + b"\n")
            self._file.flush()

    def hear(self) -> Any:
        try:
            line = self._file.readline()
        except ConnectionResetError:
            return None
        return json.loads(line) if line.endswith(b"\n") else None


@dataclass
class Ledger:
    """What was promised, and what came of it."""

    answered: set[str] = field(default_factory=set)
    stored: Counter[str] = field(default_factory=Counter)
    poison: set[str] = field(default_factory=set)

    def deliver(self, events: list[Event]) -> list[str | None]:
        reasons: list[str | None] = []
        for each in events:
            name = str(each["event_id"])
            reasons.append("refused: poison" if each.get("poison") else None)
            if each.get("poison"):
                self.poison.add(name)
            elif name not in self.stored:
                self.stored[name] += 1
        return reasons


def live(folder: Path, line: Line, killer: Killer, investigations: int) -> None:
    """One life: some callers, each with investigations one after the other."""

    def deliver(events: list[Event]) -> list[str | None]:
        line.say({"deliver": events})
        reasons: list[str | None] = line.hear()
        killer.at("before sent mark")
        return reasons

    outbox = Outbox(folder, deliver, max_bytes=1 << 30, disk=DeadlyDisk(killer))
    outbox.start()

    def call() -> None:
        for number in range(investigations):
            events: list[Event] = [{"event_id": str(uuid7())} for _ in range(3)]
            if number % POISON_EVERY == POISON_EVERY - 1:
                events[1]["poison"] = True
            outbox.commit(events)
            killer.at("before answer")
            line.say({"answered": [event["event_id"] for event in events]})

    callers = [threading.Thread(target=call) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    outbox.close(60)


def serve(line: Line, ledger: Ledger) -> None:
    """Be DataStorage and the callers until the process is gone."""
    while (message := line.hear()) is not None:
        if "answered" in message:
            ledger.answered.update(message["answered"])
        else:
            reasons = ledger.deliver(message["deliver"])
            try:
                line.say(reasons)
            except BrokenPipeError:
                return


def life(folder: Path, ledger: Ledger, killer: Killer, investigations: int) -> int:
    """Fork, serve, and give the status of the child's end."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        try:
            live(folder, Line(theirs), killer, investigations)
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    theirs.close()
    serve(Line(ours), ledger)
    ours.close()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(folder: Path, seed: int) -> tuple[Ledger, Counter[str]]:
    """All lives of one seed; gives the ledger and how often which point killed."""
    random, ledger, killed = Random(seed), Ledger(), Counter[str]()
    for _ in range(LIVES - 1):
        point = random.choice(POINTS)
        killer = Killer(point, random.randint(1, 12))
        if life(folder, ledger, killer, INVESTIGATIONS) == -signal.SIGKILL:
            killed[point] += 1
    last = life(folder, ledger, Killer(None, 0), 0)
    if last != 0:
        raise SystemExit(f"seed {seed}: the last life ended with {last}")
    return ledger, killed


def missing(folder: Path, ledger: Ledger) -> set[str]:
    """Answered events that are neither stored nor in quarantine."""
    path = folder / "quarantine" / "events.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    quarantined = [json.loads(line)["event"]["event_id"] for line in lines]
    if len(set(quarantined)) != len(quarantined):
        raise SystemExit("an event is in quarantine twice")
    return ledger.answered - set(ledger.stored) - set(quarantined)


def main() -> int:
    """Run the seeds and tell the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--first-seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    kills: Counter[str] = Counter()
    for seed in range(options.first_seed, options.first_seed + options.runs):
        folder = options.folder / f"seed-{seed}"
        ledger, killed = run(folder, seed)
        lost = missing(folder, ledger)
        counts.update(
            answered=len(ledger.answered),
            stored=len(ledger.stored),
            missing=len(lost),
            twice=sum(times > 1 for times in ledger.stored.values()),
        )
        kills += killed
        if lost:
            sys.stderr.write(f"seed {seed}: {len(lost)} missing\n")
        else:
            shutil.rmtree(folder)
    sys.stdout.write(json.dumps({**counts, "killed": kills}) + "\n")
    return int(bool(counts["missing"]))


if __name__ == "__main__":
    sys.exit(main())
