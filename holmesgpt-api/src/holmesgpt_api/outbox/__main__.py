"""`python -m holmesgpt_api.outbox`: looks into the quarantine, and sends its events again.

Ends with 0, with 1 when what was asked for is not there, and with 2 when HAPI uses the folder.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from holmesgpt_api.outbox.errors import OutboxError, OutboxInUseError
from holmesgpt_api.outbox.requeue import kept, requeue


def main(arguments: Sequence[str]) -> int:
    """Carry out one command on an outbox's folder."""
    parser = argparse.ArgumentParser(prog="python -m holmesgpt_api.outbox", description=__doc__)
    parser.add_argument("folder", type=Path, help="HAPI_OUTBOX_PATH")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="what is in quarantine, and why; HAPI may run meanwhile")
    again = commands.add_parser(
        "requeue", help="deliver events again at HAPI's next start; HAPI must not run"
    )
    chosen = again.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--all", action="store_true", help="every event in quarantine")
    chosen.add_argument("--event", action="append", metavar="ID", help="this one; may be repeated")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder; give what HAPI_OUTBOX_PATH says")
    try:
        if options.command == "list":
            sys.stdout.write(_listed(options.folder))
        else:
            count = requeue(options.folder, None if options.all else options.event)
            sys.stdout.write(f"{count} events wait for HAPI's next start\n")
    except OutboxInUseError as error:
        sys.stderr.write(f"{error}; stop HAPI first\n")
        return 2
    except OutboxError as error:
        sys.stderr.write(f"{error}; see `list`\n")
        return 1
    return 0


def _listed(folder: Path) -> str:
    lines = [
        f"{one.at}  {one.event_id}  {one.event.get('event_type')}  {one.reason}"
        for one in kept(folder)
    ]
    return "".join(f"{line}\n" for line in [*lines, f"{len(lines)} events in quarantine"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
