"""Checks a chosen workflow against the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from holmesgpt_api.models import HumanReviewReason, SelectedWorkflow

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
# A pattern is data of the catalogue: it may be wrong, and it may take for ever.
MATCH_SECONDS = 0.1
LONGEST_PATTERN, LONGEST_VALUE = 1000, 4096
Lookup = Callable[[str], dict[str, Any] | None]


@dataclass(frozen=True)
class Verdict:
    """Whether the workflow may be used; holds it with the catalogue's data when it may."""

    workflow: SelectedWorkflow
    errors: list[str]
    reason: HumanReviewReason | None = None


def validate(chosen: SelectedWorkflow, lookup: Lookup) -> Verdict:
    """Check existence, image and parameters, in this order."""
    known = lookup(chosen.workflow_id)
    if known is None or known.get("status", "active") != "active":
        error = f"workflow {chosen.workflow_id!r} not found in catalog"
        return Verdict(chosen, [error], "workflow_not_found")
    image = known.get("container_image")
    if chosen.container_image and image and chosen.container_image != image:
        error = f"container_image must be {image!r}, not {chosen.container_image!r}"
        return Verdict(chosen, [error], "image_mismatch")
    errors = parameter_errors(chosen.parameters, _parameters(known))
    if errors:
        return Verdict(chosen, errors, "parameter_validation_failed")
    filled = {
        "title": known.get("name"),
        "version": known.get("version"),
        "container_image": image,
        "container_digest": known.get("container_digest"),
    }
    return Verdict(chosen.model_copy(update=filled), [])


def _parameters(workflow: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = (workflow.get("parameters") or {}).get("schema") or {}
    return [entry for entry in schema.get("parameters") or [] if isinstance(entry, dict)]


def parameter_errors(given: Mapping[str, Any], declared: list[dict[str, Any]]) -> list[str]:
    """One message per parameter that is missing or wrong."""
    errors = []
    for parameter in declared:
        name = str(parameter.get("name"))
        if given.get(name) is None:
            if parameter.get("required") and parameter.get("default") is None:
                errors.append(f"missing required parameter {name!r}")
            continue
        message = _value_error(given[name], parameter)
        if message:
            errors.append(f"parameter {name!r}: {message}")
    return errors


def _value_error(value: Any, parameter: Mapping[str, Any]) -> str | None:
    kind = parameter.get("type", "string")
    if not _is_of(value, kind):
        return f"expected {kind}, got {type(value).__name__}"
    allowed = parameter.get("enum")
    if allowed and _text(value) not in allowed:
        return f"must be one of {', '.join(map(str, allowed))}"
    pattern = parameter.get("pattern")
    return _pattern_error(str(pattern), _text(value)) if pattern else None


def _pattern_error(pattern: str, text: str) -> str | None:
    if len(text) > LONGEST_VALUE:
        return f"may have {LONGEST_VALUE} characters"
    try:
        if len(pattern) > LONGEST_PATTERN:
            raise regex.error(f"more than {LONGEST_PATTERN} characters")
        found = regex.search(pattern, text, timeout=MATCH_SECONDS)
    except TimeoutError:
        return f"cannot be checked: the catalogue's pattern {pattern} takes too long"
    except (regex.error, OverflowError, RecursionError):
        return f"cannot be checked: the catalogue's pattern {pattern[:100]} is not valid"
    return None if found else f"does not match {pattern}"


def _is_of(value: Any, kind: str) -> bool:
    if isinstance(value, str) and kind != "string":
        return _reads_as(value, kind)
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, TYPES.get(kind, (object,)))


def _reads_as(value: str, kind: str) -> bool:
    """Workflow engines take all parameters as text, so a number in quotes will do."""
    if kind == "boolean":
        return value in ("true", "false")
    try:
        (int if kind == "integer" else float)(value)
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
