"""The way to PostgreSQL is encrypted, and to the right server, when DATABASE_URL says so.

The PostgreSQL of the tests is built without TLS, so the other end is a listener that
speaks the protocol until it knows who the client is.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from psycopg.conninfo import make_conninfo
from starlette.testclient import TestClient

from .conftest import AUTHORIZED, app_for, until_ready
from .samples import event

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
REFUSED = b"SFATAL\0C28000\0Mknown\0\0"


class Listener:
    """Takes connections, encrypted if it has a certificate, and notes what begins them."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked = 0
        self.in_clear: list[bytes] = []
        self.encrypted: list[bytes] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Take no more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # A client that does not trust us leaves in the middle of it.
            with connection, contextlib.suppress(OSError):
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        first = connection.recv(8, socket.MSG_WAITALL)
        if first != SSL_REQUEST:
            self.in_clear.append(first)
            return
        self.asked += 1
        connection.sendall(b"S" if self._tls else b"N")
        if self._tls is None:
            if rest := connection.recv(8):
                self.in_clear.append(rest)
            return
        with self._tls.wrap_socket(connection, server_side=True) as inside:
            if said := inside.recv(4096):
                self.encrypted.append(said)
            inside.sendall(b"E" + struct.pack("!i", 4 + len(REFUSED)) + REFUSED)


@contextmanager
def listening(authority: trustme.CA | None) -> Iterator[Listener]:
    """A listener whose certificate this authority signed."""
    tls = None
    if authority is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(tls)
    listener = Listener(tls)
    try:
        yield listener
    finally:
        listener.close()


def url_of(listener: Listener, roots: Path, host: str = "localhost") -> str:
    """As docs/reference/environment.md tells to write it."""
    return make_conninfo(
        host=host,
        hostaddr="127.0.0.1",
        port=listener.port,
        user="storage",
        password="secret",
        dbname="kubernaut",
        sslmode="verify-full",
        sslrootcert=str(roots),
    )


@pytest.fixture
def authority() -> trustme.CA:
    """Whom DATABASE_URL trusts."""
    return trustme.CA()


@pytest.fixture
def roots(authority: trustme.CA, tmp_path: Path) -> Path:
    """Its file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_the_right_server_is_told_who_asks_in_secret(authority: trustme.CA, roots: Path) -> None:
    with listening(authority) as listener, TestClient(app_for(url_of(listener, roots))):
        until_ready(lambda: listener.encrypted)

    assert b"storage" in listener.encrypted[0]
    assert listener.in_clear == []


@pytest.mark.parametrize("case", ["another authority", "another name", "no TLS"])
def test_another_server_is_told_nothing(authority: trustme.CA, roots: Path, case: str) -> None:
    signer = {"another authority": trustme.CA(), "no TLS": None}.get(case, authority)
    host = "database.example" if case == "another name" else "localhost"

    with listening(signer) as listener:
        app = app_for(url_of(listener, roots, host))
        with TestClient(app, headers=AUTHORIZED) as client:
            until_ready(lambda: listener.asked >= 2)
            assert client.get("/health/ready").status_code == 503
            assert client.post("/api/v1/audit/events", json=event()).status_code == 503

    assert (listener.encrypted, listener.in_clear) == ([], [])
