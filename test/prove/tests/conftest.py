"""Makes the package under test importable, and SIGINT what it is on a terminal."""

import signal
from pathlib import Path

import pytest

# It is run from its folder, and installed nowhere.
pytest.MonkeyPatch().syspath_prepend(str(Path(__file__).parents[2]))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A runner in the background of a shell has it so, and children would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
