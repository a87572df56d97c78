"""The SDK against an in-process server that speaks the chat-completions protocol."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from .conftest import JsonServer  # type: ignore[import-not-found] # no package

pytestmark = pytest.mark.slow

# The SDK appends to sys.path and warns while it is imported, so a process of its own has it.
SCRIPT = """
import json, sys, threading, time
from holmesgpt_api.engine import *
from holmesgpt_api.holmes_engine import HolmesEngine
engine = HolmesEngine("openai/mock-model", sys.argv[1] + "/v1", "k")
engine.load()
def investigate(search=lambda a: {"workflows": []}, seconds=10, cancel=None):
    cancellation = Cancellation(seconds)
    if cancel:
        threading.Timer(cancel, cancellation.cancel).start()
    begun = time.monotonic()
    out = {}
    try:
        r = engine.investigate(Investigation(
            [{"role": "system", "content": "s"}, {"role": "user", "content": MODE}],
            search, cancellation, "rem-1", "asked-1"))
        out = {"text": r.text, "calls": [[c.name, c.arguments, c.failed] for c in r.tool_calls],
               "llm_calls": r.llm_calls, "roles": [m["role"] for m in r.messages]}
    except Exception as error:
        out = {"error": type(error).__name__, "status": getattr(error, "status", None)}
    return {**out, "seconds": time.monotonic() - begun}
results = {}
for MODE in ("good", "401", "429", "500", "endless"):
    results[MODE] = investigate()
MODE = "hello world " * 60_000
results["large"] = investigate()
MODE = "slow"
results["deadline"] = investigate(seconds=0.5)
results["cancel"] = investigate(cancel=0.3)
print(json.dumps(results))
"""
ARGUMENTS = {
    "query": "OOMKilled critical",
    "rca_resource": {"signal_type": "OOMKilled", "kind": "Pod", "namespace": "a", "name": "b"},
}


def completion(message: dict[str, Any], reason: str) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "mock-model",
        "choices": [{"index": 0, "finish_reason": reason, "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def respond(server: JsonServer, body: dict[str, Any]) -> tuple[int, Any]:
    mode = body["messages"][1]["content"]
    text = mode if isinstance(mode, str) else mode[0]["text"]
    if text.isdigit():
        return int(text), {"error": {"message": "no"}}
    if text == "slow":
        server.released.wait(20)
    if body["messages"][-1]["role"] == "tool" and text != "endless":
        return 200, completion({"role": "assistant", "content": "done"}, "stop")
    function = {"name": "search_workflow_catalog", "arguments": json.dumps(ARGUMENTS)}
    call = {"id": "call_1", "type": "function", "function": function}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return 200, completion(message, "tool_calls")


def test_drives_the_sdk(json_server: JsonServer) -> None:
    connections = []

    def answer(_: str, body: Any) -> tuple[int, Any]:
        connections.append(json_server.connections)
        return respond(json_server, body)

    json_server.answer = answer
    try:
        ended = subprocess.run(
            [sys.executable, "-c", SCRIPT, json_server.url],
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        )
    finally:
        json_server.released.set()
    assert ended.returncode == 0, ended.stderr
    results = json.loads(ended.stdout.splitlines()[-1])
    good = results["good"]
    assert good["text"] == "done"
    assert good["calls"] == [["search_workflow_catalog", ARGUMENTS, False]]
    assert good["llm_calls"] == 2
    first = json_server.requests[0][1]
    assert [t["function"]["name"] for t in first["tools"]] == ["search_workflow_catalog"]
    assert [results[code]["status"] for code in ("401", "429", "500")] == [502, 503, 503]
    assert connections[:5] == [1] * 5
    assert results["endless"]["status"] == 502
    assert results["large"]["status"] == 413
    assert not any("hello world" in str(body) for _, body in json_server.requests)
    assert set(json_server.request_ids("/v1/chat")) == {"asked-1"}
    assert results["deadline"]["error"] == "DeadlineExceededError"
    assert results["deadline"]["seconds"] < 2
    assert results["cancel"]["error"] == "InvestigationCancelledError"
    assert results["cancel"]["seconds"] < 2
