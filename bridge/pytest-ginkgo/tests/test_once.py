"""once(): prepared in one process before any worker, handed to all, cleaned up after all."""

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from pytest_ginkgo.bootstrap import EXIT_CODE

Run = Callable[..., pytest.RunResult]

# Every line of the log says what ran in which process.
PROJECT = """
    import json, os, signal
    from pathlib import Path
    import pytest
    from pytest_ginkgo.once import once, once_value

    def log(what, value=None):
        with open({log!r}, "a") as file:
            file.write(json.dumps([what, os.getpid(), value]) + "\\n")

    def alive(pid):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def prepare():
        log("prepare")
        {prepare}

    def cleanup(value):
        events = [json.loads(line) for line in Path({log!r}).read_text().splitlines()]
        own = os.getpid()
        pids = {{pid for what, pid, _ in events if what == "test" and pid != own}}
        log("cleanup", {{"value": value, "alive": sorted(filter(alive, pids))}})
        {cleanup}

    def pytest_configure(config):
        once(config, "database", prepare, cleanup)

    @pytest.fixture(scope="session")
    def database(pytestconfig):
        value = once_value(pytestconfig, "database")
        log("test")
        return value
"""
TESTS = """
    import pytest

    @pytest.mark.parametrize("number", range(6))
    def test_it(database, number):
        assert database == {"name": "db", "hosts": ["a", "b"]}
"""
OK = 'return {"name": "db", "hosts": ["a", "b"]}'


class Project:
    """A suite that prepares a database once."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self._log = pytester.path / "log"
        self._log.touch()

    def make(self, prepare: str = OK, cleanup: str = "pass", tests: str = TESTS) -> None:
        self._pytester.makeconftest(
            PROJECT.format(log=str(self._log), prepare=prepare, cleanup=cleanup)
        )
        self._pytester.makepyfile(tests)

    def events(self, what: str) -> list[list[object]]:
        """Process and value of each event."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [rest for name, *rest in lines if name == what]

    def assert_once(self, value: object = json.dumps) -> None:
        """Prepared and cleaned up once, by one process, when no worker was alive."""
        ((pid, _),) = self.events("prepare")
        ((cleaner, done),) = self.events("cleanup")
        assert isinstance(done, dict)
        assert cleaner == pid
        assert done["alive"] == []
        if value is not json.dumps:
            assert done["value"] == value


@pytest.fixture(autouse=True)
def _no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    # Every process of every run would import them.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture
def run(run: Run) -> Run:
    """Run pytest with this plugin and xdist."""
    return lambda *args: run("-p", "xdist.plugin", "-p", "pytest_ginkgo.plugin", *args)


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


@pytest.mark.parametrize(
    "arguments",
    [
        "-n0",
        "-n1",
        "-n2 --dist=load",
        "-n2 --dist=loadscope",
        "-n2 --dist=loadfile",
        "-n2 --dist=worksteal",
        "-n2 --dist=no",
    ],
)
def test_every_process_gets_what_one_process_prepared(
    run: Run, project: Project, arguments: str
) -> None:
    project.make()

    result = run(*arguments.split())

    result.assert_outcomes(passed=6)
    project.assert_once({"name": "db", "hosts": ["a", "b"]})


def test_dist_each_runs_all_tests_in_all_workers_with_one_preparation(
    run: Run, project: Project
) -> None:
    project.make()

    result = run("-n2", "--dist=each")

    result.assert_outcomes(passed=12)
    assert len(project.events("test")) == 2
    project.assert_once()


def test_without_xdist_installed_it_is_the_same(
    pytester: pytest.Pytester, project: Project
) -> None:
    # `python -m pytest` finds what lies in the folder in which it is run.
    pytester.makepyfile(absent="import sys\nsys.modules['xdist'] = None\n")
    project.make()

    result = pytester.runpytest_subprocess("-p", "absent", "-p", "pytest_ginkgo.plugin")

    result.assert_outcomes(passed=6)
    project.assert_once()


