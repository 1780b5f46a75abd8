"""What a bundle makes a machine do, one transaction a step: the same as the lanes would have done over the line."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import select

from hall.journal import schema
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from hall.journal.works import Long
from sync import claims, ingest, outbox, rows
from sync.access import ChildAccess
from sync.feed import same_feed
from sync.feed_apply import FeedPlace, admit_page, check_words, place_of, read_place, save_place
from sync.ingest import true_receipts
from sync.join_file import JoinFile
from sync.stand import subtree_of
from sync.wire import AskItem, ClaimAnswer, FeedAnswer, Hash, Mark, Name, PushBody, Receipt, Text, Whole

log = logging.getLogger(__name__)

MAX_DIGESTS = 1000
GIVEN_AT_ONCE = 10
MOST_GIVEN = 200
"""Dossiers that one bundle takes home; the next takes more."""


class _Step(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PushStep(_Step):
    """A child's records, at its parent."""

    do: Literal["push"] = "push"
    body: PushBody


class MarksStep(_Step):
    """At the child: what the parent holds of it, under the parent's signature."""

    do: Literal["marks"] = "marks"
    parent_inc: Name
    parent_pos: Whole
    marks: list[Mark]
    receipts: list[Receipt]
    asks: list[AskItem]


class BlobsStep(_Step):
    """At the child: scans that the parent has, each checked against its name."""

    do: Literal["blobs"] = "blobs"
    digests: Annotated[list[Hash], Field(max_length=MAX_DIGESTS)]


class PageStep(_Step):
    """At the child: what the parent's journal has."""

    do: Literal["page"] = "page"
    scope: Text
    page: FeedAnswer


class WantStep(_Step):
    """At the centre: the hall takes what is offered to its side, as its standing claims do over the line."""

    do: Literal["want"] = "want"


class GivenStep(_Step):
    """At the hall: the centre's signed answers to it."""

    do: Literal["given"] = "given"
    answers: Annotated[list[ClaimAnswer], Field(max_length=GIVEN_AT_ONCE)]


Step = PushStep | MarksStep | BlobsStep | PageStep | WantStep | GivenStep
STEP: TypeAdapter[Step] = TypeAdapter(Annotated[Step, Field(discriminator="do")])


class StepDone(BaseModel):
    """`words`: how many records by verdict; `gap`: records before these are missing here, nothing was stored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    words: dict[str, int] = {}
    gap: bool = False
    refused: int = 0
    passed_over: bool = False
    """Older than what is known here already."""
    given: list[ClaimAnswer] = []
    """Dossiers that are the sender's now."""


