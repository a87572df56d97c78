"""The application: its routes and what they are made of."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from kube_auth import (
    AuthSettings,
    Identity,
    KubeAuthMiddleware,
    KubeReviewer,
    Reviewer,
    load_authorization,
)
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ValidationError
from service_base.main import read_settings
from service_base.problems import problem_handlers
from service_base.requests import RequestMiddleware
from starlette.responses import Response

from holmesgpt_api.analysis import MAX_ATTEMPTS
from holmesgpt_api.engine import Engine
from holmesgpt_api.models import (
    Config,
    DataStorage,
    Health,
    IncidentRequest,
    Llm,
    RecoveryRequest,
)
from holmesgpt_api.once import ticket
from holmesgpt_api.runner import failure
from holmesgpt_api.service import Service, kind_of
from holmesgpt_api.settings import Settings

M = TypeVar("M", IncidentRequest, RecoveryRequest)
SERVICE = "holmesgpt-api"
JSON = "application/json"
# More than any incident needs; what is said in the contract.
MAX_BODY = 262_144


async def _read(request: Request, model: type[M]) -> M:
    """The request's body; FastAPI's own reading would hide a body that is too large."""
    try:
        return model.model_validate_json(await request.body(), strict=True)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error


def _canonical(data: BaseModel) -> str:
    """One text for equal bodies: a client may write the keys of a map in any order."""
    return json.dumps(data.model_dump(mode="json"), sort_keys=True)


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(exclude_none=True), media_type=JSON)


def _health(status: str, reasons: list[str] | None = None) -> Response:
    return _json(Health(status=status, service=SERVICE, reasons=reasons or None))


def _analysis_routes(app: FastAPI, service: Service) -> None:
    @app.post("/api/v1/incident/analyze")
    async def analyze_incident(request: Request) -> Response:
        return await _analyzed(request, IncidentRequest)

    @app.post("/api/v1/recovery/analyze")
    async def analyze_recovery(request: Request) -> Response:
        return await _analyzed(request, RecoveryRequest)

    async def _analyzed(request: Request, model: type[M]) -> Response:
        data = await _read(request, model)
        caller: Identity | None = getattr(request.state, "identity", None)
        asked = ticket(
            request.headers,
            caller.username if caller else "",
            kind_of(data),
            _canonical(data),
        )
        answer = await service.analyze_once(data, request.state.request_id, request.receive, asked)
        return Response(answer, media_type=JSON)

    @app.get("/config")
    async def config() -> Response:
        return _json(effective(service.settings))


def _health_routes(app: FastAPI, service: Service) -> None:
    @app.get("/health")
    async def health() -> Response:
        return _health("healthy")

    @app.get("/health/live")
    async def live() -> Response:
        return _health("alive")

    @app.get("/ready")
    @app.get("/health/ready")
    async def ready() -> Response:
        missing = service.not_ready()
        if missing:
            raise failure(503, "; ".join(missing))
        degraded = service.outbox.degraded()
        return _health("degraded" if degraded else "ready", degraded)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def effective(settings: Settings) -> Config:
    """The settings that clients may see."""
    return Config(
        llm=Llm(
            provider=settings.llm_provider,
            model=settings.llm_model,
            endpoint=settings.llm_base_url(),
        ),
        data_storage=DataStorage(
            url=settings.base_url(), timeout_seconds=settings.data_storage_timeout
        ),
        request_deadline_seconds=settings.request_deadline,
        max_attempts=MAX_ATTEMPTS,
    )


def create_app(
    settings: Settings, *, engine: Engine | None = None, reviewer: Reviewer | None = None
) -> FastAPI:
    """The application; engine and reviewer are the real ones unless given."""
    auth = read_settings(AuthSettings)
    authorization = load_authorization(settings.contract, auth.namespace())
    reviewer = reviewer or KubeReviewer.from_settings(auth)
    service = Service(settings, engine, reviewer)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        yield
        await service.close()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers=problem_handlers(RequestValidationError),
    )
    _analysis_routes(app, service)
    _health_routes(app, service)
    app.add_middleware(
        KubeAuthMiddleware, reviewer=reviewer, authorization=authorization, settings=auth
    )
    app.add_middleware(RequestMiddleware, max_body=MAX_BODY)
    return app
