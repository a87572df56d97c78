"""Hooks that rename, replace and reorder what was collected."""

from collections.abc import Generator
from typing import Any

import pytest


class Again(pytest.Item):
    """Stands for a test under another name."""

    def __init__(self, *, original: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.original = original

    def runtest(self) -> None:
        self.original.obj()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    replaced: list[pytest.Item] = []
    for item in items:
        if "replaced" in item.name:
            for backend in ("one", "two"):
                name = f"{item.name}-{backend}"
                replaced.append(Again.from_parent(item.parent, name=name, original=item))
        else:
            replaced.append(item)
    items[:] = replaced


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> Generator[None, Any, Any]:
    session.items.reverse()
    return (yield)
