"""Event dataclasses to and from the `data` and `enc` parts of an envelope.

Values on disk: text, whole numbers, true/false, null, lists, objects. Dates and times are ISO 8601 text
(times in UTC), enums their value, tuples lists, nested frozen dataclasses objects.
"""

import dataclasses
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
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
    for name, personal in _written(type(event)):
        value = getattr(event, name)
        if value is not None:
            (sealed if personal else data)[name] = to_json(value)
    return data, sealed


def join(cls: type[Event], data: Mapping[str, JsonValue], sealed: Mapping[str, JsonValue]) -> Event:
    """Build the event. Unknown keys are ignored (newer program). Raises BadEvent."""
    event = _object(cls, data | sealed if sealed else data)  # type: ignore[operator]
    if not all(map(is_blob_name, blobs_of(event))):
        # whoever looks for the blob makes a path of its name
        raise BadEvent("a blob has no digest for its name")
    return event


def blobs_of(event: Event) -> tuple[str, ...]:
    """Names of all blobs that the event refers to."""
    found: list[str] = []
    for name in _blob_names(type(event)):
        value = getattr(event, name)
        if isinstance(value, str):
            found.append(value)
        elif value is not None:
            found.extend(value)
    return tuple(found)


def to_json(value: object) -> JsonValue:
    """Raises BadEvent for what cannot be stored."""
    kind: Any = type(value)
    return _to_json(kind)(value)


Writer = Callable[[Any], JsonValue]


@cache
def _to_json(kind: Any) -> Writer:
    if issubclass(kind, Enum):
        return lambda value: to_json(value.value)
    if kind is type(None) or issubclass(kind, bool | int | str):
        return lambda value: cast(JsonValue, value)
    if issubclass(kind, datetime):
        return _utc_text
    if issubclass(kind, date):
        return lambda value: cast(str, value.isoformat())
    if issubclass(kind, tuple | list):
        return lambda value: [to_json(v) for v in value]
    if dataclasses.is_dataclass(kind):
        names = tuple(f.name for f in dataclasses.fields(kind))
        return lambda value: {
            name: to_json(its) for name in names if (its := getattr(value, name)) is not None
        }
    raise BadEvent(f"{kind.__name__} cannot be stored")


def _utc_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise BadEvent("a time without zone")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_json(kind: Any, value: JsonValue) -> Any:
    """Read `value` as `kind`, strictly. Raises BadEvent."""
    return _reader(kind)(value)


Reader = Callable[[Any], Any]
"""From a stored value to a field's. Raises BadEvent."""


@cache
def _reader(kind: Any) -> Reader:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _sequence(kind)
    if kind in (str, int, bool):
        return partial(_plain, kind)
    if kind is datetime:
        return partial(_parsed, lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")))
    if kind is date:
        return partial(_parsed, date.fromisoformat)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_member, {member.value: member for member in kind})
    if dataclasses.is_dataclass(kind):
        return partial(_nested, cast(type[Any], kind))
    raise BadEvent(f"cannot read {kind}")


def _plain(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise BadEvent(f"{kind.__name__} is due")
    return value


def _parsed(parse: Callable[[str], Any], value: Any) -> Any:
    if not isinstance(value, str):
        raise BadEvent("a date or time is due")
    try:
        return parse(value)
    except ValueError as exc:
        raise BadEvent(str(exc)) from exc


def _member(members: Mapping[Any, Enum], value: Any) -> Any:
    found = members.get(value) if type(value) in (str, int) else None
    if found is None:
        raise BadEvent("no such value")
    return found


def _nested(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, dict):
        raise BadEvent("an object is due")
    return _object(kind, value)


def _optional(kind: Any) -> Reader:
    options = get_args(kind)
    rest = [k for k in options if k is not type(None)]
    if len(rest) != 1:
        raise BadEvent("a stored field has one type")
    inner, may_lack = _reader(rest[0]), len(rest) < len(options)
    return lambda value: None if value is None and may_lack else inner(value)


def _sequence(kind: Any) -> Reader:
    parts = get_args(kind)
    endless = len(parts) == 2 and parts[1] is Ellipsis
    readers = [_reader(part) for part in (parts[:1] if endless else parts)]

    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise BadEvent("a list is due")
        if endless:
            return tuple(map(readers[0], value))
        if len(parts) != len(value):
            raise BadEvent("list of another length")
        return tuple(read_one(v) for read_one, v in zip(readers, value, strict=True))

    return read


def _object(cls: type[T], values: Mapping[str, JsonValue]) -> T:
    given = {}
    for name, read, _, plain in _fields(cast(Any, cls)):
        if name in values:
            value = values[name]
            given[name] = value if type(value) is plain else read(value)
    try:
        return cls(**given)
    except TypeError as exc:
        # a required field that is absent was None when written
        lacking = {n: None for n, _, may, _ in _fields(cast(Any, cls)) if may and n not in given}
        try:
            return cls(**given, **lacking)
        except TypeError:
            raise BadEvent(str(exc)) from exc
    except ValueError as exc:
        raise BadEvent(str(exc)) from exc


@cache
def _fields(cls: Any) -> tuple[tuple[str, Reader, bool, object], ...]:
    """(name, how to read it, may be None, the type that needs no reading) of every field."""
    hints = get_type_hints(cls)
    return tuple(
        (f.name, _reader(hints[f.name]), type(None) in get_args(hints[f.name]), _plain_kind(hints[f.name]))
        for f in dataclasses.fields(cls)
    )


def _plain_kind(kind: Any) -> object:
    """str, int or bool, also of a field that may be None; else a type that no value has."""
    either = get_origin(kind) in (Union, types.UnionType)
    options = [k for k in (get_args(kind) if either else (kind,)) if k is not type(None)]
    return options[0] if len(options) == 1 and options[0] in (str, int, bool) else Reader


@cache
def _written(cls: Any) -> tuple[tuple[str, bool], ...]:
    """(name, is personal data) of every field."""
    return tuple((f.name, bool(f.metadata.get("personal"))) for f in dataclasses.fields(cls))


@cache
def _blob_names(cls: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls) if f.metadata.get("blob"))
