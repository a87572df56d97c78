"""By hand: the controller seeds in pytest_configure and hands over through workerinput."""

from typing import Any

import pytest
from kubernaut_bench.bootstrap.support import clean_up, seed

IDS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[IDS] = seed()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["workflow_ids"] = node.config.stash[IDS]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        clean_up()


@pytest.fixture(scope="session")
def workflow_ids(pytestconfig: pytest.Config) -> dict[str, str]:
    if not hasattr(pytestconfig, "workerinput"):
        return pytestconfig.stash[IDS]
    ids: dict[str, str] = pytestconfig.workerinput["workflow_ids"]
    return ids
