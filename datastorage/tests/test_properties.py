"""Whatever the text is: a value that means the same, or an error that names the field."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from datastorage.cursors import Cursor, read_cursor
from datastorage.identifiers import uuid7
from datastorage.incoming import judge_batch, nul_paths, split_array
from datastorage.models._generated import DetectedLabels, SearchFilters
from datastorage.patterns import pattern_error
from datastorage.problems import InvalidError
from datastorage.scoring import score
from datastorage.trail import moment
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st

from .samples import FILTERS, event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=10,
)
LABELS = st.dictionaries(
    st.text(max_size=3), st.lists(st.text(max_size=3), max_size=20), max_size=9
)
AWARE = st.datetimes(timezones=st.just(UTC))


def wrong_fields(read: Callable[..., object], *arguments: str) -> list[str]:
    """The fields that a reader finds wrong."""
    try:
        read(*arguments)
    except InvalidError as error:
        return list(error.members["field_errors"])
    return []


@given(AWARE, st.text(), st.integers(min_value=0))
def test_a_cursor_is_read_as_it_was_written(time: datetime, key: str, total: int) -> None:
    cursor = Cursor(time, key, total)
    assert read_cursor(cursor.text()) == cursor


@given(st.text())
def test_any_text_is_a_cursor_or_an_error(text: str) -> None:
    assert wrong_fields(read_cursor, text) in ([], ["query.cursor"])


@given(st.text())
def test_any_text_is_a_time_or_an_error(text: str) -> None:
    assert wrong_fields(moment, "since", text) in ([], ["query.since"])


@given(AWARE)
def test_a_time_is_read_as_it_was_written(time: datetime) -> None:
    assert moment("since", time.isoformat()) == time


@given(st.integers(min_value=0, max_value=99_999), st.sampled_from("smhd"))
def test_a_span_lies_so_far_back(count: int, unit: str) -> None:
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86_400}[unit] * count
    if seconds > 60_000_000_000:
        return
    ago = datetime.now(UTC) - moment("since", f"{count}{unit}")
    assert abs(ago - timedelta(seconds=seconds)) < timedelta(seconds=10)


@given(st.binary())
def test_any_bytes_are_a_batch_or_an_error(body: bytes) -> None:
    try:
        batch = judge_batch(body)
    except RequestValidationError:
        return
    assert len(json.loads(batch.text)) == len(batch.accepted)


@given(st.lists(JSON, min_size=1, max_size=3))
def test_a_sound_event_is_accepted_beside_anything(others: list[Any]) -> None:
    sound = event()
    body = json.dumps([*others, sound]).encode()

    batch = judge_batch(body)

    assert batch.accepted == [len(others)]
    assert json.loads(batch.text) == [sound]
    assert all(item.reason for item in batch.items[:-1])


@given(st.lists(JSON), st.sampled_from([None, 1]), st.text(" \t\n\r", max_size=3))
def test_the_items_of_an_array_are_its_texts(
    items: list[Any], indent: int | None, space: str
) -> None:
    text = space + json.dumps(items, indent=indent) + space
    assert [json.dumps(json.loads(item)) for item in split_array(text)] == [
        json.dumps(item) for item in items
    ]


@pytest.mark.parametrize("text", ["", "[", "]", "[1", "[1,", "[1,]", "[,]", "[1]]", "[1] 2", "{}"])
def test_what_is_no_array_has_no_items(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        split_array(text)


def test_an_item_keeps_its_numbers_as_they_were_written() -> None:
    assert split_array("[0.10000000000000000000001, 1e400]") == [
        "0.10000000000000000000001",
        "1e400",
    ]


@given(JSON)
def test_every_nul_is_found(value: Any) -> None:
    assert bool(list(nul_paths(value))) == ("\\u0000" in json.dumps(value).replace("\\\\", ""))


@given(st.text(max_size=40))
def test_any_text_is_a_pattern_or_has_a_reason(text: str) -> None:
    reason = pattern_error(text)
    assert reason is None or reason.startswith("is not a regular expression")


@given(LABELS, LABELS, st.booleans(), st.booleans())
def test_no_labels_score_outside_of_zero_to_one(
    wanted: dict[str, list[str]], given_: dict[str, list[str]], want: bool, have: bool
) -> None:
    filters = SearchFilters.model_validate(
        FILTERS | {"custom_labels": wanted, "detected_labels": {"gitOpsManaged": want}}
    )
    assert 0 <= score(filters, DetectedLabels(gitOpsManaged=have), given_).final <= 1


def test_many_custom_labels_score_one_at_most() -> None:
    labels = {"team": [str(number) for number in range(200)]}
    filters = SearchFilters.model_validate(FILTERS | {"custom_labels": labels})
    assert score(filters, None, labels).final == 1


def test_ids_made_later_sort_later() -> None:
    first = uuid7()
    assert (first.version, first.variant) == (7, UUID(int=0x8 << 60).variant)
    made = [uuid7() for _ in range(100)]
    assert len({first, *made}) == 101
    assert all(first.int >> 80 <= later.int >> 80 for later in made)


@pytest.mark.parametrize("body", [b"[1]", b'[{"event_id": "x"}]'])
def test_an_item_without_a_readable_id_has_none(body: bytes) -> None:
    assert judge_batch(body).items[0].event_id is None
