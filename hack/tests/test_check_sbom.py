"""check_sbom: a bill of materials that is missing, empty or of something else is told."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def check_sbom(load_script: Callable[[str], ModuleType]) -> ModuleType:
    """The script as a module."""
    return load_script("check_sbom")


@pytest.fixture
def folder(check_sbom: ModuleType, tmp_path: Path) -> Path:
    """Bills with what is known, and a version."""
    for name, dependency in check_sbom.KNOWN.items():
        write(tmp_path, name, {"components": [{"name": dependency, "version": "1"}]})
    return tmp_path


def write(folder: Path, name: str, bill: dict[str, Any]) -> None:
    (folder / f"{name}.cdx.json").write_text(json.dumps(bill))


def test_whole_bills_have_no_problem(check_sbom: ModuleType, folder: Path) -> None:
    assert check_sbom.problems(folder) == []


def test_a_missing_bill_is_told(check_sbom: ModuleType, folder: Path) -> None:
    (folder / "go.cdx.json").unlink()

    [told] = check_sbom.problems(folder)
    assert "go.cdx.json is missing" in told


@pytest.mark.parametrize(
    ("bill", "sentence"),
    [
        ({}, "lacks psycopg: it has 0 components"),
        ({"components": [{"name": "other", "version": "1"}]}, "lacks psycopg"),
        ({"components": [{"name": "psycopg"}]}, "components without a version"),
    ],
    ids=["empty", "of-something-else", "no-version"],
)
def test_a_bill_that_says_too_little_is_told(
    check_sbom: ModuleType, folder: Path, bill: dict[str, Any], sentence: str
) -> None:
    write(folder, "datastorage", bill)

    [told] = check_sbom.problems(folder)
    assert sentence in told
