"""make doctor: what a machine lacks is said in one line each, with how to get it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1]
USED = ("awk", "bash", "df", "dirname", "env", "go", "grep", "head", "make", "sed", "sort", "uname")
WITHOUT_ENSUREPIP = 'import sys; sys.modules["ensurepip"] = None; '


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with no more than what doctor.sh uses, and a Python."""
    for name in USED:
        found = shutil.which(name)
        assert found, name
        (tmp_path / name).symlink_to(found)
    python(tmp_path)
    return tmp_path


def python(machine: Path, first: str = "") -> None:
    """A python3 that runs some code before that of -c; a link would lose its environment."""
    command = machine / "python3"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} "$1" \'{first}\'"$2"\n')
    command.chmod(0o755)


def doctor(machine: Path) -> subprocess.CompletedProcess[str]:
    """What doctor.sh says of the machine."""
    env = {"PATH": str(machine), "HOME": str(machine)}
    command: list[str | Path] = [SCRIPTS / "doctor.sh", "--quiet"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_machine_that_has_everything_is_passed_over_in_silence(machine: Path) -> None:
    python(machine, 'import sys, types; sys.modules["ensurepip"] = types.ModuleType("e"); ')

    said = doctor(machine)

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("go", "missing  Go 1."),
        ("make", "missing  GNU make"),
        ("python3", "missing  CPython 3.11, 3.12 or 3.13 with venv (Debian: apt install"),
    ],
)
def test_a_missing_tool_is_one_sentence(machine: Path, missing: str, sentence: str) -> None:
    (machine / missing).unlink()

    said = doctor(machine)

    assert said.returncode == 1
    assert sentence in said.stderr
    assert "not found" not in said.stderr


def test_a_python_that_makes_no_environments_is_missing_unless_uv_is_there(machine: Path) -> None:
    python(machine, WITHOUT_ENSUREPIP)

    without_uv = doctor(machine)
    (machine / "uv").symlink_to("/bin/true")
    with_uv = doctor(machine)

    assert "missing  CPython" in without_uv.stderr
    assert with_uv.returncode == 0


def test_a_python_that_is_too_new_is_missing(machine: Path) -> None:
    python(machine, "import sys; sys.version_info = (3, 14); ")

    assert "missing  CPython 3.11, 3.12 or 3.13" in doctor(machine).stderr
