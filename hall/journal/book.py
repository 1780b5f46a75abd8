"""Storing records and letting them count, inside one transaction: heads, verdicts, effects, replay."""

from sqlalchemy import Connection

from hall.journal import canonical, codec, envelope, rows, sealing
from hall.journal.admission import Verdict, after, judge
from hall.journal.closed_chains import CLOSING_FACTS, ClosedChains
from hall.journal.codec import BadEvent
from hall.journal.envelope import Envelope
from hall.journal.facts import (
    DossierErased,
    DossierMoved,
    DossierOffered,
    DossierOpened,
    DossierSeized,
    LateAdopted,
    LateRejected,
    OfferWithdrawn,
)  # fmt: skip
from hall.journal.kernel import DossierRow, Kernel
from hall.journal.line import in_line, is_second
from hall.journal.lookup import Lookup
from hall.journal.marking import Event
from hall.journal.projection import Recorded
from hall.journal.quarantine import Quarantine
from hall.journal.sealing import CannotOpen

COMMAND = "cmd:"
"""Prefix of the cause that names the command a record came from."""

PENDING = "pending"
"""Verdict of a record that a rebuild has not reached yet."""

FORKED = "forked"
CHAIN_BROKEN = "chain_broken"
"""Codes of a record whose place another record has, and of one that follows another than stands here."""

TAKEN_BACK = "taken_back"
"""Code of a record that the parent has put aside."""

LOST = "lost"
"""Code of the bytes that hold the place of a record which was lost with a disk."""

SHELVED = ""
"""Type of bytes that hold their place in a chain but are no record: relayed, never projected."""

Place = tuple[str, str, int]
"""(origin, inc, seq): where a record stands in its chain."""


# tuples: a union is asked three times as long
_HOLDING_FACTS = (DossierOffered, OfferWithdrawn, DossierMoved, DossierSeized)
_LATE_FACTS = (LateAdopted, LateRejected)


def lost_bytes(place: Place) -> bytes:
    """The same for everybody, and no record."""
    origin, inc, seq = place
    return canonical.encode({"lost": seq, "origin": origin, "inc": inc})


def follows(prev: bytes, h: bytes, before: Place) -> bool:
    """Whether a record may stand behind the one with hash `h` at `before`; behind a lost one any may."""
    return prev == h or h == envelope.hash_of(lost_bytes(before))


