"""What makes two postings of a workflow the same."""

import hashlib
from typing import Any

from datastorage.models._generated import WorkflowInput


def canonical(workflow: WorkflowInput) -> dict[str, Any]:
    """All fields that a client gives, in one form; a null is the same as nothing."""
    # A stored row has more fields than a posting, and its class is a subclass.
    fields = set(WorkflowInput.model_fields)
    return workflow.model_dump(mode="json", by_alias=True, exclude_none=True, include=fields)


def differing_fields(one: WorkflowInput, other: WorkflowInput) -> list[str]:
    """Names of the fields in which two workflows differ, sorted."""
    left, right = canonical(one), canonical(other)
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def content_hash(content: str) -> str:
    """SHA-256 of a workflow's content, in hex."""
    return hashlib.sha256(content.encode()).hexdigest()
