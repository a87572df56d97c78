"""Proofs of pytest_ginkgo.once: one preparation, in the controller, for every worker."""

import os
from collections.abc import Callable
from pathlib import Path

from prove.run import goes_red, mutated, run_pytest

PACKAGE, FILE = "python/pytest-ginkgo", "pytest_ginkgo/once.py"
CHECKS = f"{PACKAGE}/tests/test_once.py"


def preparing_in_workers(_: Path) -> None:
    """Workers that prepare for themselves are noticed."""
    red(
        "test_every_process_gets_what_one_process_prepared[-n2 --dist=load]",
        'if hasattr(config, "workerinput"):\n        if name',
        "if False:\n        if name",
    )


def replaced_worker_without_data(_: Path) -> None:
    """A replaced worker that gets nothing is noticed."""
    red(
        "test_a_replaced_worker_gets_the_data",
        "node.workerinput[WORKER_INPUT] = self.texts()",
        'node.workerinput[WORKER_INPUT] = self.texts() if node.gateway.id < "gw2" else {}',
    )


def clean_up_before_workers_end(_: Path) -> None:
    """A clean-up while workers are still alive is noticed."""
    red(
        "test_every_process_gets_what_one_process_prepared[-n2 --dist=load]",
        "@pytest.hookimpl(trylast=True)\n    def pytest_sessionfinish",
        "@pytest.hookimpl(tryfirst=True)\n    def pytest_sessionfinish",
    )


def red(check: str, old: str, new: str) -> None:
    """The check is green, and red on the mutant."""
    node = f"{CHECKS}::{check}"
    with mutated(PACKAGE, FILE, old, new) as env:
        goes_red(check, run_pytest(node, env=os.environ), run_pytest(node, env=env))


PROOFS: list[Callable[[Path], None]] = [
    preparing_in_workers,
    replaced_worker_without_data,
    clean_up_before_workers_end,
]
