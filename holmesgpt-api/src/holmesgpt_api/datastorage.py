"""Client of the DataStorage service."""

import threading
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from holmesgpt_api.outbox import Event, RefusedError, UnavailableError

CONNECTIONS = 32
UNKNOWN = (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)
# What never changes by sending the same again.
REFUSED = (400, 409, 413, 422)
DONE = ("stored", "repeated")
LONGEST_RETRY_AFTER = 60.0


class DataStorageError(Exception):
    """DataStorage did not answer as it should."""


class TokenFile:
    """A bearer token in a file that may be replaced at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._token = ""
        self._lock = threading.Lock()

    def ready(self) -> bool:
        """Whether there is a token."""
        try:
            return bool(self.read())
        except DataStorageError:
            return False

    def read(self) -> str:
        """The token as the file holds it now."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            with self._lock:
                if stamp != self._stamp:
                    self._token = self._path.read_text().strip()
                    self._stamp = stamp
                return self._token
        except (OSError, UnicodeDecodeError) as error:
            raise DataStorageError(f"token file: {_reason(error)}") from error


class DataStorageClient:
    """Searches and reads workflows, stores audit events; may be used by many threads."""

    def __init__(self, url: str, token: TokenFile, timeout: float) -> None:
        self._url = url
        self._token = token
        self._timeout = timeout
        self._session = requests.Session()
        # Neither a proxy nor a netrc of the environment may see the token.
        self._session.trust_env = False
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def search(
        self, body: dict[str, Any], timeout: float | None = None, request_id: str | None = None
    ) -> list[dict[str, Any]]:
        """The workflows that fit, best first."""
        response = self._request("POST", "/api/v1/workflows/search", body, timeout, request_id)
        workflows = _object(response).get("workflows")
        if not isinstance(workflows, list):
            raise DataStorageError("the search answer holds no workflows")
        return workflows

    def workflow(
        self, workflow_id: str, timeout: float | None = None, request_id: str | None = None
    ) -> dict[str, Any] | None:
        """A workflow; None when there is none with this id."""
        path = f"/api/v1/workflows/{quote(workflow_id, safe='')}"
        response = self._request("GET", path, None, timeout, request_id)
        # A malformed id is as unknown as a missing one.
        return None if response.status_code in UNKNOWN else _object(response)

    def store_events(self, events: list[Event]) -> Sequence[str | None]:
        """For each event why it was refused; see `outbox.delivery` for the other ends."""
        try:
            response = self._request("POST", "/api/v1/audit/events/batch", events)
            if response.ok:
                return _refusals(_object(response), len(events))
        except DataStorageError as error:
            raise UnavailableError(str(error)) from error
        reason = f"status {response.status_code}: {_detail(response)}"
        # Only a problem document is DataStorage's own word; a proxy's page is not.
        problem = "problem+json" in response.headers.get("content-type", "")
        if response.status_code in REFUSED and problem:
            raise RefusedError(reason)
        raise UnavailableError(
            reason,
            retry_after=_retry_after(response),
            needs_attention=400 <= response.status_code < 500
            and response.status_code not in (408, 425, 429),
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _request(
        self,
        method: str,
        path: str,
        body: Any,
        timeout: float | None = None,
        request_id: str | None = None,
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token.read()}"}
        if request_id:
            headers["X-Request-ID"] = request_id
        try:
            return self._session.request(
                method,
                self._url + path,
                json=body,
                timeout=min(self._timeout, timeout or self._timeout),
                headers=headers,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            raise DataStorageError(f"{method} {path}: {type(error).__name__}") from error


def _object(response: requests.Response) -> dict[str, Any]:
    request = response.request
    where = f"{request.method} {request.path_url}"
    if not response.ok:
        raise DataStorageError(f"{where}: status {response.status_code}")
    try:
        answer = response.json()
    except ValueError as error:
        raise DataStorageError(f"{where}: the answer is not valid JSON") from error
    if not isinstance(answer, dict):
        raise DataStorageError(f"{where}: the answer is not an object")
    return answer


def _refusals(answer: dict[str, Any], expected: int) -> list[str | None]:
    """One entry for each item; an answer that does not cover them all proves nothing."""
    results = answer.get("results")
    if not isinstance(results, list) or len(results) != expected:
        raise DataStorageError(f"the batch answer does not have {expected} results")
    return [_refusal(item) for item in results]


def _refusal(item: Any) -> str | None:
    outcome = item.get("outcome") if isinstance(item, dict) else None
    if outcome in DONE:
        return None
    if outcome in ("refused", "conflict"):
        return f"{outcome}: {item.get('reason') or 'no reason given'}"
    raise DataStorageError(f"the batch answer has the unknown outcome {outcome!r}")


def _detail(response: requests.Response) -> str:
    try:
        return str(_dictionary(response).get("detail") or response.reason)
    except ValueError:
        return str(response.reason)


def _dictionary(response: requests.Response) -> dict[str, Any]:
    answer = response.json()
    return answer if isinstance(answer, dict) else {}


def _retry_after(response: requests.Response) -> float:
    text = response.headers.get("retry-after", "")
    return min(LONGEST_RETRY_AFTER, float(text)) if text.isdecimal() else 0


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "is not text"
