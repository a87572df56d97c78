"""Ours, from Python: pytest_ginkgo.once, as `--bootstrap-workflows` uses it."""

import pytest
from kubernaut_bench.bootstrap.support import clean_up, seed
from pytest_ginkgo.once import once, once_value


def pytest_configure(config: pytest.Config) -> None:
    once(config, "workflows", seed, clean_up)


@pytest.fixture(scope="session")
def workflow_ids(pytestconfig: pytest.Config) -> dict[str, str]:
    ids: dict[str, str] = once_value(pytestconfig, "workflows")
    return ids
