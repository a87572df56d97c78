"""Every worker seeds."""

from collections.abc import Iterator

import pytest
from kubernaut_bench.bootstrap.support import clean_up, seed


@pytest.fixture(scope="session")
def workflow_ids() -> Iterator[dict[str, str]]:
    yield seed()
    clean_up()
