"""Bodies that a parent reads, and answers as it builds them before they are signed."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from pydantic import BaseModel

from sync import wire
from sync.message import Answer, Request
from sync.wire import BadBody, ErrorAnswer

MOST_FIELDS = 8


def read_body(kind: type[wire.M], request: Request) -> wire.M:
    return wire.decode(kind, request.body, request.headers, wire.MAX_REQUEST_BYTES)


def read_object(request: Request) -> dict[str, Any]:
    try:
        value = json.loads(wire.unpack(request.body, request.headers, wire.MAX_REQUEST_BYTES))
    except (ValueError, RecursionError) as exc:
        raise BadBody("JSON") from exc
    if not isinstance(value, dict):
        raise BadBody("object")
    return value


def query_of(request: Request) -> dict[str, str]:
    """The first value of each field. Raises BadBody for more fields than any question has."""
    fields = request.target.partition("?")[2].split("&")
    if len(fields) > MOST_FIELDS:
        raise BadBody("query")
    # read by hand: parse_qs takes as long as the page of a feed that has nothing new
    pairs = (field.partition("=") for field in reversed(fields))
    return {name: unquote_plus(value) for name, _, value in pairs if value}


def whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadBody(name)
    return int(text)


def message(status: int, content: BaseModel) -> Answer:
    body, headers = wire.encode(content)
    return Answer(status, headers, body)


def as_json(status: int, value: dict[str, Any]) -> Answer:
    body, headers = wire.pack(json.dumps(value, ensure_ascii=False).encode())
    return Answer(status, headers, body)


def refusal(status: int, code: str, text: str, owner: str | None = None) -> Answer:
    return message(status, ErrorAnswer(code=code, text=text, owner=owner))


def busy() -> Answer:
    """The child asks again by itself."""
    answer = refusal(429, "busy", "上级正忙，稍后自动重试。")
    return Answer(429, {**answer.headers, "retry-after": "2"}, answer.body)
