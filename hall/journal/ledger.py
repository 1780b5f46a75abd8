"""Appending and admitting records inside one transaction of the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from hall.journal import codec, envelope, schema, sealing
from hall.journal.admission import Holding, Verdict, after, judge
from hall.journal.codec import BadEvent, EventTypes
from hall.journal.envelope import GENESIS, BadRecord, Envelope
from hall.journal.facts import (
    DossierMoved,
    DossierOffered,
    DossierOpened,
    DossierSeized,
    LateAdopted,
    LateRejected,
    OfferWithdrawn,
)
from hall.journal.ids import new_id
from hall.journal.marking import Event
from hall.journal.projection import Projections, Recorded
from hall.journal.refusal import NotOwner, Refusal, UnknownDossier
from hall.journal.sealing import CannotOpen, KeyRing, Wraps
from hall.journal.token import Token

COMMAND = "cmd:"
"""Prefix of the cause that names the command a record came from."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The machine that writes."""

    node_id: str
    inc: str
    role: str
    """"terminal", "hall" or "county"."""
    hall: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the journal needs it; tests bring their own."""

    now: Callable[[], datetime]
    """UTC."""
    mono_ms: Callable[[], int]
    boot: str


@dataclass(frozen=True, slots=True)
class Kernel:
    """What a ledger needs besides the connection."""

    identity: Identity
    clock: Clock
    types: EventTypes
    projections: Projections
    keys: KeyRing


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier as this machine knows it."""

    id: str
    kind: str
    scope: str
    owner: str
    token: Token
    n: int
    offered_to: str | None


def dossier_row(conn: Connection, dossier: str) -> DossierRow | None:
    row = conn.execute(select(schema.dossier).where(schema.dossier.c.id == dossier)).mappings().first()
    return None if row is None else to_dossier(row)


def to_dossier(row: RowMapping) -> DossierRow:
    return DossierRow(
        row["id"],
        row["kind"],
        row["scope"],
        row["owner"],
        Token.from_text(row["token"]),
        row["n"],
        row["offered_to"],
    )


