"""Functions and clocks as they were at import, for use while tests replace them.

A test may freeze the time, or replace os.write, for as long as it and its
fixtures run, and the plugin runs in between. The references stand in a class,
because freezegun replaces those that it finds in the namespace of a module. Its
wall clock is the monotonic one with an offset, because time-machine also reaches
references to time.time.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any


class _Originals:
    getpid = staticmethod(os.getpid)
    write = staticmethod(os.write)
    close = staticmethod(os.close)
    join: Callable[..., str] = staticmethod(os.path.join)
    normpath: Callable[..., Any] = staticmethod(os.path.normpath)
    setitimer = staticmethod(signal.setitimer)
    clock_gettime = staticmethod(time.clock_gettime)
    encode = json.JSONEncoder(separators=(",", ":")).encode
    epoch = time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)


ORIGINAL = _Originals
_MONOTONIC = time.CLOCK_MONOTONIC


def monotonic() -> float:
    """Seconds that only go forward."""
    return ORIGINAL.clock_gettime(_MONOTONIC)


def now() -> float:
    """Epoch seconds."""
    return ORIGINAL.epoch + ORIGINAL.clock_gettime(_MONOTONIC)


def absolute(root: str, path: str) -> str:
    """A path below the root, or one of its own."""
    return str(ORIGINAL.normpath(ORIGINAL.join(root, path)))
