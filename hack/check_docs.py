"""Compares the documents with the tree: targets, variables, links and paths.

Every public target and every variable that the code reads must stand in the
reference, and the reference must name nothing else. A relative link of any
document, and a path in code style that begins with a folder of the root, must
lead somewhere. Each guarantee names a test that exists.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
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
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\s]+)`")
GUARANTEE = re.compile(r"^\| (?!promise)[^-]")
PLACEHOLDER = re.compile(r"[<>{}$]|\.\.\.")
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
    for path in ROOT.glob("holmesgpt-api/tests/fixtures/src/**/*.py"):
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


def documents() -> list[Path]:
    """Every Markdown file that git knows or will know."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\n") if name and (ROOT / name).exists()]


def dead_ends(page: Path, rooms: set[str]) -> Iterator[str]:
    """Links and paths of a page that lead nowhere; rooms are the root's folders."""
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if "://" not in target and not (page.parent / target).exists():
            yield f"{page.relative_to(ROOT)} links to {target}, which does not exist"
    for name in CODE.findall(text):
        path = name.rstrip("/").partition(":")[0]
        meant = "/" in name and path.split("/")[0] in rooms and not PLACEHOLDER.search(path)
        if meant and not any(ROOT.glob(path)):
            yield f"{page.relative_to(ROOT)} names {name}, which does not exist"


def defined(path: Path, name: str) -> bool:
    """Whether a file of Go or Python has this function."""
    word = "func" if path.suffix == ".go" else "def"
    return (
        path.exists()
        and re.search(rf"^{word} {re.escape(name)}\(", path.read_text(), re.M) is not None
    )


def unkept(page: Path) -> Iterator[str]:
    """Promises whose test or proof does not exist, or that name none."""
    proofs = "".join(path.read_text() for path in (ROOT / "test/prove/src/prove").glob("*.py"))
    rows = [line for line in page.read_text(encoding="utf-8").split("\n") if GUARANTEE.match(line)]
    if not rows:
        yield f"{page.relative_to(ROOT)} has no guarantee"
    for row in rows:
        promise, tests, proved = (cell.strip() for cell in row.strip("|").split("|"))
        named = CODE.findall(tests)
        if not any("::" in name for name in named):
            yield f"guarantees.md: no test for: {promise}"
        for path, _, name in (name.partition("::") for name in named if "::" in name):
            if not defined(ROOT / path, name):
                yield f"guarantees.md names {path}::{name}, which does not exist"
        for name in CODE.findall(proved):
            if f"def {name}(" not in proofs:
                yield f"guarantees.md names the proof {name}, which does not exist"


def main() -> int:
    """Print the differences; 1 when there is one."""
    problems = compare("make-targets.md", targets()) + compare("environment.md", variables())
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"bin", "reports"}
    pages = documents()
    if not pages:
        problems.append("no document found: run this inside the checkout")
    for page in pages:
        problems += dead_ends(page, rooms)
    problems += unkept(REFERENCE / "guarantees.md")
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
