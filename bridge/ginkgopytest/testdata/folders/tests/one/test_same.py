"""A module whose name stands in another folder as well."""

import os

import pytest


@pytest.mark.team("payments", "a/b (c)")
def test_same() -> None:
    """Pass."""
    assert os.environ["PREPARED"] == "yes"


class TestGroup:
    """A class with a parametrised test."""

    @pytest.mark.parametrize("text", ["a b", "c::d[e]", "f/g"])
    def test_param(self, text: str) -> None:
        """Pass."""
        assert text
