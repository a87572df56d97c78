"""Counts what the style guide wants at zero and fails, naming each place.

A line that ends in `style: <reason>` is accepted: the reason stands in the code.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

GENERATED = re.compile(r"(^|/)(oas_|zz_generated\.|_generated\.py$)|go\.sum$|\.lock$")
SEED_LINES = re.compile(r"(✅ Created|⚠️ Existing|❌ Failed)")
RULES = {
    "drawn line": re.compile(r"[━═─]{3,}|(#|//)\s*[=\-#*]{8,}"),
    "emoji": re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff]"),
    "import path edited": re.compile(
        r"sys\.path(\.(insert|append|extend)|\s*(\[.*\])?\s*\+?=[^=])"
        r"|syspath_prepend|PYTHONPATH|MYPYPATH|\bpythonpath\b|\bmypy_path\b"
    ),
    "literal port": re.compile(r"(localhost|127\.0\.0\.1):[1-9]\d{3,4}"),
    "unfinished": re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"),
    "ticket id": re.compile(r"\b(BR|DD|ADR)-[A-Z]+-\d+"),
    "machine path": re.compile(r"/(root|work|home)/[a-z]"),
}
TEST_RULES = {"sleep in a test": re.compile(r"\b(time\.sleep|asyncio\.sleep|time\.Sleep)\((?!0\))")}
SUFFIXES = (".py", ".go", ".sh", ".ini", ".cfg", ".toml")
MAX_FILE, MAX_TEST_FILE, MAX_FUNCTION = 450, 600, 60


def tracked() -> list[Path]:
    """Hand-written source files, as git sees them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    code = (name for name in names if name.endswith(SUFFIXES) or Path(name).name == "Makefile")
    return [
        Path(name)
        for name in code
        if not GENERATED.search(name) and Path(name).exists() and name != "hack/style.py"
    ]


def is_test(path: Path) -> bool:
    """Whether the file is test code rather than shipped code or test infrastructure."""
    return "tests" in path.parts or path.name.endswith("_test.go")


def line_findings(path: Path, text: str) -> Iterator[str]:
    """One finding per rule and line."""
    rules = RULES | (TEST_RULES if is_test(path) else {})
    for number, line in enumerate(text.split("\n"), 1):
        if "style: " in line or SEED_LINES.search(line):
            continue
        for name, pattern in rules.items():
            if pattern.search(line):
                yield f"{path}:{number}: {name}"


def size_findings(path: Path, text: str) -> Iterator[str]:
    """Files and Python functions over the limit."""
    lines = text.count("\n")
    if lines > (MAX_TEST_FILE if is_test(path) else MAX_FILE):
        yield f"{path}: {lines} lines"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text)):
        if is_function(node):
            size = lines_of(node) - sum(
                lines_of(inner) for inner in node.body if is_function(inner)
            )
            if size > MAX_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {size} lines"


def is_function(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Whether the node defines a function."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the definition to the end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def main() -> int:
    """Print the findings; 1 when there is one."""
    findings: list[str] = []
    files = tracked()
    for path in files:
        text = path.read_text(encoding="utf-8")
        findings += [*line_findings(path, text), *size_findings(path, text)]
    if not files:
        findings.append("no source file found: run this inside the checkout")
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
