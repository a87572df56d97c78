"""One test for each worker, so that every worker needs the fixture."""

import pytest
from plan import Plan

WORKERS = 11


@pytest.mark.parametrize("number", range(WORKERS))
def test_every_workflow_has_an_id(number: int, workflow_ids: dict[str, str], plan: Plan) -> None:
    """Fails in the workers whose seeding lost a workflow."""
    names = {workflow["workflow_name"] for workflow in plan.workflows}
    assert workflow_ids.keys() == names, f"test {number} lacks {names - workflow_ids.keys()}"
