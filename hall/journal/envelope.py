"""One journal record: the envelope of guide sync, rule 3, as bytes and as a value."""

import base64
import re
from dataclasses import dataclass
from typing import cast

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


class BadRecord(ValueError):
    """The bytes are not a record of a known envelope version. Quarantined, never guessed at."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A parsed record. `raw` is what is stored, hashed and relayed."""

    raw: bytes
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

    @property
    def h(self) -> bytes:
        return canonical.digest(self.raw)

    @property
    def type_name(self) -> str:
        return f"{self.type}/{self.sv}"


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


def _read(value: dict[str, JsonValue], raw: bytes) -> Envelope:
    """`raw` is the canonical form of `value`."""
    if value.get("v") != VERSION:
        raise BadRecord(f"envelope version {value.get('v')!r}")
    if set(value) != _KEYS:
        raise BadRecord("envelope keys differ")
    if value["alg"] != ALG:
        raise BadRecord(f"hash {value['alg']!r}")
    texts = {k: _text(value, k) for k in ("id", "origin", "inc", "dossier", "type", "actor", "boot", "scope")}
    if not _TYPE.fullmatch(texts["type"]):
        raise BadRecord("type name")
    causes = value["causes"]
    if not isinstance(causes, list) or not all(isinstance(c, str) for c in causes) or len(causes) > 64:
        raise BadRecord("causes")
    data, enc = value["data"], value["enc"]
    if not isinstance(data, dict) or not isinstance(enc, dict):
        raise BadRecord("data")
    try:
        token = Token.from_json(value["token"])
        prev = bytes.fromhex(_text(value, "prev"))
    except ValueError as exc:
        raise BadRecord(str(exc)) from exc
    if len(prev) != 32:
        raise BadRecord("prev")
    return Envelope(
        raw=raw,
        id=texts["id"],
        origin=texts["origin"],
        inc=texts["inc"],
        seq=_whole(value, "seq", 1),
        dossier=texts["dossier"],
        token=token,
        n=_whole(value, "n", 1),
        type=texts["type"],
        sv=_whole(value, "sv", 1),
        actor=texts["actor"],
        wall_ms=_whole(value, "wall", -(2**62)),
        boot=texts["boot"],
        mono_ms=_whole(value, "mono", 0),
        causes=tuple(cast(list[str], causes)),
        scope=texts["scope"],
        prev=prev,
        data=data,
        enc=enc,
    )


def _text(value: dict[str, JsonValue], key: str) -> str:
    text = value[key]
    if not isinstance(text, str) or len(text) > 200:
        raise BadRecord(key)
    return text


def _whole(value: dict[str, JsonValue], key: str, least: int) -> int:
    number = value[key]
    if type(number) is not int or number < least:
        raise BadRecord(key)
    return number
