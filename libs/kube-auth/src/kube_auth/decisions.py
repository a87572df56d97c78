"""What was decided on a request, and its line in the log."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kube_auth.authorization import Operation
from kube_auth.identity import Identity
from kube_auth.refusals import Refusal

log = logging.getLogger("kube_auth.decisions")


@dataclass(slots=True)
class Decision:
    """Who wants to do what, as far as that was found out, and the refusal if it may not."""

    identity: Identity | None = None
    operation: Operation | None = None
    refusal: Refusal | None = None

    def result(self) -> str:
        """Its name in the metrics."""
        return "allowed" if self.refusal is None else self.refusal.result


def note(decision: Decision, asked: bool, enforced: bool, state: Mapping[str, Any]) -> None:
    """Log a decision: what the API server was asked is news, what a kept answer repeats is not.

    A refusal that is not enforced is news each time: it is what report mode is for.
    """
    news = asked or (decision.refusal is not None and not enforced)
    level = logging.INFO if news else logging.DEBUG
    if log.isEnabledFor(level):
        told = {"cached": not asked, "enforced": enforced, "request_id": state.get("request_id")}
        log.log(level, "decision", extra={**_fields(decision), **told})


def _fields(decision: Decision) -> Mapping[str, Any]:
    identity, operation = decision.identity, decision.operation
    return {
        "username": identity.username if identity else None,
        "credential_id": identity.credential_id if identity else None,
        "operation": str(operation) if operation else None,
        "right": operation.what() if operation else None,
        "allowed": decision.refusal is None,
        "result": decision.result(),
    }
