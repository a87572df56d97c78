"""A module that one worker sees otherwise."""

import os


def test_everywhere() -> None:
    """Pass."""


if os.environ.get("PYTEST_XDIST_WORKER") != "gw1":

    def test_not_in_gw1() -> None:
        """Pass."""
