"""Compares how much of each package the tests ran with the floor in hack/coverage.toml.

    check_coverage.py FILE    what `go test -cover` printed

A package without a floor and a floor without a package are faults, too.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

FLOORS = Path(__file__).with_name("coverage.toml")
GO_LINE = re.compile(
    r"^(?:ok\s+)?\s*(?P<package>\S+)\s.*coverage: (?P<percent>[\d.]+)% of statements"
)


def go_coverage(text: str) -> dict[str, float]:
    """Percentage of statements that ran, for each package that `go test -cover` names."""
    matches = (GO_LINE.match(line) for line in text.split("\n"))
    return {found["package"]: float(found["percent"]) for found in matches if found}


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    measured = go_coverage(given.file.read_text(encoding="utf-8"))
    if not measured:
        sys.stderr.write(f"{given.file} names no package: nothing was measured\n")
        return 2
    found = problems(measured, tomllib.loads(FLOORS.read_text(encoding="utf-8")))
    sys.stdout.write("".join(f"coverage: {line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
