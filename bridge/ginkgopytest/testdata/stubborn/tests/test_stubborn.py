"""A test that neither its deadline nor SIGINT ends."""

import signal
import threading


def test_stubborn() -> None:
    """Block every signal that Python would turn into an exception."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGINT, signal.SIGTERM})
    threading.Event().wait()


def test_polite() -> None:
    """Pass."""
