"""What the journal asks of its own tables for every record, each statement built once (hall.journal.prepared)."""

from sqlalchemy import ColumnClause, delete, func, insert, literal_column, select, update
from sqlalchemy import bindparam as given

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.prepared import Prepared

_record, _head, _dossier = schema.record, schema.chain_head, schema.dossier
_t, _c = _record.c, _head.c
IS_HELD: ColumnClause[str] = literal_column(f"'{Verdict.HELD.value}'")
"""Written out: a partial index serves only a statement that names its value."""
_in_chain = (_t.origin == given("origin"), _t.inc == given("inc"))

HEAD = Prepared(lambda: select(_c.seq, _c.h).where(_c.origin == given("origin"), _c.inc == given("inc")))
ADD_HEAD = Prepared(lambda: insert(_head))
SET_HEAD = Prepared(
    lambda: (
        update(_head)
        .where(_c.origin == given("its_origin"), _c.inc == given("its_inc"))
        .values(seq=given("seq"), h=given("h"))
    )
)
NAMED_BUT = Prepared(lambda: select(_t.raw).where(_t.id == given("id"), _t.type != given("but_type")))
HASH_AT_POS = Prepared(lambda: select(_t.h).where(_t.pos == given("pos")))
RECORD_AT = Prepared(lambda: select(_t.raw).where(_t.pos == given("pos")))
OPENED_HERE = Prepared(lambda: select(_t.pos).where(_t.dossier == given("dossier"), _t.n == 1, *_in_chain))
OPENER = Prepared(
    lambda: select(_t.origin).where(
        _t.dossier == given("dossier"), _t.n == 1, _t.verdict == Verdict.ACCEPTED.value
    )
)
OF_DOSSIER = Prepared(
    lambda: (
        select(_t.pos, _t.raw)
        .where(
            _t.dossier == given("dossier"), _t.type != given("but_type"), _t.verdict != given("but_verdict")
        )
        .order_by(_t.pos)
    )
)
LAST_POS = Prepared(lambda: select(func.max(_t.pos)))
ADD_RECORD = Prepared(lambda: insert(_record))
AHEAD = Prepared(lambda: select(_t.h, _t.raw, _t.type).where(*_in_chain, _t.seq == given("seq")))
RECORD_NAMED = Prepared(lambda: select(_t.raw).where(_t.id == given("id")))
NAMED_AMONG = Prepared(lambda: select(_t.id).where(_t.id.in_(given("ids", expanding=True))))
CHAINS_OF = Prepared(
    lambda: (
        select(_t.inc, func.max(_t.seq)).where(_t.origin == given("origin")).group_by(_t.inc).order_by(_t.inc)
    )
)
LAST_SEQ = Prepared(lambda: select(func.max(_t.seq)).where(*_in_chain))
HOLDING_AMONG = Prepared(
    lambda: (
        select(_t.dossier)
        .where(_t.dossier.in_(given("dossiers", expanding=True)), _t.verdict == IS_HELD)
        .distinct()
    )
)
HELD = Prepared(
    lambda: (
        select(_t.pos, _t.raw)
        .where(_t.dossier == given("dossier"), _t.verdict == IS_HELD, _t.n <= given("n"))
        .order_by(_t.n, _t.pos)
    )
)
SET_VERDICT = Prepared(
    lambda: update(_record).where(_t.pos == given("its_pos")).values(verdict=given("verdict"))
)
CHAIN_FROM = Prepared(
    lambda: (
        select(_t.pos, _t.raw, _t.dossier, _t.type, _t.h)
        .where(*_in_chain, _t.seq >= given("seq"))
        .order_by(_t.seq)
    )
)
DROP_RECORD = Prepared(lambda: delete(_record).where(_t.pos == given("its_pos")))
DROP_COMMANDS = Prepared(
    lambda: delete(schema.command_log).where(schema.command_log.c.position == given("position"))
)
DOSSIER = Prepared(
    lambda: select(
        _dossier.c.id, _dossier.c.kind, _dossier.c.scope, _dossier.c.owner, _dossier.c.token, _dossier.c.n,
        _dossier.c.offered_to,
    ).where(_dossier.c.id == given("id"))
)  # fmt: skip
ADD_DOSSIER = Prepared(lambda: insert(_dossier))
SET_DOSSIER = Prepared(
    lambda: (
        update(_dossier)
        .where(_dossier.c.id == given("its_id"))
        .values(owner=given("owner"), token=given("token"), n=given("n"), offered_to=given("offered_to"))
    )
)
ADD_COMMAND = Prepared(lambda: insert(schema.command_log))
COMMAND_PLACES = Prepared(
    lambda: (
        select(schema.command_log.c.position)
        .where(schema.command_log.c.command_id == given("command_id"))
        .order_by(schema.command_log.c.position)
    )
)
DONE_BY = Prepared(
    lambda: (
        select(schema.command_log.c.position)
        .join(_record, _t.pos == schema.command_log.c.position)
        .where(
            schema.command_log.c.command_id == given("command_id"),
            _t.origin.in_(given("nodes", expanding=True)),
        )
        .order_by(schema.command_log.c.position)
    )
)
BLOB = Prepared(lambda: select(schema.blob_ref.c.digest).where(schema.blob_ref.c.digest == given("digest")))
ADD_BLOB = Prepared(lambda: insert(schema.blob_ref))
KEY = Prepared(
    lambda: select(schema.dossier_key.c.dossier, schema.dossier_key.c.data_key).where(
        schema.dossier_key.c.dossier == given("dossier")
    )
)
ADD_KEY = Prepared(lambda: insert(schema.dossier_key))
FORGET_KEY = Prepared(
    lambda: (
        update(schema.dossier_key)
        .where(schema.dossier_key.c.dossier == given("its_dossier"))
        .values(wrap_hall=given("wrap_hall"), wrap_centre=given("wrap_centre"), data_key=given("data_key"))
    )
)
_parked = schema.quarantine.c
PARKED = Prepared(lambda: select(_parked.source, _parked.code, _parked.raw).order_by(_parked.no))
PARKED_AS = Prepared(
    lambda: (
        select(_parked.no, _parked.code, _parked.raw)
        .where(_parked.code.in_(given("codes", expanding=True)), _parked.no > given("after"))
        .order_by(_parked.no)
    )
)
PARK = Prepared(
    lambda: insert(schema.quarantine).values(source=given("source"), code=given("code"), raw=given("raw"))
)
UNPARK = Prepared(lambda: delete(schema.quarantine).where(schema.quarantine.c.code == given("code")))
ADD_LATE = Prepared(
    lambda: insert(schema.late).values(id=given("id"), dossier=given("dossier"), verdict=given("verdict"))
)
_closed, _word = schema.closed_chain, schema.tail_word
CLOSED_PLACES = Prepared(
    lambda: select(_closed.c.record, _closed.c.inc, _closed.c.seq).where(_closed.c.origin == given("origin"))
)
CLOSED_IN = Prepared(
    lambda: select(_closed.c.origin, _closed.c.inc, _closed.c.seq).where(
        _closed.c.dossier == given("dossier")
    )
)
CLOSINGS = Prepared(
    lambda: (
        select(_closed.c.origin, _t.pos, _t.origin, _t.id, _t.raw)
        .join(_record, _t.id == _closed.c.record)
        .where(_closed.c.inc == "")
        .order_by(_t.pos)
    )
)
LAST_SEQ_BEFORE = Prepared(lambda: select(func.max(_t.seq)).where(*_in_chain, _t.pos < given("pos")))
ADD_CLOSED = Prepared(lambda: insert(_closed))
FORGET_CLOSED = Prepared(lambda: delete(_closed).where(_closed.c.dossier == given("dossier")))
TAIL_WORDS = Prepared(
    lambda: (
        select(_word.c.adopted, _word.c.why)
        .where(_word.c.about == given("about"), _word.c.origin == given("origin"))
        .order_by(_word.c.record)
    )
)
TAIL_WORDS_IN = Prepared(lambda: select(_word.c.about).where(_word.c.dossier == given("dossier")))
ADD_TAIL_WORD = Prepared(lambda: insert(_word))
FORGET_TAIL_WORDS = Prepared(lambda: delete(_word).where(_word.c.dossier == given("dossier")))
SET_LATE = Prepared(
    lambda: (
        update(schema.late)
        .where(
            schema.late.c.id == given("its_id"),
            schema.late.c.dossier == given("its_dossier"),
            schema.late.c.verdict != Verdict.ADOPTED.value,
        )
        .values(verdict=given("verdict"), why=given("why"))
    )
)
"""An owner judges what came late in its own dossier; what it has adopted counts once."""
DROP_LATE = Prepared(lambda: delete(schema.late).where(schema.late.c.id == given("its_id")))
FORGET_DOSSIER = Prepared(lambda: delete(_dossier).where(_dossier.c.id == given("dossier")))
FORGET_LATE = Prepared(lambda: delete(schema.late).where(schema.late.c.dossier == given("dossier")))
FORGET_BLOBS = Prepared(lambda: delete(schema.blob_ref).where(schema.blob_ref.c.dossier == given("dossier")))
FORGET_COMMANDS = Prepared(
    lambda: delete(schema.command_log).where(
        schema.command_log.c.position.in_(select(_t.pos).where(_t.dossier == given("dossier")))
    )
)
SET_IDENTITY = Prepared(
    lambda: update(schema.machine).values(
        inc=given("inc"), settled=given("settled"), suspect=given("suspect")
    )
)
