"""Events leave the quarantine for another delivery, and none is lost on the way."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from holmesgpt_api.outbox import Disk, Event, OutboxInUseError
from holmesgpt_api.outbox.__main__ import main
from holmesgpt_api.outbox.requeue import kept, requeue

from .conftest import Open, Sink, event, ids


@pytest.fixture
def refused(open_outbox: Open, sink: Sink) -> Sequence[Event]:
    """Three events in the quarantine of an outbox that is closed."""
    events = [event() for _ in range(3)]
    sink.poison = dict.fromkeys(ids(events), "refused: unknown type")
    outbox = open_outbox()
    outbox.commit([*events, event()])
    outbox.close(10)
    sink.poison = {}
    return events


def test_requeued_events_are_delivered_at_the_next_start(
    refused: Sequence[Event], open_outbox: Open, sink: Sink, folder: Path
) -> None:
    assert requeue(folder) == 3

    assert kept(folder) == []
    open_outbox().close(10)
    assert set(ids(refused)) <= set(sink.stored)
    assert len(sink.stored) == 4


def test_chosen_events_leave_the_others_there(refused: Sequence[Event], folder: Path) -> None:
    first, second, third = ids(refused)

    assert main([str(folder), "requeue", "--event", first, "--event", third]) == 0

    assert [one.event_id for one in kept(folder)] == [second]


def test_an_event_that_is_refused_again_is_in_quarantine_again(
    refused: Sequence[Event], open_outbox: Open, sink: Sink, folder: Path
) -> None:
    sink.poison = {ids(refused)[0]: "refused: still"}
    requeue(folder)

    open_outbox().close(10)

    assert [(one.event_id, one.reason) for one in kept(folder)] == [
        (ids(refused)[0], "refused: still")
    ]


def test_events_that_wait_are_not_touched(open_outbox: Open, sink: Sink, folder: Path) -> None:
    bad, waits = event(), event()
    sink.poison = {str(bad["event_id"]): "refused: no"}
    outbox = open_outbox()
    outbox.commit([bad])
    sink.wait_for(lambda: sink.requests)
    outbox.close(10)
    sink.up.clear()
    outbox = open_outbox()
    outbox.commit([waits])
    outbox.close(10)

    requeue(folder)

    sink.up.set()
    sink.poison = {}
    open_outbox().close(10)
    assert set(sink.stored) == set(ids([bad, waits]))


def test_a_kill_before_the_quarantine_is_rewritten_loses_nothing(
    refused: Sequence[Event], open_outbox: Open, sink: Sink, folder: Path
) -> None:
    class Dies(Disk):
        def rename(self, source: Path, target: Path) -> None:
            raise KeyboardInterrupt(f"{source} to {target}")

    with pytest.raises(KeyboardInterrupt):
        requeue(folder, disk=Dies())

    assert len(kept(folder)) == 3
    open_outbox().close(10)
    assert set(ids(refused)) <= set(sink.stored)


def test_a_running_outbox_is_left_alone(
    refused: Sequence[Event],
    open_outbox: Open,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outbox = open_outbox()

    assert main([str(folder), "requeue", "--all"]) == 2
    assert "stop HAPI first" in capsys.readouterr().err
    with pytest.raises(OutboxInUseError):
        requeue(folder)
    assert main([str(folder), "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ids(refused))
    assert "refused: unknown type" in said
    outbox.close(10)


def test_an_event_that_is_not_there_is_named(
    refused: Sequence[Event], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "requeue", "--event", "other"]) == 1

    assert "not in quarantine: other" in capsys.readouterr().err
    assert len(kept(folder)) == len(refused)


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "none"), "list"])

    assert ended.value.code == 2
    assert "HAPI_OUTBOX_PATH" in capsys.readouterr().err
