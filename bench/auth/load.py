"""Sends requests over kept connections as fast as answers come, and measures each."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.auth.services import BenchError, Service


@dataclass
class Sample:
    """One round of requests against one service."""

    seconds: float
    cpu_seconds: float
    latencies: list[float] = field(repr=False)
    statuses: dict[int, int]

    @property
    def requests(self) -> int:
        """How many were answered."""
        return len(self.latencies)


def request(path: str, token: str | None) -> bytes:
    """A GET as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: datastorage", "Accept: application/json"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode()


def measure(
    service: Service, requests: Sequence[Callable[[], bytes]], total: int, wanted: int
) -> Sample:
    """Send `total` requests, one connection for each maker of requests.

    Raises BenchError when an answer has another status than `wanted`.
    """
    sample = asyncio.run(_measure(service, requests, total))
    if set(sample.statuses) != {wanted}:
        raise BenchError(f"{service.name} answered {sample.statuses}, not {wanted} only")
    return sample


async def _measure(service: Service, requests: Sequence[Callable[[], bytes]], total: int) -> Sample:
    left = iter(range(total))
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    cpu, begun = service.cpu_seconds(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for make in requests:
            group.create_task(_connection(service.port, make, left, latencies, statuses))
    seconds = time.perf_counter() - begun
    return Sample(seconds, service.cpu_seconds() - cpu, latencies, statuses)


async def _connection(
    port: int,
    make: Callable[[], bytes],
    left: Iterator[int],
    latencies: list[float],
    statuses: dict[int, int],
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in left:
        sent = time.perf_counter()
        writer.write(make())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        latencies.append(time.perf_counter() - sent)
        status = int(head[9:12])
        statuses[status] = statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise BenchError("an answer has no Content-Length")
