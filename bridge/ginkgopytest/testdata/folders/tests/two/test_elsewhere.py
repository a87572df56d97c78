"""A module that skips itself."""

import pytest

pytest.skip("runs elsewhere", allow_module_level=True)
