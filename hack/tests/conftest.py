"""Makes hack's own packages importable."""

import signal
from pathlib import Path

import pytest

# They are run from their folder, and installed nowhere.
pytest.MonkeyPatch().syspath_prepend(str(Path(__file__).parents[1]))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A runner in the background of a shell has it so, and children would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
