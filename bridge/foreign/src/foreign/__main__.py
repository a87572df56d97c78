"""Takes third-party pytest suites through the bridge and compares with raw pytest.

The suites are those of bridge/foreign/suites.toml, or those that are named; a
folder is a pytest project of your own.
"""

import argparse
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from foreign.runs import bridged, raw
from foreign.suites import PYTHON, WORK, Suite, SuiteError, installed, listed, lock
from foreign.verdicts import by_nodeid, differences, worst

# Of the differences, and of the characters of each.
SHOWN, LENGTH = 20, 400


def compare(suite: Suite) -> tuple[int, int]:
    """Print what differs; the numbers of tests and of differences."""
    reports = WORK / "reports" / suite.name
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    begun = time.monotonic()
    expected = raw(suite, reports)
    between = time.monotonic()
    found = list(differences(expected, bridged(suite, reports)))
    seconds = (between - begun, time.monotonic() - between)
    tests = by_nodeid(expected)
    states = Counter(worst(each) for each in tests.values())
    counts = ", ".join(f"{count} {name}" for name, count in sorted(states.items()))
    say(f"{suite.name}: {len(tests)} tests ({counts}), exit code {expected.code}; ")
    say(f"{seconds[0]:.0f} s raw, {seconds[1]:.0f} s bridged; {len(found)} differences\n")
    say("".join(f"  {' '.join(line.split())[:LENGTH]}\n" for line in found[:SHOWN]))
    if len(found) > SHOWN:
        say(f"  and {len(found) - SHOWN} more\n")
    if not tests:
        raise SuiteError("no test ran: nothing was compared")
    return len(tests), len(found)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="hack/compare-foreign.sh", description=__doc__)
    parser.add_argument(
        "suite", nargs="*", help="a name of the list, or a folder; default: the list"
    )
    parser.add_argument("--python", type=Path, default=PYTHON, help="the interpreter for folders")
    parser.add_argument(
        "--lock", action="store_true", help="choose the versions of the suites anew"
    )
    return parser.parse_args()


def suite_of(name: str, python: Path) -> Suite:
    """A suite of the list, installed, or a folder."""
    entries = listed()
    if name in entries:
        return installed(entries[name])
    if not Path(name).is_dir():
        raise SuiteError(f"{name} is no folder and no suite of {', '.join(entries)}")
    folder = Path(name).absolute()
    return Suite(folder.name, folder, python.absolute())


def main() -> int:
    """Go through all; 1 when something differs or a suite cannot be tried."""
    given = arguments()
    tests = different = broken = 0
    names = given.suite or list(listed())
    for name in names:
        try:
            if given.lock:
                lock(listed()[name])
                continue
            counts = compare(suite_of(name, given.python))
        except SuiteError as error:
            say(f"{name}: {error}\n")
            broken += 1
            continue
        tests, different = tests + counts[0], different + counts[1]
    if not given.lock:
        say(f"{len(names)} suites, {tests} tests, {different} differences, {broken} not tried\n")
    return int(different + broken > 0)


if __name__ == "__main__":
    sys.exit(main())
