"""uvicorn's HTTP/1.1, and what it leaves open: how a connection is written to and read from."""

import asyncio
import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service_base.problems import problem_body

HEAD_SECONDS, BODY_SECONDS = 10.0, 30.0
ENDED = (h11.CLOSED, h11.MUST_CLOSE, h11.ERROR)


class Protocol(H11Protocol):
    """One connection.

    A request's head has HEAD_SECONDS from the connection or the first byte on, its body
    BODY_SECONDS more, however slowly they come. A request with two framings is refused,
    and what follows it is not read.
    """

    _deadline: asyncio.TimerHandle | None = None
    _waits_for: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        limit = self.config.h11_max_incomplete_event_size
        self.conn = _OneFraming(h11.SERVER) if limit is None else _OneFraming(h11.SERVER, limit)

    def connection_made(  # type: ignore[override] # as uvicorn narrows it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin."""
        super().connection_made(transport)
        _send_at_once(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._unwatch()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, unless its answer has begun, and read no more."""
        self._refuse(400, "bad-request", "Bad Request", msg)

    def _watch(self) -> None:
        """Give what the client owes now its time; going on with it gives no more."""
        owed = self.conn.their_state
        if owed is self._waits_for:
            return
        self._unwatch()
        self._waits_for = owed
        if owed is h11.IDLE:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._late)
        elif owed is h11.SEND_BODY:
            self._deadline = self.loop.call_later(BODY_SECONDS, self._late)

    def _unwatch(self) -> None:
        self._waits_for = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            # Nothing was asked, so that nothing is answered.
            self.transport.close()
            return
        detail = "the request did not arrive in time"
        self._refuse(408, "request-timeout", "Request Timeout", detail)

    def _refuse(self, status: int, slug: str, title: str, detail: str) -> None:
        self._unwatch()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            if self.cycle is not None and not self.cycle.response_complete:
                # The application, if it runs, is told that there is nobody any more.
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            content = json.dumps(problem_body(status, slug, title, detail)).encode()
            headers = [
                ("Content-Type", "application/problem+json"),
                ("Content-Length", str(len(content))),
                ("Connection", "close"),
            ]
            self._write(
                h11.Response(status_code=status, headers=headers, reason=title.encode()),
                h11.Data(data=content),
                h11.EndOfMessage(),
            )
        self.transport.close()

    def _write(self, *events: h11.Event) -> None:
        for event in events:
            self.transport.write(self.conn.send(event) or b"")


class _OneFraming(h11.Connection):
    """Takes no request that says its length in two ways.

    h11 goes by Transfer-Encoding then; a proxy that went by Content-Length would see
    another request in what follows (RFC 9112, 6.1).
    """

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request) and _has_two_framings(event.headers):
            raise h11.RemoteProtocolError("Content-Length with Transfer-Encoding")
        return event


def _has_two_framings(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    names = {name for name, _ in headers}
    return b"transfer-encoding" in names and b"content-length" in names


def _send_at_once(transport: asyncio.Transport) -> None:
    """Set TCP_NODELAY, else each answer of two writes waits 40 ms for an acknowledgement.

    asyncio sets it for sockets whose protocol is TCP only; Go's listeners are of MPTCP.
    """
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    # A connection that its client has left already has no options.
    with suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
