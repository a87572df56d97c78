"""HAPI as a process of its own, with an engine and a reviewer that need nothing else."""

import os
import socket
import subprocess
import sys
import tempfile

import requests

# The real application with an engine that answers at once and a reviewer that knows everyone.
SCRIPT = """
import sys
import tempfile
from holmesgpt_api.app import create_app
from holmesgpt_api.engine import EngineResult
from holmesgpt_api.settings import Settings
from kube_auth import Identity
from service_base.main import run

class Engine:
    def load(self): pass
    def investigate(self, investigation):
        return EngineResult(sys.argv[1], list(investigation.messages), [], 1, 1)

class Reviewer:
    async def review_token(self, token):
        return Identity("client", "1", (), {}) if token == "good" else None
    async def review_access(self, identity, attributes): return True
    async def aclose(self): pass
    def not_ready(self): return None

run("hapi", Settings, lambda s: create_app(s, engine=Engine(), reviewer=Reviewer()),
    lambda s: s.port, ["--fd", sys.argv[2]])
"""


class Service:
    """HAPI in a process of its own."""

    def __init__(self, environment: dict[str, str], answer: str) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 # ended() closes it
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT, answer, str(listener.fileno())],
                env={**os.environ, **environment},
                pass_fds=[listener.fileno()],
                # A file: a pipe that nobody reads would hold the service up.
                stderr=self._said,
            )

    def end(self, number: int) -> str:
        """Send a signal, and give what the process said."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> str:
        """Wait for the end, and give what the process said."""
        self.process.wait(60)
        with self._said:
            self._said.seek(0)
            return self._said.read().decode()

    def wait_until_up(self) -> bool:
        """The listener is inherited, so a first request waits for the service."""
        return requests.get(f"{self.url}/health", timeout=60).status_code == 200
