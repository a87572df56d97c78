"""What a workflow says that its model cannot check."""

from pydantic_core import SchemaError, SchemaValidator, core_schema

from datastorage.fingerprint import content_hash
from datastorage.models._generated import WorkflowInput

MAX_PATTERN = 1000


def workflow_errors(workflow: WorkflowInput) -> dict[str, str]:
    """Message by field; empty when the workflow may be stored."""
    errors = {}
    if content_hash(workflow.content) != workflow.content_hash:
        errors["content_hash"] = "is not the SHA-256 of content"
    parameters = workflow.parameters.schema_.parameters if workflow.parameters else []
    for index, parameter in enumerate(parameters):
        reason = pattern_error(parameter.pattern) if parameter.pattern else None
        if reason is not None:
            errors[f"parameters.schema.parameters.{index}.pattern"] = reason
    return errors


def pattern_error(pattern: str) -> str | None:
    """Why this is no regular expression that is matched in linear time; None if it is."""
    try:
        # The engine without look-around and back-references, hence without backtracking.
        SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("error: ")
        return f"is not a regular expression that can be matched in linear time: {reason}"
    return None
