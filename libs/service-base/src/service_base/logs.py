"""JSON log lines on standard error."""

import logging
import sys

import structlog
from structlog.typing import Processor

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
# Libraries of ours that log through the standard library, at the service's level.
OWN_LIBRARIES = ("kube_auth",)


def configure_logs(level: str) -> None:
    """Send events of this level and above to standard error, one compact object a line."""
    added: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_json = structlog.processors.JSONRenderer(separators=(",", ":"))
    structlog.configure(
        processors=[*added, as_json],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.__stderr__),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        # The fields that a library gave as `extra` stand beside the event.
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *added],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_json],
    )
    handler = logging.StreamHandler(sys.__stderr__)
    handler.setFormatter(formatter)
    # What other libraries warn about is worth a line.
    logging.basicConfig(level=max(LEVELS[level], logging.WARNING), handlers=[handler], force=True)
    for name in OWN_LIBRARIES:
        logging.getLogger(name).setLevel(LEVELS[level])
