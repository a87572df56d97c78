"""Data that is prepared once for a whole run, however many workers there are.

The controller of xdist, or the only process, prepares it before a worker exists;
every worker gets it as JSON, replaced ones too; the controller cleans up when the
last worker has ended. There is no lock, no file and nothing to wait for.

    def pytest_configure(config):
        once(config, "database", create_database, drop_database)

    @pytest.fixture(scope="session")
    def database(pytestconfig):
        return once_value(pytestconfig, "database")
"""

from __future__ import annotations

import json
import math
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_ginkgo.bootstrap import EXIT_CODE, end_session, report_failure, start_one_worker
from pytest_ginkgo.events import span

Prepare = Callable[[], object]
Cleanup = Callable[[Any], object]

WORKER_INPUT = "pytest_ginkgo_once"
JSON_ONLY = "workers get JSON: None, bool, int, float, str, list, and dict with keys of str"
NOT_IN_CONTROLLER = (
    "was not prepared: once() was called in this worker but not in the controller, which loads no "
    "conftest.py below its arguments and none of --pyargs; call once() in the topmost conftest.py, "
    "or in a plugin that -p or an entry point loads"
)


def once(
    config: pytest.Config, name: str, prepare: Prepare, cleanup: Cleanup | None = None
) -> None:
    """Prepare data under a name; call this in pytest_configure, in every process.

    What `prepare` returns must be JSON. When it raises, the run ends once, before
    a worker exists; pytest.fail gives the reason in words of your own. Nothing is
    prepared for --collect-only and other options that run no test.

    `cleanup` is called when every worker has ended, with a copy of the data. It is
    also called when `prepare` raised or was interrupted, then with None.
    """
    if hasattr(config, "workerinput"):
        if name not in _handed_over(config):
            config.pluginmanager.register(_NotHandedOver(name), f"ginkgo-once-{name}")
        return
    if _RUN not in config.stash:
        config.stash[_RUN] = _Run(config)
        config.pluginmanager.register(config.stash[_RUN], "ginkgo-once")
    config.stash[_RUN].add(_Preparation(name, prepare, cleanup))


def once_value(config: pytest.Config, name: str) -> Any:
    """A copy of the data; for fixtures, tests, and what is prepared later."""
    texts = _handed_over(config)
    if name not in texts:
        known = ", ".join(sorted(texts)) or "nothing"
        raise LookupError(f"{name} is not prepared, only {known}; call once() in pytest_configure")
    return json.loads(texts[name])


@dataclass
class _Preparation:
    name: str
    prepare: Prepare
    cleanup: Cleanup | None
    text: str | None = None
    begun: bool = False

    def run(self) -> None:
        self.begun = True
        value = self.prepare()
        problem = _not_json(value, "its value")
        if problem:
            pytest.fail(f"{problem}; {JSON_ONLY}", pytrace=False)
        self.text = json.dumps(value)

    def undo(self) -> None:
        begun, self.begun = self.begun, False
        if begun and self.cleanup is not None:
            self.cleanup(None if self.text is None else json.loads(self.text))


class _Run:
    """Lives in the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._preparations: list[_Preparation] = []
        self._failure: tuple[str, str] | None = None
        # A run that ends before it has a session has no pytest_sessionfinish.
        config.add_cleanup(self._undo_all)

    def add(self, preparation: _Preparation) -> None:
        if preparation.name in [known.name for known in self._preparations]:
            raise ValueError(f"once() has {preparation.name!r} already; choose another name")
        self._preparations.append(preparation)

    def texts(self) -> dict[str, str]:
        return {p.name: p.text for p in self._preparations if p.text is not None}

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_setupnodes(self, specs: list[Any]) -> None:
        """The last moment without a worker."""
        self._prepare_all()
        if self._failure:
            start_one_worker(specs)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[WORKER_INPUT] = self.texts()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        self._prepare_or_end()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """A conftest.py below the first ones is loaded while collecting."""
        self._prepare_or_end()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After xdist has ended its workers."""
        for preparation in reversed(self._preparations):
            reason = _failure_of(preparation.undo, "clean-up failed", self._config)
            if reason:
                report_failure(
                    self._config, preparation.name, f"{preparation.name}: {reason}", "teardown"
                )
                session.exitstatus = EXIT_CODE

    def _prepare_or_end(self) -> None:
        self._prepare_all()
        if self._failure:
            end_session(self._config, *self._failure)

    def _prepare_all(self) -> None:
        if not _runs_tests(self._config):
            return
        for preparation in self._preparations:
            if self._failure is None and not preparation.begun:
                self._prepare(preparation)

    def _prepare(self, preparation: _Preparation) -> None:
        _say(self._config, f"{preparation.name}: preparing, once for the whole run")
        started = time.perf_counter()

        def run() -> None:
            with span(self._config, f"prepare {preparation.name}"):
                preparation.run()

        reason = _failure_of(run, "could not be prepared", self._config)
        if reason:
            self._failure = (preparation.name, f"{preparation.name}: {reason}")
            return
        _say(self._config, f"{preparation.name}: ready in {time.perf_counter() - started:.2f} s")

    def _undo_all(self) -> None:
        with ExitStack() as undone:
            for preparation in self._preparations:
                undone.callback(preparation.undo)


class _NotHandedOver:
    """Lives in a worker that asks for what the controller does not know: nothing runs."""

    def __init__(self, name: str) -> None:
        self._name = name

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        items.clear()
        # The controller shows equal texts of several workers once.
        reason = f"{self._name} {NOT_IN_CONTROLLER}"
        report = pytest.CollectReport(self._name, "failed", reason, result=[])
        config.hook.pytest_collectreport(report=report)


_RUN = pytest.StashKey[_Run]()


def _handed_over(config: pytest.Config) -> dict[str, str]:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        texts: dict[str, str] = given.get(WORKER_INPUT, {})
        return texts
    run = config.stash.get(_RUN, None)
    return run.texts() if run else {}


def _runs_tests(config: pytest.Config) -> bool:
    options = ("collectonly", "setupplan", "showfixtures", "show_fixtures_per_test")
    return not any(config.getoption(option, False) for option in options)


def _failure_of(step: Callable[[], object], what: str, config: pytest.Config) -> str | None:
    """Run a step; the reason in one line. A surprise has its traceback on the terminal."""
    try:
        step()
    except pytest.exit.Exception:
        raise
    except (pytest.fail.Exception, pytest.skip.Exception) as outcome:
        return str(outcome.msg)
    # A library that calls sys.exit must not end the run without a reason.
    except (Exception, SystemExit) as error:
        _say(config, "".join(traceback.format_exception(error)).rstrip(), always=True)
        return " ".join(f"{what}: {type(error).__name__}: {error}".split())
    return None


def _say(config: pytest.Config, text: str, *, always: bool = False) -> None:
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter and (always or config.get_verbosity() >= 0):
        reporter.write_line(text)


def _not_json(value: object, place: str) -> str | None:
    """Where a value would not come out of JSON as it went in."""
    if value is None or isinstance(value, str | int):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{place} is {value}, which JSON has not"
    if isinstance(value, list):
        return _first(_not_json(entry, f"{place}[{index}]") for index, entry in enumerate(value))
    if isinstance(value, dict):
        odd = _first(f"{place} has the key {key!r}" for key in value if not isinstance(key, str))
        return odd or _first(_not_json(entry, f"{place}[{key!r}]") for key, entry in value.items())
    return f"{place} is a {type(value).__name__}"


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem), None)
