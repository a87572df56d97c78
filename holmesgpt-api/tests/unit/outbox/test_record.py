"""Lines of a segment, whole, torn and damaged."""

import json

import pytest
from holmesgpt_api.outbox.record import as_json, decode, encode, scan
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(codec="utf-8"))
EVENTS = st.lists(st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3), max_size=3)


def line(sequence: int, events: list[dict[str, object]]) -> bytes:
    return encode(sequence, 1.5, as_json(events))


@given(EVENTS)
def test_what_is_written_is_read(events: list[dict[str, object]]) -> None:
    record = decode(line(7, events))

    assert record is not None
    assert (record.sequence, record.at, record.events) == (7, 1.5, events)


def test_a_line_can_be_read_by_a_person() -> None:
    length, checksum, payload = line(1, [{"a": "ä"}]).split(b" ", 2)

    assert json.loads(payload) == {"sequence": 1, "at": 1.5, "events": [{"a": "ä"}]}
    assert int(length, 16) == len(payload.rstrip(b"\n"))
    assert len(checksum) == 8


def test_what_json_cannot_say_is_refused_before_it_is_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json([{"a": float("nan")}])


@given(EVENTS, st.data())
def test_no_flipped_bit_goes_unnoticed(
    events: list[dict[str, object]], data: st.DataObject
) -> None:
    good = line(7, events)
    place = data.draw(st.integers(0, len(good) * 8 - 1))
    bad = bytearray(good)
    bad[place // 8] ^= 1 << place % 8

    record = decode(bytes(bad))

    assert record is None


@given(st.integers(1, 5), st.data())
def test_a_cut_at_any_byte_loses_only_the_last_record(count: int, data: st.DataObject) -> None:
    lines = [line(number, [{"n": number}]) for number in range(count)]
    whole = b"".join(lines)
    cut = data.draw(st.integers(len(whole) - len(lines[-1]) + 1, len(whole) - 1))

    found = scan(whole[:cut])

    assert [each.record and each.record.sequence for each in found.records] == list(
        range(count - 1)
    )
    assert found.torn_at == len(whole) - len(lines[-1])
    assert not found.damaged


def test_a_damaged_record_hides_no_other() -> None:
    lines = [line(number, [{"n": number}]) for number in range(3)]
    damaged = lines[1].replace(b'"n":1', b'"n":8')

    found = scan(lines[0] + damaged + lines[2])

    assert [each.record and each.record.sequence for each in found.records] == [0, 2]
    assert [each.offset for each in found.damaged] == [len(lines[0])]
    assert found.torn_at is None


def test_a_last_record_that_is_complete_and_wrong_is_damage() -> None:
    found = scan(line(0, []) + line(1, [{"n": 1}]).replace(b'"n":1', b'"n":8'))

    assert len(found.damaged) == 1
    assert found.torn_at is None


@given(st.binary())
def test_any_bytes_can_be_scanned(data: bytes) -> None:
    found = scan(data)

    assert not found.records
    assert bool(data) is bool(found.damaged or found.torn_at is not None)
