"""Delivery: repeated until it is done with, past what can never be delivered."""

import json
import time
from pathlib import Path

import pytest
from holmesgpt_api.outbox import UnavailableError

from .conftest import Open, Sink, event, ids


def quarantined(folder: Path) -> dict[str, str]:
    path = folder / "quarantine" / "events.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return {line["event"]["event_id"]: line["reason"] for line in map(json.loads, lines)}


def test_an_outage_of_any_length_loses_nothing(open_outbox: Open, sink: Sink) -> None:
    sink.failures = [UnavailableError(f"status {code}") for code in (503, 500, 429, 401) * 5]
    outbox = open_outbox()
    events = [event() for _ in range(5)]
    for each in events:
        outbox.commit([each])

    sink.wait_for(lambda: len(sink.stored) == 5)
    outbox.close(10)

    assert list(sink.stored) == ids(events)
    assert not sink.failures


def test_retry_after_is_waited_for(open_outbox: Open, sink: Sink) -> None:
    sink.failures = [UnavailableError("status 503", retry_after=0.3)]
    begun = time.monotonic()
    open_outbox().commit([event()])

    sink.wait_for(lambda: sink.stored)

    assert time.monotonic() - begun >= 0.3


def test_a_lost_answer_stores_nothing_twice(open_outbox: Open, sink: Sink) -> None:
    sink.lost_answers = 3
    outbox = open_outbox()
    events = [event() for _ in range(4)]
    outbox.commit(events)

    sink.wait_for(lambda: len(sink.requests) == 4)
    outbox.close(10)

    assert list(sink.stored) == ids(events)
    assert sink.requests == [ids(events)] * 4


@pytest.mark.parametrize("whole_requests", [False, True], ids=["per item", "whole request"])
def test_one_poison_among_a_thousand_holds_up_nothing(
    open_outbox: Open, sink: Sink, folder: Path, whole_requests: bool
) -> None:
    events = [event(f"rem-{n % 7}") for n in range(1000)]
    poison = events[437]["event_id"]
    sink.poison, sink.whole_requests = {poison: "refused: event_data is wrong"}, whole_requests
    outbox = open_outbox()
    for first in range(0, 1000, 5):
        outbox.commit(events[first : first + 5])

    sink.wait_for(lambda: len(sink.stored) == 999)
    outbox.close(10)

    assert list(sink.stored) == [name for name in ids(events) if name != poison]
    assert quarantined(folder) == {poison: "refused: event_data is wrong"}


def test_a_poison_is_in_quarantine_once_however_often_it_is_delivered(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    bad = event()
    sink.poison = {bad["event_id"]: "refused: no"}
    for _ in range(2):
        outbox = open_outbox(folder)
        outbox.commit([bad])
        outbox.close(10)

    lines = (folder / "quarantine" / "events.jsonl").read_text().splitlines()
    assert len(lines) == 1


def test_a_quarantine_that_was_cut_short_can_be_read(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    bad, worse = event(), event()
    sink.poison = {bad["event_id"]: "refused: no", worse["event_id"]: "conflict: other"}
    outbox = open_outbox()
    outbox.commit([bad])
    outbox.close(10)
    path = folder / "quarantine" / "events.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at":')

    outbox = open_outbox(folder)
    outbox.commit([worse])
    outbox.close(10)

    assert quarantined(folder) == sink.poison


def test_each_correlation_id_is_delivered_in_order(open_outbox: Open, sink: Sink) -> None:
    sink.failures = [UnavailableError("status 503") for _ in range(3)]
    outbox = open_outbox()
    events = [event(f"rem-{n % 3}", number=n) for n in range(300)]
    for each in events:
        outbox.commit([each])
    sink.wait_for(lambda: len(sink.stored) == 300)
    outbox.close(10)

    for name in ("rem-0", "rem-1", "rem-2"):
        numbers = [e["number"] for e in sink.stored.values() if e["correlation_id"] == name]
        assert numbers == sorted(numbers)


def test_an_event_of_a_megabyte_is_delivered(open_outbox: Open, sink: Sink) -> None:
    outbox = open_outbox()
    large = event(text="x" * 1024 * 1024)
    outbox.commit([event(), large, event()])
    outbox.close(10)

    assert sink.stored[large["event_id"]] == large
    assert len(sink.stored) == 3


def test_close_delivers_what_waits(open_outbox: Open, sink: Sink) -> None:
    outbox = open_outbox()
    for _ in range(500):
        outbox.commit([event()])

    outbox.close(30)

    assert len(sink.stored) == 500


def test_close_leaves_the_rest_for_the_next_start(
    open_outbox: Open, sink: Sink, folder: Path
) -> None:
    sink.up.clear()
    outbox = open_outbox()
    events = [event() for _ in range(10)]
    for each in events:
        outbox.commit([each])
    begun = time.monotonic()

    outbox.close(30)

    assert time.monotonic() - begun < 10
    assert not sink.stored
    sink.up.set()
    open_outbox(folder).close(10)
    assert list(sink.stored) == ids(events)
