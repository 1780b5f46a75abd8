"""One journal record: the envelope of guide sync, rule 3, as bytes and as a value."""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from hall.journal import canonical
from hall.journal.canonical import JsonValue, NotCanonical
from hall.journal.token import Token

VERSION = 1
ALG = "sha256"
GENESIS = b"\0" * 32
"""`prev` of the first record of an incarnation."""

_KEYS = frozenset(
    "v id origin inc seq dossier token n type sv actor wall boot mono causes scope alg prev data enc".split()
)
_TYPE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
LONGEST_CAUSE = 200
"""Characters; a cause is a key of a table."""
_TEXTS = ("id", "origin", "inc", "dossier", "type", "actor", "boot", "scope", "prev")
_WHOLES = (("seq", 1), ("n", 1), ("sv", 1), ("wall", -(2**62)), ("mono", 0))


class BadRecord(ValueError):
    """The bytes are not a record of a known envelope version. Quarantined, never guessed at."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A parsed record. `raw` is what is stored, hashed and relayed."""

    raw: bytes
    h: bytes
    """SHA-256 of `raw`."""
    id: str
    origin: str
    """Node id of the machine that wrote it."""
    inc: str
    seq: int
    """1, 2, 3 … without gaps inside one incarnation."""
    dossier: str
    token: Token
    n: int
    """1, 2, 3 … without gaps in the dossier."""
    type: str
    sv: int
    type_name: str
    """Type and version, as events are named."""
    actor: str
    wall_ms: int
    """UTC milliseconds by the writer's clock; shown, never decides."""
    boot: str
    mono_ms: int
    causes: tuple[str, ...]
    scope: str
    prev: bytes
    data: dict[str, JsonValue]
    enc: dict[str, JsonValue]


def build(
    *,
    record_id: str,
    origin: str,
    inc: str,
    seq: int,
    dossier: str,
    token: Token,
    n: int,
    type_name: str,
    actor: str,
    wall_ms: int,
    boot: str,
    mono_ms: int,
    causes: tuple[str, ...],
    scope: str,
    prev: bytes,
    data: dict[str, JsonValue],
    enc: dict[str, JsonValue],
) -> Envelope:
    """Write a record. Raises NotCanonical for content that cannot be written."""
    if canonical.NUL in "".join((record_id, origin, inc, dossier, actor, boot, scope, *causes)):
        raise NotCanonical("U+0000")
    type_, _, sv = type_name.partition("/")
    value: dict[str, JsonValue] = canonical.cleaned(
        {
            "v": VERSION,
            "id": record_id,
            "origin": origin,
            "inc": inc,
            "seq": seq,
            "dossier": dossier,
            "token": cast(list[JsonValue], token.as_json()),
            "n": n,
            "type": type_,
            "sv": int(sv),
            "actor": actor,
            "wall": wall_ms,
            "boot": boot,
            "mono": mono_ms,
            "causes": list(causes),
            "scope": scope,
            "alg": ALG,
            "prev": base64.b16encode(prev).decode().lower(),
            "data": data,
            "enc": enc,
        }
    )
    return _read(value, canonical.written(value))


def hash_of(raw: bytes) -> bytes:
    """The chain hash of stored bytes, also of bytes that are no record."""
    return canonical.digest(raw)


def parse(raw: bytes) -> Envelope:
    """Raises BadRecord. Unknown types pass: they are relayed opaque."""
    try:
        value = canonical.decode(raw)
    except NotCanonical as exc:
        raise BadRecord(str(exc)) from exc
    return _read(value, raw)


def coming(raw: bytes) -> Envelope:
    """As parse, of bytes that another machine sent: what lies here already stays readable, of what comes also that is
    refused which not every database takes. Raises BadRecord.
    """
    env = parse(raw)
    if canonical.holds_nul(raw):
        raise BadRecord("U+0000")
    if any(len(cause) > LONGEST_CAUSE for cause in env.causes):
        raise BadRecord("cause too long")
    return env


def _read(value: dict[str, JsonValue], raw: bytes) -> Envelope:
    """`raw` is the canonical form of `value`."""
    if value.get("v") != VERSION:
        raise BadRecord(f"envelope version {value.get('v')!r}")
    if value.keys() != _KEYS:
        raise BadRecord("envelope keys differ")
    if value["alg"] != ALG:
        raise BadRecord(f"hash {value['alg']!r}")
    for key in _TEXTS:
        text = value[key]
        if type(text) is not str or len(text) > 200:
            raise BadRecord(key)
    its: dict[str, Any] = value
    if not _is_type(its["type"]):
        raise BadRecord("type name")
    causes, data, enc = its["causes"], its["data"], its["enc"]
    if type(causes) is not list or len(causes) > 64 or not all(type(c) is str for c in causes):
        raise BadRecord("causes")
    if type(data) is not dict or type(enc) is not dict:
        raise BadRecord("data")
    try:
        token = Token.from_json(its["token"])
        prev = bytes.fromhex(its["prev"])
    except ValueError as exc:
        raise BadRecord(str(exc)) from exc
    if len(prev) != 32:
        raise BadRecord("prev")
    for key, least in _WHOLES:
        number = its[key]
        if type(number) is not int or number < least:
            raise BadRecord(key)
    return Envelope(
        raw=raw,
        h=canonical.digest(raw),
        id=its["id"],
        origin=its["origin"],
        inc=its["inc"],
        seq=its["seq"],
        dossier=its["dossier"],
        token=token,
        n=its["n"],
        type=its["type"],
        sv=its["sv"],
        type_name=f"{its['type']}/{its['sv']}",
        actor=its["actor"],
        wall_ms=its["wall"],
        boot=its["boot"],
        mono_ms=its["mono"],
        causes=tuple(causes),
        scope=its["scope"],
        prev=prev,
        data=data,
        enc=enc,
    )


@lru_cache(maxsize=4096)
def _is_type(name: str) -> bool:
    return _TYPE.fullmatch(name) is not None


def prev_of(raw: bytes) -> bytes:
    """What a stored record follows; nothing when a disk has spoilt it."""
    try:
        return parse(raw).prev
    except BadRecord:
        return b""
