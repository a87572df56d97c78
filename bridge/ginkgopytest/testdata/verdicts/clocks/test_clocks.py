"""Tests that set the clocks while the plugin measures their time."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

nap = time.sleep


@pytest.fixture(params=["1960-01-01", "1970-01-01", "2040-01-01"])
def frozen(request: pytest.FixtureRequest) -> Iterator[None]:
    with freeze_time(request.param):
        yield


@pytest.fixture(params=[0.0, 4e9])
def travelling(request: pytest.FixtureRequest) -> Iterator[None]:
    with time_machine.travel(request.param, tick=False):
        yield


@pytest.fixture(params=["monotonic", "time", "perf_counter"])
def mocked(request: pytest.FixtureRequest, mocker: Any) -> None:
    mocker.patch(f"time.{request.param}", return_value=10_000_000.0)


@pytest.fixture(scope="module")
def whole_module() -> Iterator[None]:
    with freeze_time("2012-01-14"):
        yield


def test_frozen(frozen: None) -> None:
    nap(0.1)


def test_travelling(travelling: None) -> None:
    nap(0.1)


def test_mocked(mocked: None) -> None:
    nap(0.1)


@pytest.mark.parametrize("number", range(3))
def test_in_a_frozen_module(whole_module: None, number: int) -> None:
    nap(0.1)


def test_stopped_in_the_middle() -> None:
    with freeze_time("2030-01-01"):
        nap(0.1)
    raise ValueError("after the freeze")
