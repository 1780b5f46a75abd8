"""Appending and admitting records inside one transaction of the store."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hall.journal import canonical, codec, envelope, rows, sealing
from hall.journal.admission import Verdict
from hall.journal.book import CHAIN_BROKEN, COMMAND, FORKED, LOST, SHELVED, Book, Place, lost_bytes
from hall.journal.engine import broke_a_rule
from hall.journal.envelope import LONGEST_CAUSE, BadRecord, Envelope
from hall.journal.facts import DossierErased, DossierOpened, DossierSeized
from hall.journal.kernel import Clock, DossierRow, Identity, Kernel, dossier_row, to_dossier, utc_now
from hall.journal.lookup import BatchLookup, Chain, Lookup, keys_among
from hall.journal.marking import Event
from hall.journal.projection import Recorded
from hall.journal.refusal import NotOwner, NotSettled, Refusal, UnknownDossier
from hall.journal.sealing import CannotOpen, Wraps
from hall.journal.token import Token

__all__ = [
    "COMMAND", "Clock", "DossierRow", "Identity", "Kernel", "Ledger", "Parsed", "dossier_row", "parsed",
    "to_dossier", "utc_now",
]  # fmt: skip


Parsed = Mapping[bytes, Envelope | BadRecord]
"""Records by their bytes, or what is wrong with them."""


def parsed(raws: Iterable[bytes]) -> Parsed:
    """Any thread: reading needs no table, so that it need not wait for the writer."""
    return {raw: _parsed(raw) for raw in raws}


class Ledger:
    """One transaction's view of the journal. Used on the store's writer thread only."""

    def __init__(
        self,
        conn: Connection,
        kernel: Kernel,
        command_id: str | None = None,
        waited_for: Callable[[], bool] = lambda: False,
    ) -> None:
        self.conn = conn
        self.waited_for = waited_for
        """Whether a short work waits for this transaction's end."""
        self._kernel = kernel
        self._causes: tuple[str, ...] = (_cause(command_id),) if command_id else ()
        self.recorded: list[Recorded] = []
        """Records that this transaction accepted, in order."""
        self._book = Book(conn, kernel, self.recorded)
        self._parsed: Parsed = {}

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
        self._book.fresh_keys[dossier] = key
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
        if not self.identity.settled and not self._born_here(dossier):
            raise NotSettled
        return row

    def _born_here(self, dossier: str) -> bool:
        """Opened by this incarnation: no earlier life of this machine can have given it away."""
        me = self.identity
        return rows.OPENED_HERE.first(self.conn, dossier=dossier, origin=me.node_id, inc=me.inc) is not None

    def seize(
        self, dossier: str, *, below: Container[str], by: str, reason: str, at: str | None = None
    ) -> Recorded:
        """Take a child's dossier on a named person's order. Only a hall node or the centre may; `below` are the nodes
        of its subtree.
        """
        row = dossier_row(self.conn, dossier)
        if row is None:
            raise UnknownDossier(dossier)
        me = self.identity
        if me.role == "terminal":
            raise Refusal("may_not_seize", "只有大厅节点或县中心可以收回卷宗。")
        if row.owner == me.node_id:
            raise Refusal("already_owner", "这份卷宗已经在这里。")
        if row.owner not in below:
            # from above nothing is taken: what has been given up there comes back by a claim
            raise Refusal("not_below", "这份卷宗在上级或别的大厅，不能收回，请向持有它的单位接件。")
        if not by.strip() or not reason.strip():
            raise Refusal("reason_missing", "收回卷宗必须写明决定人和理由。")
        if not me.settled:
            raise NotSettled
        token = row.token.seized_by_hall(me.inc) if me.role == "hall" else row.token.seized_by_centre(me.inc)
        return self._write(
            dossier, row.scope, token, row.n + 1, DossierSeized(row.owner, by, reason, at), actor=by
        )

    def erase(self, dossier: str, *, by: str, reason: str) -> Recorded:
        """Destroy the dossier's key, here and wherever this record arrives; rows lose the personal fields. Only a hall
        node or the centre may: a window's word would destroy what others have a duty to keep.
        """
        if self.identity.role == "terminal":
            raise Refusal("may_not_erase", "只有大厅节点或县中心可以销毁个人信息。")
        if not by.strip() or not reason.strip():
            raise Refusal("reason_missing", "销毁个人信息必须写明决定人和理由。")
        return self.append(dossier, DossierErased(by, reason), actor=by)

    def done_before(self, command_id: str) -> tuple[Recorded, ...] | None:
        """The records of an earlier run of this command, or None when it never ran. What a child calls the causes of
        its own records is no run of it.
        """
        name = _cause(command_id).removeprefix(COMMAND)
        nodes = [self.identity.node_id, *filter(None, [self._kernel.peer])]
        places = rows.DONE_BY.all(self.conn, command_id=name, nodes=nodes)
        return tuple(self.read(pos) for (pos,) in places) if places else None

    def read(self, pos: int) -> Recorded:
        raw = rows.RECORD_AT.scalar(self.conn, pos=pos)
        if raw is None:
            raise KeyError(pos)
        env = envelope.parse(bytes(raw))
        return Recorded(pos, env, self._book.event_of(env))

    def _write(self, dossier: str, scope: str, token: Token, n: int, event: Event, actor: str) -> Recorded:
        data, private = codec.split(event)
        me, clock = self.identity, self._kernel.clock
        record_id = self._kernel.new_id()
        seq, prev = self._book.rows.head((me.node_id, me.inc))
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
        verdict = self._book.store(env)
        if verdict is not Verdict.ACCEPTED:
            raise RuntimeError(f"own record was judged {verdict.value}")
        return self.recorded[-1]

    # -- taking in records of others ------------------------------------------------------------------

    def admit(
        self,
        raw: bytes,
        source: str,
        *,
        place: Place | None = None,
        forbid: Callable[[Envelope], str | None] | None = None,
        from_above: bool = False,
    ) -> Verdict:
        """Store one record from a peer and say what became of it. Never raises for bad content.

        The bytes of a record are kept in every case; `source` names the peer for the quarantine list.
        `place` is where the sender's chain has these bytes: they hold that place even when they are no
        record, so that nothing behind them waits. `forbid` gives a code for what this peer may not write.
        `from_above`: the peer is the parent, whose line stands where two were written.
        """
        env = self._parsed.get(raw) or _parsed(raw)
        if not self._book.guarded:
            return self._admit(env, raw, source, place, forbid, from_above)
        recorded = len(self.recorded)
        try:
            with self.conn.begin_nested():
                return self._admit(env, raw, source, place, forbid, from_above)
        except Exception as exc:
            if isinstance(exc, DBAPIError) and not broke_a_rule(exc):
                raise
            why = f"not_stored: {type(exc).__name__}"
        # a database takes less than a record may hold, and other databases less than ours: those behind it go on
        del self.recorded[recorded:]
        self._book = Book(self.conn, self._kernel, self.recorded)
        self._book.guarded = True
        if place is None and isinstance(env, Envelope):
            place = (env.origin, env.inc, env.seq)
        return self._refuse(place, raw, source, why, Verdict.QUARANTINED)

    def _admit(
        self,
        env: Envelope | BadRecord,
        raw: bytes,
        source: str,
        place: Place | None,
        forbid: Callable[[Envelope], str | None] | None,
        from_above: bool,
    ) -> Verdict:
        book = self._book
        if isinstance(env, BadRecord):
            why = LOST if place is not None and raw == lost_bytes(place) else f"bad_record: {env}"[:200]
            return self._refuse(place, raw, source, why, Verdict.QUARANTINED)
        here = (env.origin, env.inc, env.seq)
        if place is not None and here != place:
            return self._refuse(place, raw, source, "misplaced", Verdict.QUARANTINED)
        named, placed = book.rows.named(env.id), book.rows.at((env.origin, env.inc), env.seq)
        if named is not None or placed is not None:
            if (named is None or named == raw) and (placed is None or bytes(placed[1]) == raw):
                return Verdict.DUPLICATE
            # under its own name and at its own place other bytes stand when a disk has spoilt them
            if from_above and (named is None or (placed is not None and bytes(placed[1]) == named)):
                book.displace(here, raw)
                return book.store(env)
            return self._refuse(here, raw, source, FORKED, Verdict.FORKED)
        code = forbid(env) if forbid is not None else None
        if code is not None:
            return self._refuse(here, raw, source, code, Verdict.QUARANTINED)
        if book.strays(env, in_order=place is not None):
            # of a fork: the place stays free for the one that follows what stands here
            book.quarantine(source, CHAIN_BROKEN, raw)
            if not from_above:
                return Verdict.FORKED
        return book.store(env)

    @contextmanager
    def many(self, coming: Parsed) -> Iterator[None]:
        """These are admitted inside, some or all: what they ask of the journal's tables is asked once.

        Inside, only this ledger's methods know how things stand; the tables know it afterwards.
        """
        self._parsed = coming
        envelopes = [env for env in coming.values() if isinstance(env, Envelope)]
        if envelopes and not self._book.guarded:
            self._book.rows = BatchLookup(self.conn, envelopes)
        yield
        self._book.rows.flush()
        self._book.rows, self._parsed = Lookup(self.conn), {}

    def declare_lost(self, place: Place) -> None:
        """Nobody has this record of an earlier life of this machine: its place is held, so that what stands behind it
        is not blocked for ever. No effect where a record stands.
        """
        self._book.shelve(place, lost_bytes(place))

    def put_aside(self, place: Place, raw: bytes) -> None:
        """The parent holds these bytes at this place and lets them not count: nor do they here, nor what stood here."""
        book = self._book
        stored = book.rows.at(place[:2], place[2])
        if stored is not None:
            _, its_raw, its_type = stored
            if its_type == SHELVED and bytes(its_raw) == raw:
                return
            book.displace(place, raw)
        book.shelve(place, raw)

    def put_aside_before(self, h: bytes, codes: Collection[str]) -> bool:
        """Whether bytes of this hash lie aside for one of these reasons."""
        return self._book.aside.holds(h, codes)

    def held(self, chain: Chain) -> int:
        """How far this chain is stored without a gap."""
        return self._book.rows.head(chain)[0]

    def dossier(self, dossier: str) -> DossierRow | None:
        return self._book.rows.dossier(dossier)

    def opener(self, dossier: str) -> str | None:
        """The machine whose first record counts."""
        if self._book.rows.dossier(dossier) is None:
            return None
        self._book.rows.flush()
        found: str | None = rows.OPENER.scalar(self.conn, dossier=dossier)
        return found

    def admit_guarded(self) -> None:
        """From now on a record that cannot be projected, or not be stored at all, is quarantined instead of raising
        (slower: each is written by itself).
        """
        self._book.guarded = True

    def _refuse(self, place: Place | None, raw: bytes, source: str, code: str, verdict: Verdict) -> Verdict:
        if place is not None:
            stored = self._book.rows.at(place[:2], place[2])
            if stored is not None and bytes(stored[1]) == raw:
                return Verdict.DUPLICATE
            self._book.shelve(place, raw)
        self._book.quarantine(source, code, raw)
        return verdict

    def put_wraps(self, dossier: str, wraps: Wraps, data_key: bytes | None = None) -> None:
        """Keep a dossier's wrapped key; unwrap it where this machine may read."""
        if rows.KEY.first(self.conn, dossier=dossier) is not None:
            return
        row = self._key_row(dossier, wraps, data_key)
        rows.ADD_KEY.run(self.conn, **row)
        if data_key is None and row["data_key"] is not None and dossier_row(self.conn, dossier) is not None:
            # what came before it could not be read
            self._book.replay(dossier)

    def put_all_wraps(self, wraps: Mapping[str, Wraps]) -> None:
        """As put_wraps for each; before `many`, which knows the keys from its beginning."""
        known = keys_among(self.conn, list(wraps))
        fresh = [self._key_row(dossier, its) for dossier, its in wraps.items() if dossier not in known]
        rows.ADD_KEY.run_all(self.conn, fresh)

    def fits(self, wraps: Wraps, sealed: Envelope) -> bool:
        """Whether this key opens what is sealed there; of one that this machine may not unwrap nobody can tell here."""
        try:
            key = self._kernel.keys.unwrap(wraps)
            if key is not None:
                sealing.open_fields(key, sealed.id, sealed.enc)
        except CannotOpen:
            return False
        return True

    def _key_row(self, dossier: str, wraps: Wraps, data_key: bytes | None = None) -> dict[str, object]:
        if data_key is None:
            try:
                data_key = self._kernel.keys.unwrap(wraps)
            except CannotOpen:
                # its name only: the wraps lie beside the dossier, and go with them when it is erased
                name = canonical.digest(wraps.hall + wraps.centre)
                self._book.quarantine("wraps", sealing.wrap_broken(dossier), name)
        return {
            "dossier": dossier, "wrap_hall": wraps.hall, "wrap_centre": wraps.centre, "data_key": data_key
        }  # fmt: skip

    def data_key(self, dossier: str) -> bytes:
        """Raises Refusal when this machine may not read the dossier's personal data."""
        key = self._book.key_or_none(dossier)
        if key is None:
            raise Refusal("no_key", "本机无权读取这份卷宗的个人信息。")
        return key


def _parsed(raw: bytes) -> Envelope | BadRecord:
    try:
        return envelope.coming(raw)
    except BadRecord as exc:
        return exc


def _cause(command_id: str) -> str:
    """The cause that names a command: what takes a command's id from others knows no length."""
    if len(COMMAND) + len(command_id) > LONGEST_CAUSE:
        command_id = canonical.digest(command_id.encode()).hex()
    return COMMAND + command_id
