"""configure_logs: one JSON object a line, whoever logs."""

import json
import logging
from typing import Any

import pytest
import structlog
from service_base.logs import configure_logs


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_what_a_library_of_ours_logs_keeps_its_fields(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")

    logging.getLogger("kube_auth").info("decided", extra={"allowed": True, "username": "u"})
    structlog.get_logger("other").info("decided", allowed=True, username="u")

    one, other = lines(capfd)
    assert one.keys() == other.keys()
    assert (one["event"], one["level"], one["username"]) == ("decided", "info", "u")
    assert one["allowed"] is True


def test_other_libraries_are_heard_from_warnings_on(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("debug")

    logging.getLogger("someone").info("chatter")
    logging.getLogger("someone").warning("%d %s", 2, "things")

    assert [line["event"] for line in lines(capfd)] == ["2 things"]


@pytest.mark.parametrize(("level", "heard"), [("debug", 1), ("info", 0)])
def test_the_level_holds_for_libraries_of_ours(
    capfd: pytest.CaptureFixture[str], level: str, heard: int
) -> None:
    configure_logs(level)

    logging.getLogger("kube_auth.x").debug("detail")

    assert len(lines(capfd)) == heard
