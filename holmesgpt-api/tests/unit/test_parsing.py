"""Reading of final answers."""

import json

import pytest
from holmesgpt_api.parsing import UnparsableAnswerError, parse_answer

from .conftest import fenced, llm_answer  # type: ignore[import-not-found] # no package


@pytest.mark.parametrize("text", [fenced(llm_answer()), json.dumps(llm_answer())])
def test_reads_fenced_and_bare_json(text: str) -> None:
    assert parse_answer(f"Here:\n{text}\n").overall_confidence() == 0.9


@pytest.mark.parametrize("text", ["", "no", "```json\n{\n```", "[1]", '{"confidence": 2}'])
def test_refuses_what_is_no_answer(text: str) -> None:
    with pytest.raises(UnparsableAnswerError):
        parse_answer(text)
