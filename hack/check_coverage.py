"""Compares how much of each package the tests ran with the floor in hack/coverage.toml.

    check_coverage.py go FILE        what `go test -cover` printed
    check_coverage.py python FILE    what `coverage json` wrote

A package without a floor and a floor without a package are faults, too.
"""

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

FLOORS = Path(__file__).with_name("coverage.toml")
GO_LINE = re.compile(
    r"^(?:ok\s+)?\s*(?P<package>\S+)\s.*coverage: (?P<percent>[\d.]+)% of statements"
)


def go_coverage(text: str) -> dict[str, float]:
    """Percentage of statements that ran, for each package that `go test -cover` names."""
    matches = (GO_LINE.match(line) for line in text.split("\n"))
    return {found["package"]: float(found["percent"]) for found in matches if found}


def python_coverage(text: str) -> dict[str, float]:
    """Percentage of lines and branches that ran, for each package of a src folder."""
    ran: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for path, file in json.loads(text)["files"].items():
        package = path.split("/src/", 1)[1].split("/")[0]
        summary = file["summary"]
        ran[package] += summary["covered_lines"] + summary["covered_branches"]
        there[package] += summary["num_statements"] + summary["num_branches"]
    return {package: 100 * ran[package] / there[package] for package in there}


MEASURES = {"go": go_coverage, "python": python_coverage}


def problems(measured: dict[str, float], floors: dict[str, float]) -> list[str]:
    """A sentence for each package below its floor, without one, or gone."""
    where = "hack/coverage.toml"
    found = [f"{where}: {name} was not measured; remove it" for name in floors.keys() - measured]
    for name, percent in measured.items():
        floor = floors.get(name)
        if floor is None:
            found.append(f'{where} has no floor for "{name}"; its tests cover {percent:.1f} %')
        elif percent < floor:
            found.append(f"{name}: {percent:.1f} % covered, {floor} % is the floor; add tests")
    return sorted(found)


def main() -> int:
    """Print the problems; 1 when there is one, 2 when nothing was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language", choices=MEASURES)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    measured = MEASURES[given.language](given.file.read_text(encoding="utf-8"))
    if not measured:
        sys.stderr.write(f"{given.file} names no package: nothing was measured\n")
        return 2
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    found = problems(measured, floors[given.language])
    sys.stdout.write("".join(f"coverage: {line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
