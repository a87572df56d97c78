"""Reading of final answers."""

import json
import math
import time
from typing import Any

import pytest
from holmesgpt_api.parsing import Answer, UnparsableAnswerError, parse_answer
from hypothesis import given
from hypothesis import strategies as st

from .conftest import fenced, llm_answer  # type: ignore[import-not-found] # no package


@pytest.mark.parametrize("text", [fenced(llm_answer()), json.dumps(llm_answer())])
def test_reads_fenced_and_bare_json(text: str) -> None:
    assert parse_answer(f"Here:\n{text}\n").overall_confidence() == 0.9


@pytest.mark.parametrize("text", ["", "no", "```json\n{\n```", "[1]", '{"confidence": 2}'])
def test_refuses_what_is_no_answer(text: str) -> None:
    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)


@pytest.mark.parametrize(
    "confidence",
    [[], {}, [0.5], {"a": 1}, True, "high", "1e999", 10**400, -1, "nan"],
    ids=lambda value: repr(value)[:20],
)
@pytest.mark.parametrize("place", ["answer", "workflow"])
def test_a_confidence_that_is_no_share_is_told_to_the_llm(confidence: Any, place: str) -> None:
    answer = llm_answer()
    target = answer if place == "answer" else answer["selected_workflow"]
    target["confidence"] = confidence

    with pytest.raises(UnparsableAnswerError):
        parse_answer(fenced(answer))


@pytest.mark.parametrize("depth", [40, 300, 100_000])
def test_a_deeply_nested_answer_is_unreadable(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    text = json.dumps(llm_answer()).replace('"1Gi"', nested).replace('["traffic"]', nested)

    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" * 5000])
def test_numbers_that_json_cannot_say_again_are_unreadable(number: str) -> None:
    answer = json.dumps(llm_answer())
    text = answer[:-1] + f', "selected_workflow": {{"parameters": {{"A": {number}}}}}}}'

    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)


def test_fences_without_an_end_are_read_in_linear_time() -> None:
    text = "```\n" * 100_000 + "```json" + "\n" * 200_000
    begun = time.process_time()

    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)

    assert time.process_time() - begun < 2


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(Answer.model_fields)), JSON_VALUES))
def test_any_json_is_an_answer_or_unreadable(changes: dict[str, Any]) -> None:
    text = fenced({**llm_answer(), **changes})
    try:
        answer = parse_answer(text)
    except UnparsableAnswerError:
        return

    assert math.isfinite(answer.overall_confidence())
    assert json.loads(answer.model_dump_json())


@given(st.text(st.sampled_from('`{}[]"\\n json:,1')))
def test_any_text_is_an_answer_or_unreadable(text: str) -> None:
    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)
