"""check_docs: a guarantee without a test that exists is told."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1]
HEAD = "| promise | test | proof |\n|---|---|---|\n"
HERE = "hack/tests/test_check_docs.py::test_a_guarantee_that_is_kept_is_none"


@pytest.fixture(scope="module")
def check_docs(load_script: Callable[[str], ModuleType]) -> ModuleType:
    """The script as a module."""
    return load_script("check_docs")


def told(check_docs: ModuleType, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of a page."""
    page = tmp_path / "docs" / "guarantees.md"
    page.parent.mkdir()
    page.write_text(text)
    for name in ("hack", "test"):
        (tmp_path / name).symlink_to(FOLDER.parent / name)
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    return "\n".join(check_docs.unkept(page))


def test_a_guarantee_that_is_kept_is_none(
    check_docs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = f"| kept | `{HERE}` | `drift_unnoticed` |\n"

    assert told(check_docs, tmp_path, HEAD + row, monkeypatch) == ""


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param("| p | some words | |", "no test for: p", id="no-test"),
        pytest.param("| p | `hack/none.py::test_x` | |", "which does not exist", id="no-file"),
        pytest.param(f"| p | `{HERE}_x` | |", "which does not exist", id="no-function"),
        pytest.param("| p | `hack/x_test.go::TestX` | |", "which does not exist", id="no-go"),
        pytest.param(f"| p | `{HERE}` | `unknown` |", "the proof unknown", id="no-proof"),
        pytest.param("", "has no guarantee", id="empty"),
    ],
)
def test_a_guarantee_without_a_test_is_told(
    check_docs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, sentence: str
) -> None:
    assert sentence in told(check_docs, tmp_path, f"{HEAD}{row}\n", monkeypatch)
