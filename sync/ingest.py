"""The parent's side of a push: store a child's records and say what is held. One transaction, or several where
short works wait."""

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import Connection

from hall.journal import closing
from hall.journal.admission import opens
from hall.journal.book import FORKED, TAKEN_BACK
from hall.journal.canonical import MAX_BYTES
from hall.journal.envelope import Envelope
from hall.journal.facts import (
    ClaimAnswered,
    DossierErased,
    DossierSeized,
    MachineConfirmed,
    OriginClosed,
    TailAdopted,
    TailRejected,
)
from hall.journal.ledger import Ledger, Parsed, parsed
from hall.journal.rows import LAST_POS
from hall.journal.sealing import Wraps
from hall.queueing.events import DayOpened, SeriesVoided
from sync import claims, opening, outbox, signing
from sync.access import ChildAccess
from sync.outbox import Chain
from sync.signing import Private, Public
from sync.wire import (
    AskItem,
    Mark,
    PushAnswer,
    PushBody,
    Receipt,
    Refused,
    Run,
    Statement,
    WrapItem,
    record_bytes,
)

STEP = 32
"""Records between two looks at who waits."""


class Gap(Exception):
    """A run does not follow what is held; nothing of it was stored."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one push did; turned into a PushAnswer once it is on the disk."""

    verdicts: list[list[str]]
    marks: list[Mark]
    statements: list[Statement]
    asks: list[AskItem]
    refused: list[Refused]
    restored: bool
    """This machine has signed what it does not know."""
    left: "Push | None" = None
    """What was left for a transaction of its own, because somebody waited: it begins in the run where this ends."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push as it was sent, its records read, or the rest of one."""

    wraps: tuple[WrapItem, ...]
    runs: tuple[tuple[Run, list[bytes]], ...]
    parsed: Parsed
    refused: tuple[Refused, ...] = ()


def read_push(child: ChildAccess, body: PushBody) -> Push:
    """Any thread. Raises BadBody."""
    runs = tuple((run, [record_bytes(text) for text in run.records]) for run in body.chains)
    read = parsed(raw for run, raws in runs if run.origin in child.subtree for raw in raws)
    return Push(tuple(body.wraps), runs, read)


def take_push(
    ledger: Ledger, child: ChildAccess, push: Push, signers: Mapping[str, Public], *, guarded: bool
) -> Taken:
    """`signers`: keys of this node and, in a pair, of the other. With `guarded`, a record whose rows cannot be made
    is parked. Raises Gap, BadBody.
    """
    if guarded:
        ledger.admit_guarded()
    ledger.put_all_wraps(_keys_of_opened(child, push))
    verdicts: list[list[str]] = []
    refused: dict[Chain, Refused] = {(r.origin, r.inc): r for r in push.refused}
    touched: dict[Chain, None] = {}
    taken, left = 0, None
    forbid = forbidder(ledger, child)
    with ledger.many(push.parsed):
        for at, (run, raws) in enumerate(push.runs):
            chain = (run.origin, run.inc)
            code = None if run.origin in child.subtree else "unknown_origin"
            if code is None and any(len(raw) > MAX_BYTES for raw in raws):
                code = "record_too_long"
            if code is not None or chain in refused:
                told = Refused(origin=run.origin, inc=run.inc, code=code or "unknown_origin")
                refused.setdefault(chain, told)
                verdicts.append([])
                continue
            if run.from_seq > ledger.held(chain) + 1:
                raise Gap
            words: list[str] = []
            verdicts.append(words)
            for raw, seq in zip(raws, count(run.from_seq), strict=False):
                if taken and taken % STEP == 0 and ledger.waited_for():
                    left = _rest(push, at, len(words), tuple(refused.values()))
                    break
                words.append(ledger.admit(raw, child.node_id, place=(*chain, seq), forbid=forbid).value)
                taken += 1
            if words:
                touched[chain] = None
            if left is not None:
                break
    me = ledger.identity.node_id
    noted = [done.event for done in ledger.recorded if isinstance(done.event, ClaimAnswered)]
    restored = any([claims.recover(ledger, event, signers) for event in noted])
    claims.close_asks(ledger)
    if any(isinstance(done.event, OriginClosed) for done in ledger.recorded):
        closing.uphold(ledger)
    return Taken(
        verdicts,
        [] if left else marks_for(ledger.conn, ledger.identity.role, child),
        [_statement(ledger, chain) for chain in touched],
        [] if left else claims.asks_for(ledger.conn, me, ledger.identity.role, child.subtree),
        list(refused.values()),
        restored,
        left,
    )


def _keys_of_opened(child: ChildAccess, push: Push) -> dict[str, Wraps]:
    """A dossier's key comes with its first record, from the machine that opened it. The first wrap stands for good: a
    wrong one from anybody else, or an empty one, would shut the right one out. Raises BadBody.
    """
    opened = {
        env.dossier
        for env in push.parsed.values()
        if isinstance(env, Envelope) and env.origin in child.subtree and opens(env)
        if opening.may_have(env.dossier, env.origin)
    }
    told = {item.dossier: item.wraps() for item in reversed(push.wraps) if item.dossier in opened}
    return {dossier: wraps for dossier, wraps in told.items() if wraps.hall or wraps.centre}


def _rest(push: Push, at: int, done: int, refused: tuple[Refused, ...]) -> Push:
    """From record `done` of run `at`."""
    run, raws = push.runs[at]
    begun = (run.model_copy(update={"from_seq": run.from_seq + done}), raws[done:])
    runs = (begun, *push.runs[at + 1 :])
    return Push(
        (), runs, {raw: push.parsed[raw] for _, left in runs for raw in left if raw in push.parsed}, refused
    )


