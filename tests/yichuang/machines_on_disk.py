"""Machines of an invented hall whose journals lie on the disk, as the command line finds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select, update

from hall.assembly import event_types, projections
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.ledger import Ledger
from hall.journal.sealing import Wraps, new_key_pair
from hall.journal.store import Store, sqlite_engine
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing.model import Outcome, Priority, Source
from sync.join_file import Child, JoinFile, Parent, write_join_file
from sync.signing import new_signing_key

DAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Keys:
    """(private, public) of the hall and of the centre."""

    hall: tuple[bytes, bytes]
    centre: tuple[bytes, bytes]

    @classmethod
    def fresh(cls) -> "Keys":
        return cls(new_key_pair(), new_key_pair())


@dataclass(slots=True)
class Place:
    """One machine's folder and what its join file says."""

    folder: Path
    join: JoinFile

    def rejoin(self, **changes: object) -> None:
        """IT changes the join file."""
        self.join = self.join.model_copy(update=changes)
        write_join_file(self.folder, self.join)

    def open(self) -> Store:
        return Store.sqlite(
            self.folder / "journal.db", bytes.fromhex(self.join.db_key), self.join.who, event_types(),
            projections(), self.join.keys,
        )  # fmt: skip

    @property
    def blobs(self) -> BlobStore:
        return BlobStore(self.folder / "blobs")


def set_up(root: Path, name: str, kind: str, keys: Keys) -> Place:
    """A machine that has never run: its folder with a join file."""
    role = {"node": "hall", "centre": "county"}.get(kind, "terminal")
    sign = new_signing_key()
    join = JoinFile.model_validate(
        {
            "node_id": new_id(), "name": name, "role": role, "kind": kind, "hall": "changji", "device_no": 1,
            "db_key": new_key_pair()[0].hex(), "sign_private": sign[0].hex(), "sign_public": sign[1].hex(),
            "hall_public": keys.hall[1].hex(), "hall_private": keys.hall[0].hex(),
            "centre_public": keys.centre[1].hex(),
        }
    )  # fmt: skip
    write_join_file(root / name, join)
    return Place(root / name, join)


def joined(above: Place, *below: Place) -> None:
    """`above` becomes the parent of the others; their join files say so."""
    kinds = {"hall": "node"}
    up = above.join
    parent = Parent(node_id=up.node_id, url="http://127.0.0.1:9", public=up.sign_public)
    for place in below:
        join = place.join
        grandchildren = tuple(c.node_id for c in join.children)
        child = Child.model_validate(
            {
                "node_id": join.node_id, "public": join.sign_public, "subtree": grandchildren,
                "kind": kinds.get(join.role, join.kind),
            }
        )  # fmt: skip
        above.rejoin(children=(*above.join.children, child))
        place.rejoin(parent=parent)


def issue(store: Store, series: str = "A") -> str:
    command = cmd.IssueTicket(
        new_id(), new_id(), series, DAY, series, "综合受理", "示例经营许可", None, Priority.NONE, Source.KIOSK,
        "k1", "k1",
    )  # fmt: skip
    store.handle(command, handlers.issue_ticket)
    return command.ticket


def call(store: Store, ticket: str, window: int = 1) -> None:
    """Called to a window whose machine is the node itself."""
    me = store.identity.node_id
    command = cmd.CallThis(new_id(), ticket, window, f"{window}号窗口", "w1", me, 1)
    store.handle(command, handlers.call_this)


def serve(store: Store, ticket: str) -> str:
    """Called, started, done; gives the session."""
    call(store, ticket)
    session = f"session-{ticket}"
    store.handle(cmd.StartService(new_id(), ticket, "w1", session), handlers.start_service)
    store.handle(cmd.FinishTicket(new_id(), ticket, "w1", Outcome.ACCEPTED), handlers.finish)
    return session


def slip(store: Store, ticket: str, result: str = "confirmed") -> None:
    store.handle(cmd.RecordSlip(new_id(), ticket, "A001", result, False, "k1"), handlers.record_slip)


def send_up(below: Store, above: Store, leave_out: Sequence[str] = ()) -> None:
    """Every record and key of `below` to `above`, but for records of these types."""
    t, k = schema.record.c, schema.dossier_key.c
    with below.read() as conn:
        raws = [
            bytes(r.raw)
            for r in conn.execute(select(t.raw, t.type).order_by(t.pos))
            if r.type not in leave_out
        ]
        wraps = [
            (r.dossier, Wraps(bytes(r.wrap_hall), bytes(r.wrap_centre))) for r in conn.execute(select(k))
        ]

    def work(ledger: Ledger) -> None:
        for dossier, wrap in wraps:
            ledger.put_wraps(dossier, wrap)
        for raw in raws:
            ledger.admit(raw, "below")

    above.write(work)


def change_one_byte(place: Place, record_type: str) -> None:
    """As a person with the key and a database tool would."""
    engine = sqlite_engine(place.folder / "journal.db", bytes.fromhex(place.join.db_key))
    t = schema.record
    with engine.connect() as conn:
        row = conn.execute(select(t.c.pos, t.c.raw).where(t.c.type == record_type)).first()
        assert row is not None
        changed = bytes(row.raw).replace("综合受理".encode(), "综合受埋".encode())
        assert changed != bytes(row.raw)
        conn.execute(update(t).where(t.c.pos == row.pos).values(raw=changed))
        conn.commit()
    engine.dispose()
