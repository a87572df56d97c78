"""run: what it makes of its arguments."""

import os
import socket
from typing import Any

import pytest
import uvicorn
from pydantic_settings import BaseSettings
from service_base.main import inherited, run


def test_an_inherited_socket_has_its_real_family_and_protocol() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        inherited(os.dup(listener.fileno())) as found,
    ):
        assert (found.family, found.type) == (socket.AF_INET, socket.SOCK_STREAM)
        assert found.proto == socket.IPPROTO_TCP
        assert found.getsockname() == listener.getsockname()


@pytest.mark.parametrize(("options", "seconds"), [({}, 2), ({"drain_seconds": 0}, 0)])
def test_requests_under_way_have_some_time_to_be_answered(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], seconds: int
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


def test_an_error_of_the_services_own_ends_it_with_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def create_app(_: BaseSettings) -> Any:
        raise LookupError("FILE: is not there")

    with pytest.raises(SystemExit) as ended:
        run("service", BaseSettings, create_app, lambda _: 0, [], start_errors=(LookupError,))

    assert ended.value.code == 2
    assert capsys.readouterr().err == "FILE: is not there\n"
