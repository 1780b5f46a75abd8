"""Taking a bundle in: first all of it is checked, then it is carried out step by step. Twice does no more than once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from pydantic import ValidationError

from hall.journal.blobs import BlobStore, DigestMismatch, Session
from hall.journal.marking import is_blob_name
from sync import wire
from sync.access import ChildAccess
from sync.bundle_file import BadBundle, BundleReader, Header, Kind, Piece, reply_keys
from sync.bundle_out import BLOB_PIECE, DATA_PIECE, STEP_PIECE
from sync.bundle_steps import STEP, PushStep, Step, StepDone, TakenIn
from sync.join_file import JoinFile
from sync.signing import Public
from sync.wire import BadBody

Take = Callable[[Step], StepDone]
"""Carries a step out where the journal is open."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle for this machine from one it knows; `child` for an up bundle."""

    reader: BundleReader
    private: bytes
    sender: Public
    child: ChildAccess | None

    @property
    def header(self) -> Header:
        return self.reader.header


def open_bundle(path: Path, join: JoinFile, children: Mapping[str, ChildAccess]) -> Opened:
    """Raises BadBundle, OSError; all of it was read and is as its sender signed it when this returns."""
    reader = BundleReader(path)
    h = reader.header
    if h.to != join.node_id:
        raise BadBundle(
            "not_for_us", f"这个文件是“{h.sender_name}”写给机器 {h.to} 的，不是给“{join.name}”的，没有使用。"
        )
    if h.kind == Kind.UP:
        opened = _from_below(reader, join, children)
    elif join.parent is not None and h.sender == join.parent.node_id:
        own = reply_keys(bytes.fromhex(join.sign_private))[0]
        opened = Opened(reader, own, bytes.fromhex(join.parent.public), None)
    else:
        raise BadBundle("unknown_sender", f"这个文件来自 {h.sender}，不是本机的上级，没有使用。")
    for _ in reader.pieces(private=opened.private, sender=opened.sender):
        pass
    return opened


def _from_below(reader: BundleReader, join: JoinFile, children: Mapping[str, ChildAccess]) -> Opened:
    h = reader.header
    child = children.get(h.sender)
    if child is None or child.revoked:
        raise BadBundle(
            "unknown_sender", f"这个文件来自没有在本机登记的机器 {h.sender}（“{h.sender_name}”），没有使用。"
        )
    key = join.centre_private if join.role == "county" else join.hall_private
    if key is None:
        raise BadBundle("no_key", "本机的接入文件里没有打开它的私钥，请在大厅节点或县中心导入。")
    return Opened(reader, bytes.fromhex(key), child.public, child)


def take_in(opened: Opened, take: Take, blobs: BlobStore) -> TakenIn:
    """Raises BadBundle, Refusal, StoreFault, OSError; what was taken in by then stays, and is passed over next time."""
    done = TakenIn()
    incoming: _Incoming | None = None
    for piece in opened.reader.pieces(private=opened.private, sender=opened.sender):
        if piece.kind == DATA_PIECE and incoming is not None:
            incoming.add(piece.body)
            continue
        if incoming is not None:
            incoming.end(done)
            incoming = None
        if piece.kind == STEP_PIECE:
            _step(piece, take, done)
        elif piece.kind == BLOB_PIECE:
            incoming = _Incoming(blobs, opened.header.sender, _digest(piece))
    if incoming is not None:
        incoming.end(done)
    return done


def _step(piece: Piece, take: Take, done: TakenIn) -> None:
    headers = {"content-type": wire.JSON_TYPE}
    if piece.body[:2] == b"\x1f\x8b":
        headers["content-encoding"] = "gzip"
    try:
        step = STEP.validate_json(wire.unpack(piece.body, headers, wire.MAX_ANSWER_BYTES))
    except (BadBody, ValidationError) as exc:
        raise BadBundle("newer", "这个文件里有本机看不懂的内容，请先升级本机的程序。") from exc
    if done.gap and isinstance(step, PushStep):
        return
    told = take(step)
    done.words.update(told.words)
    done.given += told.given
    done.gap = done.gap or told.gap
    done.refused += told.refused
    done.passed_over = done.passed_over or told.passed_over


def _digest(piece: Piece) -> str:
    digest = piece.body.decode("ascii", "replace")
    if not is_blob_name(digest):
        raise BadBundle("changed", "这个文件里有不合规则的扫描件名称，没有使用。")
    return digest


class _Incoming:
    """One scan of the bundle on its way to the disk."""

    def __init__(self, blobs: BlobStore, owner: str, digest: str) -> None:
        self._blobs, self._owner, self._digest = blobs, owner, digest
        self._session: Session | None = None if blobs.has(digest) else blobs.begin(owner)

    def add(self, piece: bytes) -> None:
        s = self._session
        if s is not None:
            self._session = self._blobs.append(s.id, self._owner, s.offset, piece, crc32(piece))

    def end(self, done: TakenIn) -> None:
        if self._session is not None:
            try:
                self._blobs.finish(self._session.id, self._owner, self._digest)
            except DigestMismatch:
                # spoilt on the sender's disk already: it stays unsent there
                done.blobs_spoilt += 1
                return
            done.blobs_new += 1
        done.blobs_held.append(self._digest)
