"""One test for each worker, so that every worker needs the fixture."""

import pytest

WORKERS = 11


@pytest.mark.parametrize("number", range(WORKERS))
def test_every_workflow_has_an_id(
    number: int, workflow_ids: dict[str, str], workflow_names: set[str]
) -> None:
    """Fails in the workers whose seeding lost a workflow."""
    missing = workflow_names - workflow_ids.keys()
    assert workflow_ids.keys() == workflow_names, f"test {number} lacks {missing}"
