"""Checks of a chosen workflow."""

import time
from typing import Any

import pytest
from holmesgpt_api.models import SelectedWorkflow
from holmesgpt_api.validation import parameter_errors, validate

from .conftest import WORKFLOW  # type: ignore[import-not-found] # no package


def chosen(**changes: Any) -> SelectedWorkflow:
    values = {"workflow_id": "w", "confidence": 1, "rationale": "", "parameters": {"MEMORY": "1"}}
    return SelectedWorkflow.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("workflow", "known", "reason"),
    [
        (chosen(), WORKFLOW, None),
        (chosen(), None, "workflow_not_found"),
        (chosen(), {**WORKFLOW, "status": "disabled"}, "workflow_not_found"),
        (chosen(container_image="other"), WORKFLOW, "image_mismatch"),
        (chosen(parameters={}), WORKFLOW, "parameter_validation_failed"),
    ],
)
def test_reasons(
    workflow: SelectedWorkflow, known: dict[str, Any] | None, reason: str | None
) -> None:
    assert validate(workflow, lambda _: known).reason == reason


@pytest.mark.parametrize(
    ("value", "parameter", "valid"),
    [
        (3, {"type": "integer"}, True),
        ("3", {"type": "integer"}, True),
        ("x", {"type": "integer"}, False),
        (True, {"type": "integer"}, False),
        (3, {"type": "string"}, False),
        ("a", {"type": "string", "enum": ["a"]}, True),
        ("b", {"type": "string", "enum": ["a"]}, False),
        ("b", {"type": "string", "pattern": "^a"}, False),
    ],
)
def test_parameter_values(value: Any, parameter: dict[str, Any], valid: bool) -> None:
    errors = parameter_errors({"P": value}, [{"name": "P", **parameter}])
    assert bool(errors) is not valid


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(", "not valid"), ("x" * 2000, "not valid"), (r"^(a|aa)+$", "takes too long")],
)
def test_a_pattern_that_cannot_be_used_is_an_error_of_the_catalogue(
    pattern: str, text: str
) -> None:
    begun = time.process_time()

    (error,) = parameter_errors(
        {"P": "a" * 60 + "!"}, [{"name": "P", "type": "string", "pattern": pattern}]
    )

    assert "catalogue's pattern" in error
    assert text in error
    assert time.process_time() - begun < 2


def test_a_value_too_long_for_a_pattern_is_refused() -> None:
    (error,) = parameter_errors({"P": "a" * 5000}, [{"name": "P", "pattern": "^a"}])

    assert "4096" in error
