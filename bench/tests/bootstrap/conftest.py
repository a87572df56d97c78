"""Makes the benchmark's modules importable; it runs as a script."""

from pathlib import Path

import pytest

pytest.MonkeyPatch().syspath_prepend(str(Path(__file__).parents[1]))
