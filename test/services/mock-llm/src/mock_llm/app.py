"""Builds the application."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from service_base.requests import RequestMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_llm.answers import final, tool_call, wants_tool
from mock_llm.config import load_ids
from mock_llm.scenarios import Scenario, load_scenarios
from mock_llm.selection import NoIncidentError, choose, find_incident
from mock_llm.settings import Settings

FAILURES = {"MOCK_LLM_ERROR_401": 401, "MOCK_LLM_ERROR_429": 429, "MOCK_LLM_ERROR_500": 500}
SLOW = "MOCK_LLM_SLOW"
SLOW_SECONDS = 120.0


class MockLLM:
    """The chat endpoint, with the ids of one run."""

    def __init__(self, scenarios: tuple[Scenario, ...], ids: Mapping[str, str]) -> None:
        self._scenarios = scenarios
        self._ids = ids

    async def complete(self, request: Request) -> Response:
        """Answer a chat completion request."""
        try:
            body: Any = json.loads(await request.body())
            incident = find_incident(body["messages"])
        except (KeyError, TypeError, ValueError, NoIncidentError) as error:
            return _error(400, f"bad request: {error}")
        if incident["signal_type"] == SLOW:
            await _until_disconnected(request)
        failure = FAILURES.get(incident.get("signal_type", ""))
        if failure is not None:
            return _error(failure, "failing as the signal asks")
        model = str(body.get("model", "mock-model"))
        if wants_tool(body):
            return JSONResponse(tool_call(model, incident))
        scenario = choose(self._scenarios, incident)
        return JSONResponse(final(model, scenario, incident, self._ids))


def create_app(settings: Settings) -> Starlette:
    """The application. Raises ConfigError when a scenario's workflow has no id."""
    scenarios = load_scenarios()
    mock = MockLLM(scenarios, load_ids(settings.config_path, scenarios))
    health = [Route(path, _health) for path in ("/health", "/health/live", "/health/ready")]
    chat = [
        Route(path, mock.complete, methods=["POST"])
        for path in ("/v1/chat/completions", "/chat/completions")
    ]
    routes = [*health, *chat, Route("/v1/models", _models)]
    return Starlette(routes=routes, middleware=[Middleware(RequestMiddleware)])


async def _until_disconnected(request: Request) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SLOW_SECONDS):
            while (await request.receive())["type"] != "http.disconnect":
                pass


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _models(_: Request) -> Response:
    model = {"id": "mock-model", "object": "model", "owned_by": "mock"}
    return JSONResponse({"object": "list", "data": [model]})


def _error(status: int, message: str) -> Response:
    body = {"error": {"message": message, "type": "mock_error", "code": status}}
    headers = {"Retry-After": "1"} if status == 429 else None
    return JSONResponse(body, status, headers)
