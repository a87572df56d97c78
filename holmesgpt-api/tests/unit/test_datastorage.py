"""What the client makes of DataStorage's answers to a batch of events."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from holmesgpt_api.datastorage import DataStorageClient, TokenFile
from holmesgpt_api.outbox import RefusedError, UnavailableError
from holmesgpt_api.settings import Settings

from .conftest import JsonServer  # type: ignore[import-not-found] # no package

EVENTS: list[dict[str, Any]] = [{"event_id": "a"}, {"event_id": "b"}]


@pytest.fixture
def client(settings: Settings) -> Iterator[DataStorageClient]:
    client = DataStorageClient(
        settings.base_url(), TokenFile(settings.data_storage_token_file), timeout=5
    )
    yield client
    client.close()


def test_each_event_has_its_own_answer(client: DataStorageClient, json_server: JsonServer) -> None:
    results = [{"outcome": "repeated"}, {"outcome": "refused", "reason": "no such type"}]
    json_server.answer = lambda *_: (207, {"results": results})

    assert client.store_events(EVENTS) == [None, "refused: no such type"]
    assert json_server.bodies("/api/v1/audit/events/batch") == [EVENTS]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"results": [{"outcome": "stored"}]},
        {"results": [{"outcome": "stored"}, {"outcome": "queued"}]},
        {"results": ["stored", "stored"]},
    ],
)
def test_an_answer_that_does_not_cover_every_event_proves_nothing(
    client: DataStorageClient, json_server: JsonServer, answer: Any
) -> None:
    json_server.answer = lambda *_: (201, answer)

    with pytest.raises(UnavailableError):
        client.store_events(EVENTS)


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_datastorages_own_refusal_is_final(
    client: DataStorageClient, json_server: JsonServer, status: int
) -> None:
    json_server.answer = lambda *_: (status, {"detail": "event_data is wrong"})

    with pytest.raises(RefusedError, match=f"{status}: event_data is wrong"):
        client.store_events(EVENTS)


@pytest.mark.parametrize(
    ("status", "attention", "retry_after"),
    [
        (500, False, 0),
        (503, False, 7),
        (429, False, 0),
        (401, True, 0),
        (403, True, 0),
        (404, True, 0),
    ],
)
def test_everything_else_is_tried_again(
    client: DataStorageClient,
    json_server: JsonServer,
    status: int,
    attention: bool,
    retry_after: float,
) -> None:
    json_server.answer = lambda *_: (status, {})

    with pytest.raises(UnavailableError) as caught:
        client.store_events(EVENTS)

    assert caught.value.needs_attention is attention
    assert caught.value.retry_after == retry_after
    assert "secret" not in str(caught.value)


def test_a_proxys_refusal_is_not_datastorages(
    client: DataStorageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = requests.Response()
    page.status_code, page.headers["content-type"], page._content = 400, "text/html", b"<p>no"
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: page)

    with pytest.raises(UnavailableError):
        client.store_events(EVENTS)


def test_a_connection_that_is_refused_is_tried_again(token_file: Any) -> None:
    client = DataStorageClient("http://127.0.0.1:1", TokenFile(token_file), timeout=5)

    with pytest.raises(UnavailableError):
        client.store_events(EVENTS)
    client.close()
