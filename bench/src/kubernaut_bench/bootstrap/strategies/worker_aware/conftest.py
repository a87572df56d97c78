"""Our fallback without a plugin: gw0 seeds, the others wait for its file."""

from pathlib import Path

import pytest
from holmesgpt_api_fixtures.hand_over import HandOver
from kubernaut_bench.bootstrap.support import seed

# Short, so that a fault does not stretch the benchmark; the example waits a minute.
LIMIT_SECONDS = 10


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    if _worker(session.config) == "gw0":
        _hand_over(session.config).publish(seed)


@pytest.fixture(scope="session")
def workflow_ids(pytestconfig: pytest.Config) -> dict[str, str]:
    if _worker(pytestconfig) == "master":
        return seed()
    ids: dict[str, str] = _hand_over(pytestconfig).read()
    return ids


def _worker(config: pytest.Config) -> str:
    given: dict[str, str] = getattr(config, "workerinput", {"workerid": "master"})
    return given["workerid"]


def _hand_over(config: pytest.Config) -> HandOver:
    return HandOver(Path(config.getoption("basetemp")).parent, LIMIT_SECONDS)
