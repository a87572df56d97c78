"""Proofs of DataStorage's stores: what a commit, an id, an anchor and an index are for."""

from collections.abc import Callable
from pathlib import Path

from prove.run import copied, goes_red, mutate, run_pytest
from prove.services import in_python

PACKAGE, TESTS = "datastorage", "datastorage/tests"
TRAIL, SEARCH = (
    f"datastorage/schema/{name}.sql" for name in ("003_audit_trail", "004_catalogue_search")
)
KNOWN = """        WHERE NOT EXISTS (SELECT FROM audit_events AS e WHERE e.event_id = c.event_id)
"""
INDEX = """CREATE INDEX ix_workflow_search ON remediation_workflow_catalog
    (signal_type, severity, priority, component, status, created_at DESC, workflow_id DESC)
    INCLUDE (environments) WHERE is_latest_version;
"""


def commit_not_waited_for(_: Path) -> None:
    """An acknowledgement of what is not on PostgreSQL's disk is noticed."""
    check = "test_nothing_acknowledged_is_lost_when_postgresql_is_killed"
    node = (f"{TESTS}/test_crash.py", check)
    waited = "self._append(appends, durable=True)"
    in_python(PACKAGE, "datastorage/audit.py", waited, "self._append(appends, durable=False)", node)


def repetition_stored(_: Path) -> None:
    """An event that is sent again and not recognized is noticed."""
    check = "test_the_same_event_again_is_no_second_one"
    test = f"{TESTS}/test_audit_routes.py::{check}"
    with copied(PACKAGE) as (sources, python):
        healthy = run_pytest(test, python=python)
        mutate(sources, python, TRAIL, KNOWN, "")
        mutate(sources, python, TRAIL, "        ON CONFLICT (event_id) DO NOTHING\n", "")
        goes_red(check, healthy, run_pytest(test, python=python))


def anchor_unwritten(_: Path) -> None:
    """A trail whose newest seal is written down nowhere else is noticed."""
    written = '        os.write(descriptor, json.dumps(line).encode() + b"\\n")\n'
    node = (f"{TESTS}/test_seals.py", "test_only_the_anchor_tells_of_a_cut[whole]")
    in_python(PACKAGE, "datastorage/anchor.py", written, "", node)


def anchor_uncompared(_: Path) -> None:
    """A verification that does not look for the anchored seals is noticed."""
    compared = "        _check_anchor(anchored, seals, report)\n"
    node = (f"{TESTS}/test_seals.py", "test_only_the_anchor_tells_of_a_cut[tail]")
    in_python(PACKAGE, "datastorage/seals.py", compared, "", node)


def search_without_index(_: Path) -> None:
    """A search that reads the whole catalogue is noticed."""
    node = (f"{TESTS}/test_plans.py", "test_a_search_reads_its_index_alone")
    in_python(PACKAGE, SEARCH, INDEX, "", node)


PROOFS: list[Callable[[Path], None]] = [
    commit_not_waited_for,
    repetition_stored,
    anchor_unwritten,
    anchor_uncompared,
    search_without_index,
]
