"""The list: every suite is pinned, and the kinds that the bridge promises are there."""

from foreign.suites import listed, pinned


def test_every_suite_is_pinned_with_hashes() -> None:
    for entry in listed().values():
        lines = entry.lock.read_text(encoding="utf-8").splitlines()
        versions = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert all("==" in line for line in versions), entry.name
        assert all(line.endswith("\\") for line in versions), f"{entry.name}: one has no hash"
        assert "--hash=sha256:" in pinned(entry)
        assert entry.requirement.partition("[")[0].partition("==")[0] in pinned(entry)


def test_each_promised_kind_has_a_suite() -> None:
    kinds = " ".join(entry.kind for entry in listed().values())

    assert len(listed()) >= 8
    for kind in ("rewrites its items", "loadgroup", "asyncio", "sub-tests", "--pyargs"):
        assert kind in kinds
