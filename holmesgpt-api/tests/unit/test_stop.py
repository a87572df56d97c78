"""The service as a process: SIGTERM and SIGKILL under load, then the next start."""

import json
import signal
import threading
from typing import Any

import pytest
import requests

from .conftest import INCIDENT, JsonServer, fenced, llm_answer  # type: ignore[import-not-found] # no package
from .running import Service  # type: ignore[import-not-found] # no package

CALLERS, ENOUGH = 8, 60
ANSWER = fenced(llm_answer())


class Stored:
    """DataStorage by event id; answers 503 while it is away."""

    def __init__(self, server: JsonServer, known: Any) -> None:
        self.events: dict[str, Any] = {}
        self.away = False
        self._known = known
        self._lock = threading.Lock()
        server.answer = self._answer

    def _answer(self, path: str, body: Any) -> tuple[int, Any]:
        if path != "/api/v1/audit/events/batch":
            answer: tuple[int, Any] = self._known(path, body)
            return answer
        if self.away:
            return 503, {"status": 503}
        with self._lock:
            outcomes = [
                "repeated" if each["event_id"] in self.events else "stored" for each in body
            ]
            self.events.update({each["event_id"]: each for each in body})
        return 201, {"results": [{"outcome": outcome} for outcome in outcomes]}

    def complete(self) -> set[str]:
        """Remediations whose answer is in the trail."""
        kind = "holmesgpt.response.complete"
        return {
            str(each["correlation_id"])
            for each in self.events.values()
            if each["event_type"] == kind
        }


@pytest.fixture
def stored(data_storage: JsonServer) -> Stored:
    return Stored(data_storage, data_storage.answer)


class Load:
    """Callers that go on until the service is gone, and what was answered with 200."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.answered: list[str] = []
        self.enough = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(n,)) for n in range(CALLERS)]
        for thread in self._threads:
            thread.start()

    def _call(self, caller: int) -> None:
        number = 0
        with requests.Session() as session:
            session.trust_env = False
            while True:
                number += 1
                name = f"rem-{caller}-{number}"
                try:
                    response = session.post(
                        f"{self._url}/api/v1/incident/analyze",
                        json={**INCIDENT, "remediation_id": name},
                        headers={"Authorization": "Bearer good"},
                        timeout=30,
                    )
                except requests.RequestException:
                    return
                if response.status_code == 200:
                    self.answered.append(name)
                if len(self.answered) >= ENOUGH:
                    self.enough.set()

    def join(self) -> set[str]:
        for thread in self._threads:
            thread.join(60)
        return set(self.answered)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("away", [False, True], ids=["there", "away"])
def test_every_answer_is_in_the_trail_after_the_next_start(
    stored: Stored, environment: dict[str, str], number: signal.Signals, away: bool
) -> None:
    first = Service(environment, ANSWER)
    load = Load(first.url)
    assert load.enough.wait(60)
    stored.away = away
    said = first.end(number)
    answered = load.join()
    after_stop = stored.complete()

    stored.away = False
    second = Service(environment, ANSWER)
    said += second.end(signal.SIGTERM) if second.wait_until_up() else ""

    assert len(answered) >= ENOUGH
    if number == signal.SIGTERM and not away:
        assert answered <= after_stop
    assert answered <= stored.complete()
    assert "secret" not in said


def test_a_second_service_on_the_folder_ends_with_2(
    stored: Stored, environment: dict[str, str]
) -> None:
    first = Service(environment, ANSWER)
    assert first.wait_until_up()

    second = Service(environment, ANSWER)
    said = second.ended()
    first.end(signal.SIGTERM)

    assert second.process.returncode == 2
    assert "HAPI_OUTBOX_PATH" in said
    assert first.process.returncode == 0
    assert not stored.events


def test_an_answer_and_its_events_have_the_request_id(
    stored: Stored, environment: dict[str, str]
) -> None:
    service = Service(environment, ANSWER)
    response = requests.post(
        f"{service.url}/api/v1/incident/analyze",
        json=INCIDENT,
        headers={"Authorization": "Bearer good", "X-Request-ID": "asked-1"},
        timeout=60,
    )
    said = service.end(signal.SIGTERM)

    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    told = [line["event"] for line in lines if line.get("request_id") == "asked-1"]
    assert response.headers["x-request-id"] == "asked-1"
    assert told == ["analysis started", "analysis ended", "request"]
    assert stored.complete() == {"rem-1"}
