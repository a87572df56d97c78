"""run: what it makes of its arguments."""

import asyncio
import os
import socket
from typing import Any

import pytest
import uvicorn
from pydantic_settings import BaseSettings
from service_base.main import inherited, run


def test_connections_of_an_inherited_socket_do_not_wait_for_acknowledgements() -> None:
    async def scenario() -> int:
        accepted: asyncio.Queue[int] = asyncio.Queue()

        def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection: socket.socket = writer.get_extra_info("socket")
            accepted.put_nowait(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with socket.create_server(("127.0.0.1", 0)) as listener:
            listening = inherited(os.dup(listener.fileno()))
            server = await asyncio.start_server(on_connection, sock=listening)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            no_delay = await accepted.get()
            server.close()
            await server.wait_closed()
        return no_delay

    assert asyncio.run(scenario()) == 1


@pytest.mark.parametrize(("options", "seconds"), [({}, 2), ({"drain_seconds": 0}, 0)])
def test_requests_under_way_have_some_time_to_be_answered(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, int], seconds: int
) -> None:
    configured: list[uvicorn.Config] = []
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def serve(server: uvicorn.Server, **_: Any) -> None:
        configured.append(server.config)
        server.started = True

    monkeypatch.setattr("uvicorn.Server.run", serve)

    with pytest.raises(SystemExit) as ended:
        run("service", BaseSettings, lambda _: None, lambda _: 0, [], **options)

    assert ended.value.code == 0
    assert [config.timeout_graceful_shutdown for config in configured] == [seconds]
