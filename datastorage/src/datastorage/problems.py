"""The errors of this service, each with its problem document."""

from collections.abc import Iterable, Mapping

from service_base.problems import ProblemError


class InvalidError(ProblemError):
    """The request's content is wrong: 400 with one line for each field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        field, message = next(iter(fields.items()))
        more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
        super().__init__(
            400,
            "validation-error",
            "Validation Error",
            f"{field}: {message}{more}",
            field_errors=dict(fields),
        )


class ImmutableFieldError(ProblemError):
    """A patch names fields that never change."""

    def __init__(self, fields: Iterable[str]) -> None:
        names = sorted(fields)
        super().__init__(
            400,
            "immutable-field-violation",
            "Immutable Field Violation",
            f"these fields cannot be changed: {', '.join(names)}; create a new version instead",
            field_errors=dict.fromkeys(names, "cannot be changed"),
        )


class WorkflowNotFoundError(ProblemError):
    """No workflow has this id."""

    def __init__(self, workflow_id: str) -> None:
        super().__init__(404, "not-found", "Not Found", f"there is no workflow {workflow_id}")


class WorkflowConflictError(ProblemError):
    """The name and version exist with other content."""

    def __init__(self, name: str, version: str, differing: list[str]) -> None:
        super().__init__(
            409,
            "conflict",
            "Workflow Already Exists",
            f"workflow {name} {version} exists and differs in: {', '.join(differing)}",
            differing_fields=differing,
        )


class DatabaseUnavailableError(ProblemError):
    """The database cannot be used now; nothing was stored."""

    def __init__(self, detail: str = "the database is unreachable; try again") -> None:
        super().__init__(
            503,
            "service-unavailable",
            "Service Unavailable",
            detail,
            headers={"Retry-After": "1"},
        )


class ReviewsUnavailableError(ProblemError):
    """Tokens cannot be reviewed now; every request would be refused."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            503,
            "service-unavailable",
            "Service Unavailable",
            f"tokens cannot be reviewed: {reason}",
            headers={"Retry-After": "1"},
        )


class OverloadedError(ProblemError):
    """More writes wait than the service holds; this one was not taken."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "service-unavailable",
            "Service Unavailable",
            "too many writes wait for the database; try again",
            headers={"Retry-After": "1"},
        )


class EventConflictError(ProblemError):
    """Another event is stored under this id."""

    def __init__(self, event_id: str) -> None:
        super().__init__(
            409,
            "event-conflict",
            "Event Conflict",
            f"event {event_id} exists with other content; an event never changes",
        )