class Ledger:
    """One transaction's view of the journal. Used on the store's writer thread only."""

    def __init__(self, conn: Connection, kernel: Kernel, command_id: str | None = None) -> None:
        self.conn = conn
        self._kernel = kernel
        self._causes: tuple[str, ...] = (COMMAND + command_id,) if command_id else ()
        self._opening_keys: dict[str, bytes] = {}
        self.recorded: list[Recorded] = []
        """Records that this transaction accepted, in order."""

    @property
    def identity(self) -> Identity:
        return self._kernel.identity

    def now(self) -> datetime:
        return self._kernel.clock.now()

    # -- writing own records -------------------------------------------------------------------------

    def open(self, dossier: str, kind: str, *, scope: str, actor: str) -> Recorded:
        """Start a dossier; this machine is its first owner."""
        if dossier_row(self.conn, dossier) is not None:
            raise Refusal("dossier_exists", "这份卷宗已经存在。")
        key = sealing.new_data_key()
        readable = self._kernel.keys.hall_private or self._kernel.keys.centre_private
        self.put_wraps(dossier, self._kernel.keys.wraps(key), key if readable else None)
        self._opening_keys[dossier] = key
        return self._write(dossier, scope, Token(), 1, DossierOpened(kind), actor)

    def append(self, dossier: str, event: Event, *, actor: str) -> Recorded:
        """Write an event of a dossier that this machine owns. Raises NotOwner, UnknownDossier."""
        row = self.owned(dossier)
        return self._write(dossier, row.scope, row.token, row.n + 1, event, actor)

    def owned(self, dossier: str) -> DossierRow:
        row = dossier_row(self.conn, dossier)
        if row is None:
            raise UnknownDossier(dossier)
        if row.owner != self.identity.node_id:
            raise NotOwner(dossier, row.owner)
        return row

    def seize(self, dossier: str, *, by: str, reason: str) -> Recorded:
        """Take a child's dossier on a named person's order. Only a hall node or the centre may."""
        row = dossier_row(self.conn, dossier)
        if row is None:
            raise UnknownDossier(dossier)
        me = self.identity
        if me.role == "terminal":
            raise Refusal("may_not_seize", "只有大厅节点或县中心可以收回卷宗。")
        if row.owner == me.node_id:
            raise Refusal("already_owner", "这份卷宗已经在这里。")
        if not by.strip() or not reason.strip():
            raise Refusal("reason_missing", "收回卷宗必须写明决定人和理由。")
        token = row.token.seized_by_hall(me.inc) if me.role == "hall" else row.token.seized_by_centre(me.inc)
        return self._write(
            dossier, row.scope, token, row.n + 1, DossierSeized(row.owner, by, reason), actor=by
        )

    def done_before(self, command_id: str) -> tuple[Recorded, ...] | None:
        """The records of an earlier run of this command, or None when it never ran."""
        log = schema.command_log
        places = self.conn.scalars(
            select(log.c.position).where(log.c.command_id == command_id).order_by(log.c.position)
        ).all()
        return tuple(self.read(pos) for pos in places) if places else None

    def read(self, pos: int) -> Recorded:
        raw = self.conn.scalar(select(schema.record.c.raw).where(schema.record.c.pos == pos))
        if raw is None:
            raise KeyError(pos)
        env = envelope.parse(bytes(raw))
        return Recorded(pos, env, self._event(env))

    def _write(self, dossier: str, scope: str, token: Token, n: int, event: Event, actor: str) -> Recorded:
        data, private = codec.split(event)
        me, clock = self.identity, self._kernel.clock
        record_id = new_id()
        seq, prev = self._head(me.node_id, me.inc)
        enc = sealing.seal_fields(self.data_key(dossier), record_id, private) if private else {}
        env = envelope.build(
            record_id=record_id,
            origin=me.node_id,
            inc=me.inc,
            seq=seq + 1,
            dossier=dossier,
            token=token,
            n=n,
            type_name=event.TYPE,
            actor=actor,
            wall_ms=int(clock.now().timestamp() * 1000),
            boot=clock.boot,
            mono_ms=clock.mono_ms(),
            causes=self._causes,
            scope=scope,
            prev=prev,
            data=data,
            enc=enc,
        )
        verdict = self._store(env)
        if verdict is not Verdict.ACCEPTED:
            raise RuntimeError(f"own record was judged {verdict.value}")
        return self.recorded[-1]

    # -- taking in records of others ------------------------------------------------------------------

    def admit(self, raw: bytes, source: str) -> Verdict:
        """Store one record from a peer and say what became of it. Never raises for bad content.

        The bytes of a record are kept in every case; `source` names the peer for the quarantine list.
        """
        try:
            env = envelope.parse(raw)
        except BadRecord as exc:
            self.quarantine(source, f"bad_record: {exc}"[:200], raw)
            return Verdict.QUARANTINED
        t = schema.record.c
        known = self.conn.execute(
            select(t.raw).where(
                (t.id == env.id) | ((t.origin == env.origin) & (t.inc == env.inc) & (t.seq == env.seq))
            )
        ).all()
        if known:
            if len(known) == 1 and bytes(known[0].raw) == raw:
                return Verdict.DUPLICATE
            self.quarantine(source, "forked", raw)
            return Verdict.FORKED
        seq, prev = self._head(env.origin, env.inc)
        if env.seq == seq + 1 and env.prev != prev:
            self.quarantine(source, "chain_broken", raw)
            return Verdict.FORKED
        return self._store(env)

    def quarantine(self, source: str, code: str, raw: bytes) -> None:
        same = select(schema.quarantine.c.no).where(
            schema.quarantine.c.raw == raw, schema.quarantine.c.code == code
        )
        if self.conn.execute(same).first() is None:
            self.conn.execute(insert(schema.quarantine).values(source=source, code=code, raw=raw))

    def put_wraps(self, dossier: str, wraps: Wraps, data_key: bytes | None = None) -> None:
        """Keep a dossier's wrapped key; unwrap it where this machine may read."""
        known = select(schema.dossier_key.c.dossier).where(schema.dossier_key.c.dossier == dossier)
        if self.conn.execute(known).first() is not None:
            return
        if data_key is None:
            try:
                data_key = self._kernel.keys.unwrap(wraps)
            except CannotOpen:
                self.quarantine("wraps", f"wrap_broken:{dossier}", wraps.hall + wraps.centre)
        self.conn.execute(
            insert(schema.dossier_key).values(
                dossier=dossier, wrap_hall=wraps.hall, wrap_centre=wraps.centre, data_key=data_key
            )
        )

    def data_key(self, dossier: str) -> bytes:
        """Raises Refusal when this machine may not read the dossier's personal data."""
        key = self._key_or_none(dossier)
        if key is None:
            raise Refusal("no_key", "本机无权读取这份卷宗的个人信息。")
        return key

    def _key_or_none(self, dossier: str) -> bytes | None:
        fresh = self._opening_keys.get(dossier)
        if fresh is not None:
            return fresh
        key = self.conn.scalar(
            select(schema.dossier_key.c.data_key).where(schema.dossier_key.c.dossier == dossier)
        )
        return None if key is None else bytes(key)

    # -- storing and counting -------------------------------------------------------------------------

    def _head(self, origin: str, inc: str) -> tuple[int, bytes]:
        c = schema.chain_head.c
        row = self.conn.execute(select(c.seq, c.h).where(c.origin == origin, c.inc == inc)).first()
        return (0, GENESIS) if row is None else (row.seq, bytes(row.h))

    def _store(self, env: Envelope) -> Verdict:
        pos = (self.conn.scalar(select(func.max(schema.record.c.pos))) or 0) + 1
        self.conn.execute(
            insert(schema.record).values(
                pos=pos,
                origin=env.origin,
                inc=env.inc,
                seq=env.seq,
                id=env.id,
                dossier=env.dossier,
                n=env.n,
                token=env.token.text(),
                type=env.type_name,
                scope=env.scope,
                wall_ms=env.wall_ms,
                h=env.h,
                raw=env.raw,
                verdict=Verdict.HELD.value,
            )
        )
        self._advance_head(env)
        verdict = self.count(pos, env)
        if verdict is Verdict.ACCEPTED:
            self._release_held(env.dossier)
        return verdict

    def _advance_head(self, env: Envelope) -> None:
        seq, _ = self._head(env.origin, env.inc)
        if env.seq <= seq:
            return
        c = schema.chain_head.c
        done = self.conn.execute(
            update(schema.chain_head)
            .where(c.origin == env.origin, c.inc == env.inc)
            .values(seq=env.seq, h=env.h)
        )
        if done.rowcount == 0:
            self.conn.execute(
                insert(schema.chain_head).values(origin=env.origin, inc=env.inc, seq=env.seq, h=env.h)
            )

    def count(self, pos: int, env: Envelope) -> Verdict:
        """Judge a stored record by the dossier rule and, when accepted, project it."""
        row = dossier_row(self.conn, env.dossier)
        held = None if row is None else Holding(row.owner, row.token, row.n)
        verdict = judge(env, held)
        if verdict is Verdict.ACCEPTED and held is not None and env.n <= held.n:
            self._set_verdict(pos, Verdict.ACCEPTED)
            self._rewind(env)
            return Verdict.ACCEPTED
        if verdict is Verdict.ACCEPTED:
            self._take_effect(pos, env, row)
        elif verdict is Verdict.LATE:
            self.conn.execute(insert(schema.late).values(id=env.id, dossier=env.dossier, verdict="waiting"))
        self._set_verdict(pos, verdict)
        return verdict

    def _take_effect(self, pos: int, env: Envelope, row: DossierRow | None) -> None:
        event = self._event(env)
        held = None if row is None else Holding(row.owner, row.token, row.n)
        new = after(env, event, held)
        offered = None if row is None else row.offered_to
        if isinstance(event, DossierOffered):
            offered = event.to
        elif isinstance(event, OfferWithdrawn | DossierSeized) or (
            isinstance(event, DossierMoved) and not event.offer_stands
        ):
            offered = None
        values = {"owner": new.owner, "token": new.token.text(), "n": new.n, "offered_to": offered}
        if row is None:
            kind = event.kind if isinstance(event, DossierOpened) else "unknown"
            self.conn.execute(
                insert(schema.dossier).values(id=env.dossier, kind=kind, scope=env.scope, **values)
            )
        else:
            self.conn.execute(
                update(schema.dossier).where(schema.dossier.c.id == env.dossier).values(**values)
            )
        if event is not None:
            self._project(env, event)
        for cause in env.causes:
            if cause.startswith(COMMAND):
                self.conn.execute(
                    insert(schema.command_log).values(command_id=cause[len(COMMAND) :], position=pos)
                )
        self.recorded.append(Recorded(pos, env, event))

    def _project(self, env: Envelope, event: Event) -> None:
        if isinstance(event, LateAdopted | LateRejected):
            self._settle_late(event)
        for digest in codec.blobs_of(event):
            known = select(schema.blob_ref.c.digest).where(schema.blob_ref.c.digest == digest)
            if self.conn.execute(known).first() is None:
                self.conn.execute(insert(schema.blob_ref).values(digest=digest, dossier=env.dossier))
        self._kernel.projections.apply(self.conn, env, event)

    def _settle_late(self, event: LateAdopted | LateRejected) -> None:
        adopted = isinstance(event, LateAdopted)
        self.conn.execute(
            update(schema.late)
            .where(schema.late.c.id == event.record)
            .values(
                verdict="adopted" if adopted else "rejected",
                why=None if isinstance(event, LateAdopted) else event.why,
            )
        )
        if not adopted:
            return
        t = schema.record.c
        row = self.conn.execute(select(t.pos, t.raw).where(t.id == event.record)).first()
        if row is None:
            return
        env = envelope.parse(bytes(row.raw))
        late = self._event(env)
        if late is not None:
            self._project(env, late)

    def _event(self, env: Envelope) -> Event | None:
        cls = self._kernel.types.get(env.type_name)
        if cls is None:
            return None
        key = self._key_or_none(env.dossier) if env.enc else None
        try:
            private = sealing.open_fields(key, env.id, env.enc) if key is not None else {}
            return codec.join(cls, env.data, private)
        except (BadEvent, CannotOpen) as exc:
            self.quarantine(env.origin, f"unreadable: {exc}"[:200], env.raw)
            return None

    def _release_held(self, dossier: str) -> None:
        t = schema.record.c
        while True:
            row = dossier_row(self.conn, dossier)
            if row is None:
                return
            held = self.conn.execute(
                select(t.pos, t.raw)
                .where(t.dossier == dossier, t.verdict == Verdict.HELD.value, t.n <= row.n + 1)
                .order_by(t.n, t.pos)
            ).all()
            freed = False
            for pos, raw in held:
                if self.count(pos, envelope.parse(bytes(raw))) is not Verdict.HELD:
                    freed = True
                    break
            if not freed:
                return

    def _rewind(self, seizure: Envelope) -> None:
        """A seizure came that stands before records already counted: these become late."""
        dossier = seizure.dossier
        self.conn.execute(delete(schema.dossier).where(schema.dossier.c.id == dossier))
        self.conn.execute(delete(schema.late).where(schema.late.c.dossier == dossier))
        self.conn.execute(delete(schema.blob_ref).where(schema.blob_ref.c.dossier == dossier))
        self._kernel.projections.forget(self.conn, dossier)
        t = schema.record.c
        rows = self.conn.execute(
            select(t.pos, t.raw, t.verdict).where(t.dossier == dossier).order_by(t.n, t.pos)
        ).all()
        stored = [(pos, envelope.parse(bytes(raw))) for pos, raw, _ in rows]
        places = [pos for pos, _ in stored]
        self.conn.execute(delete(schema.command_log).where(schema.command_log.c.position.in_(places)))
        before = [(p, e) for p, e in stored if e.n < seizure.n and not e.token > seizure.token]
        rest = [(p, e) for p, e in stored if e.n >= seizure.n and e.id != seizure.id]
        me = next(p for p, e in stored if e.id == seizure.id)
        for pos, env in [*before, (me, seizure), *sorted(rest, key=lambda x: (x[1].token, x[1].n))]:
            self.count(pos, env)

    def _set_verdict(self, pos: int, verdict: Verdict) -> None:
        self.conn.execute(
            update(schema.record).where(schema.record.c.pos == pos).values(verdict=verdict.value)
        )


def utc_now() -> datetime:
    return datetime.now(UTC)
