"""Puts the service together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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

from datastorage.anchor import Anchor
from datastorage.audit import AuditTrail
from datastorage.audit_routes import audit_routes
from datastorage.creation import Creation
from datastorage.database import Database
from datastorage.health import health_routes
from datastorage.lifecycle import Background
from datastorage.settings import Settings
from datastorage.workflow_routes import workflow_routes

# A batch of the largest events that outboxes send at once.
MAX_BODY = 8 * 1024 * 1024


def create_app(settings: Settings, auth: AuthSettings, reviewer: Reviewer | None = None) -> FastAPI:
    """The service; without a reviewer it asks the Kubernetes API."""
    authorization = load_authorization(settings.contract, auth.namespace())
    reviewing = reviewer or KubeReviewer.from_settings(auth)
    owner = settings.owner_url.get_secret_value() if settings.owner_url else None
    database = Database(settings.database_url.get_secret_value(), settings.pool_size, owner)
    trail, creation = AuditTrail(database), Creation(database)
    anchor = Anchor(database, settings.anchor_file, settings.anchor_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # In the background: the service answers before its database does.
        starting = Background("database start", database.start(), database.failed)
        anchoring = Background("audit anchor", anchor.run())
        yield
        await starting.stop()
        await creation.close()
        await trail.close()
        await anchoring.stop()
        await database.close()
        await reviewing.aclose()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers=problem_handlers(RequestValidationError),
    )
    app.include_router(health_routes(database, reviewing))
    app.include_router(workflow_routes(database, creation, trail))
    app.include_router(audit_routes(database, trail))
    # The last one added is the outermost: a request is named before it is judged.
    app.add_middleware(
        KubeAuthMiddleware, reviewer=reviewing, authorization=authorization, settings=auth
    )
    app.add_middleware(RequestMiddleware, max_body=MAX_BODY)
    return app
