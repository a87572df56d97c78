"""What the middleware alone costs one request, in process and without a server."""

import asyncio
import statistics
import time
from collections.abc import Mapping
from typing import Any

from kube_auth import AuthSettings, KubeAuthMiddleware, KubeReviewer, load_authorization

from kubernaut_bench.stack import ROOT

REQUESTS = 5_000
AUTHORIZATION = load_authorization(ROOT / "api" / "datastorage.yaml", "ns")
PATH = "/api/v1/workflows/8c4f5b8e-8ab8-4e41-a1b0-54a28a1e5d4b"
USER = {
    "username": "system:serviceaccount:holmesgpt-api-e2e:holmesgpt-api-e2e-sa",
    "uid": "8c4f5b8e-8ab8-4e41-a1b0-54a28a1e5d4b",
    "groups": [
        "system:serviceaccounts",
        "system:serviceaccounts:holmesgpt-api-e2e",
        "system:authenticated",
    ],
    "extra": {"authentication.kubernetes.io/credential-id": ["JTI=8c4f5b8e"]},
}
HEADERS = [
    (b"host", b"datastorage"),
    (b"accept", b"application/json"),
    (b"accept-encoding", b"gzip"),
    (b"user-agent", b"python-requests/2.32.5"),
    (b"connection", b"keep-alive"),
    (b"authorization", b"Bearer " + b"x" * 1100),
]


class InstantClient:
    """Answers each review at once: yes to everything."""

    async def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body with a status."""
        if path.endswith("tokenreviews"):
            audiences = body["spec"]["audiences"]
            return {"status": {"authenticated": True, "user": USER, "audiences": audiences}}
        return {"status": {"allowed": True}}

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        """Never."""
        return None


async def application(_scope: Any, _receive: Any, _send: Any) -> None:
    """Nothing, so that what is measured is what stands before it."""


def microseconds(rounds: int) -> dict[str, float]:
    """CPU of the middleware for each request: median of rounds, with a warm cache and without."""
    settings = AuthSettings.model_validate({})
    without = AuthSettings.model_validate(
        {"KUBE_AUTH_YES_TTL_SECONDS": 0, "KUBE_AUTH_NO_TTL_SECONDS": 0}
    )
    taken: dict[str, list[float]] = {"nothing": [], "warm": [], "exempt": [], "review": []}
    for _ in range(rounds):
        taken["nothing"].append(asyncio.run(_bare()))
        taken["warm"].append(asyncio.run(_guarded(settings, PATH)))
        taken["exempt"].append(asyncio.run(_guarded(settings, "/health")))
        taken["review"].append(asyncio.run(_guarded(without, PATH)))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    base = medians.pop("nothing")
    return {name: round(value - base, 2) for name, value in medians.items()}


async def _bare() -> float:
    return await _time(application, PATH)


async def _guarded(settings: AuthSettings, path: str) -> float:
    reviewer = KubeReviewer(InstantClient(), settings)
    app = KubeAuthMiddleware(application, reviewer=reviewer, authorization=AUTHORIZATION)
    return await _time(app, path)


async def _time(app: Any, path: str) -> float:
    begun = time.process_time()
    for _ in range(REQUESTS):
        scope = {"type": "http", "method": "GET", "path": path, "headers": HEADERS, "state": {}}
        await app(scope, None, None)
    return (time.process_time() - begun) / REQUESTS * 1e6
