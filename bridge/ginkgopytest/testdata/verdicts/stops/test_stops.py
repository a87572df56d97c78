"""Twenty tests, the third of which does what STOP says."""

import os
import signal

import pytest

STOP = os.environ.get("STOP", "fail")


def stop(request: pytest.FixtureRequest) -> None:
    if STOP == "interrupt":
        raise KeyboardInterrupt
    if STOP == "sigint":
        signal.raise_signal(signal.SIGINT)
    if STOP == "exit":
        pytest.exit("enough")
    if STOP == "exit-0":
        pytest.exit("enough", returncode=0)
    if STOP == "should-stop":
        request.session.shouldstop = "enough for today"
    assert STOP != "fail"


@pytest.mark.parametrize("number", range(20))
def test_number(request: pytest.FixtureRequest, number: int) -> None:
    if number == 2:
        stop(request)
