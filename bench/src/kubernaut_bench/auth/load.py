"""Sends requests over kept connections as fast as answers come, and measures each."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kubernaut_bench.auth.services import Service
from kubernaut_bench.stack import BenchError

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter, Callable[[], bytes]]


@dataclass
class Sample:
    """Requests against one service; samples can be added up."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list, repr=False)

    def add(self, other: "Sample") -> None:
        """Take another sample of the same service in."""
        self.seconds += other.seconds
        self.cpu_seconds += other.cpu_seconds
        self.latencies += other.latencies

    @property
    def requests(self) -> int:
        """How many were answered."""
        return len(self.latencies)

    @property
    def cpu_us(self) -> float:
        """CPU of the service for each request."""
        return self.cpu_seconds / self.requests * 1e6


def request(path: str, token: str, method: str = "GET") -> bytes:
    """A request as it goes over the wire."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: datastorage",
        "Accept: application/json",
        f"Authorization: Bearer {token}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def fixed(content: bytes) -> Callable[[], bytes]:
    """The same request each time."""
    return lambda: content


class Load:
    """Open connections to one service, each with its own maker of requests."""

    def __init__(self, service: Service, connections: list[Connection], wanted: int) -> None:
        self._service = service
        self._connections = connections
        self._wanted = wanted

    @classmethod
    async def open(
        cls, service: Service, makers: Sequence[Callable[[], bytes]], wanted: int
    ) -> "Load":
        """Connect; every answer must have the status `wanted`."""
        opened = [await asyncio.open_connection("127.0.0.1", service.port) for _ in makers]
        connections = [(*pair, make) for pair, make in zip(opened, makers, strict=True)]
        return cls(service, connections, wanted)

    async def send(self, total: int) -> Sample:
        """Send so many requests. Raises BenchError when a status is another one."""
        left, latencies, statuses = iter(range(total)), list[float](), Counter[int]()
        cpu, begun = self._service.cpu_seconds(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for connection in self._connections:
                group.create_task(_exchange(connection, left, latencies, statuses))
        seconds = time.perf_counter() - begun
        if set(statuses) != {self._wanted}:
            raise BenchError(f"{self._service.name} answered {statuses}, wanted {self._wanted}")
        return Sample(seconds, self._service.cpu_seconds() - cpu, latencies)

    async def choose(self, variant: str) -> None:
        """Have the following requests served by a variant."""
        reader, writer, _ = self._connections[0]
        writer.write(request(f"/bench/{variant}", "none", "POST"))
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != 200:
            raise BenchError(f"{self._service.name} has no variant {variant}")

    async def aclose(self) -> None:
        """Close the connections."""
        for _, writer, _ in self._connections:
            writer.close()
            await writer.wait_closed()


async def _exchange(
    connection: Connection,
    left: Iterator[int],
    latencies: list[float],
    statuses: Counter[int],
) -> None:
    reader, writer, make = connection
    for _ in left:
        sent = time.perf_counter()
        writer.write(make())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        latencies.append(time.perf_counter() - sent)
        statuses[int(head[9:12])] += 1


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise BenchError("an answer has no Content-Length")
