"""What goes into a bundle: a child's unsent records and scans, or a parent's answer to one. Reads only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.marking import is_blob_name
from hall.journal.refusal import Refusal
from hall.journal.rows import LAST_POS
from sync import claims, feed, ingest, outbox, rows, wire
from sync.access import ChildAccess
from sync.bundle_file import VERSION, BundleWriter, Header, Kind, reply_keys
from sync.bundle_steps import (
    GIVEN_AT_ONCE,
    MAX_DIGESTS,
    STEP,
    BlobsStep,
    GivenStep,
    MarksStep,
    PageStep,
    PushStep,
    Step,
    TakenIn,
    WantStep,
)
from sync.feed import MustRefetch
from sync.feed_apply import FeedPlace, place_in, place_of
from sync.join_file import JoinFile
from sync.stand import subtree_of
from sync.wire import PushBody, Receipt, Statement

STEP_PIECE, BLOB_PIECE, DATA_PIECE = b"S", b"B", b"D"
PIECE_BYTES = 1024 * 1024
_NOWHERE = FeedPlace("", 0)
MOST_BYTES = 3500 * 1024**2
"""FAT32, which most sticks are, takes files of less than 4 GiB."""


@dataclass(frozen=True, slots=True)
class Exported:
    records: int
    blobs: int
    left_blobs: int
    """Scans that had no room, and wait for the next bundle."""
    left_records: bool
    bytes: int


def write_up(
    conn: Connection, join: JoinFile, blobs: BlobStore, path: Path, *, now_ms: int, everything: bool = False,
    most_bytes: int = MOST_BYTES,
) -> Exported:  # fmt: skip
    """All that the parent has not confirmed; with `everything`, all that lies here. Raises Refusal, OSError."""
    parent = join.parent
    if parent is None:
        raise Refusal("no_parent", "本机没有上级，没有什么要送。")
    me = conn.execute(select(schema.machine)).mappings().one()
    scope = feed.HALL if join.kind in ("counter", "node") else feed.QUEUE
    place = place_in(conn, place_of(scope, parent.node_id))
    receiver = bytes.fromhex(join.centre_public if join.role == "hall" else join.hall_public)
    header = _header(join, Kind.UP, parent.node_id, me["inc"], now_ms, scope, place)
    records = blob_count = 0
    left = False
    with BundleWriter(path, header, receiver=receiver, private=bytes.fromhex(join.sign_private)) as out:
        for body in _pushes(conn, me["inc"], subtree_of(join), everything=everything):
            if out.bytes > most_bytes:
                left = True
                break
            out.add(STEP_PIECE, _packed(PushStep(body=body)))
            records += sum(len(run.records) for run in body.chains)
        if join.role == "hall":
            out.add(STEP_PIECE, _packed(WantStep()))
        unsent = [d for (d,) in rows.UNSENT.all(conn) if is_blob_name(d) and blobs.has(d)]
        for digest in unsent:
            if out.bytes + blobs.size(digest) > most_bytes:
                break
            _add_blob(out, blobs, digest)
            blob_count += 1
        out.finish()
        return Exported(records, blob_count, len(unsent) - blob_count, left, out.bytes)


def write_back(
    conn: Connection, join: JoinFile, child: ChildAccess, asked: Header, taken: TakenIn, path: Path,
    *, now_ms: int, most_bytes: int = MOST_BYTES,
) -> Exported:  # fmt: skip
    """The answer to an up bundle: marks, receipts, wishes, which of its scans lie here, and the feed from its place.

    Raises OSError.
    """
    me = conn.execute(select(schema.machine)).mappings().one()
    header = _header(join, Kind.BACK, child.node_id, me["inc"], now_ms)
    records, left = 0, False
    private = bytes.fromhex(join.sign_private)
    with BundleWriter(path, header, receiver=bytes.fromhex(asked.reply), private=private) as out:
        # what the parent reads in the feed below must not be older than what it says it holds
        out.add(STEP_PIECE, _packed(_marks(conn, join, child, me["inc"])))
        digests = sorted(taken.blobs_held)
        for start in range(0, len(digests), MAX_DIGESTS):
            out.add(STEP_PIECE, _packed(BlobsStep(digests=digests[start : start + MAX_DIGESTS])))
        for start in range(0, len(taken.given), GIVEN_AT_ONCE):
            out.add(STEP_PIECE, _packed(GivenStep(answers=taken.given[start : start + GIVEN_AT_ONCE])))
        if asked.scope in child.scopes:
            for step in _pages(conn, join, child, me["inc"], asked):
                if out.bytes > most_bytes:
                    left = True
                    break
                out.add(STEP_PIECE, _packed(step))
                records += len(step.page.records)
        out.finish()
        return Exported(records, 0, 0, left, out.bytes)


def _header(
    join: JoinFile, kind: Kind, to: str, inc: str, now_ms: int, scope: str = "", place: FeedPlace = _NOWHERE
) -> Header:  # fmt: skip
    return Header(
        v=VERSION, kind=kind.value, id=new_id(), sender=join.node_id, sender_name=join.name[:100],
        sender_inc=inc, to=to, hall=join.hall, made_ms=now_ms, wrapped="",
        reply=reply_keys(bytes.fromhex(join.sign_private))[1].hex(), scope=scope, handle=place.handle, pos=place.pos,
    )  # fmt: skip


def _packed(step: Step) -> bytes:
    return wire.pack(STEP.dump_json(step))[0]


def _pushes(conn: Connection, inc: str, mine: Collection[str], *, everything: bool) -> Iterator[PushBody]:
    """The same batches as the facts lane sends, from where the parent's word stands."""
    w = schema.watermark.c
    held: dict[outbox.Chain, int] = {}
    if not everything:
        held = {(o, i): seq for o, i, seq in conn.execute(select(w.origin, w.inc, w.held_parent))}
    after = outbox.first_pos(conn, held, mine)
    while True:
        batch = outbox.next_batch(conn, held, mine, after)
        for run in batch.runs:
            held[run.origin, run.inc] = run.from_seq + len(run.records) - 1
        after = batch.next_pos
        if batch.runs:
            yield PushBody(inc=inc, chains=list(batch.runs), wraps=list(batch.wraps), more=batch.more)
        if not batch.more:
            return


