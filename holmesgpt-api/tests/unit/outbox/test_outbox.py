"""The promise, word by word, on a disk that works and on one that does not."""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest
from holmesgpt_api.outbox import (
    Disk,
    Outbox,
    OutboxFullError,
    OutboxInUseError,
    OutboxWriteError,
)
from holmesgpt_api.outbox.outbox import INVESTIGATION_BYTES
from holmesgpt_api.outbox.space import MARGIN
from prometheus_client import generate_latest

from .conftest import LossyDisk, Open, Sink, event, ids


class BrokenDisk(Disk):
    """Fails and stalls when told to."""

    def __init__(self) -> None:
        self.write_error: int | None = None
        self.sync_error: int | None = None
        self.free_bytes = 1 << 40
        self.go_on = threading.Event()
        self.go_on.set()

    def write(self, descriptor: int, data: bytes) -> None:
        if self.write_error:
            super().write(descriptor, data[: len(data) // 2])
            raise OSError(self.write_error, os.strerror(self.write_error))
        super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        self.go_on.wait(30)
        if self.sync_error:
            raise OSError(self.sync_error, os.strerror(self.sync_error))
        super().sync(descriptor)

    def free(self, folder: Path) -> int:  # noqa: ARG002
        return self.free_bytes


def test_committed_events_are_delivered_together_and_in_order(
    open_outbox: Open, sink: Sink
) -> None:
    outbox = open_outbox()
    investigations = [[event(f"rem-{n}") for _ in range(3)] for n in range(20)]

    for events in investigations:
        outbox.commit(events)
    outbox.close(10)

    assert list(sink.stored) == [name for events in investigations for name in ids(events)]
    for events in investigations:
        assert any(set(ids(events)) <= set(request) for request in sink.requests)


@pytest.mark.parametrize("seed", range(5))
def test_what_was_committed_survives_a_power_loss(
    open_outbox: Open, sink: Sink, folder: Path, tmp_path: Path, seed: int
) -> None:
    sink.up.clear()
    disk = LossyDisk(Random(seed), folder)
    outbox = open_outbox(disk=disk)
    committed = [event(f"rem-{n}") for n in range(10)]
    for each in committed:
        outbox.commit([each])
    left = disk.after_power_loss(folder, tmp_path / "left")
    outbox.close(5)
    sink.up.set()

    open_outbox(left).close(10)

    assert list(sink.stored) == ids(committed)


def test_many_commits_share_a_sync(open_outbox: Open) -> None:
    class Counting(BrokenDisk):
        syncs = 0

        def sync(self, descriptor: int) -> None:
            self.syncs += 1
            super().sync(descriptor)

    disk = Counting()
    outbox = open_outbox(disk=disk)
    disk.go_on.clear()
    threads = [threading.Thread(target=outbox.commit, args=([event()],)) for _ in range(20)]
    for thread in threads:
        thread.start()
    disk.go_on.set()
    for thread in threads:
        thread.join()

    assert disk.syncs < 20


def test_a_failed_write_is_an_error_and_the_next_one_succeeds(
    open_outbox: Open, sink: Sink
) -> None:
    disk = BrokenDisk()
    outbox = open_outbox(disk=disk)
    before, lost, after = event(), event(), event()
    outbox.commit([before])
    disk.write_error = errno.ENOSPC

    with pytest.raises(OutboxWriteError, match="No space left"):
        outbox.commit([lost])
    not_ready = outbox.not_ready()
    with pytest.raises(OutboxFullError), outbox.reservation():
        pass
    disk.write_error = None
    with outbox.reservation():
        outbox.commit([after])
    ready_again = outbox.not_ready()
    outbox.close(10)

    assert not_ready is not None
    assert ready_again is None
    assert list(sink.stored) == ids([before, after])


def test_a_failed_sync_is_never_taken_for_a_good_one(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    disk = BrokenDisk()
    outbox = open_outbox(disk=disk)
    disk.sync_error = errno.EIO
    with pytest.raises(OutboxWriteError):
        outbox.commit([event()])
    disk.sync_error = None
    kept = event()

    outbox.commit([kept])
    outbox.close(10)

    open_outbox(folder).close(10)
    assert list(sink.stored) == ids([kept])


def test_a_device_that_does_not_answer_refuses_the_next_investigation(
    open_outbox: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holmesgpt_api.outbox.outbox.STALL_SECONDS", 0.05)
    disk = BrokenDisk()
    outbox = open_outbox(disk=disk)
    disk.go_on.clear()
    with pytest.raises(OutboxWriteError, match="not on disk"):
        outbox.commit([event()], seconds=0.1)

    with pytest.raises(OutboxFullError, match="does not answer"), outbox.reservation():
        pass

    disk.go_on.set()


def test_space_is_kept_before_an_investigation_begins(open_outbox: Open, sink: Sink) -> None:
    sink.up.clear()
    outbox = open_outbox(max_bytes=2 * INVESTIGATION_BYTES + 1000)

    with outbox.reservation(), outbox.reservation():
        with pytest.raises(OutboxFullError), outbox.reservation():
            pass
        outbox.commit([event(text="x" * 2000)])

    with outbox.reservation(), pytest.raises(OutboxFullError), outbox.reservation():
        pass
    sink.up.set()
    outbox.close(10)
    assert sink.stored


def test_a_full_device_refuses_before_it_is_written_to(open_outbox: Open) -> None:
    disk = BrokenDisk()
    outbox = open_outbox(disk=disk)
    disk.free_bytes = MARGIN + INVESTIGATION_BYTES

    with outbox.reservation(), pytest.raises(OutboxFullError, match="device"), outbox.reservation():
        pass


def test_a_second_process_is_refused(open_outbox: Open, folder: Path) -> None:
    open_outbox()
    script = f"""
from pathlib import Path
from holmesgpt_api.outbox import *
try:
    Outbox(Path({str(folder)!r}), lambda _: [], max_bytes=1)
except OutboxInUseError as error:
    print(error)
    raise SystemExit(9)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )

    assert ended.returncode == 9, ended.stderr
    assert str(folder) in ended.stdout


def test_a_closed_outbox_lets_the_next_one_in(open_outbox: Open, folder: Path, sink: Sink) -> None:
    open_outbox().close(10)
    second = open_outbox()

    with pytest.raises(OutboxInUseError):
        Outbox(folder, sink.deliver, max_bytes=1)
    assert second.not_ready() is None


def test_a_removed_segment_is_put_back_with_what_it_held(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    sink.up.clear()
    outbox = open_outbox()
    first, second = event(), event()
    outbox.commit([first])
    (segment,) = folder.glob("segment-*")
    segment.unlink()

    outbox.commit([second])
    outbox.close(5)
    sink.up.set()
    open_outbox(folder).close(10)

    assert list(sink.stored) == ids([first, second])


def test_a_segment_removed_while_it_waits_is_delivered_all_the_same(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    outbox = open_outbox()
    sink.up.clear()
    blocking, waiting = event(), event()
    outbox.commit([blocking])
    sink.wait_for(lambda: sink.requests)
    outbox.commit([waiting])
    (segment,) = folder.glob("segment-*")
    segment.unlink()
    sink.up.set()

    sink.wait_for(lambda: len(sink.requests) > 1)
    outbox.close(10)

    assert list(sink.stored) == ids([blocking, waiting])


def test_a_replaced_folder_is_seen(open_outbox: Open, folder: Path) -> None:
    outbox = open_outbox()
    folder.rename(folder.with_name("moved"))
    folder.mkdir()

    with pytest.raises(OutboxFullError, match="removed or replaced"), outbox.reservation():
        pass
    with pytest.raises(OutboxWriteError):
        outbox.commit([event()])

    assert "removed or replaced" in str(outbox.not_ready())


def test_delivered_segments_are_removed(
    open_outbox: Open, sink: Sink, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holmesgpt_api.outbox.writer.SEGMENT_BYTES", 1000)
    outbox = open_outbox()
    for _ in range(50):
        outbox.commit([event(text="x" * 300)])
    sink.wait_for(lambda: len(sink.stored) == 50)
    assert len(list(folder.glob("segment-*"))) <= 2
    outbox.close(10)

    open_outbox(folder).close(10)

    assert not list(folder.glob("segment-*"))
    assert len([name for request in sink.requests for name in request]) == 50


def test_a_moved_clock_loses_nothing(
    open_outbox: Open, sink: Sink, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.up.clear()
    outbox = open_outbox()
    events = [event() for _ in range(3)]
    now = time.time()
    for each, days in zip(events, (0, 8, -1), strict=True):
        monkeypatch.setattr(time, "time", lambda days=days: now + days * 86_400)
        outbox.commit([each])
    outbox.close(5)
    sink.up.set()

    open_outbox(folder).close(10)

    assert list(sink.stored) == ids(events)


def test_files_are_for_their_owner_only(open_outbox: Open, folder: Path) -> None:
    open_outbox().commit([event()])

    modes = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir() if path.is_file()}

    assert modes
    assert set(modes.values()) == {0}


def test_a_scrape_tells_the_rest_when_the_folder_is_gone(open_outbox: Open, folder: Path) -> None:
    open_outbox()
    shutil.rmtree(folder)

    text = generate_latest().decode()

    assert "holmesgpt_api_outbox_bytes NaN" in text
    assert "holmesgpt_api_outbox_pending 0.0" in text
