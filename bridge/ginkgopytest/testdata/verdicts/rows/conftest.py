"""Items of a collector of the project: one for each row of a JSON file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.suffix == ".json":
        return Rows.from_parent(parent, path=file_path)
    return None


class Rows(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for name, good in json.loads(self.path.read_text(encoding="utf-8")):
            yield Row.from_parent(self, name=name, good=good)


class Row(pytest.Item):
    def __init__(self, *, good: bool, **rest: object) -> None:
        super().__init__(**rest)
        self.good = good

    def runtest(self) -> None:
        assert self.good
