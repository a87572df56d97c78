"""run: what it makes of its arguments."""

import asyncio
import os
import socket

from service_base.main import inherited


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
