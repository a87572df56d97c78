"""EventStream: what a supervisor sees of a run."""

import platform
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., pytest.RunResult]
Events = Callable[..., list[dict[str, Any]]]

OUTCOMES = """
import pytest

@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("teardown broke")

@pytest.fixture
def broken_setup():
    raise RuntimeError("setup broke")

def test_pass():
    print("printed by the test")

def test_fail():
    assert 1 == 2, "numbers differ"

def test_teardown(broken_teardown):
    pass

def test_both(broken_teardown):
    assert False, "call broke"

def test_setup(broken_setup):
    pass

def test_skip():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known")
def test_xfail():
    assert False

@pytest.mark.xfail(reason="known")
def test_xpass():
    pass

@pytest.mark.parametrize("n", [1, 2])
def test_param(n):
    assert n == 1
"""


def finishes(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The test_finish events by test name; each test has exactly one."""
    found = [event for event in events if event["event"] == "test_finish"]
    by_name = {event["nodeid"].split("::")[-1]: event for event in found}
    assert len(by_name) == len(found)
    return by_name


@pytest.mark.parametrize("workers", ["0", "2"])
def test_every_outcome_is_told_apart(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(OUTCOMES)
    finished = finishes(events("-n", workers))
    assert {name: event["outcome"] for name, event in finished.items()} == {
        "test_pass": "passed",
        "test_fail": "failed",
        "test_teardown": "error",
        "test_both": "failed",
        "test_setup": "error",
        "test_skip": "skipped",
        "test_xfail": "xfailed",
        "test_xpass": "xpassed",
        "test_param[1]": "passed",
        "test_param[2]": "failed",
    }


def test_reasons_are_tracebacks_or_the_skip_reason(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(OUTCOMES)
    finished = finishes(events())
    assert "reason" not in finished["test_pass"]
    assert "numbers differ" in finished["test_fail"]["reason"]
    assert "teardown broke" in finished["test_teardown"]["reason"]
    assert "call broke" in finished["test_both"]["reason"]
    assert "setup broke" in finished["test_setup"]["reason"]
    assert finished["test_skip"]["reason"] == "not today"


def test_a_failed_phase_has_its_place_and_its_output(
    pytester: pytest.Pytester, events: Events
) -> None:
    path = pytester.makepyfile('def test_fail():\n    print("seen")\n    assert False\n')
    (phase,) = [e for e in events() if e["event"] == "phase" and e["when"] == "call"]
    assert (phase["path"], phase["line"]) == (str(path), 3)
    assert phase["sections"] == [["Captured stdout call", "seen\n"]]
    assert phase["start"] <= phase["stop"] <= phase["time"]


def test_a_run_is_framed_and_ordered(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("def test_pass(): pass")
    seen = events()
    assert [event["event"] for event in seen] == [
        "session_start",
        "collected",
        "test_start",
        "phase",
        "phase",
        "phase",
        "test_finish",
        "session_finish",
    ]
    assert seen[0]["schema_version"] == 1
    assert seen[0]["rootdir"] == str(pytester.path)
    assert (seen[0]["pytest"], seen[0]["python"]) == (pytest.__version__, platform.python_version())
    assert seen[1]["nodeids"] == [seen[2]["nodeid"]]
    assert seen[-1]["exitstatus"] == 0
    times = [event["time"] for event in seen]
    assert times == sorted(times)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_start_names_the_process_and_the_place(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    path = pytester.makepyfile(
        "import os\n\ndef test_pid():\n    print(os.getpid())\n    assert 0\n"
    )
    seen = events("-n", workers)
    (start,) = [event for event in seen if event["event"] == "test_start"]
    (call,) = [e for e in seen if e["event"] == "phase" and e["when"] == "call"]
    assert call["sections"] == [["Captured stdout call", f"{start['pid']}\n"]]
    assert (start["path"], start["line"]) == (str(path), 3)
    assert start.get("worker") == finishes(seen)["test_pid"].get("worker")
    up = [event["pid"] for event in seen if event["event"] == "worker_up"]
    assert (start["pid"] in up) == (workers == "2")
    assert (start["pid"] == seen[0]["pid"]) == (workers == "0")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_each_section_stands_in_one_phase(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def noisy():
            print("before")
            yield
            print("after")

        def test_pass(noisy):
            print("within")
        """
    )
    phases = [event for event in events("-n", workers) if event["event"] == "phase"]
    assert {phase["when"]: phase["sections"] for phase in phases} == {
        "setup": [["Captured stdout setup", "before\n"]],
        "call": [["Captured stdout call", "within\n"]],
        "teardown": [["Captured stdout teardown", "after\n"]],
    }


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failed_subtest_fails_its_test(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    path = pytester.makepyfile(
        """
        def test_rows(subtests):
            for row in range(3):
                with subtests.test("row", number=row):
                    assert row != 1, "row is one"
        """
    )
    seen = events("-n", workers)
    found = [event for event in seen if event["event"] == "subtest"]
    assert [event["outcome"] for event in found] == ["passed", "failed", "passed"]
    assert found[1]["description"].startswith("[row] (number=")
    assert (found[1]["path"], found[1]["line"]) == (str(path), 4)
    finished = finishes(seen)["test_rows"]
    assert finished["outcome"] == "failed"
    assert finished["reason"].startswith("1 failed subtest\n\n[row] (number=")
    assert "row is one" in finished["reason"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_attempts_are_counted_and_the_last_one_decides(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(
        """
        import itertools
        import pytest

        attempts = itertools.count(1)

        @pytest.fixture
        def late():
            yield
            assert next(attempts) > 1, "too early"

        def test_flaky(late): pass

        def test_never():
            print("said")
            assert False
        """
    )
    seen = events("-n", workers, "--reruns=2")
    finished = finishes(seen)
    assert (finished["test_flaky"]["outcome"], finished["test_flaky"]["attempts"]) == ("passed", 2)
    assert "reason" not in finished["test_flaky"]
    assert (finished["test_never"]["outcome"], finished["test_never"]["attempts"]) == ("failed", 3)
    never = [e for e in seen if e["event"] == "phase" and e["nodeid"].endswith("test_never")]
    calls = [phase for phase in never if phase["when"] == "call"]
    assert [(call["attempt"], call["outcome"]) for call in calls] == [
        (1, "rerun"),
        (2, "rerun"),
        (3, "failed"),
    ]
    assert [call["sections"] for call in calls] == [[["Captured stdout call", "said\n"]]] * 3
    starts = [e for e in seen if e["event"] == "test_start" and e["nodeid"].endswith("test_never")]
    assert len(starts) == 3


def test_workers_are_named(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile(OUTCOMES)
    seen = events("-n", "2")
    assert seen[0]["workers"] == 2
    for kind in ("worker_up", "worker_down"):
        assert {e["worker"] for e in seen if e["event"] == kind} == {"gw0", "gw1"}
    assert {e["worker"] for e in finishes(seen).values()} <= {"gw0", "gw1"}


def test_a_killed_worker_fails_its_test_only(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("import os\ndef test_dies(): os._exit(9)\ndef test_lives(): pass\n")
    seen = events("-n", "2")
    finished = finishes(seen)
    assert finished["test_dies"]["outcome"] == "failed"
    assert "crashed while running" in finished["test_dies"]["reason"]
    assert finished["test_lives"]["outcome"] == "passed"
    dead = [e["worker"] for e in seen if e["event"] == "worker_down" and "error" in e]
    assert dead == [finished["test_dies"]["worker"]]
    assert seen[-1]["event"] == "session_finish"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_collection_error_is_an_event(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(test_broken="import no_such_module")
    errors = [e for e in events("-n", workers) if e["event"] == "collect_error"]
    assert {e["nodeid"] for e in errors} == {"test_broken.py"}
    assert "no_such_module" in errors[0]["longrepr"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_output_that_is_no_text_is_kept_readable(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(
        """
        import os

        def test_surrogate():
            print("\\udcff \\u20ac")
            assert os.fsdecode(b"\\xff") == "y"

        def test_bytes():
            os.write(1, b"\\xff seen")
            assert False

        def test_pass(): pass
        """
    )
    seen = events("-n", workers, "--tb=no", "--junitxml=junit.xml")
    outcomes = {name: event["outcome"] for name, event in finishes(seen).items()}
    assert outcomes == {"test_surrogate": "failed", "test_bytes": "failed", "test_pass": "passed"}
    texts = [text for e in seen if e["event"] == "phase" for _, text in e.get("sections", [])]
    assert any("\u20ac" in text for text in texts)
    assert any("\ufffd seen" in text for text in texts)
    assert seen[-1] == {**seen[-1], "event": "session_finish", "exitstatus": 1}


def test_ten_megabytes_of_output_are_kept(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile('def test_fail():\n    print("x" * 10_000_000)\n    assert False\n')
    seen = events("-n", "2")
    texts = [text for e in seen if e["event"] == "phase" for _, text in e.get("sections", [])]
    assert [len(text) for text in texts] == [10_000_001]
    assert finishes(seen)["test_fail"]["outcome"] == "failed"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_log_that_cannot_be_written_ends_the_run(
    pytester: pytest.Pytester, run: Run, workers: str
) -> None:
    pytester.makepyfile("def test_pass(): pass")
    result = run("-n", workers, "--ginkgo-events=/dev/full")
    assert result.ret == 3
    assert "cannot append to /dev/full: No space left on device" in result.stderr.str()
    assert "1 passed" not in result.stdout.str()


def test_a_log_in_no_folder_is_a_usage_error(pytester: pytest.Pytester, run: Run) -> None:
    (pytester.path / "file").touch()
    result = run("--ginkgo-events=file/events.jsonl")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--ginkgo-events *file/events.jsonl: *exist*"])


def test_xdist_may_be_absent(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("def test_pass(): pass")
    seen = events("-p", "no:xdist")
    assert "workers" not in seen[0]
    assert seen[-1]["exitstatus"] == 0


def test_node_ids_are_those_of_the_collection_also_with_groups(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.xdist_group("database")
        @pytest.mark.parametrize("address", ["a@b"])
        def test_grouped(address): pass

        def test_alone(): pass
        """
    )
    seen = events("-n", "2", "--dist=loadgroup")
    named = {"test_grouped[a@b]", "test_alone"}
    assert set(finishes(seen)) == named
    for kind in ("test_start", "phase"):
        assert {e["nodeid"].split("::")[-1] for e in seen if e["event"] == kind} == named
    (collected,) = [e["nodeids"] for e in seen if e["event"] == "collected"]
    assert {nodeid.split("::")[-1] for nodeid in collected} == named
