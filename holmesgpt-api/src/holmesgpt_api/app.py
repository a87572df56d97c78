"""The application: its routes and what they are made of."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from kube_auth import (
    AuthSettings,
    KubeAuthMiddleware,
    KubeReviewer,
    Reviewer,
    load_authorization,
)
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from pydantic import BaseModel, ValidationError
from service_base.main import read_settings
from service_base.problems import problem_handlers
from service_base.requests import RequestMiddleware
from starlette.responses import JSONResponse, Response

from holmesgpt_api.analysis import MAX_ATTEMPTS, Analyzer, Finding
from holmesgpt_api.audit import Auditor, AuditTrail
from holmesgpt_api.audited import audited_answer
from holmesgpt_api.datastorage import DataStorageClient, DataStorageError, TokenFile
from holmesgpt_api.engine import Cancellation, Engine, EngineError
from holmesgpt_api.loader import EngineLoader, holmes_engine
from holmesgpt_api.models import (
    Config,
    DataStorage,
    Health,
    IncidentRequest,
    Llm,
    RecoveryRequest,
)
from holmesgpt_api.responses import incident_response, recovery_response
from holmesgpt_api.runner import Runner, failure
from holmesgpt_api.settings import Settings

M = TypeVar("M", IncidentRequest, RecoveryRequest)
SERVICE = "holmesgpt-api"
INVESTIGATIONS = Counter(
    "holmesgpt_api_investigations_total", "Analyses by outcome.", ["kind", "status"]
)
DURATION = Histogram(
    "holmesgpt_api_investigations_duration_seconds", "Time of an analysis.", ["kind"]
)
LLM_CALLS = Counter("holmesgpt_api_llm_calls_total", "Requests to the LLM.")


class Service:
    """The parts that live as long as the application."""

    def __init__(self, settings: Settings, engine: Engine | None, reviewer: Reviewer) -> None:
        self.settings = settings
        self.reviewer = reviewer
        self.token = TokenFile(settings.data_storage_token_file)
        self.client = DataStorageClient(
            settings.base_url(), self.token, settings.data_storage_timeout
        )
        self.runner = Runner(settings.max_in_flight, settings.request_deadline)
        self.loader = EngineLoader(lambda: engine or holmes_engine(settings))
        self.trail = AuditTrail(self.client.store_event)

    def not_ready(self) -> list[str]:
        """What is still missing."""
        missing = []
        if self.loader.engine is None:
            missing.append(self.loader.failure or "the engine is being loaded")
        if reason := self.reviewer.not_ready():
            missing.append(f"tokens cannot be reviewed: {reason}")
        if not self.token.ready():
            missing.append("the token for DataStorage is not there")
        return missing

    async def analyze(self, kind: str, request: Request, data: M) -> Finding:
        """Analyze in a thread, and count."""
        engine = self.loader.engine
        if engine is None:
            raise failure(503, "the engine is being loaded")
        analyzer = Analyzer(engine, self.client, self.trail, self.settings.llm_model)

        def work(cancellation: Cancellation) -> Finding:
            try:
                return analyzer.analyze(data, cancellation)
            except DataStorageError as error:
                raise EngineError(503, f"DataStorage: {error}") from error

        begun = time.monotonic()
        status = "error"
        try:
            finding = await self.runner.run(work, request.receive)
            status = "success"
            LLM_CALLS.inc(finding.llm_calls)
            return finding
        finally:
            INVESTIGATIONS.labels(kind, status).inc()
            DURATION.labels(kind).observe(time.monotonic() - begun)

    async def close(self) -> None:
        """Send what is queued and close the connections."""
        self.runner.close()
        await asyncio.to_thread(self.trail.close)
        self.client.close()
        await self.reviewer.aclose()


async def _read(request: Request, model: type[M]) -> M:
    """The request's body; FastAPI's own reading would hide a body that is too large."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error


def _json(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_none=True)


def _health(status: str) -> JSONResponse:
    return JSONResponse(_json(Health(status=status, service=SERVICE)))


def _analysis_routes(app: FastAPI, service: Service) -> None:
    @app.post("/api/v1/incident/analyze")
    async def analyze_incident(request: Request) -> JSONResponse:
        data = await _read(request, IncidentRequest)
        finding = await service.analyze("incident", request, data)
        answer = _json(incident_response(data, finding))
        auditor = Auditor(service.trail, data.incident_id, data.remediation_id)
        auditor.emit("holmesgpt.response.complete", {"response_data": audited_answer(answer)})
        return JSONResponse(answer)

    @app.post("/api/v1/recovery/analyze")
    async def analyze_recovery(request: Request) -> JSONResponse:
        data = await _read(request, RecoveryRequest)
        finding = await service.analyze("recovery", request, data)
        return JSONResponse(_json(recovery_response(data, finding)))

    @app.get("/config")
    async def config() -> JSONResponse:
        return JSONResponse(_json(effective(service.settings)))


def _health_routes(app: FastAPI, service: Service) -> None:
    @app.get("/health")
    async def health() -> JSONResponse:
        return _health("healthy")

    @app.get("/health/live")
    async def live() -> JSONResponse:
        return _health("alive")

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        missing = service.not_ready()
        if missing:
            raise failure(503, "; ".join(missing))
        return _health("ready")

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
        service.loader.start()
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
    app.add_middleware(RequestMiddleware)
    return app
