"""What both sides of a link ask of the journal's tables, each statement built once (hall.journal.prepared)."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import bindparam as given

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.book import SHELVED
from hall.journal.facts import ClaimAnswered, DossierMoved, DossierOffered, DossierSeized
from hall.journal.prepared import Prepared
from hall.journal.rows import IS_HELD

_t, _c, _w, _r = schema.record.c, schema.chain_head.c, schema.watermark.c, schema.receipt.c
_d, _k, _p, _a = schema.dossier.c, schema.dossier_key.c, schema.feed_place.c, schema.ask.c
_b, _s = schema.blob_ref.c, schema.blob_sent.c
_in_chain = (_t.origin == given("origin"), _t.inc == given("inc"))
_COUNTED = (Verdict.ACCEPTED.value, Verdict.LATE.value)
QUEUE_SCOPES = ("queue", "machine")


def _among(name: str) -> BindParameter[Any]:
    return given(name, expanding=True)


def _by_pos(column: ColumnElement[str]) -> ColumnElement[str]:
    """A column whose index is of no use: the rows are wanted in the order of `pos`, a few at a time. By the index
    SQLite would sort all that is left of a machine's journal for each of its batches (0.3 s at 84,000 records).
    """
    return func.coalesce(column, "")


# -- chains and what is held ------------------------------------------------------------------------------

HEADS = Prepared(lambda: select(_c.origin, _c.inc, _c.seq, _c.h).where(_c.origin.in_(_among("mine"))))
HASH_AT = Prepared(lambda: select(_t.h).where(*_in_chain, _t.seq == given("seq")))
FIRST_POS = Prepared(
    lambda: select(func.min(_t.pos)).where(*_in_chain, _t.seq > given("held"), _t.seq <= given("seq"))
)
NEXT = Prepared(
    lambda: (
        select(_t.pos, _t.origin, _t.inc, _t.seq, _t.raw, _t.dossier)
        .where(_t.pos > given("after"), _by_pos(_t.origin).in_(_among("mine")))
        .order_by(_t.pos)
        .limit(given("most"))
    )
)
BETWEEN = Prepared(
    lambda: (
        select(_t.seq, _t.raw, _t.dossier)
        .where(*_in_chain, _t.seq > given("held"), _t.seq <= given("seq"))
        .order_by(_t.seq)
    )
)
BYTES_BETWEEN = Prepared(
    lambda: select(func.sum(func.length(_t.raw))).where(
        *_in_chain, _t.seq > given("held"), _t.seq <= given("seq")
    )
)
WRAPS = Prepared(
    lambda: select(_k.dossier, _k.wrap_hall, _k.wrap_centre).where(_k.dossier.in_(_among("dossiers")))
)
SET_MARK = Prepared(
    lambda: (
        update(schema.watermark)
        .where(_w.origin == given("its_origin"), _w.inc == given("its_inc"))
        .values(held_parent=given("held_parent"), held_root=given("held_root"))
    )
)
ADD_MARK = Prepared(lambda: insert(schema.watermark))
MARKS = Prepared(
    lambda: select(_w.origin, _w.inc, _w.held_parent, _w.held_root).where(_w.origin.in_(_among("origins")))
)

# -- receipts and words -----------------------------------------------------------------------------------

FORGET_RECEIPTS = Prepared(
    lambda: delete(schema.receipt).where(_r.origin == given("origin"), _r.inc == given("inc"))
)
FORGET_RECEIPT = Prepared(
    lambda: delete(schema.receipt).where(
        _r.origin == given("origin"), _r.inc == given("inc"), _r.seq == given("seq")
    )
)
FORGET_RECEIPTS_BUT = Prepared(
    lambda: delete(schema.receipt).where(func.coalesce(_r.origin, "").not_in(_among("origins")))
)
ADD_RECEIPT = Prepared(lambda: insert(schema.receipt))
RECEIPTS = Prepared(lambda: select(_r.signed))
WORDS_OF = Prepared(lambda: select(_r.signed).where(_r.origin == given("origin")).order_by(_r.seq))
WORDS_AFTER = Prepared(
    lambda: (
        select(_r.signed)
        .where(_r.origin == given("origin"), _r.inc == given("inc"), _r.seq > given("seq"))
        .order_by(_r.seq)
    )
)
TWO_BEFORE = Prepared(
    lambda: (
        select(_r.seq)
        .where(_r.origin == given("origin"), _r.inc == given("inc"), _r.seq < given("seq"))
        .order_by(_r.seq.desc())
        .limit(2)
    )
)
ONE_FROM = Prepared(
    lambda: (
        select(_r.seq)
        .where(_r.origin == given("origin"), _r.inc == given("inc"), _r.seq >= given("seq"))
        .limit(1)
    )
)

# -- the feed ---------------------------------------------------------------------------------------------

PLACE = Prepared(lambda: select(_p.handle, _p.pos).where(_p.scope == given("scope")))
SET_PLACE = Prepared(
    lambda: (
        update(schema.feed_place)
        .where(_p.scope == given("its_scope"))
        .values(handle=given("handle"), pos=given("pos"))
    )
)
ADD_PLACE = Prepared(lambda: insert(schema.feed_place))
ALL_HEADS = Prepared(lambda: select(_c.origin, _c.inc, _c.seq).order_by(_c.origin, _c.inc))
FURTHEST = Prepared(
    lambda: (
        select(_t.origin, _t.inc, func.max(_t.seq)).group_by(_t.origin, _t.inc).order_by(_t.origin, _t.inc)
    )
)
COUNTED_RECORDS = Prepared(
    lambda: (
        select(_t.origin, _t.inc, func.count())
        .join(schema.chain_head, and_(_c.origin == _t.origin, _c.inc == _t.inc, _t.seq <= _c.seq))
        .group_by(_t.origin, _t.inc)
        .order_by(_t.origin, _t.inc)
    )
)
"""Up to what was noted as the chain's end: what lies behind it makes up for no record that is gone."""
SEQS = Prepared(lambda: select(_t.seq).where(*_in_chain).order_by(_t.seq))
ALL_CHAINS = Prepared(lambda: select(_t.origin, _t.inc).distinct().order_by(_t.origin, _t.inc))


