"""The command line of a service: settings, logs, then uvicorn on a port or descriptor."""

import argparse
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import uvicorn
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from service_base.errors import StartError
from service_base.logs import configure_logs
from service_base.protocol import Protocol

S = TypeVar("S", bound=BaseSettings)


def read_settings(settings_class: type[S]) -> S:
    """Settings from the environment; exits with 2 and names each wrong variable."""
    try:
        return settings_class()
    except ValidationError as error:
        for item in error.errors():
            name = ".".join(str(part) for part in item["loc"])
            sys.stderr.write(f"{name}: {item['msg']}\n")
        raise SystemExit(2) from None


def inherited(descriptor: int) -> socket.socket:
    """The listening socket behind a descriptor, with its real family and protocol.

    uvicorn takes every descriptor for a Unix socket.
    """
    return socket.socket(fileno=descriptor)


def run(
    name: str,
    settings_class: type[S],
    create_app: Callable[[S], Any],
    port: Callable[[S], int],
    arguments: list[str] | None = None,
    *,
    drain_seconds: int = 2,
    start_errors: tuple[type[Exception], ...] = (),
) -> None:
    """Parse arguments, read settings, and serve until SIGINT or SIGTERM.

    Requests under way then have `drain_seconds` to be answered. An error of
    `start_errors` ends the service as StartError does: its text and exit code 2.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("--host", default="127.0.0.1", help="address (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port (default: from the environment)")
    parser.add_argument("--fd", type=int, help="inherited listening socket, instead of a port")
    options = parser.parse_args(arguments)
    settings = read_settings(settings_class)
    ending: tuple[type[Exception], ...] = (StartError, *start_errors)
    configure_logs(getattr(settings, "log_level", "info"))
    try:
        app = create_app(settings)
    except ending as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port if options.port is not None else port(settings),
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=drain_seconds,
    )
    server = uvicorn.Server(config)
    # uvicorn stops gracefully and then raises the signal again for whoever had
    # it before; ending on request is success, so that is nobody.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server.run(sockets=None if options.fd is None else [inherited(options.fd)])
    raise SystemExit(0 if server.started else 3)
