"""HAPI as a process of its own, with an engine and a reviewer that need nothing else."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

SERVE = Path(__file__).with_name("serve.py")


class Service:
    """HAPI in a process of its own."""

    def __init__(self, environment: dict[str, str], answer: str) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 # it lives as long as the service
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.process = subprocess.Popen(
                [sys.executable, SERVE, answer, str(listener.fileno())],
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
