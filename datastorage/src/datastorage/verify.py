"""`python -m datastorage verify`: whether the audit trail is as it was written."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from service_base.main import read_settings

from datastorage.anchor import Anchored, AnchorError, read_anchors
from datastorage.seals import Report, verify
from datastorage.settings import Settings

INTACT, CHANGED, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Verify the trail of DATABASE_URL; 0 intact, 1 changed, 2 could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m datastorage verify")
    parser.add_argument(
        "--anchor", type=Path, metavar="FILE", help="anchor file, or a log of the service"
    )
    options = parser.parse_args(arguments)
    settings = read_settings(Settings)
    try:
        anchors = list(read_anchors(options.anchor)) if options.anchor else None
        report = asyncio.run(_verify(settings.database_url.get_secret_value(), anchors))
    except (AnchorError, psycopg.Error) as error:
        sys.stderr.write(f"the audit trail cannot be checked: {error}\n")
        return UNREADABLE
    sys.stdout.write(describe(report, anchored=anchors is not None))
    return CHANGED if report.findings else INTACT


async def _verify(conninfo: str, anchors: Sequence[Anchored] | None) -> Report:
    async with await AsyncConnection.connect(conninfo, row_factory=dict_row) as connection:
        return await verify(connection, anchors)


def describe(report: Report, *, anchored: bool) -> str:
    """The report for a person."""
    lines = [f"{report.events} events, {report.seals} seals, {report.anchors} anchors"]
    lines += report.findings or ["intact: every event is as it was sealed"]
    if not anchored:
        lines.append("without --anchor, a cut tail or a trail that was made anew is not noticed")
    elif not report.anchors:
        lines.append("the anchor file names no seal, so it proves nothing")
    return "\n".join(lines) + "\n"
