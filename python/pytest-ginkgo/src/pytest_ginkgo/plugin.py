"""The plugin's options, and what each of them registers."""

from pathlib import Path

import pytest

from pytest_ginkgo.collection import CollectionWriter, Selection
from pytest_ginkgo.events import EventStream, EventWriter


def pytest_addoption(parser: pytest.Parser) -> None:
    """Three options; without them the plugin does nothing."""
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
        "--ginkgo-select",
        type=Path,
        metavar="PATH",
        help="run only the tests whose node ids stand in PATH, one a line",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register what was asked for; only the selection concerns xdist workers."""
    select: Path | None = config.getoption("--ginkgo-select")
    if select is not None:
        config.pluginmanager.register(Selection(select), "ginkgo-selection")
    if hasattr(config, "workerinput"):
        return
    events: Path | None = config.getoption("--ginkgo-events")
    if events is not None:
        stream = EventStream(EventWriter(events))
        config.pluginmanager.register(stream, "ginkgo-events")
        if config.pluginmanager.hasplugin("xdist"):
            from pytest_ginkgo.workers import WorkerEvents

            config.pluginmanager.register(WorkerEvents(stream.writer), "ginkgo-workers")
    collect: Path | None = config.getoption("--ginkgo-collect")
    if collect is not None:
        config.pluginmanager.register(CollectionWriter(collect), "ginkgo-collection")
