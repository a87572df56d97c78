"""Cursors: where a list goes on, in a form that clients hand back unread.

A page after a cursor costs the same however far it is from the first, and new
rows do not shift it. The total is counted once, for the first page.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

from datastorage.problems import InvalidError


@dataclass(frozen=True)
class Cursor:
    """The last row of a page by its time and key, and how many rows there were in all."""

    time: datetime
    key: str
    total: int

    def text(self) -> str:
        """The cursor as clients see it."""
        parts = json.dumps([self.time.isoformat(), self.key, self.total])
        return base64.urlsafe_b64encode(parts.encode()).decode()


def read_cursor(text: str) -> Cursor:
    """The cursor that `text` made. Raises InvalidError for anything else."""
    try:
        time, key, total = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(time)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise _invalid() from error
    if not (isinstance(key, str) and isinstance(total, int) and moment.tzinfo):
        raise _invalid()
    return Cursor(moment, key, total)


def _invalid() -> InvalidError:
    return InvalidError({"query.cursor": "is not a next_cursor of this list"})
