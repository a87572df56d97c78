"""Many workflows in one request: each is judged on its own."""

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from datastorage.creation import Created, Creation
from datastorage.incoming import read_items
from datastorage.models._generated import WorkflowBatchItem, WorkflowBatchResult, WorkflowInput
from datastorage.models.bodies import NO_NULL, null_paths
from datastorage.patterns import workflow_errors
from datastorage.problems import InvalidError
from datastorage.senders import Sender

ITEM = TypeAdapter(WorkflowInput)


async def create_all(creation: Creation, body: bytes, sender: Sender) -> WorkflowBatchResult:
    """One result for each item. Raises RequestValidationError for what is no array of items."""
    judged = [_judge(text) for text in read_items(body, "workflows")]
    sound = [item for item in judged if isinstance(item, WorkflowInput)]
    made = iter(await _created(creation, sound, sender))
    results = [next(made) if isinstance(item, WorkflowInput) else _refused(item) for item in judged]
    return WorkflowBatchResult(results=results)


async def _created(
    creation: Creation, workflows: Sequence[WorkflowInput], sender: Sender
) -> list[WorkflowBatchItem]:
    if not workflows:
        return []
    try:
        return [_item(made) for made in await creation.create(workflows, sender)]
    except InvalidError as error:
        if len(workflows) == 1:
            return [_refused(error.members["field_errors"])]
    # PostgreSQL cannot store one of them: alone, it says which.
    return [item for workflow in workflows for item in await _created(creation, [workflow], sender)]


def _judge(text: str) -> WorkflowInput | dict[str, str]:
    try:
        workflow = ITEM.validate_json(text, strict=True)
    except ValidationError as error:
        return {".".join(map(str, item["loc"])) or "item": item["msg"] for item in error.errors()}
    nulls = dict.fromkeys(null_paths(workflow), NO_NULL)
    return nulls or workflow_errors(workflow) or workflow


def _item(made: Created) -> WorkflowBatchItem:
    if made.outcome != "conflict":
        return WorkflowBatchItem(outcome=made.outcome, workflow_id=made.workflow.workflow_id)
    differing = list(made.differing)
    reason = f"exists and differs in: {', '.join(differing)}"
    return WorkflowBatchItem(
        outcome="conflict",
        workflow_id=made.workflow.workflow_id,
        reason=reason,
        differing_fields=differing,
    )


def _refused(errors: dict[str, str]) -> WorkflowBatchItem:
    field, message = next(iter(errors.items()))
    return WorkflowBatchItem(outcome="refused", reason=f"{field}: {message}", field_errors=errors)
