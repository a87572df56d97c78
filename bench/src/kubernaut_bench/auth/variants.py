"""DataStorage with a choice of how it authenticates: `python -m kubernaut_bench.auth.variants`.

All variants live in one process, because two processes of the same code differ by
more than what is measured: by hash seeds and by where their memory lies. The
product has no such switch; `POST /bench/<variant>` exists here only.
"""

from typing import Any

from datastorage.app import create_app
from datastorage.settings import Settings
from fastapi import FastAPI
from kube_auth import AuthSettings, KubeAuthMiddleware, KubeReviewer
from service_base.main import read_settings, run

BARE, WARM, COLD, UNPACED = "bare", "warm", "cold", "unpaced"
# What a kept answer costs: as shipped, each token has a review every 10 s besides.
CHANGES: dict[str, dict[str, float]] = {
    WARM: {"yes_ttl": 600.0},
    # A flood is to go as fast as it can where memory is measured, and a busy machine
    # may make reviews slow.
    COLD: {"yes_ttl": 0.0, "no_ttl": 0.0, "refusals": 0.0, "review_timeout": 30.0},
    UNPACED: {"yes_ttl": 600.0, "refusals": 0.0},
}


class Switch:
    """Stands where kube-auth stands, and passes requests to the chosen variant of it."""

    def __init__(self, app: Any, *, settings: dict[str, AuthSettings], authorization: Any) -> None:
        self._variants = {BARE: app} | {
            name: KubeAuthMiddleware(
                app,
                reviewer=KubeReviewer.from_settings(given),
                authorization=authorization,
                settings=given,
            )
            for name, given in settings.items()
        }
        self._chosen = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request, or the choice of who serves the next ones."""
        if scope["type"] != "http" or not scope["path"].startswith("/bench/"):
            await self._chosen(scope, receive, send)
            return
        self._chosen = self._variants[scope["path"].removeprefix("/bench/")]
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def create_variants(settings: Settings) -> FastAPI:
    """The application as it is, with the switch in the place of one middleware."""
    auth = read_settings(AuthSettings)
    app = create_app(settings, auth=auth)
    guard: object = KubeAuthMiddleware
    [place] = [number for number, layer in enumerate(app.user_middleware) if layer.cls is guard]
    authorization = app.user_middleware.pop(place).kwargs["authorization"]
    variants = {name: auth.model_copy(update=changes) for name, changes in CHANGES.items()}
    app.add_middleware(Switch, settings=variants, authorization=authorization)
    app.user_middleware.insert(place, app.user_middleware.pop(0))
    return app


if __name__ == "__main__":
    run("variants", Settings, create_variants, lambda settings: settings.port)
