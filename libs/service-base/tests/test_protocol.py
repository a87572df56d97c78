"""Protocol: connections as clients have them."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from service_base.main import inherited
from service_base.protocol import Protocol

MPTCP = 262


async def app(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(listener: socket.socket) -> AsyncIterator[uvicorn.Server]:
    """A server on a descriptor as a service inherits it."""
    config = uvicorn.Config(app, http=Protocol, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([inherited(os.dup(listener.fileno()))]))
    try:
        yield server
    finally:
        server.should_exit = True
        await running


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"GET / HTTP/1.1\r\nHost: s\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(2)


def listening(protocol: int) -> socket.socket:
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    except OSError:
        pytest.skip("this kernel has no MPTCP")
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@pytest.mark.parametrize("protocol", [socket.IPPROTO_TCP, MPTCP], ids=["tcp", "mptcp"])
def test_answers_over_a_kept_connection_do_not_wait_for_acknowledgements(protocol: int) -> None:
    async def scenario(listener: socket.socket) -> tuple[list[bytes], list[int], float]:
        async with serving(listener) as server:
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            clock = asyncio.get_running_loop().time
            answers, fastest = [], 1.0
            for number in range(30):
                begun = clock()
                answers.append(await ask(reader, writer))
                # The kernel acknowledges the first ones of a connection at once.
                if number >= 20:
                    fastest = min(fastest, clock() - begun)
            options = [
                kept.transport.get_extra_info("socket").getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY
                )
                for kept in server.server_state.connections
            ]
            writer.close()
        return answers, options, fastest

    with listening(protocol) as listener:
        assert listener.proto == protocol
        answers, options, fastest = asyncio.run(scenario(listener))

    assert answers == [b"ok"] * 30
    assert options == [1]
    assert fastest < 0.035
