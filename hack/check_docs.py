"""Compares docs/reference with the code: make targets and environment variables.

Every public target and every variable that the code reads must stand in the
reference, and the reference must name nothing else.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
SETTINGS = (
    "datastorage/src/datastorage/settings.py",
    "holmesgpt-api/src/holmesgpt_api/settings.py",
    "libs/kube-auth/src/kube_auth/settings.py",
    "test/services/mock-llm/src/mock_llm/settings.py",
)
ALIAS = re.compile(r"\b(?:validation_alias|alias)=\"([A-Z][A-Z0-9_]+)\"")
GO_ENV = re.compile(r"(?:os\.Getenv|os\.LookupEnv|\bgetenv)\(\"([A-Z][A-Z0-9_]+)\"\)")
CHILD_ENV = re.compile(r"\"(?:export )?([A-Z][A-Z0-9]*_[A-Z0-9_]+)=\"")
READ_ENV = re.compile(r"env(?:\.get\(|\[)\"([A-Z][A-Z0-9_]+)\"")
CONSTANT_ENV = re.compile(r"[Vv]ariable\s+= \"([A-Z][A-Z0-9_]+)\"")
SHELL_ENV = re.compile(r"\$\{([A-Z][A-Z0-9_]+):[-+]")
FIRST_COLUMN = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
FOREIGN = {"CI", "HOME", "PATH", "TERM", "TMPDIR"}


def targets() -> set[str]:
    """Public make targets: those with a help text."""
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z0-9-]+):.*## ", text, re.MULTILINE))


def variables() -> set[str]:
    """Environment variables that services, Go code and scripts read."""
    found: set[str] = set()
    for name in SETTINGS:
        found |= set(ALIAS.findall((ROOT / name).read_text()))
    go_files: Iterable[Path] = [*ROOT.glob("bridge/**/*.go"), *ROOT.glob("test/**/*.go")]
    for path in go_files:
        if not path.name.endswith("_test.go") or "suite_test" in path.name:
            for pattern in (GO_ENV, CHILD_ENV, CONSTANT_ENV):
                found |= set(pattern.findall(path.read_text()))
    for path in ROOT.glob("holmesgpt-api/tests/e2e/*.py"):
        found |= set(READ_ENV.findall(path.read_text()))
    for path in ROOT.glob("hack/*.sh"):
        found |= set(SHELL_ENV.findall(path.read_text()))
    return found - FOREIGN


def compare(page: str, code: set[str]) -> list[str]:
    """Differences between the first table column of a page and the code."""
    documented = set(FIRST_COLUMN.findall((REFERENCE / page).read_text()))
    missing = [f"docs/reference/{page} lacks {name}" for name in sorted(code - documented)]
    stale = [f"docs/reference/{page} names {name}, unknown" for name in sorted(documented - code)]
    return missing + stale


def main() -> int:
    """Print the differences; 1 when there is one."""
    problems = compare("make-targets.md", targets()) + compare("environment.md", variables())
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
