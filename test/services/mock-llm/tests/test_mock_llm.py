"""The Mock LLM over ASGI: what it answers to which incident."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from mock_llm.app import create_app
from mock_llm.config import ConfigError, load_ids
from mock_llm.scenarios import load_scenarios
from mock_llm.settings import Settings

WORKFLOWS = Path(__file__).parents[3] / "workflows"
TOOLS = [{"type": "function", "function": {"name": "search_workflow_catalog"}}]
NAMES = sorted({name for scenario in load_scenarios() for name in scenario.workflow_names()})
IDS = {name: f"id-of-{name}" for name in NAMES}


def write_ids(folder: Path, ids: dict[str, str]) -> Path:
    path = folder / "scenarios.yaml"
    path.write_text(yaml.safe_dump({"scenarios": ids}))
    return path


def post(folder: Path, body: Any, path: str = "/v1/chat/completions") -> httpx.Response:
    settings = Settings.model_validate({"MOCK_LLM_CONFIG_PATH": write_ids(folder, IDS)})
    transport = httpx.ASGITransport(app=create_app(settings))

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            return await client.post(path, json=body)

    return asyncio.run(send())


def user(signal: str, **members: Any) -> dict[str, str]:
    incident = {"kind": "incident", "signal_type": signal, "severity": "critical", **members}
    return {"role": "user", "content": f"Look.\n```json\n{json.dumps(incident)}\n```\n"}


def answer(folder: Path, signal: str, **members: Any) -> dict[str, Any]:
    response = post(folder, {"messages": [user(signal, **members)]})
    text = response.json()["choices"][0]["message"]["content"]
    blocks = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    assert len(blocks) == 1
    document: dict[str, Any] = json.loads(blocks[0])
    return document


@pytest.mark.parametrize(
    ("signal", "kind", "workflow", "confidence"),
    [
        ("OOMKilled", "incident", "oomkill-increase-memory-v1", 0.95),
        ("CrashLoopBackOff", "incident", "crashloop-config-fix-v1", 0.88),
        ("OOMKilled", "recovery", "memory-optimize-v1", 0.85),
        ("NodeNotReady", "recovery", "node-drain-reboot-v1", 0.9),
        ("MultiStepRecovery", "recovery", "generic-restart-v1", 0.85),
        ("Other", "recovery", "memory-optimize-v1", 0.85),
        ("Other", "incident", "generic-restart-v1", 0.75),
    ],
)
def test_signal_chooses_the_workflow(
    tmp_path: Path, signal: str, kind: str, workflow: str, confidence: float
) -> None:
    document = answer(tmp_path, signal, kind=kind)
    assert document["selected_workflow"]["workflow_id"] == IDS[workflow]
    assert document["confidence"] == confidence
    assert ("can_recover" in document) == (kind == "recovery")


def test_words_outside_the_block_choose_nothing(tmp_path: Path) -> None:
    message = user("OOMKilled")
    message["content"] = "CrashLoopBackOff mock_low_confidence\n" + message["content"]
    body = {"messages": [{"role": "system", "content": "TestSignal"}, message]}
    content = post(tmp_path, body).json()["choices"][0]["message"]["content"]
    assert IDS["oomkill-increase-memory-v1"] in content


def test_low_confidence_offers_two_alternatives_with_ids_of_the_file(tmp_path: Path) -> None:
    document = answer(tmp_path, "MOCK_LOW_CONFIDENCE")
    assert document["selected_workflow"]["confidence"] == 0.35
    assert [item["confidence"] for item in document["alternative_workflows"]] == [0.28, 0.22]
    assert {item["workflow_id"] for item in document["alternative_workflows"]} < set(IDS.values())


def test_not_reproducible_cannot_be_recovered(tmp_path: Path) -> None:
    document = answer(tmp_path, "MOCK_NOT_REPRODUCIBLE", is_recovery_attempt=True)
    assert document["investigation_outcome"] == "resolved"
    assert document["can_recover"] is False
    assert document["selected_workflow"] is None


def test_incomplete_root_cause_names_no_resource(tmp_path: Path) -> None:
    cause = answer(tmp_path, "MOCK_RCA_INCOMPLETE")["root_cause_analysis"]
    assert "affectedResource" not in cause
    assert "affectedResource" in answer(tmp_path, "OOMKilled")["root_cause_analysis"]


def test_exhausted_retries_get_text_without_json(tmp_path: Path) -> None:
    body = {"messages": [user("MOCK_MAX_RETRIES_EXHAUSTED")]}
    content = post(tmp_path, body).json()["choices"][0]["message"]["content"]
    assert "{" not in content


def test_tool_is_called_once_per_user_message(tmp_path: Path) -> None:
    first, result = user("OOMKilled"), {"role": "tool", "tool_call_id": "c", "content": "[]"}
    asked = post(tmp_path, {"tools": TOOLS, "messages": [first]}).json()
    done = post(tmp_path, {"tools": TOOLS, "messages": [first, result]}).json()
    again = post(tmp_path, {"tools": TOOLS, "messages": [first, result, first]}).json()
    call = asked["choices"][0]["message"]["tool_calls"][0]
    assert re.fullmatch(r"call_[0-9a-f]{12}", call["id"])
    assert json.loads(call["function"]["arguments"])["query"] == "OOMKilled critical"
    assert asked["usage"]["total_tokens"] == 550
    assert (done["choices"][0]["finish_reason"], done["usage"]["total_tokens"]) == ("stop", 1000)
    assert again["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    "body",
    [[], {}, {"messages": "x"}, {"messages": ["x"]}, {"messages": [{"role": "user"}]}],
)
def test_malformed_body_is_refused(tmp_path: Path, body: Any) -> None:
    response = post(tmp_path, body)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


@pytest.mark.parametrize("status", [401, 429, 500])
def test_failure_signal_fails_with_its_status(tmp_path: Path, status: int) -> None:
    assert post(tmp_path, {"messages": [user(f"MOCK_LLM_ERROR_{status}")]}).status_code == status


def test_every_required_parameter_is_given_and_known(tmp_path: Path) -> None:
    for scenario in load_scenarios():
        if not scenario.workflow_name or scenario.omits_parameters:
            continue
        signal = next(iter(sorted(scenario.signals | scenario.recovery_signals)), "Other")
        kind = "incident" if scenario.signals or scenario.default else "recovery"
        given = answer(tmp_path, signal, kind=kind)["selected_workflow"]["parameters"]
        schema = yaml.safe_load((WORKFLOWS / f"{scenario.workflow_name}.yaml").read_text())
        required = {item["name"] for item in schema["parameters"] if item["required"]}
        assert required <= set(given) <= {item["name"] for item in schema["parameters"]}


@pytest.mark.parametrize(
    ("signal", "wrong"),
    [
        ("MOCK_WORKFLOW_NOT_FOUND", {"workflow_id": "00000000-0000-4000-8000-000000000000"}),
        ("MOCK_IMAGE_MISMATCH", {"container_image": "registry.example/other:0.0.1"}),
        ("MOCK_INVALID_PARAMETERS", {"parameters": {}}),
    ],
)
def test_a_choice_may_contradict_the_catalogue(
    tmp_path: Path, signal: str, wrong: dict[str, Any]
) -> None:
    chosen = answer(tmp_path, signal)["selected_workflow"]
    assert {name: chosen[name] for name in wrong} == wrong


def test_missing_ids_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"generic-restart-v1.*memory-optimize-v1"):
        load_ids(write_ids(tmp_path, {"other": "1"}), load_scenarios())


@pytest.mark.parametrize("text", ["scenarios: {a: x, 'a:test': y}", "scenarios: {a: x, a: y}"])
def test_two_ids_for_one_name_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenarios.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"two different ids|is not valid YAML: .*duplicate key"):
        load_ids(path, ())
