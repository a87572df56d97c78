"""Tests that replace functions which a plugin calls while they run."""

import os
import time
from typing import Any

import pytest

FUNCTIONS = [
    "builtins.open",
    "json.dumps",
    "json.JSONEncoder.encode",
    "os.close",
    "os.getpid",
    "os.path.join",
    "os.path.normpath",
    "os.write",
    "pathlib.Path.open",
    "signal.setitimer",
    "signal.signal",
    "socket.socket",
    "time.clock_gettime",
    "time.monotonic",
    "time.time",
]


@pytest.fixture(params=FUNCTIONS)
def broken(request: pytest.FixtureRequest, mocker: Any) -> None:
    mocker.patch(request.param, side_effect=OSError("no"))


@pytest.fixture(params=FUNCTIONS)
def hollow(request: pytest.FixtureRequest, mocker: Any) -> Any:
    return mocker.patch(request.param)


def test_with_a_broken_function(broken: None) -> None:
    """Pass."""


def test_with_a_hollow_function(hollow: Any) -> None:
    """Pass."""


def test_uses_what_it_replaces(mocker: Any) -> None:
    clock = mocker.patch("time.time")
    time.time()
    assert clock.called


def test_fails(mocker: Any) -> None:
    mocker.patch("os.write", side_effect=OSError("no"))
    assert os.getpid() == 0
