"""What two runs say differently."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from foreign.recorder import stable
from foreign.runs import Bridged, Record, Spec

# The worst first; a spec has the state of the worst report of its test.
STATES = ("failed", "skipped", "xfailed", "xpassed", "passed")
SPEC_STATES = {"failed": "failed", "skipped": "skipped"}
EXPECTED = ("xfailed", "xpassed")
NO_TESTS = 5
# Ginkgo's messages are shortened; the beginning of a reason is enough.
REASON_LENGTH = 200
Report = Mapping[str, Any]
Reports = Mapping[str, list[Report]]


def differences(raw: Record, bridged: Bridged) -> Iterator[str]:
    """Every difference, first between the runs, then between pytest and Ginkgo."""
    yield from between_runs(raw, bridged.record)
    yield from of_suite(raw, bridged)
    yield from of_specs(raw, bridged.specs)


def by_nodeid(record: Record) -> Reports:
    """The reports of each test in their order."""
    found: dict[str, list[Report]] = defaultdict(list)
    for report in record.seen["reports"]:
        found[report["nodeid"]].append(report)
    return found


def between_runs(raw: Record, bridged: Record) -> Iterator[str]:
    """What pytest itself said otherwise when it ran under the bridge."""
    if raw.code != bridged.code or raw.seen["exit"] != bridged.seen["exit"]:
        yield f"exit code: raw {raw.code}, bridged {bridged.code}"
    for what in ("collected", "collect"):
        before, after = (set(map(str, run.seen[what])) for run in (raw, bridged))
        yield from (f"{what}: only raw has {name}" for name in sorted(before - after))
        yield from (f"{what}: only the bridged run has {name}" for name in sorted(after - before))
    first, second = by_nodeid(raw), by_nodeid(bridged)
    for nodeid in sorted(first.keys() | second.keys()):
        if first.get(nodeid) != second.get(nodeid):
            yield f"{nodeid}: raw {told(first.get(nodeid))}, bridged {told(second.get(nodeid))}"


def told(reports: list[Report] | None) -> str:
    """Reports in a line."""
    phases = [
        " ".join(
            filter(
                None, (each["when"], each["outcome"], each["word"], each["place"], each["reason"])
            )
        )
        for each in reports or ()
    ]
    return "; ".join(phases)[:1000] or "nothing"


def of_suite(raw: Record, bridged: Bridged) -> Iterator[str]:
    """Whether the suite is green, and fails by itself, when it has to."""
    if bridged.green is not (raw.code == 0):
        said = "green" if bridged.green else "red"
        yield f"raw pytest ended with {raw.code}, and the suite is {said}"
    reports = by_nodeid(raw).values()
    broken = any(outcome == "failed" for _, outcome, _ in raw.seen["collect"])
    told_by_specs = broken or any(worst(each) == "failed" for each in reports)
    wanted = raw.code != 0 and not told_by_specs
    if bool(bridged.suite_failures) is not wanted:
        said = "; ".join(bridged.suite_failures) or "nothing"
        yield f"the suite itself says {said}, raw pytest ended with {raw.code}"


def of_specs(raw: Record, specs: tuple[Spec, ...]) -> Iterator[str]:
    """What each spec says otherwise than raw pytest did."""
    found = {spec.nodeid: spec for spec in specs if spec.nodeid}
    tests = {without_group(nodeid, found): each for nodeid, each in by_nodeid(raw).items()}
    for nodeid in sorted(found.keys() | tests.keys()):
        if nodeid not in found:
            yield f"{nodeid}: no spec"
        elif nodeid not in tests:
            yield f"{nodeid}: a spec of no test: {found[nodeid].message[:REASON_LENGTH]}"
        else:
            yield from (f"{nodeid}: {what}" for what in of_spec(tests[nodeid], found[nodeid]))
    for outcome in ("failed", "skipped"):
        modules = {nodeid for nodeid, ended, _ in raw.seen["collect"] if ended == outcome}
        told = [spec.text for spec in specs if not spec.nodeid and spec.state == outcome]
        if len(modules) != len(told):
            yield f"{outcome} at the collection: raw {sorted(modules)}, bridge {sorted(told)}"


def without_group(nodeid: str, known: Mapping[str, Spec]) -> str:
    """The name of the spec of a test, to whose node id loadgroup appends a group."""
    name = nodeid
    while name and name not in known:
        name = name.rpartition("@")[0]
    return name or nodeid


def worst(reports: list[Report]) -> str:
    """The worst state that was reported."""
    return next((state for state in STATES if any(state_of(each) == state for each in reports)), "")


def state_of(report: Report) -> str:
    """What a report means for its test; what a sub-test skips is not its test."""
    if report["xfail"] is not None and report["outcome"] != "failed":
        return "xpassed" if report["outcome"] == "passed" else "xfailed"
    if report["subtest"] is not None and report["outcome"] != "failed":
        return "passed"
    return str(report["outcome"])


def of_spec(reports: list[Report], spec: Spec) -> Iterator[str]:
    """State, outcome, reason and place of one spec."""
    state = worst(reports)
    if spec.state != SPEC_STATES.get(state, "passed"):
        yield f"raw pytest {state}, spec {spec.state}: {spec.message[:REASON_LENGTH]}"
        return
    entries = dict(spec.entries)
    outcomes = {name for name in EXPECTED if name in entries}
    if outcomes != ({state} & set(EXPECTED)):
        yield f"raw pytest {state}, the spec has the entries {sorted(outcomes)}"
        return
    cause = next((each for each in reports if state_of(each) == state), None)
    if cause is None or state in ("passed", "xpassed"):
        return
    message = stable(entries["xfailed"] if state == "xfailed" else spec.message)
    if beginning(cause["reason"]) not in message.replace("\nE   ", "\n"):
        yield f"raw pytest says {beginning(cause['reason'])!r}, the spec {message[:1000]!r}"
    if state == "failed":
        yield from of_failure(reports, spec)


def beginning(reason: str) -> str:
    """The first line of a reason, without the prefix of a skip."""
    line = reason.removeprefix("Skipped: ").strip().split("\n")[0]
    return line[:REASON_LENGTH]


def of_failure(reports: list[Report], spec: Spec) -> Iterator[str]:
    """Failed and error apart, and a place that raw pytest showed too."""
    words = {
        "error" if each["word"] == "error" else "failed"
        for each in reports
        if state_of(each) == "failed"
    }
    said = spec.message.partition(" at ")[0]
    if said != ("failed" if "failed" in words else "error"):
        yield f"raw pytest says {sorted(words)}, the spec {said}"
    shown = {line for each in reports for line in (*each["lines"], each["place"]) if line}
    if not any(spec.place.endswith(line) for line in shown):
        yield f"raw pytest shows {sorted(shown)}, the spec {spec.place}"
