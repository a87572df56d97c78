"""Runs a command and measures it with everything that it starts."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.1
SUBREAPER = 36
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Usage:
    """What a command used; memory is in MB."""

    wall: float = 0
    cpu: float = 0
    # The most that all its processes had at one time.
    memory: float = 0
    # The most that each program had in one process, by its name.
    peaks: dict[str, float] = field(default_factory=dict)

    def peak(self, *endings: str) -> float:
        """The largest process of the programs whose names end so."""
        found = [mb for name, mb in self.peaks.items() if name.endswith(endings)]
        return max(found, default=0)


def adopt_orphans() -> None:
    """Have what a child leaves behind counted here, and not by the system."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def measured(command: list[str], cwd: Path, env: Mapping[str, str], output: Path) -> Usage:
    """Run a command to its end, which must be a success."""
    usage, before, began = Usage(), cpu_seconds(), time.perf_counter()
    with output.open("wb") as out:
        child = subprocess.Popen(command, cwd=cwd, env=env, stdout=out, stderr=subprocess.STDOUT)
        while True:
            try:
                child.wait(SAMPLE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                sample(usage, child.pid)
    usage.wall = time.perf_counter() - began
    reap()
    usage.cpu = cpu_seconds() - before
    if child.returncode != 0:
        tail = output.read_text(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} exited with {child.returncode}:\n{tail}")
    return usage


def cpu_seconds() -> float:
    """What all children have used that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reap() -> None:
    """Take in the orphans that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def sample(usage: Usage, root: int) -> None:
    """Note the memory of a process and of all below it."""
    total = 0.0
    for pid in family(root):
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, IndexError):
            continue
        megabytes = pages * PAGE / 1e6
        total += megabytes
        usage.peaks[name] = max(usage.peaks.get(name, 0), megabytes)
    usage.memory = max(usage.memory, total)


def family(root: int) -> Iterator[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    pending = [root]
    while pending:
        pid = pending.pop()
        yield pid
        pending += children.get(pid, [])
