"""Client of the DataStorage service."""

import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

CONNECTIONS = 32


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
        except OSError as error:
            raise DataStorageError(f"token file: {error.strerror}") from error


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

    def search(self, body: dict[str, Any], timeout: float | None = None) -> list[dict[str, Any]]:
        """The workflows that fit, best first."""
        answer = self._json("POST", "/api/v1/workflows/search", body, timeout)
        workflows = answer.get("workflows") if answer else None
        if not isinstance(workflows, list):
            raise DataStorageError("the search answer holds no workflows")
        return workflows

    def workflow(self, workflow_id: str, timeout: float | None = None) -> dict[str, Any] | None:
        """A workflow; None when there is none with this id."""
        path = f"/api/v1/workflows/{quote(workflow_id, safe='')}"
        return self._json("GET", path, None, timeout)

    def store_event(self, event: dict[str, Any]) -> None:
        """Store one audit event."""
        self._json("POST", "/api/v1/audit/events", event, None)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _json(
        self, method: str, path: str, body: dict[str, Any] | None, timeout: float | None
    ) -> dict[str, Any] | None:
        seconds = min(self._timeout, timeout or self._timeout)
        try:
            response = self._session.request(
                method,
                self._url + path,
                json=body,
                timeout=seconds,
                headers={"Authorization": f"Bearer {self._token.read()}"},
                allow_redirects=False,
            )
            # A malformed id is as unknown as a missing one.
            if method == "GET" and response.status_code in (
                HTTPStatus.NOT_FOUND,
                HTTPStatus.BAD_REQUEST,
            ):
                return None
            if not response.ok:
                raise DataStorageError(f"{method} {path}: status {response.status_code}")
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise DataStorageError(f"{method} {path}: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise DataStorageError(f"{method} {path}: the answer is no object")
        return answer
