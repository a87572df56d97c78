"""Good callers beside clients that send random tokens as fast as they are answered."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from kubernaut_bench.auth.load import Load, fixed, request
from kubernaut_bench.auth.memory import random_token
from kubernaut_bench.auth.services import Service
from kubernaut_bench.auth.variants import COLD, UNPACED, WARM

FLOODERS, CALLERS, REQUESTS, WARM_UP = 256, 4, 200, 40
VARIANTS = {"every refusal at once": UNPACED, "as shipped": WARM}


async def beside_flooders(
    service: Service, path: str, tokens: Sequence[str]
) -> list[dict[str, Any]]:
    """What good callers wait alone, then beside flooders, with and without pacing."""
    makers = [fixed(request(path, token)) for token in tokens[:CALLERS]]
    async with opened(service, makers) as load:
        await load.choose(WARM)
        await load.send(WARM_UP)
        rows = [_row("nobody beside them", await load.send(REQUESTS), 0)]
    for name, variant in VARIANTS.items():
        async with opened(service, makers) as load:
            await load.choose(variant)
            # The callers are known before the flood begins.
            await load.send(WARM_UP)
        with flooders(service.port, path) as flood:
            await asyncio.to_thread(flood.wait_until_all_were_answered)
            # Only now: the service closes connections that rest for long.
            async with opened(service, makers) as load:
                await load.send(WARM_UP)
                before = flood.answered()
                sample = await load.send(REQUESTS)
                rate = (flood.answered() - before) / sample.seconds
        rows.append(_row(name, sample, round(rate)))
    async with opened(service, makers) as load:
        await load.choose(COLD)
    return rows


@asynccontextmanager
async def opened(service: Service, makers: Sequence[Callable[[], bytes]]) -> AsyncIterator[Load]:
    """Connections of the good callers, all of whose answers must be 200."""
    load = await Load.open(service, makers, wanted=200)
    yield load
    await load.aclose()


def _row(name: str, sample: Any, refused: int) -> dict[str, Any]:
    ordered = sorted(sample.latencies)
    return {
        "where": name,
        "flooders": FLOODERS if name in VARIANTS else 0,
        "refusals_per_second": refused,
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
    }


class Flood:
    """A process with the flooding clients, which tells how many answers it had."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def answered(self) -> int:
        """Answers so far."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def wait_until_all_were_answered(self) -> None:
        """Until the flood is under way."""
        while self.answered() < 2 * FLOODERS:
            time.sleep(0.1)


@contextmanager
def flooders(port: int, path: str) -> Iterator[Flood]:
    """Clients of a process of their own, so that they do not slow the callers' one."""
    command = [sys.executable, "-m", "kubernaut_bench.auth.fairness", str(port), path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Flood(process)
        finally:
            process.send_signal(signal.SIGKILL)


async def _flood(port: int, path: str) -> None:
    answered = 0

    async def one() -> None:
        nonlocal answered
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                while True:
                    writer.write(request(path, random_token()))
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
                    await reader.readexactly(int(length))
                    answered += 1

    clients = [asyncio.create_task(one()) for _ in range(FLOODERS)]
    while await asyncio.to_thread(sys.stdin.readline):
        os.write(1, f"{answered}\n".encode())
    for client in clients:
        client.cancel()


if __name__ == "__main__":
    asyncio.run(_flood(int(sys.argv[1]), sys.argv[2]))