def _first_beyond(*narrowed: ColumnElement[bool]) -> Select[Any]:
    return select(func.min(_t.pos)).where(*_in_chain, _t.seq > given("seq"), _t.type != SHELVED, *narrowed)


def _some_beyond() -> Executable:
    some = select(_t.pos).where(*_in_chain, _t.seq > given("seq")).order_by(_t.seq).limit(given("most"))
    found = some.subquery()
    return select(func.min(found.c.pos), func.count()).select_from(found)


SOME_BEYOND = Prepared(_some_beyond)
FIRST_BEYOND = Prepared(_first_beyond)
FIRST_BEYOND_QUEUE = Prepared(lambda: _first_beyond(_t.scope.in_(QUEUE_SCOPES)))


def _page(*narrowed: ColumnElement[bool]) -> Select[Any]:
    page = select(_t.pos, _t.raw, _t.dossier, _t.origin, _t.inc, _t.seq, _t.h, _t.type)
    return page.where(_t.pos > given("after"), *narrowed).order_by(_t.pos).limit(given("most"))


def _page_of_hall() -> Select[Any]:
    """At the centre: what the hall wrote, dossiers that it has written in, holds or is offered, and which machines the
    centre has closed.
    """
    other, d = schema.record.alias("other"), schema.dossier.alias("d")
    written_there = select(other.c.pos).where(
        other.c.dossier == _t.dossier, other.c.origin.in_(_among("mine"))
    )
    lies_there = select(d.c.id).where(
        d.c.id == _t.dossier, or_(d.c.owner.in_(_among("mine")), d.c.offered_to.in_(_among("mine")))
    )
    known_there = or_(written_there.exists(), lies_there.exists())
    shown = or_(known_there, _t.dossier == given("closings"))
    return _page(or_(_t.origin.in_(_among("mine")), and_(_t.type != SHELVED, shown)))


PAGE_OWN = Prepared(lambda: _page(_by_pos(_t.origin).in_(_among("mine"))))
PAGE_QUEUE = Prepared(
    lambda: _page(
        or_(
            and_(_t.scope.in_(QUEUE_SCOPES), _t.type != SHELVED),
            and_(_t.type == SHELVED, _t.origin.in_(_among("mine"))),
        )
    )
)
PAGE_ALL = Prepared(_page)
PAGE_HALL = Prepared(_page_of_hall)

# -- blobs ------------------------------------------------------------------------------------------------

UNSENT = Prepared(lambda: select(_b.digest).where(_b.digest.not_in(select(_s.digest))).order_by(_b.digest))
SENT = Prepared(lambda: select(_s.digest).where(_s.digest == given("digest")))
ADD_SENT = Prepared(lambda: insert(schema.blob_sent))
FORGET_SENT = Prepared(lambda: delete(schema.blob_sent))
NAMED_BLOBS = Prepared(lambda: select(_b.digest).order_by(_b.digest))

# -- claims -----------------------------------------------------------------------------------------------

ASK = Prepared(lambda: select(_a.id).where(_a.id == given("id")))
ADD_ASK = Prepared(lambda: insert(schema.ask))
CLOSE_ASKS = Prepared(
    lambda: (
        update(schema.ask)
        .where(_a.open, _a.dossier.in_(select(_d.id).where(_d.owner == given("me"))))
        .values(open=False)
    )
)
_offered_below = (_d.owner.in_(_among("owners")), _d.offered_to.is_not(None))
OFFERED_BELOW = Prepared(
    lambda: select(_d.id, _d.kind, _d.scope, _d.owner, _d.token, _d.n, _d.offered_to).where(*_offered_below)
)
# by the owners: a list of what they offer may be longer than PostgreSQL takes
OPEN_ASKS = Prepared(
    lambda: select(_a.dossier, _a.id, _a.actor).where(
        _a.open, _a.dossier.in_(select(_d.id).where(*_offered_below))
    )
)
HELD_MOVES = Prepared(
    lambda: select(_t.dossier, _t.raw).where(_t.verdict == IS_HELD, _t.type == DossierMoved.TYPE)
)
HELD_OFFERS = Prepared(
    lambda: (
        select(_t.id, _t.dossier, _t.raw)
        .where(_t.verdict == IS_HELD, _t.type == DossierOffered.TYPE, _t.origin == given("owner"))
        .order_by(_t.n)
    )
)
CLAIMS_TAKEN = Prepared(
    lambda: (
        select(_t.id, _t.raw)
        .where(_t.origin.in_(_among("takers")), _t.type == ClaimAnswered.TYPE)
        .order_by(_t.pos)
    )
)
FIRST_SEIZURE = Prepared(
    lambda: select(func.min(_t.n)).where(
        _t.dossier == given("dossier"), _t.type == DossierSeized.TYPE, _t.verdict.in_(_COUNTED)
    )
)
COUNTED_AFTER = Prepared(
    lambda: (
        select(_t.raw)
        .where(_t.dossier == given("dossier"), _t.n > given("n"), _t.verdict.in_(_COUNTED))
        .order_by(_t.pos)
    )
)
MOVES = Prepared(
    lambda: (
        select(_t.raw)
        .where(
            _t.dossier == given("dossier"),
            _t.type == DossierMoved.TYPE,
            _t.verdict == Verdict.ACCEPTED.value,
        )
        .order_by(_t.n.desc())
    )
)
