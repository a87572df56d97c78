"""uvicorn's HTTP/1.1, and what it leaves open: how a connection is written to and read from."""

import asyncio
import socket
from contextlib import suppress

from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """One connection."""

    def connection_made(  # type: ignore[override] # as uvicorn narrows it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin."""
        super().connection_made(transport)
        _send_at_once(transport)


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
