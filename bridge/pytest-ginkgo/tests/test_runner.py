"""What happens to the process that runs tests: deadlines, stacks, signals."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_ginkgo.runner import clean

Run = Callable[..., pytest.RunResult]
Events = Callable[..., list[dict[str, Any]]]


def finish(events: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [
        event
        for event in events
        if event["event"] == "test_finish" and event["nodeid"].endswith(name)
    ]
    return found


HANGS = """
import threading
import pytest

@pytest.fixture
def resource():
    yield
    print("torn down")

def test_hangs(resource):
    threading.Event().wait()

def test_pass():
    pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        pytest.param("no:timeout", "the test did not end within 0.5 s", id="own"),
        pytest.param("timeout", "Timeout (>0.5s) from pytest-timeout", id="pytest-timeout"),
    ],
)
def test_a_test_that_takes_too_long_fails_at_its_line_and_tears_down(
    pytester: pytest.Pytester, events: Events, workers: str, plugin: str, said: str
) -> None:
    path = pytester.makepyfile(HANGS)
    seen = events("-n", workers, "-p", plugin, "--ginkgo-test-timeout=0.5")
    hung = finish(seen, "test_hangs")
    assert hung["outcome"] == "failed"
    assert said in hung["reason"]
    assert "threading.Event().wait()" in hung["reason"]
    phases = [e for e in seen if e["event"] == "phase" and e["nodeid"] == hung["nodeid"]]
    (call,) = [e for e in phases if e["when"] == "call"]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert call["path"] == str(path)
    assert lines[call["line"] - 1].strip() == "threading.Event().wait()"
    (teardown,) = [e for e in phases if e["when"] == "teardown"]
    assert ["Captured stdout teardown", "torn down\n"] in teardown["sections"]
    assert finish(seen, "test_pass")["outcome"] == "passed"


def test_a_fixture_that_takes_too_long_is_an_error(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(
        """
        import threading
        import pytest

        @pytest.fixture
        def slow():
            yield
            threading.Event().wait()

        def test_pass(slow): pass
        """
    )
    hung = finish(events("-p", "no:timeout", "--ginkgo-test-timeout=0.5"), "test_pass")
    assert hung["outcome"] == "error"
    assert "did not end within" in hung["reason"]


def test_a_crash_comes_with_the_stacks_of_its_worker(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(
        """
        import faulthandler

        def test_segfault():
            faulthandler._sigsegv()
        """
    )
    crashed = finish(events("-n", "1", "--ginkgo-stacks=stacks"), "test_segfault")
    assert crashed["outcome"] == "failed"
    assert "crashed while running" in crashed["reason"]
    assert "Segmentation fault" in crashed["reason"]
    assert "in test_segfault" in crashed["reason"]
    assert [path.name for path in (pytester.path / "stacks").iterdir()] == ["gw0.txt"]


def test_sigabrt_leaves_the_stacks(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("import os, signal\ndef test_it(): os.kill(os.getpid(), signal.SIGABRT)\n")
    result = run("--ginkgo-stacks=stacks")
    assert result.ret == -signal.SIGABRT
    assert "in test_it" in (pytester.path / "stacks" / "controller.txt").read_text()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_sigint_interrupts_a_run_that_was_started_with_it_ignored(
    pytester: pytest.Pytester, workers: str
) -> None:
    pytester.makepyfile(HANGS)
    log = pytester.path / "events.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-n", workers, f"--ginkgo-events={log}"],
        cwd=pytester.path,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        pid = wait_for_start(log)
        process.send_signal(signal.SIGINT)
        if pid != process.pid:
            subprocess.run(["kill", "-INT", str(pid)], check=True)
        assert process.wait(60) == pytest.ExitCode.INTERRUPTED
    finally:
        process.kill()
        process.wait()


def wait_for_start(log: Path) -> int:
    """The process that runs the hanging test, once it does."""
    command = ["tail", "-n", "+1", "--retry", "-F", str(log)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **pipes) as tail:
        for line in tail.stdout or ():
            event = json.loads(line)
            if event["event"] == "test_start" and event["nodeid"].endswith("hangs"):
                tail.kill()
                return int(event["pid"])
    raise AssertionError("the test did not start")


def test_clean_keeps_what_utf8_can_hold() -> None:
    value = {"a": ["\u20ac", ("\udcff", 1, None)]}
    assert clean(value) == {"a": ["\u20ac", ("\\udcff", 1, None)]}
