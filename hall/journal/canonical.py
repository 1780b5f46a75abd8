"""Canonical JSON: one value, one sequence of bytes.

Sorted keys, UTF-8, NFC strings, integers only, no white space. The bytes are stored and relayed as
they are; nobody serialises a record twice.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from typing import cast

from pydantic_core import from_json, to_json

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

MAX_BYTES = 64 * 1024
"""A record larger than this carries its content as a blob."""

MAX_DEPTH = 16

NUL = "\0"
_NUL_WRITTEN = b"\\u0000"


class NotCanonical(ValueError):
    """The value or the bytes cannot be a journal record."""


def encode(value: JsonValue) -> bytes:
    """Raises NotCanonical for floats, foreign types, depth > 16 and records over 64 KiB."""
    return written(_clean(value, 0))


def cleaned(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The value as its canonical bytes will be read again, without U+0000. Raises as `encode`."""
    clean = _clean(value, 0)
    # no database but SQLite takes it, and nobody sees it
    return cast(dict[str, JsonValue], _without_nul(clean) if _has_nul(clean) else clean)


def _without_nul(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return {key: _without_nul(item) for key, item in value.items()} if isinstance(value, dict) else value


def holds_nul(data: bytes) -> bool:
    """Whether canonical bytes have U+0000 in a text or a name."""
    return _NUL_WRITTEN in data and _has_nul(cast(JsonValue, decode(data)))


def _has_nul(value: JsonValue) -> bool:
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, dict) and any(NUL in key or _has_nul(item) for key, item in value.items())


def written(clean: JsonValue) -> bytes:
    """The bytes of a value that is clean already. Raises NotCanonical for records over 64 KiB."""
    out = _WRITER.encode(clean).encode("utf-8")
    if len(out) > MAX_BYTES:
        raise NotCanonical(f"record of {len(out)} bytes is over {MAX_BYTES}")
    return out


def decode(data: bytes) -> dict[str, JsonValue]:
    """Parse bytes that must be canonical. Raises NotCanonical otherwise."""
    if len(data) > MAX_BYTES:
        raise NotCanonical(f"record of {len(data)} bytes is over {MAX_BYTES}")
    try:
        value = from_json(data)
    except (ValueError, RecursionError) as exc:
        raise NotCanonical(f"not JSON: {exc}") from exc
    if not isinstance(value, dict):
        raise NotCanonical("a record is a JSON object")
    _check(value, 0)
    # every string of a normal text is normal: a quotation mark joins with nothing
    normal = data.isascii() or unicodedata.is_normalized("NFC", data.decode())
    # the keys are in order, as _check has seen: written again they come in the same one
    if not normal or to_json(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def digest(data: bytes) -> bytes:
    """SHA-256 of the stored bytes, 32 bytes."""
    return hashlib.sha256(data).digest()


_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _check(value: dict[str, JsonValue] | list[JsonValue], depth: int) -> None:
    """What JSON allows and a record does not: deep nesting, long numbers and fractions, keys in any order."""
    if depth >= MAX_DEPTH and value:
        raise NotCanonical("nested too deep")
    items: Iterable[JsonValue] = value
    if isinstance(value, dict):
        keys, items = list(value), value.values()
        if keys != sorted(keys):
            raise NotCanonical("keys out of order")
    for item in items:
        kind = type(item)
        if kind is str:
            continue
        if kind is int:
            if not -(2**63) <= item < 2**63:  # type: ignore[operator]
                raise NotCanonical("whole number out of 64 bits")
        elif kind is dict or kind is list:
            _check(item, depth + 1)  # type: ignore[arg-type]
        elif kind is float:
            raise NotCanonical("only whole numbers")


def _clean(value: object, depth: int) -> JsonValue:
    if depth > MAX_DEPTH:
        raise NotCanonical("nested too deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise NotCanonical("whole number out of 64 bits")
        return value
    if isinstance(value, str):
        if value.isascii():
            return value
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as exc:
            raise NotCanonical("text is not Unicode") from exc
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_clean(v, depth + 1) for v in value]
    if isinstance(value, dict):
        out: dict[str, JsonValue] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical("keys are text")
            out[key if key.isascii() else unicodedata.normalize("NFC", key)] = _clean(item, depth + 1)
        return out
    raise NotCanonical(f"{type(value).__name__} cannot be written")
