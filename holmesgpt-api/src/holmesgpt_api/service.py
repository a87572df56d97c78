"""The parts that live as long as the application, and one analysis through all of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from kube_auth import Reviewer
from prometheus_client import Counter, Histogram
from service_base.errors import StartError
from service_base.problems import ProblemError

from holmesgpt_api.analysis import Analyzer, Finding, Request
from holmesgpt_api.audit import Trail
from holmesgpt_api.audited import audited_answer
from holmesgpt_api.datastorage import DataStorageClient, DataStorageError, TokenFile
from holmesgpt_api.engine import Cancellation, Engine, EngineError
from holmesgpt_api.loader import EngineLoader, holmes_engine
from holmesgpt_api.models import (
    IncidentRequest,
    IncidentResponse,
    RecoveryRequest,
    RecoveryResponse,
)
from holmesgpt_api.outbox import Outbox, OutboxError, OutboxFullError
from holmesgpt_api.responses import incident_response, recovery_response
from holmesgpt_api.runner import Receive, Runner, failure
from holmesgpt_api.settings import Settings

STOP_SECONDS = 3.0
FULL_RETRY_AFTER = 10
T = TypeVar("T")
INVESTIGATIONS = Counter(
    "holmesgpt_api_investigations_total", "Analyses by outcome.", ["kind", "status"]
)
DURATION = Histogram(
    "holmesgpt_api_investigations_duration_seconds", "Time of an analysis.", ["kind"]
)
LLM_CALLS = Counter("holmesgpt_api_llm_calls_total", "Requests to the LLM.")
log = structlog.get_logger("holmesgpt_api.analysis")


@dataclass(frozen=True)
class Answered:
    """The JSON of an answer, and what it is counted as."""

    body: bytes
    status: str


class Service:
    """Engine, catalogue, outbox and the threads in which analyses run."""

    def __init__(self, settings: Settings, engine: Engine | None, reviewer: Reviewer) -> None:
        self.settings = settings
        self.reviewer = reviewer
        self.token = TokenFile(settings.data_storage_token_file)
        self.client = DataStorageClient(
            settings.base_url(), self.token, settings.data_storage_timeout
        )
        self.runner = Runner(settings.max_in_flight, settings.request_deadline)
        self.loader = EngineLoader(lambda: engine or holmes_engine(settings))
        self.outbox = _outbox(settings, self.client)

    def start(self) -> None:
        """Load the engine in the background, and deliver what an earlier process left."""
        self.loader.start()
        self.outbox.start()

    def not_ready(self) -> list[str]:
        """What is still missing."""
        missing = []
        if self.loader.engine is None:
            missing.append(self.loader.failure or "the engine is being loaded")
        if reason := self.reviewer.not_ready():
            missing.append(f"tokens cannot be reviewed: {reason}")
        if not self.token.ready():
            missing.append("the token for DataStorage is not there")
        if reason := self.outbox.not_ready():
            missing.append(reason)
        return missing

    async def analyze(self, request: Request, request_id: str, receive: Receive) -> bytes:
        """The JSON of the answer, with every event of the analysis on disk."""
        engine = self.loader.engine
        if engine is None:
            raise failure(503, "the engine is being loaded")
        analysis = _Analysis(Analyzer(engine, self.client, self.settings.llm_model), self.outbox)

        def work(cancellation: Cancellation) -> Answered:
            return analysis.run(request, request_id, cancellation)

        try:
            with self.outbox.reservation():
                return await _counted(request, request_id, lambda: self.runner.run(work, receive))
        except OutboxFullError as error:
            raise failure(503, str(error), FULL_RETRY_AFTER) from error

    async def close(self) -> None:
        """Make durable what is under way, deliver what waits, close the connections."""
        try:
            await asyncio.wait_for(asyncio.to_thread(self.runner.close), STOP_SECONDS)
        except TimeoutError:
            log.warning("analyses go on that nobody waits for")
        await asyncio.to_thread(self.outbox.close, self.settings.outbox_drain)
        self.client.close()
        await self.reviewer.aclose()


def _outbox(settings: Settings, client: DataStorageClient) -> Outbox:
    try:
        return Outbox(
            settings.outbox_path, client.store_events, max_bytes=settings.outbox_max_bytes
        )
    except OutboxError as error:
        raise StartError(f"HAPI_OUTBOX_PATH: {error}") from error
    except OSError as error:
        raise StartError(f"HAPI_OUTBOX_PATH: {error.filename}: {error.strerror}") from error


async def _counted(
    request: Request, request_id: str, run: Callable[[], Awaitable[Answered]]
) -> bytes:
    """Run, count and log by request id; a refusal says why it was refused."""
    kind, begun, status = kind_of(request), time.monotonic(), "error"
    event = log.bind(request_id=request_id, kind=kind, remediation_id=request.remediation_id)
    event.info("analysis started")
    reason = None
    try:
        answered = await run()
        status = answered.status
        return answered.body
    except ProblemError as error:
        reason = error.detail
        raise
    finally:
        seconds = time.monotonic() - begun
        INVESTIGATIONS.labels(kind, status).inc()
        DURATION.labels(kind).observe(seconds)
        event.info(
            "analysis ended",
            status=status,
            duration_ms=round(seconds * 1000, 2),
            **({"reason": reason} if reason else {}),
        )


class _Analysis:
    """One request from investigation to answer, in the calling thread."""

    def __init__(self, analyzer: Analyzer, outbox: Outbox) -> None:
        self._analyzer = analyzer
        self._outbox = outbox

    def run(self, request: Request, request_id: str, cancellation: Cancellation) -> Answered:
        """The answer; its events are durable, and those of a failure, too."""
        trail = Trail(request.incident_id, request.remediation_id)
        try:
            finding = self._analyzer.analyze(request, trail, cancellation, request_id)
            answer = _answer(request, finding, trail)
        except DataStorageError as error:
            self._outbox.commit(trail.events)
            raise EngineError(503, f"DataStorage: {error}") from error
        except BaseException:
            self._outbox.commit(trail.events)
            raise
        self._outbox.commit(trail.events)
        LLM_CALLS.inc(finding.llm_calls)
        return answer


def _answer(request: Request, finding: Finding, trail: Trail) -> Answered:
    response = respond(request, finding)
    if isinstance(request, IncidentRequest):
        shown = response.model_dump(mode="json", exclude_none=True)
        trail.add("holmesgpt.response.complete", {"response_data": audited_answer(shown)})
    status = "needs_review" if response.needs_human_review else "success"
    return Answered(response.model_dump_json(exclude_none=True).encode(), status)


def respond(request: Request, finding: Finding) -> IncidentResponse | RecoveryResponse:
    """The answer to a request of either kind."""
    if isinstance(request, RecoveryRequest):
        return recovery_response(request, finding)
    return incident_response(request, finding)


def kind_of(request: Request) -> str:
    """What metrics and logs call the request."""
    return "recovery" if isinstance(request, RecoveryRequest) else "incident"
