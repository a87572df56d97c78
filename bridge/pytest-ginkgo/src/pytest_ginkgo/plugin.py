"""The plugin's options, and what each of them registers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_ginkgo.collection import CollectionWriter, Deselection
from pytest_ginkgo.crashes import CrashLoop
from pytest_ginkgo.deadline import limit_tests
from pytest_ginkgo.events import STREAM, EventStream
from pytest_ginkgo.failures import FailurePlaces
from pytest_ginkgo.identity import GroupNames
from pytest_ginkgo.quarantine import Quarantine
from pytest_ginkgo.runner import RunnerEvents, TextCleaner
from pytest_ginkgo.stacks import CONTROLLER, StackDump, read_stacks
from pytest_ginkgo.writer import EventWriter

EVENTS_INPUT = "ginkgo_events"
STACKS_INPUT = "ginkgo_stacks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; without them the plugin does nothing but know the marker quarantine."""
    group = parser.getgroup("ginkgo", "mirror tests in Ginkgo")
    group.addoption(
        "--ginkgo-events", type=Path, metavar="PATH", help="append one JSON line per event to PATH"
    )
    group.addoption(
        "--ginkgo-collect",
        type=Path,
        metavar="PATH",
        help="write the collected tests to PATH as JSON; use with --collect-only",
    )
    group.addoption(
        "--ginkgo-deselect",
        type=Path,
        metavar="PATH",
        help="do not run the tests whose node ids are in PATH, a JSON array",
    )
    group.addoption(
        "--ginkgo-in-process",
        action="store_true",
        help="run without workers, whatever the configuration says",
    )
    group.addoption(
        "--ginkgo-stacks",
        type=Path,
        metavar="DIR",
        help="write the Python stacks of a process that crashes or gets SIGABRT to DIR",
    )
    group.addoption(
        "--ginkgo-test-timeout",
        type=float,
        metavar="SECONDS",
        help="fail a test that takes longer, set-up included",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Let SIGINT interrupt a supervised run that was started with it ignored.

    A shell's background job ignores it, and so do all that it starts.
    """
    supervised = early_config.known_args_namespace.ginkgo_events is not None
    ignored = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    if supervised and ignored and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Before xdist looks how many workers are wanted, if there is an xdist."""
    if config.getoption("--ginkgo-in-process") and hasattr(config.option, "numprocesses"):
        config.option.numprocesses = 0
    return (yield)


# First, because pytest-timeout takes its limit when it is configured.
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register what was asked for, in the controller, in a worker, or in both."""
    workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
    _register_for_all(config, workerinput)
    if workerinput is not None:
        _register_in_worker(config, workerinput)
        return
    events: Path | None = config.getoption("--ginkgo-events")
    if events is not None:
        _register_stream(config, events.absolute())
    collect: Path | None = config.getoption("--ginkgo-collect")
    if collect is not None:
        config.pluginmanager.register(CollectionWriter(collect), "ginkgo-collection")


def _register_for_all(config: pytest.Config, workerinput: dict[str, Any] | None) -> None:
    config.pluginmanager.register(Quarantine(config), "ginkgo-quarantine")
    deselect: Path | None = config.getoption("--ginkgo-deselect")
    if deselect is not None:
        config.pluginmanager.register(Deselection(deselect), "ginkgo-deselection")
    seconds: float | None = config.getoption("--ginkgo-test-timeout")
    if seconds is not None:
        limit_tests(config, seconds)
    stacks = _stacks(config)
    if stacks is not None:
        process = CONTROLLER if workerinput is None else workerinput["workerid"]
        config.pluginmanager.register(StackDump(stacks, process), "ginkgo-stacks")


def _register_in_worker(config: pytest.Config, workerinput: dict[str, Any]) -> None:
    if EVENTS_INPUT in workerinput:
        events = Path(workerinput[EVENTS_INPUT])
        names = GroupNames(events, grouped=config.getoption("loadgroup", False))
        runner = RunnerEvents(config, EventWriter(events), names, workerinput["workerid"])
        config.pluginmanager.register(runner, "ginkgo-runner")
        config.pluginmanager.register(FailurePlaces(), "ginkgo-places")
        config.pluginmanager.register(TextCleaner(), "ginkgo-cleaner")


def _register_stream(config: pytest.Config, events: Path) -> None:
    stacks = _stacks(config)
    dist = config.getoption("dist", "no")
    writer = EventWriter(events)
    names = GroupNames(events, grouped=dist == "loadgroup")
    stream = EventStream(
        writer, names, lambda worker: read_stacks(stacks, worker) if stacks else ""
    )
    config.pluginmanager.register(stream, STREAM)
    if CrashLoop.threatens(config):
        config.pluginmanager.register(CrashLoop(config, names), "ginkgo-crashes")
    if dist == "no":
        config.pluginmanager.register(RunnerEvents(config, writer, names, None), "ginkgo-runner")
        config.pluginmanager.register(FailurePlaces(), "ginkgo-places")
    else:
        config.pluginmanager.register(_HandOver(events, stacks), "ginkgo-hand-over")


def _stacks(config: pytest.Config) -> Path | None:
    """The folder for stacks; a worker's may have another working directory."""
    workerinput: dict[str, Any] = getattr(config, "workerinput", {})
    if STACKS_INPUT in workerinput:
        return Path(workerinput[STACKS_INPUT])
    stacks: Path | None = config.getoption("--ginkgo-stacks")
    return None if stacks is None else stacks.absolute()


class _HandOver:
    """Tells each xdist worker where to write."""

    def __init__(self, events: Path, stacks: Path | None) -> None:
        self._events = events
        self._stacks = stacks

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[EVENTS_INPUT] = str(self._events)
        if self._stacks is not None:
            node.workerinput[STACKS_INPUT] = str(self._stacks)
