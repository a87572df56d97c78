"""Makes hack's own packages importable."""

from pathlib import Path

import pytest

# They are run from their folder, and installed nowhere.
pytest.MonkeyPatch().syspath_prepend(str(Path(__file__).parents[1]))
