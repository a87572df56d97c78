"""A disk that is full: no file of this run may grow beyond a few kilobytes."""

import resource

import pytest

LIMIT_BYTES = 6_000


def pytest_configure(config: pytest.Config) -> None:
    """Let the collection work."""
    if not config.getoption("--collect-only"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))