@dataclass
class TakenIn:
    """What a whole bundle did."""

    words: Counter[str] = field(default_factory=Counter)
    gap: bool = False
    refused: int = 0
    passed_over: bool = False
    blobs_new: int = 0
    blobs_held: list[str] = field(default_factory=list)
    """Scans of the bundle that lie here now, each checked against its name."""
    blobs_spoilt: int = 0
    given: list[ClaimAnswer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class At:
    """The machine that takes the steps, and whose bundle it is."""

    store: Store
    join: JoinFile
    sender: ChildAccess | None
    """The child of an up bundle; None for the parent's answer."""


def carry_out(at: At, step: Step) -> StepDone:
    """Safe to repeat. Raises BadBody, BadSignature, Refusal, StoreFault."""
    match step:
        case PushStep() if at.sender is not None:
            return _push(at, at.sender, step)
        case WantStep() if at.sender is not None:
            return StepDone(given=_give(at, at.sender))
        case GivenStep() if at.sender is None:
            return _take(at, step)
        case MarksStep() if at.sender is None:
            return _marks(at, step)
        case BlobsStep() if at.sender is None:
            at.store.write(partial(_note_sent, digests=step.digests))
            return StepDone(words={"blobs": len(step.digests)})
        case PageStep() if at.sender is None:
            return _page(at, step)
    raise Refusal("wrong_way", "这个文件的内容与它的方向不符，没有使用。")


def _push(at: At, child: ChildAccess, step: PushStep) -> StepDone:
    parts: list[ingest.Taken] = []
    left: ingest.Push | None = ingest.read_push(child, step.body)
    try:
        while left is not None:
            # in parts where somebody at a window waits
            parts.append(_take_part(at, child, left))
            left = parts[-1].left
    except ingest.Gap:
        return StepDone(gap=True)
    taken = ingest.joined(parts)
    words = Counter(word for run in taken.verdicts for word in run)
    return StepDone(words=dict(words), refused=len(taken.refused))


def _take_part(at: At, child: ChildAccess, push: ingest.Push) -> ingest.Taken:
    """Raises Gap."""
    work = partial(ingest.take_push, child=child, push=push, signers=at.join.signers)
    try:
        return at.store.write(Long(partial(work, guarded=False)))
    except (ingest.Gap, Refusal, StoreFault, ValueError):
        raise
    except Exception:
        # one record breaks a table: again, each on its own, so that it alone is parked
        return at.store.write(Long(partial(work, guarded=True)))


def _give(at: At, child: ChildAccess) -> list[ClaimAnswer]:
    me, private = at.store.identity, bytes.fromhex(at.join.sign_private)
    if child.role != "hall" or not me.settled:
        return []
    t = schema.record.c
    with at.store.read() as conn:
        offered = [
            row
            for row in claims.standing_wishes(conn, me.node_id)
            if row.offered_to in child.subtree
            or conn.scalar(select(t.pos).where(t.dossier == row.id, t.origin.in_(child.subtree)).limit(1))
        ]
    halls = {each.node_id for each in at.join.children}
    may_take = claims.only_for_whom(claims.default_may_take, halls, child.subtree)
    found = []
    for row in offered[:MOST_GIVEN]:
        ask = claims.standing_id(row.id, row.token, child.node_id)
        work = partial(
            claims.give, req_id=ask, dossier=row.id, actor=claims.HALL_ACTOR, have_n=0, asker=child.node_id,
            asker_role=child.role, may_take=may_take,
        )  # fmt: skip
        try:
            given = at.store.write(work)
        except Refusal:
            continue  # taken by another, or withdrawn, meanwhile
        found.append(claims.signed_answer(given, ask, row.id, me.node_id, private))
    return found


def _take(at: At, step: GivenStep) -> StepDone:
    parent = at.join.parent
    if parent is None:
        raise Refusal("no_parent", "本机没有上级，用不着这个文件。")
    taken = 0
    for answer in step.answers:
        work = partial(
            claims.take, answer=answer, owner=parent.node_id, owner_public=bytes.fromhex(parent.public),
            actor=claims.HALL_ACTOR,
        )  # fmt: skip
        try:
            at.store.write(work)
        except Refusal as exc:
            # it has gone on since, or an earlier record is still away: the lanes or the next bundle see to it
            log.warning("a dossier of a bundle did not become ours: %s", exc.code)
        else:
            taken += 1
    return StepDone(words={"taken": taken})


def _marks(at: At, step: MarksStep) -> StepDone:
    parent = at.join.parent
    if parent is None:
        raise Refusal("no_parent", "本机没有上级，用不着这个文件。")
    public = bytes.fromhex(parent.public)
    with at.store.read() as conn:
        good = true_receipts(conn, step.receipts, parent.node_id, public)
        newest = outbox.newest_receipt(conn, parent.node_id)
    if newest is not None:
        known = newest.statement
        if known.by_inc == step.parent_inc and known.pos > step.parent_pos:
            # an older answer must not put the newer word of the parent out of the way
            return StepDone(passed_over=True)

    told = {(m.origin, m.inc) for m in step.marks}

    def work(ledger: Ledger) -> int:
        w = schema.watermark.c
        known = ledger.conn.execute(select(w.origin, w.inc).where(w.origin.in_(subtree_of(at.join)))).all()
        # a chain that the parent does not name it does not hold, any more
        none = [Mark(origin=o, inc=i, held_parent=0, held_root=0) for o, i in known if (o, i) not in told]
        outbox.keep_marks(ledger, [*step.marks, *none], good)
        role = "county" if at.join.role == "hall" else "hall"
        return claims.answer_asks(ledger, step.asks, parent.node_id, role)

    moved = at.store.write(work)
    return StepDone(words={"marks": len(step.marks), "moved": moved})


def _page(at: At, step: PageStep) -> StepDone:
    parent, page = at.join.parent, step.page
    if parent is None:
        raise Refusal("no_parent", "本机没有上级，用不着这个文件。")
    check_words(page, parent.node_id, bytes.fromhex(parent.public))
    scope = place_of(step.scope, parent.node_id)
    if page.start == 0 and not same_feed(read_place(at.store, scope).handle, page.handle):
        at.store.write(partial(save_place, scope=scope, place=FeedPlace(page.handle, 0)))
    kept = admit_page(at.store, page, parent.node_id, scope)
    return StepDone(words={"records": len(page.records)} if kept else {}, passed_over=not kept)


def _note_sent(ledger: Ledger, digests: list[str]) -> None:
    for digest in digests:
        if rows.SENT.first(ledger.conn, digest=digest) is None:
            rows.ADD_SENT.run(ledger.conn, digest=digest)