def joined(parts: Sequence[Taken]) -> Taken:
    """What the parts of one push did together."""
    first, *others = parts
    verdicts = [list(words) for words in first.verdicts]
    statements = {(s.origin, s.inc): s for part in parts for s in part.statements}
    for part in others:
        verdicts[-1] += part.verdicts[0]
        verdicts += part.verdicts[1:]
    restored = any(part.restored for part in parts)
    return replace(parts[-1], verdicts=verdicts, statements=list(statements.values()), restored=restored)


def answer_of(taken: Taken, private: Private) -> PushAnswer:
    return PushAnswer(
        verdicts=taken.verdicts,
        marks=taken.marks,
        receipts=[signed_receipt(s, private) for s in taken.statements],
        asks=taken.asks,
        refused=taken.refused,
    )


def signed_receipt(statement: Statement, private: Private) -> Receipt:
    signature = signing.sign_bytes(private, statement.signed_bytes())
    return Receipt(statement=statement, signature=base64.b64encode(signature).decode())


def check_receipt(receipt: Receipt, node: str, public: Public) -> None:
    """Raises BadSignature unless `node` signed it."""
    if receipt.statement.by != node:
        raise signing.BadSignature("receipt of another node")
    signing.verify_bytes(public, base64.b64decode(receipt.signature), receipt.statement.signed_bytes())


def check_word(word: Receipt, signers: Mapping[str, Public], also: Collection[str] = ()) -> None:
    """A node's word on its own chain, or on that of one of `also`. Raises BadSignature."""
    by = word.statement.by
    if by not in signers or word.statement.origin not in (by, *also):
        raise signing.BadSignature("word of another node")
    check_receipt(word, by, signers[by])


def true_receipts(
    conn: Connection, receipts: Collection[Receipt], node: str, public: Public
) -> list[Receipt]:
    """Those that agree with the own records. Raises BadSignature when one is not the parent's."""
    good = []
    for receipt in receipts:
        s = receipt.statement
        check_receipt(receipt, node, public)
        mine = outbox.hash_at(conn, (s.origin, s.inc), s.seq)
        if mine is not None and mine.hex() == s.h:
            good.append(receipt)
    return good


def marks_for(conn: Connection, role: str, child: ChildAccess) -> list[Mark]:
    """How far every chain of the child's subtree is held here and at the root."""
    heads = outbox.heads(conn, child.subtree)
    if role == "county":
        root = {chain: head.seq for chain, head in heads.items()}
    else:
        root = outbox.held_root(conn, list(heads))
    return [
        Mark(origin=o, inc=i, held_parent=head.seq, held_root=min(root.get((o, i), 0), head.seq))
        for (o, i), head in sorted(heads.items())
    ]


def proves_restore(ledger: Ledger, receipt: Receipt) -> bool:
    """This machine once said it held more than it does, or something else: it was restored from a backup."""
    s = receipt.statement
    if s.by_inc != ledger.identity.inc:
        return False
    if (LAST_POS.scalar(ledger.conn) or 0) < s.pos:
        return True
    here = outbox.hash_at(ledger.conn, (s.origin, s.inc), s.seq)
    same = here is None or here.hex() == s.h
    as_said = same and ledger.held((s.origin, s.inc)) >= s.seq
    return not as_said and not _was_displaced(ledger, s)


def _was_displaced(ledger: Ledger, s: Statement) -> bool:
    """The record lies aside here since the parent's line was another: it was not lost with a disk."""
    return ledger.put_aside_before(bytes.fromhex(s.h), (FORKED, TAKEN_BACK))


def _statement(ledger: Ledger, chain: Chain) -> Statement:
    head = outbox.heads(ledger.conn, [chain[0]])[chain]
    return Statement(
        by=ledger.identity.node_id,
        by_inc=ledger.identity.inc,
        origin=chain[0],
        inc=chain[1],
        seq=head.seq,
        h=head.h.hex(),
        pos=LAST_POS.scalar(ledger.conn) or 0,
    )


_ABOUT_MACHINES = frozenset(
    kind.TYPE for kind in (OriginClosed, TailAdopted, TailRejected, MachineConfirmed, SeriesVoided)
)
"""What a person says of another machine, at the hall's node or at the centre."""


def forbidder(ledger: Ledger, child: ChildAccess) -> Callable[[Envelope], str | None]:
    """No terminal opens the business day, seizes, erases, or judges a machine; a hall does so only inside itself, never
    as the centre.
    """

    def forbid(env: Envelope) -> str | None:
        hall_itself = child.role == "hall" and env.origin == child.node_id
        if env.type_name == DayOpened.TYPE and not hall_itself:
            return "may_not_open_day"
        if env.type_name == DossierErased.TYPE and not hall_itself and env.origin not in child.nodes:
            return "may_not_erase"
        if env.type_name in _ABOUT_MACHINES:
            machine = env.data.get("machine", child.node_id)
            if not hall_itself or machine not in child.subtree:
                return "may_not_judge_machines"
            # two nodes that close each other: of that only the centre can be the judge
            first = machine in child.nodes and not closing.is_closed(ledger, str(machine))
            return "may_not_close_nodes" if first and env.type_name == OriginClosed.TYPE else None
        if env.type_name != DossierSeized.TYPE:
            return opening.forbidden(ledger, child, env)
        if not hall_itself:
            return "may_not_seize"
        row = ledger.dossier(env.dossier)
        if row is None:
            return None
        # what a higher seizure has overtaken takes nothing and goes on to be late; after a restore nobody can
        # tell whose a dossier is before all children have spoken
        rises = ledger.identity.settled and env.token > row.token
        takes_from_others = rises and row.owner not in child.subtree
        if env.token.centre > row.token.centre or takes_from_others:
            return "may_not_seize"
        return None

    return forbid
