"""What happens when a hook of the plugin itself fails: the run ends, and says who did it."""

from __future__ import annotations

import traceback
from types import TracebackType

import pytest

EXIT_CODE = 3


class Guard:
    """Turns an unexpected exception into the end of the run, with one sentence.

    Without it pytest would print an INTERNALERROR, and xdist would lose the
    worker. In a worker the session stops after the present test.
    """

    session: pytest.Session | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, pytest.UsageError):
            return False
        self.end(_sentence(error))
        return True

    def end(self, reason: str) -> None:
        """End the run."""
        if self.session is not None:
            self.session.shouldstop = f"pytest-ginkgo: {reason}"
            return
        pytest.exit(f"pytest-ginkgo: {reason}", returncode=EXIT_CODE)


def _sentence(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename}:{place.lineno} in {place.name}"
    return f"{type(error).__name__}: {error} ({where}); this is a defect of the plugin"
