"""What may stand in an audit event."""

import json
from typing import Any

from holmesgpt_api.bounds import LONGEST, bounded, storable
from holmesgpt_api.outbox.record import as_json
from hypothesis import given
from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters())
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
)


@given(ANY_TEXT)
def test_storable_text_has_no_nul_and_can_be_encoded(text: str) -> None:
    stored = storable(text)

    assert "\0" not in stored
    assert stored.encode().decode() == stored
    assert len(stored) == len(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


@given(ANY_VALUE)
def test_any_value_can_be_written_and_is_short(value: Any) -> None:
    written = as_json([{"value": bounded(value, 100)}])

    assert json.loads(written)


def test_long_text_is_cut_and_members_stay() -> None:
    value = {"summary": "x" * 2 * LONGEST, "severity": "high", "factors": ["a", "b"]}

    cut = bounded(value)

    assert cut["summary"] == "x" * LONGEST + "..."
    assert list(cut) == list(value)
    assert cut["factors"] == []


def test_what_is_short_is_left_alone() -> None:
    value = {"a": [1, 2.5, True, None, {"b": "ä"}]}

    assert bounded(value) == value
