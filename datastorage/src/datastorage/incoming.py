"""Judges events before they are stored: each item of a batch on its own.

What is accepted is stored as the client wrote it. The models only check it, so
that nothing is lost or changed on the way.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Len
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from datastorage.models._generated import AuditEventInput, IdentifiedAuditEvent
from datastorage.models.bodies import NO_NULL, null_paths
from datastorage.problems import InvalidError

FUTURE = timedelta(minutes=60)
MAX_EVENT_BYTES = 1_048_576
MAX_ITEMS = 1000
# How JSON writes the one character that PostgreSQL cannot store.
NUL = "\\u0000"
EVENT: TypeAdapter[AuditEventInput] = TypeAdapter(AuditEventInput)
IDENTIFIED: TypeAdapter[IdentifiedAuditEvent] = TypeAdapter(IdentifiedAuditEvent)
BATCH: TypeAdapter[list[IdentifiedAuditEvent]] = TypeAdapter(
    Annotated[list[IdentifiedAuditEvent], Len(1, MAX_ITEMS)]
)
Outcome = Literal["stored", "repeated", "conflict", "refused"]


@dataclass(frozen=True)
class Item:
    """One event of a batch; without a reason it may be stored."""

    text: str
    event_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Batch:
    """The events of one request, and the text of a JSON array of those that may be stored."""

    items: Sequence[Item]
    text: str

    @property
    def accepted(self) -> list[int]:
        """Where the items stand that may be stored."""
        return [place for place, item in enumerate(self.items) if item.reason is None]


def judge_batch(body: bytes) -> Batch:
    """Judge each item. Raises RequestValidationError when the body is no array of 1 to 1000."""
    try:
        events = BATCH.validate_json(body, strict=True)
    except ValidationError:
        return batch_of([judge(text) for text in read_items(body, "events")])
    text = body.decode()
    suspicious = NUL in text or "null" in text or len(body) > MAX_EVENT_BYTES
    if suspicious or any(event_errors(event) for event in events):
        return batch_of([judge(item) for item in read_items(body, "events")])
    return Batch([Item("", event.event_id) for event in events], text)


def batch_of(items: Sequence[Item]) -> Batch:
    """A batch whose text holds the items that have no reason against them."""
    accepted = ",".join(item.text for item in items if item.reason is None)
    return Batch(items, f"[{accepted}]")


def judge(text: str) -> Item:
    """One item of a batch, and why it is refused if it is."""
    event_id = _readable_id(text)
    try:
        check_event(text, IDENTIFIED)
    except RequestValidationError as error:
        first = next(iter(describe(error.errors())))
        return Item(text, event_id, first)
    except InvalidError as error:
        return Item(text, event_id, error.detail)
    return Item(text, event_id)


def check_event(text: str, model: TypeAdapter[Any]) -> Any:
    """The event in a JSON text. Raises RequestValidationError or InvalidError."""
    if len(text.encode()) > MAX_EVENT_BYTES:
        raise InvalidError({"body": f"the event may have {MAX_EVENT_BYTES} bytes"})
    try:
        event = model.validate_json(text, strict=True)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error
    errors = event_errors(event)
    if "null" in text:
        errors.update(dict.fromkeys(_nulls(event), NO_NULL))
    if NUL in text:
        errors.update(dict.fromkeys(nul_paths(json.loads(text)), "holds a NUL character"))
    if errors:
        raise InvalidError(errors)
    return event


def event_errors(event: AuditEventInput) -> dict[str, str]:
    """What the models cannot say: message by field."""
    errors = {}
    if event.event_data.event_type != event.event_type:
        errors["event_data.event_type"] = f"must be {event.event_type}, as event_type"
    if event.event_timestamp > datetime.now(UTC) + FUTURE:
        errors["event_timestamp"] = "must not be more than 60 minutes ahead"
    return errors


def _nulls(event: AuditEventInput) -> Iterator[str]:
    """Declared fields that are null: a client of the trail could not read them back."""
    if event.event_id is None and "event_id" in event.model_fields_set:
        yield "event_id"
    yield from null_paths(event.event_data, "event_data.")


def describe(errors: Sequence[Any]) -> Iterator[str]:
    """`field: message` for each error of a model."""
    for error in errors:
        details: ErrorDetails = error
        path = ".".join(str(part) for part in details["loc"])
        yield f"{path}: {details['msg']}" if path else details["msg"]


def nul_paths(value: Any, path: str = "") -> Iterator[str]:
    """Where a JSON value holds NUL characters."""
    if isinstance(value, str) and "\0" in value:
        yield path or "body"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from nul_paths(item, f"{path}.{index}" if path else str(index))
    elif isinstance(value, dict):
        for name, item in value.items():
            shown = name.replace("\0", "\\0")
            yield from nul_paths(item, f"{path}.{shown}" if path else shown)
            if "\0" in name:
                yield path or "body"


def read_items(body: bytes, what: str) -> list[str]:
    """The items' texts. Python's reader takes what the strict one refuses as a whole.

    A lone surrogate or deep nesting in one item is that item's fault alone.
    """
    try:
        items = split_array(body.decode())
    except (ValueError, RecursionError) as error:
        raise _not_a_batch(f"is not a JSON array: {error}") from error
    if not 1 <= len(items) <= MAX_ITEMS:
        raise _not_a_batch(f"must be an array of 1 to {MAX_ITEMS} {what}")
    return items


def split_array(text: str) -> list[str]:
    """The texts of a JSON array's items, as they were written. Raises ValueError."""
    decoder, items, place = json.JSONDecoder(), [], _skip(text, 0, r"\[")
    if text[place : place + 1] != "]":
        while True:
            end = decoder.raw_decode(text, place)[1]
            items.append(text[place:end])
            place = _skip(text, end, "")
            if text[place : place + 1] == "]":
                break
            place = _skip(text, place, ",")
    if _skip(text, place, r"\]") != len(text):
        raise ValueError("there is text after the array")
    return items


def _skip(text: str, place: int, mark: str) -> int:
    """Where the text goes on after a mark, a regular expression, and the space around it."""
    found = re.compile(rf"[ \t\n\r]*{mark}[ \t\n\r]*").match(text, place)
    if found is None:
        raise ValueError(f"expected {mark} at character {place}")
    return found.end()


def _not_a_batch(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "batch", "loc": ("body",), "msg": message}])


def _readable_id(text: str) -> UUID | None:
    value = json.loads(text)
    given = value.get("event_id") if isinstance(value, dict) else None
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None
