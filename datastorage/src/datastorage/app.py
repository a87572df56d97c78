"""Puts the service together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from kube_auth import (
    AuthSettings,
    KubeAuthMiddleware,
    KubeReviewer,
    Reviewer,
    load_authorization,
)
from service_base.problems import problem_handlers
from service_base.requests import RequestMiddleware

from datastorage.audit_routes import audit_routes
from datastorage.database import Database
from datastorage.health import health_routes
from datastorage.settings import Settings
from datastorage.workflow_routes import workflow_routes


def create_app(settings: Settings, auth: AuthSettings, reviewer: Reviewer | None = None) -> FastAPI:
    """The service; without a reviewer it asks the Kubernetes API."""
    authorization = load_authorization(settings.contract, auth.namespace())
    reviewing = reviewer or KubeReviewer.from_settings(auth)
    database = Database(settings.database_url.get_secret_value(), settings.pool_size)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # In the background: the service answers before its database does.
        starting = asyncio.create_task(database.start())
        yield
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        await database.close()
        await reviewing.aclose()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers=problem_handlers(RequestValidationError),
    )
    contract: dict[str, Any] = yaml.safe_load(settings.contract.read_text())
    app.openapi = lambda: contract  # type: ignore[method-assign]
    for router in (health_routes(database, reviewing), workflow_routes(database)):
        app.include_router(router)
    app.include_router(audit_routes(database))
    # The last one added is the outermost: a request is named before it is judged.
    app.add_middleware(
        KubeAuthMiddleware, reviewer=reviewing, authorization=authorization, settings=auth
    )
    app.add_middleware(RequestMiddleware)
    return app
