"""Who sent a request, as the token's review said."""

from dataclasses import dataclass

from kube_auth import Identity
from starlette.requests import Request


@dataclass(frozen=True)
class Sender:
    """The reviewed identity; it is stored beside the actor that an event claims."""

    username: str
    credential_id: str | None = None


def sender_of(request: Request) -> Sender:
    """The sender of a request that the middleware let through."""
    identity: Identity = request.state.identity
    return Sender(identity.username, identity.credential_id)
