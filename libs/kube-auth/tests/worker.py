"""One of several processes of a guarded service: `python worker.py DESCRIPTOR`."""

import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from kube_auth import Authorization, AuthSettings, KubeAuthMiddleware, KubeReviewer, Operation
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

RIGHT = {"namespace": "ns", "resource": "services", "name": "thing", "verb": "get"}


def main(descriptor: int) -> None:
    """Serve until the parent ends this process; each answer names its worker."""
    settings = AuthSettings.model_validate({})
    reviewer = KubeReviewer.from_settings(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await reviewer.aclose()

    async def endpoint(_: Request) -> Response:
        return Response()

    app = Starlette(routes=[Route("/x", endpoint)], lifespan=lifespan)
    app.add_middleware(
        KubeAuthMiddleware,
        reviewer=reviewer,
        authorization=Authorization([Operation("GET", "/x", RIGHT)]),
        settings=settings,
    )
    config = uvicorn.Config(app, log_config=None, headers=[("x-worker", str(os.getpid()))])
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
