"""The service as a process of its own, for tests that kill or flood it."""

import socket
import sys
from collections.abc import Mapping

import uvicorn
from datastorage.app import create_app
from datastorage.settings import Settings
from kube_auth import AuthSettings, Identity


class OneToken:
    """A reviewer without Kubernetes: `good` may do everything, others are nobody."""

    async def review_token(self, token: str) -> Identity | None:
        """The identity of `good`."""
        return Identity("tester") if token == "good" else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Yes."""
        return bool(identity.username and attributes)

    async def aclose(self) -> None:
        """Nothing to release."""

    def not_ready(self) -> str | None:
        """Never."""
        return None


def main(database_url: str, descriptor: str) -> None:
    """Serve on an inherited listener until killed."""
    settings = Settings.model_validate({"database_url": database_url})
    app = create_app(settings, AuthSettings.model_validate({}), OneToken())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    server.run([socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main(*sys.argv[1:])
