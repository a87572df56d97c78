"""What a start makes of a folder that was left in any state."""

from pathlib import Path

import pytest

from .conftest import Open, Sink, event, ids


@pytest.fixture
def left(open_outbox: Open, sink: Sink, folder: Path) -> tuple[list[str], Path]:
    """Ids of three records that wait, and their segment."""
    sink.up.clear()
    outbox = open_outbox()
    events = [event(text=f"number {n}") for n in range(3)]
    for each in events:
        outbox.commit([each])
    outbox.close(5)
    sink.up.set()
    sink.requests.clear()
    (segment,) = folder.glob("segment-*")
    return ids(events), segment


def test_a_torn_end_is_cut_off_and_the_rest_delivered(
    open_outbox: Open, sink: Sink, folder: Path, left: tuple[list[str], Path]
) -> None:
    names, segment = left
    segment.write_bytes(segment.read_bytes()[:-5])

    outbox = open_outbox(folder)
    outbox.close(10)

    assert list(sink.stored) == names[:-1]
    assert not outbox.degraded()


def test_damage_in_the_middle_keeps_the_segment_and_goes_on(
    open_outbox: Open, sink: Sink, folder: Path, left: tuple[list[str], Path]
) -> None:
    names, segment = left
    damaged = segment.read_bytes().replace(b"number 1", b"number 9")
    segment.write_bytes(damaged)

    outbox = open_outbox(folder)
    sink.wait_for(lambda: len(sink.stored) == 2)
    not_ready = outbox.not_ready()
    outbox.close(10)

    assert list(sink.stored) == [names[0], names[2]]
    (kept,) = (folder / "quarantine").glob("*.damaged")
    assert kept.read_bytes() == damaged
    assert outbox.degraded() == [f"damaged audit segment {kept.name}"]
    assert not_ready is None


def test_damage_is_told_until_someone_takes_it_away(
    open_outbox: Open, folder: Path, left: tuple[list[str], Path]
) -> None:
    _, segment = left
    segment.write_bytes(b"x" + segment.read_bytes())
    open_outbox(folder).close(10)

    outbox = open_outbox(folder)
    before = outbox.degraded()
    for kept in (folder / "quarantine").glob("*.damaged"):
        kept.unlink()

    assert before
    assert not outbox.degraded()


@pytest.mark.parametrize("mark", [b"", b"nonsense", b"0000"])
def test_a_damaged_sent_mark_delivers_again(
    open_outbox: Open, sink: Sink, folder: Path, left: tuple[list[str], Path], mark: bytes
) -> None:
    names, segment = left
    content = segment.read_bytes()
    open_outbox(folder).close(10)
    segment.write_bytes(content)
    (folder / "sent").write_bytes(mark)

    open_outbox(folder).close(10)

    assert list(sink.stored) == names
    assert sink.requests == [names, names]


def test_what_was_delivered_is_not_delivered_again(
    open_outbox: Open, sink: Sink, folder: Path, left: tuple[list[str], Path]
) -> None:
    names, segment = left
    content = segment.read_bytes()
    open_outbox(folder).close(10)
    segment.write_bytes(content)

    open_outbox(folder).close(10)

    assert sink.requests == [names]
    assert not segment.exists()


def test_a_file_that_was_about_to_be_renamed_is_cleared_away(
    open_outbox: Open, sink: Sink, folder: Path, left: tuple[list[str], Path]
) -> None:
    names, segment = left
    beside = segment.with_name(segment.name + ".new")
    beside.write_bytes(b"half a")

    open_outbox(folder).close(10)

    assert not beside.exists()
    assert list(sink.stored) == names


def test_numbers_go_on_where_they_ended(open_outbox: Open, sink: Sink, folder: Path) -> None:
    for _ in range(3):
        outbox = open_outbox(folder)
        outbox.commit([event()])
        outbox.close(10)

    assert len(sink.stored) == 3
    assert (folder / "sent").read_bytes().split(b'sequence":')[1].startswith(b"3,")
