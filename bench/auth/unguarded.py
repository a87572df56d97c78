"""DataStorage without kube-auth, for comparison only: `python -m bench.auth.unguarded`.

The product has no switch for this; the middleware is taken out here.
"""

from datastorage.app import create_app
from datastorage.settings import Settings
from fastapi import FastAPI
from kube_auth import AuthSettings, KubeAuthMiddleware
from service_base.main import read_settings, run


def create_unguarded(settings: Settings) -> FastAPI:
    """The application as it is, but for one middleware."""
    app = create_app(settings, auth=read_settings(AuthSettings))
    guard: object = KubeAuthMiddleware
    kept = [layer for layer in app.user_middleware if layer.cls is not guard]
    if len(kept) != len(app.user_middleware) - 1:
        raise SystemExit("DataStorage has not exactly one KubeAuthMiddleware: mend bench/auth")
    app.user_middleware = kept
    return app


if __name__ == "__main__":
    run("unguarded", Settings, create_unguarded, lambda settings: settings.port)
