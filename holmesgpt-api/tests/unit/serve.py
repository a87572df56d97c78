"""The real application with an engine that answers at once and a reviewer that knows one token.

python serve.py ANSWER DESCRIPTOR    the engine's answer, and an inherited listener
"""

import sys
from collections.abc import Mapping
from typing import Any

from holmesgpt_api.app import create_app
from holmesgpt_api.engine import EngineResult
from holmesgpt_api.settings import Settings
from kube_auth import Identity
from service_base.main import run


class Engine:
    """Has one answer to everything."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def load(self) -> None:
        """Nothing to load."""

    def investigate(self, investigation: Any) -> EngineResult:
        """The answer."""
        return EngineResult(self._answer, list(investigation.messages), [], 1, 1)


class OneToken:
    """`good` may do everything, others are nobody."""

    async def review_token(self, token: str) -> Identity | None:
        """The identity of `good`."""
        return Identity("client", "1", (), {}) if token == "good" else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Yes."""
        return bool(identity.username and attributes)

    async def aclose(self) -> None:
        """Nothing to release."""

    def not_ready(self) -> str | None:
        """Never."""
        return None


def main(answer: str, descriptor: str) -> None:
    """Serve until a signal."""
    engine, reviewer = Engine(answer), OneToken()
    run(
        "hapi",
        Settings,
        lambda settings: create_app(settings, engine=engine, reviewer=reviewer),
        lambda settings: settings.port,
        ["--fd", descriptor],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
