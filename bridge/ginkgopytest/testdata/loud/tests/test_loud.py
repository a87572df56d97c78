"""Output that is much, or no text."""

import os


def test_bytes() -> None:
    """Print what UTF-8 is not, and a character that it cannot hold."""
    os.write(1, b"\xff is no text\n")
    print("\udcff is no character")  # noqa: T201
    assert os.fsdecode(b"\xff") == "text"


def test_much() -> None:
    """Print ten megabytes."""
    print("begin" + "x" * 10_000_000 + "end")  # noqa: T201
    raise AssertionError("after ten megabytes")


def test_quiet() -> None:
    """Pass."""
