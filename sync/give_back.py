"""What a parent wrote itself and lost with its disk, given back by a child that had read it in the feed.

Every feed page ends with the parent's signed word on its own chain. A child keeps these words; a parent
that was restored takes back exactly the records that lead to a hash it once signed, and nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from hall.journal import envelope
from hall.journal.envelope import BadRecord
from hall.journal.ledger import Ledger, parsed
from sync import ingest, outbox, rows
from sync.access import ChildAccess
from sync.returned_keys import keep_keys
from sync.wire import MAX_BATCH_BYTES, BadBody, Head, Receipt, ReturnBody, record_bytes, record_text

APART = 200
"""Kept words of one chain stand about so many records apart, or fewer where these are long; a return leads from one to
the next, in one request.
"""
MOST_BYTES = MAX_BATCH_BYTES // 2
"""Between two kept words; the page that comes with the later one is not counted yet."""


@dataclass(frozen=True, slots=True)
class Words:
    """Signed words about one chain of the parent, lowest first."""

    kept: tuple[Receipt, ...]

    def after(self, seq: int) -> Receipt | None:
        return next((r for r in self.kept if r.statement.seq > seq), None)


def keep_word(ledger: Ledger, word: Receipt) -> None:
    """Remember the newest word of the chain, and of the older ones some."""
    s, conn = word.statement, ledger.conn
    mine = {"origin": s.origin, "inc": s.inc}
    latest = [seq for (seq,) in rows.TWO_BEFORE.all(conn, seq=s.seq, **mine)]
    if len(latest) == 2 and s.seq - latest[1] <= APART and _bytes(conn, word, latest[1]) <= MOST_BYTES:
        rows.FORGET_RECEIPT.run(conn, seq=latest[0], **mine)
    if rows.ONE_FROM.first(conn, seq=s.seq, **mine) is None:
        rows.ADD_RECEIPT.run(conn, seq=s.seq, signed=word.model_dump_json().encode(), **mine)


def _bytes(conn: Connection, word: Receipt, after: int) -> int:
    """What a return up to this word would carry."""
    s = word.statement
    found: int = rows.BYTES_BETWEEN.scalar(conn, origin=s.origin, inc=s.inc, held=after, seq=s.seq) or 0
    return found


def newest_words(conn: Connection, nodes: Collection[str], limit: int = 16) -> list[Receipt]:
    """For hello: the newest word of each chain of the parent and, in a pair, of the other node."""
    newest: dict[str, Receipt] = {}
    for node in nodes:
        for (raw,) in rows.WORDS_OF.all(conn, origin=node):
            word = Receipt.model_validate_json(bytes(raw))
            if word.statement.by == node:
                newest[word.statement.inc] = word
    return sorted(newest.values(), key=lambda w: w.statement.pos, reverse=True)[:limit]


def wanted(conn: Connection, words: Collection[Receipt]) -> list[Head]:
    """The parent's side: chains of a node, its own or its pair's, of which a child has that node's signed word
    beyond what is here.
    """
    own = outbox.heads(conn, sorted({word.statement.origin for word in words}))
    found = []
    for word in words:
        s = word.statement
        have = own.get((s.origin, s.inc), outbox.OwnHead(0, envelope.GENESIS))
        if have.seq < s.seq:
            found.append(Head(origin=s.origin, inc=s.inc, seq=have.seq, h=have.h.hex()))
    return found


def next_return(conn: Connection, want: Head) -> ReturnBody | None:
    """The child's side: the records up to the next word; None when there is no more, or a hole."""
    kept = rows.WORDS_AFTER.all(conn, origin=want.origin, inc=want.inc, seq=want.seq)
    word = Words(tuple(Receipt.model_validate_json(bytes(raw)) for (raw,) in kept)).after(want.seq)
    if word is None:
        return None
    found = rows.BETWEEN.all(conn, origin=want.origin, inc=want.inc, held=want.seq, seq=word.statement.seq)
    if len(found) != word.statement.seq - want.seq:
        return None
    return ReturnBody(
        word=word,
        from_seq=want.seq + 1,
        records=[record_text(bytes(raw)) for _, raw, _ in found],
        wraps=outbox.wraps_for(conn, {dossier for _, _, dossier in found}),
    )


def take_back(ledger: Ledger, body: ReturnBody, source: str, writer: ChildAccess | None) -> int:
    """The parent's side: admit them when they lead to the signed hash. Returns the chain's head. `writer`: the machine
    below whose chain it is; what it may not write was refused when it sent it, and is now.

    The word's signature and whose chain it speaks of are checked before. Raises BadBody; then nothing is
    stored.
    """
    s = body.word.statement
    chain = (s.origin, s.inc)
    head = outbox.heads(ledger.conn, [s.origin]).get(chain, outbox.OwnHead(0, envelope.GENESIS))
    if body.from_seq > head.seq + 1 or s.seq <= head.seq:
        return head.seq
    raws = [record_bytes(text) for text in body.records][head.seq + 1 - body.from_seq :]
    seq, prev = head.seq, head.h
    for raw in raws:
        try:
            env = envelope.parse(raw)
        except BadRecord as exc:
            raise BadBody("record") from exc
        if (env.origin, env.inc, env.seq, env.prev) != (*chain, seq + 1, prev):
            raise BadBody("chain")
        seq, prev = env.seq, env.h
    if (seq, prev.hex()) != (s.seq, s.h):
        raise BadBody("not what was signed")
    ledger.admit_guarded()
    keep_keys(ledger, body.wraps, raws)
    forbid = None if writer is None else ingest.forbidder(ledger, writer)
    with ledger.many(parsed(raws)):
        for raw in raws:
            ledger.admit(raw, source, forbid=forbid)
    return seq
