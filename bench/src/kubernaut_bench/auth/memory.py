"""Memory under a flood of tokens that nobody knows."""

import asyncio
import base64
import gc
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from kube_auth import AuthSettings, KubeReviewer

from kubernaut_bench.auth.load import Load, request
from kubernaut_bench.auth.services import Service

# What the allocator may keep beyond a full cache; a leak of 100 bytes a token is far above it.
SLACK_KIB = 8 * 1024


def random_token() -> str:
    """A token of a real one's size and form that nobody signed."""
    header = encoded({"alg": "RS256", "kid": secrets.token_urlsafe(32)})
    claims = encoded({"aud": ["kubernaut"], "jti": secrets.token_hex(16), "x": "x" * 420})
    return f"{header}.{claims}.{secrets.token_urlsafe(256)}"


def encoded(part: Mapping[str, Any]) -> str:
    """A part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def flood_service(
    service: Service, path: str, total: int, connections: int
) -> dict[str, Any]:
    """Random tokens against a running service and the real API server behind it."""
    makers: list[Callable[[], bytes]] = [lambda: request(path, random_token())] * connections
    load = await Load.open(service, makers, wanted=401)
    # Buffers and pools reach their size first.
    await load.send(total // 10)
    before = service.memory_kib()
    await load.send(total)
    after = service.memory_kib()
    await load.aclose()
    return verdict("real API server", total, before, after)


def flood_reviewer(total: int) -> dict[str, Any]:
    """Random tokens against a reviewer alone, in a process of its own."""
    command = [sys.executable, "-m", "kubernaut_bench.auth.memory", str(total)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def verdict(where: str, total: int, before: int, after: int) -> dict[str, Any]:
    """The row of one flood."""
    flat = after - before <= SLACK_KIB
    return {"where": where, "tokens": total, "before_kib": before, "after_kib": after, "flat": flat}


class RefusingClient:
    """Says no at once and without doubt: the answer that is kept."""

    async def create(self, _path: str, _body: Mapping[str, Any]) -> dict[str, Any]:
        """A definite no."""
        return {"status": {"authenticated": False}}

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        """Never."""
        return None


async def _flood(total: int) -> dict[str, Any]:
    settings = AuthSettings.model_validate({"KUBE_AUTH_NO_TTL_SECONDS": 600})
    reviewer = KubeReviewer(RefusingClient(), settings)
    for _ in range(3 * settings.max_cached):
        await reviewer.review_token(secrets.token_urlsafe(600))
    before = _own_memory_kib()
    for _ in range(total):
        await reviewer.review_token(secrets.token_urlsafe(600))
    return verdict("fake reviewer", total, before, _own_memory_kib())


def _own_memory_kib() -> int:
    gc.collect()
    return Service("this process", 0, os.getpid()).memory_kib()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_flood(int(sys.argv[1])))))  # noqa: T201 # the hand-over
