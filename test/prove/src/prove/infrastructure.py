"""Proofs of what suites stand on: one PostgreSQL, plain listeners, nothing left behind."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from prove.run import Outcome, expect, go_mutant, goes_red, run_go, run_pytest, run_suite

PACKAGE = "./test/infrastructure/postgres"
CATALOGUE = "datastorage/tests/test_workflow_routes.py"


@contextmanager
def another_version() -> Iterator[Mapping[str, str]]:
    """The wheel has an older version beside the one that is meant."""
    binaries = "test/infrastructure/postgres/binaries.go"
    with go_mutant(binaries, '"pginstall"+Major', '"pginstall"') as env:
        yield env


def refused(outcome: Outcome) -> None:
    """The run is red, and names what was found."""
    told = "is needed, but" in outcome.output and "(PostgreSQL) 16." in outcome.output
    expect(outcome.code != 0 and told, "another PostgreSQL was accepted", outcome)


def end_to_end_on_another_postgres(tests: Path) -> None:
    """The end-to-end suite ends before a test when PostgreSQL is of another version."""
    with another_version() as env:
        outcome = run_suite(tests, fresh=True, env=env)
    refused(outcome)
    expect(not outcome.named("passed"), f"tests ran: {outcome.named('passed')}", outcome)


def unit_tests_on_another_postgres(_: Path) -> None:
    """DataStorage's unit tests end at once when PostgreSQL is of another version."""
    node = f"{CATALOGUE}::test_wrong_hash_is_refused"
    healthy = run_pytest(node, env=os.environ)
    expect(healthy.code == 0, "the test is not green", healthy)
    with another_version() as env:
        outcome = run_pytest(node, env=env)
    refused(outcome)


def go_tests_on_another_postgres(_: Path) -> None:
    """The Go tests of the package that starts it go red on another version."""
    check = "TestServerIsOfTheOneVersion"
    healthy = run_go(PACKAGE, f"-run=^{check}$", env=os.environ)
    with another_version() as env:
        goes_red(check, healthy, run_go(PACKAGE, f"-run=^{check}$", env=env))


def killed_runners_folder_stays(_: Path) -> None:
    """A sweep that ends processes only leaves a killed runner's secrets, and is noticed."""
    package, check = f"{PACKAGE}/cmd/postgres", "TestKilledRunnerIsSweptByTheNextRun"
    healthy = run_go(package, f"-run=^{check}$", env=os.environ)
    removes = "return os.RemoveAll(dir) })"
    with go_mutant("test/infrastructure/runs/sweep.go", removes, "return nil })") as env:
        goes_red(check, healthy, run_go(package, f"-run=^{check}$", env=env))


def multipath_listener(_: Path) -> None:
    """A listener that makes asyncio leave Nagle's algorithm on is noticed."""
    package, check = "./test/infrastructure/addr", "TestListenerIsPlainTCP"
    healthy = run_go(package, env=os.environ)
    plain = "SetMultipathTCP("
    with go_mutant(f"{package[2:]}/addr.go", f"{plain}false", f"{plain}true") as env:
        goes_red(check, healthy, run_go(package, f"-run=^{check}$", env=env))


PROOFS: list[Callable[[Path], None]] = [
    end_to_end_on_another_postgres,
    unit_tests_on_another_postgres,
    go_tests_on_another_postgres,
    killed_runners_folder_stays,
    multipath_listener,
]
