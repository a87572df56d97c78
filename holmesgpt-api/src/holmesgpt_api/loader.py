"""Loads the engine in the background, as importing the SDK takes seconds."""

import gc
import threading
from collections.abc import Callable

import structlog

from holmesgpt_api.engine import Engine
from holmesgpt_api.settings import Settings

log = structlog.get_logger("holmesgpt_api.loader")


def holmes_engine(settings: Settings) -> Engine:
    """Import the SDK and make an engine of it."""
    from holmesgpt_api.holmes_engine import HolmesEngine

    return HolmesEngine(
        f"{settings.llm_provider}/{settings.llm_model}",
        settings.llm_base_url(),
        settings.llm_api_key.get_secret_value(),
        settings.llm_ca_file,
    )


class EngineLoader:
    """Holds the engine once it is loaded."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self.engine: Engine | None = None
        self.failure: str | None = None

    def start(self) -> None:
        """Load in a thread that does not keep the process alive."""
        threading.Thread(target=self._load, name="engine-loader", daemon=True).start()

    def _load(self) -> None:
        # What an import makes is no garbage: searching it is a fifth of the start,
        # and would be a part of every later collection.
        gc.disable()
        try:
            engine = self._make()
            engine.load()
        except Exception as error:
            # The boundary of a thread: the probe reports what would be lost.
            self.failure = f"{type(error).__name__}: {error}"
            log.exception("engine not loaded")
        else:
            self.engine = engine
            log.info("engine loaded")
        finally:
            gc.freeze()
            gc.enable()
