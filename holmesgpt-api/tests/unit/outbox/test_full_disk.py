"""A device that is really full: refused or an error, never a loss, and no restart afterwards."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from holmesgpt_api.outbox import Event, Outbox, OutboxFullError, OutboxWriteError

from .conftest import Open, Sink, event, ids

SIZE = 12 * 1024 * 1024


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    place = tmp_path / "device"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def investigate(outbox: Outbox, taken: list[Event]) -> None:
    """One investigation with a large event."""
    with outbox.reservation():
        large = event(text="x" * 512 * 1024)
        outbox.commit([large])
        taken.append(large)


def wait_until_taken(outbox: Outbox) -> None:
    """Wait until an investigation may begin."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with outbox.reservation():
                return
        except OutboxFullError:
            assert time.monotonic() < deadline, "delivered, and still full"


def until_full(outbox: Outbox, taken: list[Event]) -> int:
    """Investigate until one is refused; how many were not."""
    before = len(taken)
    while True:
        try:
            investigate(outbox, taken)
        except OutboxFullError:
            return len(taken) - before


def test_a_full_device_refuses_and_takes_again_once_delivered(
    device: Path, open_outbox: Open, sink: Sink
) -> None:
    taken: list[Event] = []
    sink.up.clear()
    outbox = open_outbox(device / "outbox")

    for _ in range(2):
        sink.up.clear()
        assert until_full(outbox, taken) > 5
        sink.up.set()
        wait_until_taken(outbox)
    outbox.close(10)
    assert list(sink.stored) == ids(taken)


def test_a_device_that_others_fill_meanwhile_is_an_error_and_no_loss(
    device: Path, open_outbox: Open, sink: Sink
) -> None:
    filler, taken = device / "filler", list[Event]()
    outbox = open_outbox(device / "outbox")
    investigate(outbox, taken)
    sink.wait_for(lambda: len(sink.stored) == 1)

    with outbox.reservation():
        _fill(filler)
        with pytest.raises(OutboxWriteError, match="No space left on device"):
            outbox.commit([event(text="x" * 64 * 1024)])
    with pytest.raises(OutboxFullError):
        investigate(outbox, taken)
    assert outbox.not_ready() is not None
    filler.unlink()

    investigate(outbox, taken)
    assert outbox.not_ready() is None
    outbox.close(10)
    assert list(sink.stored) == ids(taken)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return
