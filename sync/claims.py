"""How a dossier is taken: who may, what the owner answers, what the asker writes down first.

Pure functions over a Ledger or a Connection, used by both sides of a link. A move is always a record of the
owner (DossierMoved); an ask is only a wish and may be told any number of times.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hall.journal import envelope
from hall.journal.envelope import BadRecord, Envelope
from hall.journal.facts import ClaimAnswered, DossierMoved
from hall.journal.kernel import DossierRow, dossier_row, to_dossier
from hall.journal.ledger import Ledger
from hall.journal.machine import kept_dossier
from hall.journal.refusal import Refusal, UnknownDossier
from hall.journal.rows import RECORD_NAMED
from hall.journal.sealing import Wraps
from hall.journal.token import Token
from sync import rows, signing
from sync.signing import BadSignature, Private, Public
from sync.wire import AskItem, BadBody, ClaimAnswer, WrapItem, record_bytes, record_text, wrap_item

LEVELS = ("terminal", "hall", "county")
LED_TO_BYTES = 16 * 1024
HALL_ACTOR = "hall"
"""Who asks when the machine itself wants a dossier that was offered."""

MayTake = Callable[[DossierRow, str, str], Refusal | None]
"""(dossier, asker's role, actor) -> why not."""


class ElsewhereOwned(Refusal):
    """The asked machine does not have it either; `owner` is who does."""

    def __init__(self, owner: str) -> None:
        super().__init__("owned_elsewhere", "这份卷宗现在由另一台机器持有，请到持有它的窗口或部门办理。")
        self.owner = owner


@dataclass(frozen=True, slots=True)
class Given:
    """What the asker needs to act: the move and the records it lacks."""

    moved: bytes
    records: tuple[bytes, ...]
    wraps: Wraps | None


def desk_level(desk: str) -> int:
    """Where a desk stands: 0 window, 1 hall node, 2 county centre."""
    if desk.endswith("@county") or desk == "county":
        return 2
    return 0 if desk == "window" else 1


def offer_stands(desk: str, taker_role: str) -> bool:
    """A taker between the owner and the desk carries the offer on."""
    return desk_level(desk) != LEVELS.index(taker_role)


def default_may_take(row: DossierRow, asker_role: str, actor: str) -> Refusal | None:
    """A child takes what is offered to its side, and at a hall what rests there without an offer."""
    if row.kind == "machine":
        return Refusal("not_for_taking", "设备自身的卷宗不能移交。")
    if row.offered_to is None:
        if asker_role == "terminal":
            return None
        return Refusal("not_offered", "这份卷宗正在办理，尚未交出。")
    if row.offered_to in ("hall", "window"):
        return None
    if asker_role == "hall" and desk_level(row.offered_to) == 1:
        return None
    return Refusal("offered_elsewhere", "这份卷宗已转交部门，请等部门办结或先撤回。")


def only_for_whom(may_take: MayTake, machines: Collection[str], subtree: Collection[str]) -> MayTake:
    """As `may_take`, and what is offered to one of `machines` by name is for its own side only: whoever has written
    in it sees the offer too, as the hall in which an errand for another was handed in.
    """

    def may(row: DossierRow, asker_role: str, actor: str) -> Refusal | None:
        if row.offered_to in machines and row.offered_to not in subtree:
            return Refusal("offered_elsewhere", "这份卷宗已转交另一大厅。")
        return may_take(row, asker_role, actor)

    return may


# -- asks: a parent cannot call its child, so its wishes ride on answers ---------------------------------


def want(ledger: Ledger, ask_id: str, dossier: str, actor: str) -> bool:
    """An officer pressed 接件. False when the dossier is already here. Safe to repeat."""
    row = dossier_row(ledger.conn, dossier)
    if row is None:
        raise UnknownDossier(dossier)
    me = ledger.identity.node_id
    if row.owner == me:
        return False
    if rows.ASK.first(ledger.conn, id=ask_id) is None:
        rows.ADD_ASK.run(ledger.conn, id=ask_id, dossier=dossier, asker=me, actor=actor, open=True)
    return True


def close_asks(ledger: Ledger) -> None:
    """Asks whose dossier has come are done."""
    rows.CLOSE_ASKS.run(ledger.conn, me=ledger.identity.node_id)


def asks_for(conn: Connection, me: str, role: str, subtree: Collection[str]) -> list[AskItem]:
    """Everything this parent wants of dossiers that the child's subtree owns and has offered."""
    offered = {row[0]: to_dossier(row) for row in rows.OFFERED_BELOW.all(conn, owners=list(subtree))}
    if not offered:
        return []
    items = {
        dossier: AskItem(id=ask_id, dossier=dossier, asker_node=me, actor=actor)
        for dossier, ask_id, actor in rows.OPEN_ASKS.all(conn, owners=list(subtree))
    }
    if role == "hall":
        for row in offered.values():
            items.setdefault(row.id, _standing(row, me))
    return [items[key] for key in sorted(items)]


def standing_wishes(conn: Connection, parent: str) -> list[DossierRow]:
    """What a hall node takes from its parent at once: offered to this side of the county link."""
    offered = map(to_dossier, rows.OFFERED_BELOW.all(conn, owners=[parent]))
    return [row for row in offered if desk_level(row.offered_to or "") < 2]


def moved_to_me_unseen(conn: Connection, me: str) -> list[str]:
    """Dossiers that were moved here while the records before the move never arrived."""
    held = rows.HELD_MOVES.all(conn)
    return sorted({dossier for dossier, raw in held if envelope.parse(bytes(raw)).data.get("to") == me})


def offered_to_me_unseen(conn: Connection, me: str, parent: str) -> dict[str, str]:
    """Dossiers that the parent offers this machine by name while what was before the offer never arrived, because it
    was not for this hall then. With the last offer's id."""
    held = rows.HELD_OFFERS.all(conn, owner=parent)
    return {dossier: offer for offer, dossier, raw in held if envelope.parse(bytes(raw)).data.get("to") == me}


def moves_held(conn: Connection) -> set[str]:
    """Dossiers with a move that waits for the records before it: their owner here is not their owner any more."""
    return {dossier for dossier, _ in rows.HELD_MOVES.all(conn)}


def standing_id(dossier: str, token: Token, asker: str) -> str:
    """The same wish has the same id whenever it is told."""
    return "s-" + hashlib.sha256(f"{dossier}\n{token.text()}\n{asker}".encode()).hexdigest()[:40]


def answer_asks(ledger: Ledger, asks: Iterable[AskItem], asker: str, asker_role: str) -> int:
    """The owner's side: move each offered dossier that the parent asks for. Returns how many moved.

    An ask that no longer fits (taken, withdrawn, offered to a desk that is not the asker's) is passed over.
    """
    if not ledger.identity.settled or asker_role == ledger.identity.role:
        # the other node of a pair: what it needs of a former node it seizes
        return 0
    moved = 0
    for ask in asks:
        row = dossier_row(ledger.conn, ask.dossier)
        if row is None or row.owner != ledger.identity.node_id or row.offered_to is None:
            continue
        too_far = asker_role == "county" and desk_level(row.offered_to) < 2
        if ask.asker_node != asker or row.kind == "machine" or too_far:
            continue
        event = DossierMoved(asker, ask.id, offer_stands(row.offered_to, asker_role))
        ledger.append(row.id, event, actor=ask.actor)
        moved += 1
    return moved


# -- claims: a child takes from its parent, online --------------------------------------------------------


def give(
    ledger: Ledger,
    *,
    req_id: str,
    dossier: str,
    actor: str,
    have_n: int,
    asker: str,
    asker_role: str,
    may_take: MayTake,
) -> Given:
    """The owner's side, in one transaction. Safe to repeat: whose it is already, is given again.

    Raises UnknownDossier, ElsewhereOwned, or the Refusal of `may_take`.
    """
    row = dossier_row(ledger.conn, dossier)
    if row is None:
        raise UnknownDossier(dossier)
    if row.owner == ledger.identity.node_id:
        refusal = may_take(row, asker_role, actor)
        if refusal is not None:
            raise refusal
        # downwards only an offer to somebody still further down goes on: a window that takes what a desk of the
        # node offered to its own hall would have to give it back at once
        stands = row.offered_to is not None and desk_level(row.offered_to) < LEVELS.index(asker_role)
        ledger.append(dossier, DossierMoved(asker, req_id, stands), actor=actor)
    elif row.owner != asker:
        raise ElsewhereOwned(row.owner)
    return parcel(ledger.conn, dossier, asker, have_n)


def parcel(conn: Connection, dossier: str, asker: str, have_n: int) -> Given:
    """The last move to `asker` and what it lacks. Raises ElsewhereOwned when nothing moved there."""
    seized = rows.FIRST_SEIZURE.scalar(conn, dossier=dossier)
    # after a seizure the asker may have counted records that no longer stand
    after = have_n if seized is None else min(have_n, seized - 1)
    records = tuple(bytes(raw) for (raw,) in rows.COUNTED_AFTER.all(conn, dossier=dossier, n=after))
    for (raw,) in rows.MOVES.all(conn, dossier=dossier):
        if envelope.parse(bytes(raw)).data.get("to") == asker:
            return Given(bytes(raw), records, wraps_of(conn, dossier))
    raise ElsewhereOwned("")


def wraps_of(conn: Connection, dossier: str) -> Wraps | None:
    found = rows.WRAPS.first(conn, dossiers=[dossier])
    return None if found is None else Wraps(bytes(found[1]), bytes(found[2]))


def statement(ask: str, dossier: str, signer: str, moved: bytes, parcel: str) -> bytes:
    """What the owner signs: it outlives the message, and proves the move and the parcel to a restored owner.

    `parcel` is the digest of its records.
    """
    fields = {
        "ask": ask,
        "by": signer,
        "dossier": dossier,
        "moved": hashlib.sha256(moved).hexdigest(),
        "parcel": parcel,
    }
    return b"yichuang claim\n" + json.dumps(fields, sort_keys=True).encode()


def parcel_digest(records: Iterable[bytes]) -> str:
    """SHA-256 over the hashes of the records in their order, hex."""
    return hashlib.sha256(b"".join(hashlib.sha256(raw).digest() for raw in records)).hexdigest()


def signed_answer(given: Given, ask: str, dossier: str, signer: str, private: Private) -> ClaimAnswer:
    digest = parcel_digest(given.records)
    signature = signing.sign_bytes(private, statement(ask, dossier, signer, given.moved, digest))
    wraps: list[WrapItem] = [] if given.wraps is None else [wrap_item(dossier, given.wraps)]
    return ClaimAnswer(
        ask=ask,
        dossier=dossier,
        moved=given.moved.decode(),
        signature=base64.b64encode(signature).decode(),
        records=[record_text(raw) for raw in given.records],
        wraps=wraps,
    )


def take(ledger: Ledger, answer: ClaimAnswer, owner: str, owner_public: Public, actor: str) -> DossierRow:
    """The asker's side, in one transaction: write the answer down, then admit it.

    Raises BadSignature, BadBody, or Refusal when the answer does not make this machine the owner.
    """
    moved = answer.moved.encode()
    raws = [record_bytes(text) for text in answer.records]
    signature = base64.b64decode(answer.signature)
    digest = parcel_digest(raws)
    signing.verify_bytes(owner_public, signature, statement(answer.ask, answer.dossier, owner, moved, digest))
    if RECORD_NAMED.first(ledger.conn, id=_record(moved).id) is None:
        home = kept_dossier(ledger, actor=actor)
        names = tuple(_record(raw).id for raw in raws)
        led_to = _led_to(moved, answer.records)
        noted = ClaimAnswered(
            answer.ask, answer.dossier, owner, answer.moved, answer.signature, digest, names, led_to
        )
        ledger.append(home, noted, actor=actor)
    for item in answer.wraps:
        if item.dossier == answer.dossier:
            ledger.put_wraps(item.dossier, item.wraps())
    for raw in raws:
        ledger.admit(raw, owner, from_above=True)
    row = dossier_row(ledger.conn, answer.dossier)
    if row is None or row.owner != ledger.identity.node_id:
        raise Refusal("not_arrived", "卷宗没有完整到达，稍后会自动重试。")
    return row


def _led_to(moved: bytes, records: Iterable[str]) -> tuple[str, ...]:
    """The owner's records right before the move in its chain, oldest first: the call that a ticket moved by.

    The move's signature vouches for them, since each names the hash of the one before it.
    """
    by_hash = {envelope.hash_of(raw): raw for raw in map(record_bytes, records)}
    found: list[str] = []
    before = by_hash.get(_record(moved).prev)
    while before is not None and sum(map(len, found)) + len(before) <= LED_TO_BYTES:
        found.insert(0, before.decode())
        before = by_hash.get(_record(before).prev)
    return tuple(found)


def recover(ledger: Ledger, noted: ClaimAnswered, signers: Mapping[str, Public]) -> bool:
    """Take in a move that its owner had signed and that never came here: this node lost it with its disk, or the
    other node of the pair died before it told.

    True when this node lost it in this incarnation: then it has not known that it was restored.
    """
    public = signers.get(noted.signer)
    if public is None:
        return False
    moved = noted.moved.encode()
    try:
        signature = base64.b64decode(noted.signature, validate=True)
        signed = statement(noted.ask, noted.dossier, noted.signer, moved, noted.parcel)
        signing.verify_bytes(public, signature, signed)
        move = _record(moved)
        led = _true_part(move.prev, noted.led_to)
    except (BadSignature, BadBody, ValueError):
        return False
    if RECORD_NAMED.first(ledger.conn, id=move.id) is not None:
        return False
    for raw in (*led, moved):
        ledger.admit(raw, noted.signer)
    return (move.origin, move.inc) == (ledger.identity.node_id, ledger.identity.inc)


def _true_part(prev: bytes, told: tuple[str, ...]) -> list[bytes]:
    """As much of it as leads to `prev` without a gap. Raises BadBody."""
    found: list[bytes] = []
    for raw in reversed([text.encode() for text in told]):
        if envelope.hash_of(raw) != prev:
            break
        found.insert(0, raw)
        prev = _record(raw).prev
    return found


def _record(raw: bytes) -> Envelope:
    try:
        return envelope.parse(raw)
    except BadRecord as exc:
        raise BadBody("moved") from exc


def _standing(row: DossierRow, me: str) -> AskItem:
    return AskItem(id=standing_id(row.id, row.token, me), dossier=row.id, asker_node=me, actor=HALL_ACTOR)
