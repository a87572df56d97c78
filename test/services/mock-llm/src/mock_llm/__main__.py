"""Entry point: `python -m mock_llm`."""

import sys

from service_base.main import run

from mock_llm.app import create_app
from mock_llm.config import ConfigError
from mock_llm.settings import Settings

if __name__ == "__main__":
    try:
        # An answer that is slow on purpose would hold up the end of a run.
        run("mock_llm", Settings, create_app, lambda settings: settings.port, drain_seconds=0)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
