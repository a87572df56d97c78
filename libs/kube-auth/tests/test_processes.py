"""A service of two processes: what each keeps for itself, and what holds for both."""

import asyncio
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

WORKER = Path(__file__).with_name("worker.py")
YES_TTL = 1


@contextmanager
def two_workers(kubeconfig: Path) -> Iterator[str]:
    """Two processes on one listening socket; gives the URL."""
    settings = {"KUBECONFIG": str(kubeconfig), "KUBE_AUTH_YES_TTL_SECONDS": str(YES_TTL)}
    with ExitStack() as undo:
        listener = undo.enter_context(socket.create_server(("127.0.0.1", 0)))
        for _ in range(2):
            worker = subprocess.Popen(
                [sys.executable, WORKER, str(listener.fileno())],
                env=os.environ | settings,
                pass_fds=[listener.fileno()],
            )
            undo.callback(worker.wait)
            undo.callback(worker.kill)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x"


async def ask(url: str) -> tuple[str, int]:
    """The worker that took a new connection, and its answer."""
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.get(url, headers={"Authorization": "Bearer t"})
    return answer.headers["x-worker"], answer.status_code


async def until_both(url: str, status: int) -> None:
    """Ask until each worker has answered so."""
    seen: set[str] = set()
    async with asyncio.timeout(60):
        while len(seen) < 2:
            seen |= {worker for worker, found in await burst(url) if found == status}


async def burst(url: str) -> list[tuple[str, int]]:
    """Several at once, so that one worker alone does not take them all."""
    return await asyncio.gather(*(ask(url) for _ in range(8)))


def test_each_process_reviews_for_itself_and_none_trusts_beyond_the_ttl(api: Any) -> None:
    async def scenario() -> tuple[int, Counter[int]]:
        async with api:
            with two_workers(api.kubeconfig) as url:
                await until_both(url, 200)
                tokens = [one for one in api.requests if one[1]["kind"] == "TokenReview"]
                clock = asyncio.get_running_loop().time
                api.token = {"authenticated": False}
                revoked = clock()
                await until_both(url, 401)
                # By now the last yes has ended in both, whichever said no first.
                while clock() - revoked < YES_TTL:
                    await burst(url)
                afterwards = Counter(status for _, status in await burst(url))
        return len(tokens), afterwards

    reviews, afterwards = asyncio.run(scenario())

    assert reviews >= 2
    assert afterwards == {401: 8}