def _add_blob(out: BundleWriter, blobs: BlobStore, digest: str) -> None:
    out.add(BLOB_PIECE, digest.encode("ascii"))
    with open(blobs.path(digest), "rb") as file:
        while piece := file.read(PIECE_BYTES):
            out.add(DATA_PIECE, piece)


def _marks(conn: Connection, join: JoinFile, child: ChildAccess, inc: str) -> MarksStep:
    private, pos = bytes.fromhex(join.sign_private), LAST_POS.scalar(conn) or 0
    receipts = [
        _word(join, inc, origin, its_inc, head, pos, private)
        for (origin, its_inc), head in sorted(outbox.heads(conn, child.subtree).items())
    ]
    return MarksStep(
        parent_inc=inc,
        parent_pos=pos,
        marks=ingest.marks_for(conn, join.role, child),
        receipts=receipts,
        asks=claims.asks_for(conn, join.node_id, join.role, child.subtree),
    )


def _word(
    join: JoinFile, inc: str, origin: str, its_inc: str, head: outbox.OwnHead, pos: int, private: bytes
) -> Receipt:  # fmt: skip
    statement = Statement(
        by=join.node_id, by_inc=inc, origin=origin, inc=its_inc, seq=head.seq, h=head.h.hex(), pos=pos
    )
    return ingest.signed_receipt(statement, private)


def _pages(
    conn: Connection, join: JoinFile, child: ChildAccess, inc: str, asked: Header
) -> Iterator[PageStep]:
    handle, pos = asked.handle, asked.pos
    private = bytes.fromhex(join.sign_private)
    while True:
        try:
            page = feed.page(
                conn, me=join.node_id, inc=inc, role=join.role, scope=asked.scope, subtree=child.subtree, siblings=(),
                handle=handle, pos=pos, limit=wire.MAX_PAGE, asks=[],
                sign=lambda statement: ingest.signed_receipt(statement, private),
            )  # fmt: skip
        except MustRefetch as exc:
            handle, pos = exc.handle, 0
            continue
        if page.end > page.start:
            yield PageStep(scope=asked.scope, page=page)
        if not page.more:
            return
        handle, pos = page.next, page.end
