"""The parts of the comparison: DataStorage in several variants, and callers of it."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kubernaut_bench.stack import ROOT, STOP_SECONDS, BenchError, HandOver, assets

READY_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """A running variant of DataStorage."""

    name: str
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the process; the kernel's clock of it has nanoseconds."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory_kib(self) -> int:
        """Resident memory, as the kernel counts it now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise BenchError(f"{self.name} has ended")


def environment_of(pid: int) -> dict[str, str]:
    """The environment that a process was started with: how it reaches database and API server."""
    entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    pairs = (entry.decode().partition("=") for entry in entries if entry)
    return {name: value for name, _, value in pairs}


@contextmanager
def service(
    name: str, module: str, environment: Mapping[str, str], log: Path, **settings: str
) -> Iterator[Service]:
    """A variant on a port from the kernel, until the block ends."""
    with ExitStack() as undo:
        listener = undo.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        port, descriptor = int(listener.getsockname()[1]), listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--fd", str(descriptor)],
            cwd=ROOT,
            env={**environment, **settings},
            pass_fds=[descriptor],
            stderr=undo.enter_context(log.open("wb")),
        )
        try:
            wait_ready(process, port, log)
            yield Service(name, port, process.pid)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def wait_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until the service says that it is ready."""
    deadline, reason = time.monotonic() + READY_SECONDS, "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchError(f"a service ended with code {process.returncode}; see {log}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except (OSError, urllib.error.HTTPError) as error:
            reason = str(error)
        time.sleep(0.1)
    raise BenchError(f"a service was not ready in {READY_SECONDS} s: {reason}; see {log}")


def tokens(handover: HandOver, count: int) -> list[str]:
    """As many different tokens of the same caller."""
    command = [
        str(assets() / "kubectl"),
        f"--kubeconfig={handover['kubeconfig']}",
        f"--namespace={handover['namespace']}",
        "create",
        "token",
        "holmesgpt-api-e2e-sa",
        "--audience=kubernaut",
    ]
    made = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(count)
    ]
    if len(set(made)) != count:
        raise BenchError("the API server gave the same token twice")
    return made
