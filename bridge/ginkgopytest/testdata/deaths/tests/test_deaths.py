"""Tests that end their worker, and one that does not."""

import faulthandler
import os
import signal


def test_exits() -> None:
    """End the worker without a word."""
    os._exit(9)


def test_segfaults() -> None:
    """End the worker as a broken extension does."""
    faulthandler._sigsegv()  # type: ignore[attr-defined]


def test_killed() -> None:
    """End the worker as the kernel does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_lives() -> None:
    """Pass in another worker."""
