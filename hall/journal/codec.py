"""Event dataclasses to and from the `data` and `enc` parts of an envelope.

Values on disk: text, whole numbers, true/false, null, lists, objects. Dates and times are ISO 8601 text
(times in UTC), enums their value, tuples lists, nested frozen dataclasses objects.
"""

import dataclasses
import types
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hall.journal.canonical import JsonValue
from hall.journal.marking import Event, is_blob_name

T = TypeVar("T")


class BadEvent(ValueError):
    """A stored record does not fit the event class of its type."""


class EventTypes:
    """The event classes a program knows, by stable type name."""

    def __init__(self, classes: Iterable[type[Event]]) -> None:
        self._by_name: dict[str, type[Event]] = {}
        for cls in classes:
            if cls.TYPE in self._by_name:
                raise ValueError(f"{cls.TYPE} is defined twice")
            self._by_name[cls.TYPE] = cls

    def get(self, type_name: str) -> type[Event] | None:
        """None for a type from a newer program: kept and relayed, not projected."""
        return self._by_name.get(type_name)

    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)


def split(event: Event) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """(open data, personal data) of an event. Fields that are None are left out."""
    data: dict[str, JsonValue] = {}
    sealed: dict[str, JsonValue] = {}
    for spec in dataclasses.fields(cast(Any, event)):
        value = getattr(event, spec.name)
        if value is None:
            continue
        (sealed if spec.metadata.get("personal") else data)[spec.name] = to_json(value)
    return data, sealed


def join(cls: type[Event], data: Mapping[str, JsonValue], sealed: Mapping[str, JsonValue]) -> Event:
    """Build the event. Unknown keys are ignored (newer program). Raises BadEvent."""
    event = _object(cls, {**data, **sealed})
    if not all(map(is_blob_name, blobs_of(event))):
        # whoever looks for the blob makes a path of its name
        raise BadEvent("a blob has no digest for its name")
    return event


def blobs_of(event: Event) -> tuple[str, ...]:
    """Names of all blobs that the event refers to."""
    found: list[str] = []
    for spec in dataclasses.fields(cast(Any, event)):
        if spec.metadata.get("blob"):
            value = getattr(event, spec.name)
            if isinstance(value, str):
                found.append(value)
            elif value is not None:
                found.extend(value)
    return tuple(found)


def to_json(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return to_json(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BadEvent("a time without zone")
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_json(v) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: to_json(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) is not None
        }
    raise BadEvent(f"{type(value).__name__} cannot be stored")


def from_json(kind: Any, value: JsonValue) -> Any:
    """Read `value` as `kind`, strictly. Raises BadEvent."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = get_args(kind)
        if value is None and type(None) in options:
            return None
        rest = [k for k in options if k is not type(None)]
        if len(rest) != 1:
            raise BadEvent("a stored field has one type")
        return from_json(rest[0], value)
    if origin is tuple:
        parts = get_args(kind)
        if not isinstance(value, list):
            raise BadEvent("a list is due")
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(from_json(parts[0], v) for v in value)
        if len(parts) != len(value):
            raise BadEvent("list of another length")
        return tuple(from_json(k, v) for k, v in zip(parts, value, strict=True))
    if kind in (str, int, bool):
        if type(value) is not kind:
            raise BadEvent(f"{kind.__name__} is due")
        return value
    try:
        if kind is datetime and isinstance(value, str):
            return datetime.fromisoformat(value.replace("Z", "+00:00"))
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(value)
    except ValueError as exc:
        raise BadEvent(str(exc)) from exc
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return _object(cast(type[Any], kind), value)
    raise BadEvent(f"cannot read {kind}")


def _object(cls: type[T], values: Mapping[str, JsonValue]) -> T:
    hints = _hints(cast(Any, cls))
    given: dict[str, Any] = {}
    for spec in dataclasses.fields(cast(Any, cls)):
        if spec.name in values:
            given[spec.name] = from_json(hints[spec.name], values[spec.name])
    try:
        return cls(**given)
    except TypeError as exc:
        # a required field that is absent was None when written
        missing = {
            f.name: None
            for f in dataclasses.fields(cast(Any, cls))
            if f.name not in given and type(None) in get_args(hints[f.name])
        }
        try:
            return cls(**given, **missing)
        except TypeError:
            raise BadEvent(str(exc)) from exc
    except ValueError as exc:
        raise BadEvent(str(exc)) from exc


@lru_cache(maxsize=512)
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)