def test_a_replaced_worker_gets_the_data(run: Run, project: Project) -> None:
    crash = TESTS + "        if number == 1: __import__('os')._exit(1)\n"
    project.make(tests=crash)

    result = run("-n2")

    result.assert_outcomes(passed=5, failed=1)
    assert len(project.events("test")) >= 2
    project.assert_once()


@pytest.mark.parametrize("stop", ["-x", "--maxfail=2"])
def test_stopping_early_cleans_up_after_the_workers(run: Run, project: Project, stop: str) -> None:
    project.make(tests=TESTS + "        assert number < 1\n")

    result = run("-n2", stop)

    assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    project.assert_once()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failed_preparation_ends_the_run_once(
    run: Run, project: Project, pytester: pytest.Pytester, workers: str
) -> None:
    project.make("raise ConnectionError('nobody\\nlistens')")

    result = run("-n", workers, "--junitxml=junit.xml")

    reason = "database: could not be prepared: ConnectionError: nobody listens"
    assert result.ret == EXIT_CODE
    result.assert_outcomes(errors=1)
    assert reason in result.outlines[-1]
    (case,) = ElementTree.parse(pytester.path / "junit.xml").getroot().iter("testcase")
    (error,) = case.iter("error")
    assert (case.get("name"), error.text) == ("database", reason)
    result.stdout.fnmatch_lines(["*in prepare", "ConnectionError: nobody"])
    assert project.events("test") == []
    project.assert_once(None)


@pytest.mark.parametrize(
    ("prepare", "outcome"), [(OK, "passed"), ("raise ConnectionError", "failed")]
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_preparation_is_a_step_in_the_event_log(
    run: Run, project: Project, pytester: pytest.Pytester, workers: str, prepare: str, outcome: str
) -> None:
    project.make(prepare)

    run("-n", workers, "--ginkgo-events=events.jsonl")

    lines = (pytester.path / "events.jsonl").read_text().splitlines()
    steps = [event for event in map(json.loads, lines) if event["event"].startswith("span_")]
    begun, ended = steps
    assert (begun["lane"], begun["name"]) == ("suite", "prepare database")
    assert (begun["span"], ended["outcome"]) == (ended["span"], outcome)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_reason_in_own_words_comes_without_traceback(
    run: Run, project: Project, workers: str
) -> None:
    project.make("pytest.fail('DATABASE_URL is not set', pytrace=False)")

    result = run("-n", workers)

    assert result.ret == EXIT_CODE
    assert "database: DATABASE_URL is not set" in result.outlines[-1]
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("(1, 2)", "its value is a tuple"),
        ("{'hosts': ['a', {'b'}]}", "its value['hosts'][1] is a set"),
        ("{'ports': {1: 'one'}}", "its value['ports'] has the key 1"),
        ("[float('nan')]", "its value[0] is nan"),
    ],
)
def test_what_is_not_json_is_named_with_its_place(
    run: Run, project: Project, value: str, place: str
) -> None:
    project.make(f"return {value}")

    result = run()

    assert result.ret == EXIT_CODE
    assert f"database: {place}" in result.outlines[-1]
    assert "workers get JSON" in result.outlines[-1]


@pytest.mark.parametrize(
    "arguments", ["--collect-only", "-n2 --collect-only", "--fixtures", "--setup-plan", "--help"]
)
def test_nothing_is_prepared_when_no_test_runs(run: Run, project: Project, arguments: str) -> None:
    project.make()

    result = run(*arguments.split())

    assert result.ret == pytest.ExitCode.OK
    assert project.events("prepare") == project.events("cleanup") == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_ctrl_c_while_preparing_cleans_up(run: Run, project: Project, workers: str) -> None:
    project.make("signal.raise_signal(signal.SIGINT)")

    result = run("-n", workers)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert project.events("test") == []
    project.assert_once(None)


