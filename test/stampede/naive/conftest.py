"""How not to seed: a session fixture that creates the test data.

pytest-xdist runs a session in every worker, so N workers send everything N
times, at the same moment. docs/explanation/token-review-stampede.md has what
came of it; `make reproduce-br-test-008` runs these tests.
"""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

GATHER_SECONDS = 120


@dataclass(frozen=True)
class Plan:
    """The load, as the reproduction describes it; `barrier` is host and port."""

    url: str
    token_file: str
    barrier: str
    at_once: bool
    timeout_seconds: float
    attempts: int
    workflows: list[dict[str, Any]]

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """Read the file that the reproduction wrote."""
        return cls(**json.loads(path.read_text()))

    @property
    def token(self) -> str:
        """The caller's bearer token."""
        return Path(self.token_file).read_text().strip()

    @contextmanager
    def start_together(self) -> Iterator[None]:
        """Hold until every worker has come, and tell when this one is done.

        The start of the workers is not part of the load: they take seconds for it.
        """
        host, port = self.barrier.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=GATHER_SECONDS) as gate:
            if not gate.recv(1):
                raise RuntimeError("the reproduction ended before all workers had come")
            yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """--plan names the file of the load."""
    parser.addoption("--plan", type=Path, required=True, help="load to send, as JSON")


@pytest.fixture(scope="session")
def plan(pytestconfig: pytest.Config) -> Plan:
    """What to send, and where to."""
    return Plan.load(pytestconfig.getoption("--plan"))


@pytest.fixture(scope="session")
def workflow_names(plan: Plan) -> set[str]:
    """What has to be there after the seed."""
    return {workflow["workflow_name"] for workflow in plan.workflows}


@pytest.fixture(scope="session")
def workflow_ids(plan: Plan) -> dict[str, str]:
    """workflow_name to workflow_id, after seeding every workflow, in every worker."""
    with plan.start_together():
        return seed_at_once(plan) if plan.at_once else seed_in_turn(plan)


def seed_in_turn(plan: Plan) -> dict[str, str]:
    """One workflow after the other, each again until the attempts are used up."""
    ids = {}
    for workflow in plan.workflows:
        for _ in range(plan.attempts):
            workflow_id = create(plan, workflow)
            if workflow_id is not None:
                ids[workflow["workflow_name"]] = workflow_id
                break
    return ids


def seed_at_once(plan: Plan) -> dict[str, str]:
    """All workflows at the same moment, and what failed again in the next wave."""
    ids: dict[str, str] = {}
    with ThreadPoolExecutor(len(plan.workflows)) as pool:
        for _ in range(plan.attempts):
            missing = [one for one in plan.workflows if one["workflow_name"] not in ids]
            answers = pool.map(lambda one: create(plan, one), missing)
            for workflow, workflow_id in zip(missing, answers, strict=True):
                if workflow_id is not None:
                    ids[workflow["workflow_name"]] = workflow_id
    return ids


def create(plan: Plan, workflow: dict[str, Any]) -> str | None:
    """The id of the workflow; None when the service refused it or took too long."""
    try:
        answer = requests.post(
            plan.url + "/api/v1/workflows",
            json=workflow,
            headers={"Authorization": f"Bearer {plan.token}"},
            timeout=plan.timeout_seconds,
        )
    except requests.RequestException:
        return None
    return str(answer.json()["workflow_id"]) if answer.ok else None