class Book:
    """One transaction's writing in the journal's tables. Used by Ledger, rebuild and verify only."""

    def __init__(self, conn: Connection, kernel: Kernel, recorded: list[Recorded]) -> None:
        self.conn = conn
        self._kernel = kernel
        self._recorded = recorded
        self.fresh_keys: dict[str, bytes] = {}
        """Data keys of dossiers that this transaction opened and may not read later (kiosk)."""
        self.rows = Lookup(conn)
        self.aside = Quarantine(conn)
        self._pos: int | None = None
        self._closed = ClosedChains(conn, kernel.identity.node_id)
        self._anew: list[str] = []
        """Dossiers that closings of the dossier which is counted anew let count otherwise."""
        self._cut: set[str] = set()
        """Late records of the dossier that is counted anew."""
        self.guarded = False
        """True: an event that cannot be projected is quarantined; False: its exception goes up."""

    # -- chains ---------------------------------------------------------------------------------------

    def store(self, env: Envelope) -> Verdict:
        """Keep a record that has passed its checks and let it count."""
        pos = self._next_pos()
        row = self.rows.dossier(env.dossier)
        verdict = Verdict.LATE if self._closed.aside(env) else judge(env, row)
        self.rows.add_record(
            {
                "pos": pos,
                "origin": env.origin,
                "inc": env.inc,
                "seq": env.seq,
                "id": env.id,
                "dossier": env.dossier,
                "n": env.n,
                "token": env.token.text(),
                "type": env.type_name,
                "scope": env.scope,
                "wall_ms": env.wall_ms,
                "h": env.h,
                "raw": env.raw,
                "verdict": verdict.value,
            }
        )
        self._advance_head((env.origin, env.inc, env.seq), env.h)
        if row is not None and is_second(env, row, verdict):
            # a clone wrote, too: everybody must let the same one count, whichever came first
            self.replay(env.dossier)
            return verdict
        self._let_count(pos, env, row, verdict, replaying=False)
        if verdict is Verdict.ACCEPTED:
            self._release_held(env.dossier)
        return verdict

    def shelve(self, place: Place, raw: bytes) -> None:
        """Give bytes that are no valid record their place in the chain, so that it is never blocked."""
        origin, inc, seq = place
        if self.rows.at((origin, inc), seq) is not None:
            return
        h = envelope.hash_of(raw)
        self.rows.add_record(
            {
                "pos": self._next_pos(),
                "origin": origin,
                "inc": inc,
                "seq": seq,
                "id": f"shelved:{origin}:{inc}:{seq}",
                "dossier": "",
                "n": 0,
                "token": "",
                "type": SHELVED,
                "scope": "",
                "wall_ms": 0,
                "h": h,
                "raw": raw,
                "verdict": Verdict.QUARANTINED.value,
            }
        )
        self._advance_head(place, h)

    def displace(self, place: Place, by: bytes) -> None:
        """What stands here was written on a fork, and so was all that was written behind it: these bytes are put
        aside, their dossiers count anew. The caller gives the place to `by`.
        """
        self.rows.flush()
        # no position is given twice: who reads by position would pass over it
        self._pos = self._next_pos() - 1
        origin, inc, seq = place
        # behind a lost place any record may stand; bytes that only cease to count are followed as before
        goes_on = by == lost_bytes(place)
        dossiers: dict[str, None] = {}
        fork: bytes | None = None
        for pos, raw, dossier, its_type, h in rows.CHAIN_FROM.all(self.conn, origin=origin, inc=inc, seq=seq):
            raw = bytes(raw)
            if fork is not None and (goes_on or its_type == SHELVED or envelope.prev_of(raw) != fork):
                break
            if its_type != SHELVED:
                self.quarantine(origin, TAKEN_BACK if raw == by else FORKED, raw)
                dossiers[dossier] = None
            goes_on, fork = goes_on or raw == by, bytes(h)
            rows.DROP_COMMANDS.run(self.conn, position=pos)
            rows.DROP_RECORD.run(self.conn, its_pos=pos)
        if self.rows.head((origin, inc))[0] >= seq:
            before = self.rows.at((origin, inc), seq - 1)
            self.rows.set_head(
                (origin, inc), seq - 1, envelope.GENESIS if before is None else bytes(before[0])
            )
        for dossier in dossiers:
            self.replay(dossier)

    def strays(self, env: Envelope, *, in_order: bool) -> bool:
        """Whether it follows another record than the one that stands here. `in_order`: it was told right behind the one
        before it.
        """
        seq, prev = self.rows.head((env.origin, env.inc))
        if env.seq == seq + 1:
            return not follows(env.prev, prev, (env.origin, env.inc, seq))
        if env.seq <= seq or in_order:
            return env.seq > seq
        return self.aside.holds(env.prev, (FORKED, CHAIN_BROKEN))

    def _next_pos(self) -> int:
        if self._pos is None:
            self._pos = rows.LAST_POS.scalar(self.conn) or 0
        self._pos += 1
        return self._pos

    def _advance_head(self, place: Place, h: bytes) -> None:
        """The head is contiguous: a record beyond a gap waits for the gap to fill."""
        origin, inc, seq = place
        chain = (origin, inc)
        if seq != self.rows.head(chain)[0] + 1:
            return
        while (ahead := self.rows.at(chain, seq + 1)) is not None:
            its_h, its_raw, its_type = ahead
            if its_type != SHELVED and not follows(envelope.prev_of(bytes(its_raw)), h, (*chain, seq)):
                self.quarantine(origin, CHAIN_BROKEN, bytes(its_raw))
            seq, h = seq + 1, bytes(its_h)
        self.rows.set_head(chain, seq, h)

    def quarantine(self, source: str, code: str, raw: bytes) -> None:
        self.aside.park(source, code, raw)

    # -- counting -------------------------------------------------------------------------------------

    def settle_stored(self, pos: int, env: Envelope) -> Verdict:
        """Judge a stored record; when it counts, so may records that waited for it."""
        verdict = self._count(pos, env)
        if verdict is Verdict.ACCEPTED:
            self._release_held(env.dossier)
        return verdict

    def _count(self, pos: int, env: Envelope, *, replaying: bool = False) -> Verdict:
        row = self.rows.dossier(env.dossier)
        verdict = Verdict.LATE if self._closed.aside(env) else judge(env, row)
        self._set_verdict(pos, verdict)
        self._let_count(pos, env, row, verdict, replaying=replaying)
        return verdict

    def _let_count(
        self, pos: int, env: Envelope, row: DossierRow | None, verdict: Verdict, *, replaying: bool
    ) -> None:
        rewinds = verdict is Verdict.ACCEPTED and row is not None and env.n <= row.n
        overtaken = verdict is Verdict.LATE and env.type_name == DossierSeized.TYPE
        if (rewinds or overtaken) and not replaying:
            # a seizure that stands before records already counted: these become late
            self.replay(env.dossier)
        elif verdict is Verdict.ACCEPTED:
            self._take_effect(pos, env, row, replaying=replaying)
        elif verdict is Verdict.LATE and env.id not in self._cut:
            self._closed.add_late(env)

    def _take_effect(self, pos: int, env: Envelope, row: DossierRow | None, *, replaying: bool) -> None:
        event = self.event_of(env)
        if row is None or isinstance(event, _HOLDING_FACTS):
            self._hold(env, event, row)
        else:
            # most records of a push: the owner goes on
            going_on = DossierRow(row.id, row.kind, row.scope, row.owner, row.token, env.n, row.offered_to)
            self.rows.set_dossier(going_on, new=False)
        for cause in env.causes:
            if cause.startswith(COMMAND):
                self.rows.add_command(cause[len(COMMAND) :], pos)
        if isinstance(event, DossierErased):
            self._destroy_key(env.dossier)
            if not replaying:
                # rows made while the key was there hold the person's data in clear
                self.replay(env.dossier)
                return
        if event is not None:
            self._project(env, event)
        if isinstance(event, CLOSING_FACTS):
            self.rows.flush()
            self._anew += self._closed.keep(env, event)
            if not replaying:
                self._count_anew()
        self._recorded.append(Recorded(pos, env, event))

    def _hold(self, env: Envelope, event: Event | None, row: DossierRow | None) -> None:
        """Who holds the dossier from here on, and to whom it is offered."""
        new = after(env, event, row)
        offered = None if row is None else row.offered_to
        if isinstance(event, DossierOffered):
            offered = event.to
        elif isinstance(event, OfferWithdrawn | DossierSeized) or (
            isinstance(event, DossierMoved) and not event.offer_stands
        ):
            offered = None
        if row is None:
            kind = event.kind if isinstance(event, DossierOpened) else "unknown"
        else:
            kind = row.kind
        scope = env.scope if row is None else row.scope
        self.rows.set_dossier(
            DossierRow(env.dossier, kind, scope, new.owner, new.token, new.n, offered), new=row is None
        )

    def _project(self, env: Envelope, event: Event) -> None:
        if isinstance(event, _LATE_FACTS):
            self._settle_late(env.dossier, event)
        for digest in codec.blobs_of(event):
            if rows.BLOB.first(self.conn, digest=digest) is None:
                rows.ADD_BLOB.run(self.conn, digest=digest, dossier=env.dossier)
        if not self.guarded:
            self._kernel.projections.apply(self.rows.tables, env, event)
            return
        savepoint = self.conn.begin_nested()
        try:
            self._kernel.projections.apply(self.conn, env, event)
        except Exception as exc:
            # a record from another machine must never block those behind it
            savepoint.rollback()
            self.quarantine(env.origin, f"not_projected: {type(exc).__name__}", env.raw)
        else:
            savepoint.commit()

    def _settle_late(self, dossier: str, event: LateAdopted | LateRejected) -> None:
        adopted = isinstance(event, LateAdopted)
        self.rows.flush()
        verdict = Verdict.ADOPTED.value if adopted else "rejected"
        why = None if isinstance(event, LateAdopted) else event.why
        told = {"its_id": event.record, "its_dossier": dossier, "verdict": verdict, "why": why}
        settled = rows.SET_LATE.run(self.conn, **told)
        if not adopted or not settled:
            return
        row = rows.NAMED_BUT.first(self.conn, id=event.record, but_type=SHELVED)
        if row is None:
            return
        env = envelope.parse(bytes(row[0]))
        late = self.event_of(env)
        if late is not None:
            self._project(env, late)

    def event_of(self, env: Envelope) -> Event | None:
        """None for an unknown type, and for content that does not fit its type (quarantined too)."""
        cls = self._kernel.types.get(env.type_name)
        if cls is None:
            return None
        # the stored key only: a kiosk's rows must not show what it just sealed to the hall
        key = self.rows.key(env.dossier) if env.enc else None
        try:
            private = sealing.open_fields(key, env.id, env.enc) if key is not None else {}
            return codec.join(cls, env.data, private)
        except (BadEvent, CannotOpen) as exc:
            self.quarantine(env.origin, f"unreadable: {exc}"[:200], env.raw)
            return None

    def _release_held(self, dossier: str) -> None:
        while True:
            row = self.rows.dossier(dossier)
            if row is None:
                return
            held = self.rows.held(dossier, row.n + 1)
            freed = False
            for pos, raw in held:
                if self._count(pos, envelope.parse(bytes(raw))) is not Verdict.HELD:
                    freed = True
                    break
            if not freed:
                return

    def replay(self, dossier: str) -> None:
        """Forget a dossier and count its records anew, in the order that seizures leave them.

        A record stands in the line when no seizure of a higher token starts at or before its n.
        """
        self.rows.forget_dossier(dossier)
        self._anew = self._closed.forget(dossier)
        for forget in (rows.FORGET_DOSSIER, rows.FORGET_LATE, rows.FORGET_BLOBS, rows.FORGET_COMMANDS):
            forget.run(self.conn, dossier=dossier)
        self._kernel.projections.forget(self.conn, dossier)
        found = rows.OF_DOSSIER.all(self.conn, dossier=dossier, but_type=SHELVED, but_verdict=PENDING)
        stored = [(pos, envelope.parse(bytes(raw))) for pos, raw in found]
        counting, aside = self._closed.apart(stored)
        line, cut = in_line(counting)
        cut += aside
        guarded, self.guarded = self.guarded, True
        # they are there before what settles them counts
        self._cut = {env.id for _, env in cut}
        for _, env in cut:
            self._closed.add_late(env)
        for pos, env in line:
            self._count(pos, env, replaying=True)
        for pos, env in cut:
            if self._count(pos, env, replaying=True) is not Verdict.LATE:
                rows.DROP_LATE.run(self.conn, its_id=env.id)
        self._cut = set()
        self.guarded = guarded
        self._count_anew()

    def _count_anew(self) -> None:
        anew, self._anew = dict.fromkeys(self._anew), []
        for dossier in anew:
            self.replay(dossier)

    def _set_verdict(self, pos: int, verdict: Verdict) -> None:
        rows.SET_VERDICT.run(self.conn, its_pos=pos, verdict=verdict.value)

    # -- keys -----------------------------------------------------------------------------------------

    def key_or_none(self, dossier: str) -> bytes | None:
        """The key to seal with, also for a dossier that this transaction opened."""
        return self.fresh_keys.get(dossier) or self.rows.key(dossier)

    def _destroy_key(self, dossier: str) -> None:
        self.fresh_keys.pop(dossier, None)
        self.rows.forget_dossier(dossier)
        self.aside.drop(sealing.wrap_broken(dossier))
        nothing = {"wrap_hall": b"", "wrap_centre": b"", "data_key": None}
        if rows.FORGET_KEY.run(self.conn, its_dossier=dossier, **nothing) == 0:
            # an empty row keeps wraps that arrive later out
            rows.ADD_KEY.run(self.conn, dossier=dossier, **nothing)
