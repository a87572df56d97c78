"""Builds the application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from kube_auth import AuthSettings, KubeAuthMiddleware, KubeReviewer, Reviewer, load_authorization
from service_base.main import read_settings
from service_base.problems import (
    ProblemError,
    on_http_exception,
    on_problem,
    on_validation_error,
)
from service_base.requests import RequestMiddleware
from starlette.exceptions import HTTPException

from datastorage.audit import AuditTrail
from datastorage.catalogue import Catalogue
from datastorage.database import Database
from datastorage.routes import audit, health, workflows
from datastorage.settings import Settings


def create_app(
    settings: Settings,
    *,
    auth: AuthSettings | None = None,
    reviewer: Reviewer | None = None,
) -> FastAPI:
    """The application; the database is opened in its lifespan, in the background."""
    auth = auth or read_settings(AuthSettings)
    judge: Reviewer = reviewer or KubeReviewer.from_settings(auth)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Database(settings.database_url, settings.pool_size) as database:
            app.state.database = database
            app.state.catalogue = Catalogue(database)
            app.state.audit = AuditTrail(database)
            yield
        await judge.aclose()

    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    for part in (workflows, audit, health):
        app.include_router(part.router)
    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    authorization = load_authorization(settings.contract, auth.namespace())
    app.add_middleware(KubeAuthMiddleware, reviewer=judge, authorization=authorization)
    app.add_middleware(RequestMiddleware)
    return app