def test_ctrl_c_while_testing_cleans_up_after_the_workers(run: Run, project: Project) -> None:
    interrupt = """
        import os, signal, threading
        if number == 0:
            os.kill(os.getppid(), signal.SIGINT)
        threading.Event().wait(0.5)
    """
    project.make(tests=TESTS.rstrip() + interrupt)

    result = run("-n2")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    project.assert_once({"name": "db", "hosts": ["a", "b"]})


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failed_clean_up_is_an_error_of_its_own(run: Run, project: Project, workers: str) -> None:
    project.make(cleanup="raise OSError('still in use')")

    result = run("-n", workers)

    assert result.ret == EXIT_CODE
    result.assert_outcomes(passed=6, errors=1)
    result.stdout.fnmatch_lines(["database: clean-up failed: OSError: still in use"])
    project.assert_once()


def test_progress_is_told_and_quiet_is_quiet(run: Run, project: Project) -> None:
    project.make()

    run().stdout.fnmatch_lines(["database: preparing, once*", "database: ready in * s"])
    run("-q").stdout.no_fnmatch_line("database: *")


def test_later_data_can_use_earlier_data_and_is_undone_first(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        """
        from pytest_ginkgo.once import once, once_value

        def pytest_configure(config):
            once(config, "server", lambda: {"port": 1}, lambda value: print("stop server"))
            once(config, "data", lambda: [once_value(config, "server")["port"] + 1],
                 lambda value: print("drop data", value))
        """
    )
    pytester.makepyfile(
        """
        from pytest_ginkgo.once import once_value

        def test_a_change_stays_here(pytestconfig):
            once_value(pytestconfig, "data").append(3)
            assert once_value(pytestconfig, "data") == [2]
        """
    )

    result = run("-n2")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*drop data [[]2[]]", "stop server"])


def test_a_wrong_name_says_what_is_prepared(run: Run, project: Project) -> None:
    project.make(
        tests="""
        from pytest_ginkgo.once import once_value

        def test_it(pytestconfig): once_value(pytestconfig, "catalogue")
        """
    )

    result = run("-n1")

    result.stdout.fnmatch_lines(["*LookupError: catalogue is not prepared, only database; *"])


def test_a_name_taken_twice_is_refused(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        from pytest_ginkgo.once import once

        def pytest_configure(config):
            once(config, "database", dict)
            once(config, "database", list)
        """
    )

    result = run()

    assert result.ret != pytest.ExitCode.OK
    assert "once() has 'database' already" in result.stdout.str() + result.stderr.str()


class TestPyargs:
    """xdist's controller does not see the conftest.py of a package."""

    @pytest.fixture(autouse=True)
    def _package(self, pytester: pytest.Pytester, project: Project) -> None:
        project.make()
        # Its dotted name is not also the path of a folder, which pytest would prefer.
        package = pytester.mkpydir("outer") / "package"
        package.mkdir()
        (package / "__init__.py").touch()
        (pytester.path / "conftest.py").rename(package / "conftest.py")
        test = next(pytester.path.glob("test_*.py"))
        test.rename(package / "test_package.py")

    def test_one_process_needs_nothing_else(self, run: Run, project: Project) -> None:
        result = run("--pyargs", "outer.package", "-n0")

        result.assert_outcomes(passed=6)
        project.assert_once()

    def test_workers_say_once_what_to_do(self, run: Run, project: Project) -> None:
        result = run("--pyargs", "outer.package", "-n2")

        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["database was not prepared: *-p or an entry point loads"])
        assert project.events("prepare") == []

    def test_a_plugin_works_with_workers(
        self, run: Run, project: Project, pytester: pytest.Pytester
    ) -> None:
        package = pytester.path / "outer" / "package"
        (package / "conftest.py").rename(package / "database.py")

        result = run("--pyargs", "outer.package", "-n2", "-p", "outer.package.database")

        result.assert_outcomes(passed=6)
        project.assert_once()
