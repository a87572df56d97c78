"""Every outcome once; durations that differ from each other."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


def spend(seconds: float) -> None:
    threading.Event().wait(seconds)


@pytest.fixture
def slow_both_ways() -> Iterator[None]:
    spend(0.03)
    yield
    spend(0.02)


@pytest.fixture
def broken() -> None:
    raise RuntimeError("set-up broke")


@pytest.fixture
def broken_at_the_end() -> Iterator[None]:
    yield
    raise RuntimeError("tear-down broke")


@pytest.mark.usefixtures("slow_both_ways")
def test_pass() -> None:
    spend(0.05)


def test_fail() -> None:
    sys.stdout.write("printed <b>&amp;</b> 100 %s")
    assert len("one") == 2, "lengths differ | `here`"


@pytest.mark.usefixtures("broken")
def test_setup() -> None:
    pass


@pytest.mark.usefixtures("broken_at_the_end")
def test_teardown() -> None:
    spend(0.01)


def test_skip() -> None:
    pytest.skip("not today")


@pytest.mark.xfail(reason="known")
def test_xfail() -> None:
    raise AssertionError


class TestGroup:
    @pytest.mark.parametrize("value", ["a::b", "c[d]", "e/f"])
    def test_param(self, value: str) -> None:
        assert value != "c[d]"


def test_waits(request: pytest.FixtureRequest) -> None:
    if request.config.rootpath.joinpath("hang").exists():
        threading.Event().wait()


def test_here(tmp_path: Path) -> None:
    assert tmp_path.is_dir()


def test_subtests(subtests: pytest.Subtests) -> None:
    for part in ("a", "b"):
        with subtests.test(part):
            spend(0.03)
