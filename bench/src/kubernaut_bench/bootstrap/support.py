"""What the strategies call, the record that a run leaves, and the faults that it may have."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from holmesgpt_api_fixtures.workflow_fixtures import bootstrap_workflows

WORKER = "PYTEST_XDIST_WORKER"


def seed() -> dict[str, str]:
    """Seed the workflows of this cell; the ids by name."""
    env = os.environ
    folder, token_file = Path(env["BENCH_WORKFLOWS"]), Path(env["DATA_STORAGE_TOKEN_FILE"])
    if WORKER in env and _claims_death():
        bootstrap_workflows(env["DATA_STORAGE_URL"], token_file, folder=folder / "first")
        os._exit(1)
    result = bootstrap_workflows(env["DATA_STORAGE_URL"], token_file, folder=folder)
    if result["failed"]:
        reasons = (f"{failed['workflow_name']}: {failed['reason']}" for failed in result["failed"])
        raise RuntimeError(f"not seeded: {'; '.join(reasons)}")
    return result["workflow_ids"]


def clean_up(_: Any = None) -> None:
    """Stands for what a strategy undoes at the end."""
    record("clean_up")


def record(what: str, **fields: Any) -> None:
    """Append one line to the record of the run."""
    entry = {"what": what, "time": time.time(), "worker": os.environ.get(WORKER, "master")}
    line = json.dumps(entry | fields) + "\n"
    descriptor = os.open(os.environ["BENCH_RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, line.encode())
    os.close(descriptor)


class FirstSetup:
    """Times the set-up of the first test of this process: that is all session fixtures."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        started, used = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            seconds, cpu = time.perf_counter() - started, time.process_time() - used
            record("set_up", seconds=seconds, cpu_seconds=cpu)
            item.config.pluginmanager.unregister(self)
        if WORKER in os.environ and _claims_death():
            os._exit(1)


def pytest_configure(config: pytest.Config) -> None:
    """This module is a plugin, too."""
    config.pluginmanager.register(FirstSetup())


def pytest_runtest_call() -> None:
    """The beginning of a test."""
    record("test")


def pytest_runtest_logfinish() -> None:
    """The end of a test; xdist's controller hears of it as well."""
    if WORKER in os.environ:
        record("test_end")


def _claims_death() -> bool:
    """Whether this is the first worker that seeds or, where none seeds, reads."""
    if os.environ.get("BENCH_FAULT") != "dies":
        return False
    try:
        os.close(os.open(os.environ["BENCH_RECORD"] + ".died", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
