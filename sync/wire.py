"""What travels between a child and its parent, checked strictly. Every body is hostile until it is read here.

Records travel as the text of their canonical bytes; nobody serialises one again. Requests may not carry
unknown fields (the server is the newer side); answers may, so an older child understands a newer parent.
"""

import base64
import gzip
import json
import zlib
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hall.journal.canonical import MAX_BYTES
from hall.journal.sealing import Wraps

JSON_TYPE = "application/json"
BLOB_TYPE = "application/octet-stream"

MAX_RECORDS = 500
MAX_BATCH_BYTES = 1024 * 1024
MAX_PAGE = 1000
MOST_CHAINS = 20_000
MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""Of one request after unpacking: a full batch, its wraps and JSON escapes."""
MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""Of one answer after unpacking: a dossier with all its records."""
PACK_FROM = 1024

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
Text = Annotated[str, StringConstraints(max_length=400)]
Raw = Annotated[str, StringConstraints(max_length=MAX_BYTES * 2)]
Whole = Annotated[int, Field(ge=0, lt=2**62)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Base64 = Annotated[str, StringConstraints(max_length=4096, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


NOT_WRITTEN = "not_written"
"""Code of a signed 503: what was asked needed a write, and nothing of it was kept."""
NOT_SERVING = "not_serving"
"""Code of a signed 503: another machine serves the hall, or may do so. Nothing of it was done."""


class BadBody(ValueError):
    """The bytes are not a message of this protocol."""


class _Asked(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Told(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


M = TypeVar("M", bound=BaseModel)


class WrapItem(_Told):
    """A dossier's wrapped keys; both empty after the dossier was erased."""

    dossier: Text
    hall: Base64
    centre: Base64

    def wraps(self) -> Wraps:
        """Raises BadBody."""
        try:
            return Wraps(
                base64.b64decode(self.hall, validate=True), base64.b64decode(self.centre, validate=True)
            )
        except ValueError as exc:
            raise BadBody("wrap") from exc


class Statement(_Told):
    """What a parent says it holds: one chain up to `seq`, whose last record has hash `h`."""

    by: Name
    by_inc: Name
    origin: Name
    inc: Name
    seq: Whole
    h: Hash
    pos: Whole
    """The parent's own last position when it said so."""

    def signed_bytes(self) -> bytes:
        return b"yichuang receipt\n" + _SIGNED.encode(self.__dict__).encode()


class Receipt(_Told):
    statement: Statement
    signature: Base64


class Run(_Asked):
    """Records of one chain that follow each other; runs stand in the order of the sender's journal."""

    origin: Name
    inc: Name
    from_seq: Annotated[int, Field(ge=1, lt=2**62)]
    records: Annotated[list[Raw], Field(min_length=1, max_length=MAX_RECORDS)]


class PushBody(_Asked):
    inc: Name
    chains: Annotated[list[Run], Field(max_length=MAX_RECORDS)]
    wraps: Annotated[list[WrapItem], Field(max_length=MAX_RECORDS)]
    more: bool
    """The child has more to send at once."""


class Mark(_Told):
    """How far a chain is held by the parent and by the root."""

    origin: Name
    inc: Name
    held_parent: Whole
    held_root: Whole


class AskItem(_Told):
    """The parent's wish to take a dossier that this child's subtree owns and has offered."""

    id: Name
    dossier: Text
    asker_node: Name
    actor: Text


class Refused(_Told):
    origin: Name
    inc: Name
    code: Name


class PushAnswer(_Told):
    verdicts: list[list[Name]]
    """One list a run, one word a record: all of these bytes are stored."""
    marks: list[Mark]
    receipts: list[Receipt]
    asks: list[AskItem]
    refused: list[Refused]
    """Chains this child may not send; nothing of them was stored."""


class HelloBody(_Asked):
    protocol_min: Whole
    protocol_max: Whole
    role: Name
    version: Text
    receipt: Receipt | None
    """The parent's word with its furthest position: proof against a parent that was restored."""
    words: Annotated[list[Receipt], Field(max_length=16)]
    """The parent's newest words on its own chains (sync.give_back)."""
    epoch: Whole = 0
    """The highest queue epoch that the child has heard of: a node that was replaced learns it from this."""


Mode = Literal["serving", "waiting", "standby", "promoting"]
"""waiting: a node of a pair that has started and heard nobody yet. promoting: it collects what terminals hold."""


class ModeBody(_Asked):
    """Who serves the hall? Asked of the other machine of a pair, without a session. `epoch`: the highest heard of."""

    epoch: Whole


class ModeAnswer(_Told):
    node: Name
    mode: Mode
    epoch: Whole
    """The highest it has heard of; while promoting the one that it will open."""
    serves: Annotated[str, StringConstraints(max_length=200)]
    """Node id of who opened the highest epoch; empty when nobody has."""
    nonce: Name
    """For one live call by this asker, such as the order to take over."""
    copy_ms: Whole | None
    """At a standby: when its copy was last known to be whole, UTC ms; None: never."""
    heard: Whole
    expected: Whole
    """While promoting: `heard` terminals of these have handed over all they have."""


class Head(_Told):
    origin: Name
    inc: Name
    seq: Whole
    h: Hash


class HelloAnswer(_Told):
    node: Name
    inc: Name
    role: Name
    protocol: Whole
    nonce: Name
    heads: list[Head]
    """All chains of the child's subtree that the parent holds."""
    time_ms: Whole
    heartbeat_s: Annotated[int, Field(ge=1, le=3600)]
    wants: list[Head]
    """Own chains of the parent that it has lost beyond `seq`."""
    parcels: list[Name]
    """Receipts (record ids) of the child for what the parent has signed and lost."""
    settled: bool
    confirmed: bool = False


class AsideItem(_Told):
    """Bytes that hold a place in a chain and do not count."""

    origin: Name
    inc: Name
    seq: Annotated[int, Field(ge=1, lt=2**62)]
    raw: Raw


class FeedAnswer(_Told):
    handle: Name
    """As it was asked for, at `start`."""
    start: Whole
    end: Whole
    next: Name  # the handle to go on with at `end`
    records: Annotated[list[Raw], Field(max_length=MAX_PAGE)]
    aside: Annotated[list[AsideItem], Field(max_length=MAX_PAGE)] = []
    wraps: Annotated[list[WrapItem], Field(max_length=MAX_PAGE)]
    more: bool
    asks: list[AskItem]
    word: Receipt | None
    """The parent's word on its own chain as of this page."""
    words: Annotated[list[Receipt], Field(max_length=MAX_PAGE)] = []
    """Its words on chains of other machines below it, of which nobody above has these records yet."""


class ChainAt(_Asked):
    origin: Name
    inc: Name
    seq: Whole
    h: Hash | None = None
    """Of the record at `seq`."""


class StartBody(_Asked):
    """How far a reader has each chain: where its feed goes on, or whether it lacks something (sync.feed_start)."""

    scope: Name
    known: Annotated[list[ChainAt], Field(max_length=MOST_CHAINS)]
    vain: Annotated[list[ChainAt], Field(max_length=MOST_CHAINS)] = []
    """Where the reader was asked for more of a chain and has no more that counts."""


class StartAnswer(_Told):
    handle: Name
    pos: Whole
    wants: list[Head] = []
    """Chains of other machines below of which the reader has more: both lost it, the machine and its parent."""
    at_root: bool = False
    """All that lies here of the machines below is held by the root."""


class ReturnBody(_Asked):
    """Records of the parent's own chain, up to the one that its signed word names."""

    word: Receipt
    from_seq: Annotated[int, Field(ge=1, lt=2**62)]
    records: Annotated[list[Raw], Field(min_length=1, max_length=2 * MAX_PAGE)]
    wraps: Annotated[list[WrapItem], Field(max_length=2 * MAX_PAGE)]


class ReturnAnswer(_Told):
    seq: Whole
    """How far the parent has its chain now."""


class ParcelBody(_Asked):
    """A claim's answer, given back to who signed it."""

    signer: Name
    ask: Name
    dossier: Text
    moved: Raw
    signature: Base64
    records: Annotated[list[Raw], Field(max_length=10_000)]
    wraps: Annotated[list[WrapItem], Field(max_length=8)]


class ParcelAnswer(_Told):
    """It is stored."""


class ClaimBody(_Asked):
    req_id: Name
    dossier: Text
    actor: Text
    have_n: Whole


class ClaimAnswer(_Told):
    """The dossier's records after `have_n`, and the owner's move signed on its own (sync.claims)."""

    ask: Name
    dossier: Text
    moved: Raw
    signature: Base64
    records: list[Raw]
    wraps: list[WrapItem]


class UploadAnswer(_Told):
    session: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    offset: Whole


class ErrorAnswer(_Told):
    """A refusal. `text` is Chinese; the rest belongs to single codes."""

    code: Name
    text: Text
    owner: str | None = None
    handle: str | None = None
    offset: int | None = None
    marks: list[Mark] | None = None


_SIGNED = json.JSONEncoder(sort_keys=True)
"""Signed texts are made anew to be checked: they never change."""
_B64 = "b64:"


def record_text(raw: bytes) -> str:
    """A record as JSON text; bytes that are no text travel in base64 behind a mark."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return _B64 + base64.b64encode(raw).decode()
    return _B64 + base64.b64encode(raw).decode() if text.startswith(_B64) else text


def record_bytes(text: str) -> bytes:
    """Raises BadBody."""
    try:
        if text.startswith(_B64):
            return base64.b64decode(text[len(_B64) :], validate=True)
        return text.encode()
    except ValueError as exc:
        raise BadBody("record") from exc


def wrap_item(dossier: str, wraps: Wraps) -> WrapItem:
    return WrapItem(
        dossier=dossier,
        hall=base64.b64encode(wraps.hall).decode(),
        centre=base64.b64encode(wraps.centre).decode(),
    )


def encode(message: BaseModel) -> tuple[bytes, dict[str, str]]:
    """(body, headers), as model_dump_json without text in between; long bodies are packed with gzip."""
    return pack(message.__pydantic_serializer__.to_json(message))


def pack(body: bytes) -> tuple[bytes, dict[str, str]]:
    headers = {"content-type": JSON_TYPE}
    if len(body) < PACK_FROM:
        return body, headers
    return gzip.compress(body, 6, mtime=0), {**headers, "content-encoding": "gzip"}


def unpack(body: bytes, headers: dict[str, str], limit: int) -> bytes:
    """JSON bytes of a body. Raises BadBody for another type, for bombs and for cut streams."""
    if headers.get("content-type", "").split(";")[0].strip().lower() != JSON_TYPE:
        raise BadBody("content type")
    encoding = headers.get("content-encoding", "")
    if not encoding:
        if len(body) > limit:
            raise BadBody("too long")
        return body
    if encoding != "gzip":
        raise BadBody("content encoding")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(body, limit)
    except zlib.error as exc:
        raise BadBody("gzip") from exc
    if not unpacker.eof or unpacker.unconsumed_tail or unpacker.unused_data:
        raise BadBody("gzip too long or cut")
    return plain


def decode(kind: type[M], body: bytes, headers: dict[str, str], limit: int) -> M:
    """Raises BadBody; its text never repeats the content."""
    try:
        return kind.model_validate_json(unpack(body, headers, limit))
    except ValidationError as exc:
        where = ", ".join(sorted({".".join(map(str, e["loc"][:3])) for e in exc.errors()})[:5])
        raise BadBody(f"{kind.__name__}: {where}") from None
