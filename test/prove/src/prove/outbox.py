"""Proofs of HAPI's audit outbox: each word of its promise is taken away once."""

from collections.abc import Callable
from pathlib import Path

from prove.services import in_python

TESTS = "holmesgpt-api/tests/unit/outbox"
OUTBOX = "holmesgpt_api/outbox"


def _outbox(file: str, old: str, new: str, test: str, check: str) -> None:
    in_python("holmesgpt-api", f"{OUTBOX}/{file}", old, new, (f"{TESTS}/{test}", check))


def outbox_unsynced(_: Path) -> None:
    """An outbox that acknowledges what is not on the device is noticed."""
    synced = "        self._disk.sync(self._descriptor)\n"
    check = "test_what_was_committed_survives_a_power_loss[0]"
    _outbox("segment.py", synced, "", "test_outbox.py", check)


def segment_unnamed(_: Path) -> None:
    """A segment whose name is not on the device is noticed."""
    named = "        self._disk.sync_folder(folder.path)\n"
    check = "test_what_was_committed_survives_a_power_loss[0]"
    _outbox("segment.py", named, "", "test_outbox.py", check)


def refusal_forgotten(_: Path) -> None:
    """An event that DataStorage refuses and that is kept nowhere is noticed."""
    kept = "        self._quarantine.put(event, reason)\n"
    check = "test_one_poison_among_a_thousand_holds_up_nothing[per item]"
    _outbox("sender.py", kept, "", "test_sender.py", check)


def poison_repeated(_: Path) -> None:
    """A poison that is delivered again and again and holds up the rest is noticed."""
    isolated = "            self._isolate(events, str(error))\n            return\n"
    check = "test_one_poison_among_a_thousand_holds_up_nothing[whole request]"
    again = "            raise UnavailableError(str(error)) from error\n"
    _outbox("sender.py", isolated, again, "test_sender.py", check)


def outbox_space_unreserved(_: Path) -> None:
    """An investigation that begins without room for its events is noticed."""
    reserved = "            self._space.reserve(INVESTIGATION_BYTES)\n"
    check = "test_space_is_kept_before_an_investigation_begins"
    _outbox("outbox.py", reserved, "", "test_outbox.py", check)


def outbox_shared(_: Path) -> None:
    """Two processes on one folder are noticed."""
    locked = "            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    check = "test_a_second_process_is_refused"
    _outbox("folder.py", locked, "            pass\n", "test_outbox.py", check)


def checksum_unchecked(_: Path) -> None:
    """A damaged record that is taken for whole is noticed."""
    compared = "(len(payload), zlib.crc32(payload)) == (length, checksum)"
    check = "test_no_flipped_bit_goes_unnoticed"
    _outbox("record.py", compared, "len(payload) == length", "test_record.py", check)


def answered_first(_: Path) -> None:
    """An answer whose events are nowhere is noticed."""
    committed = "        self._outbox.commit(trail.events)\n        LLM_CALLS"
    node = ("holmesgpt-api/tests/unit/test_app.py", "test_audit_events_are_stored_by_the_end")
    in_python("holmesgpt-api", "holmesgpt_api/service.py", committed, "        LLM_CALLS", node)


PROOFS: list[Callable[[Path], None]] = [
    outbox_unsynced,
    segment_unnamed,
    refusal_forgotten,
    poison_repeated,
    outbox_space_unreserved,
    outbox_shared,
    checksum_unchecked,
    answered_first,
]
