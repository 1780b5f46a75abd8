"""A kiosk's backend, a node with the real rooms that serve it, and a line between them that can fail."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hall.assembly import event_types, projections
from hall.journal import schema
from hall.journal.kernel import Clock
from hall.journal.ledger import Ledger
from hall.journal.sealing import KeyRing, new_key_pair
from hall.journal.store import Store, Who
from hall.queueing import views as queue
from hall.queueing.views import TicketRow
from hall.reference import Reference, load_reference
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.hall import RealKioskHall
from kiosk_app.backend.places import Places
from kiosk_app.backend.questions import load_questions
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.backend.twin_watch import TwinWatch
from server_app.citizen.alerts import AlertBook
from server_app.citizen.live import CitizenRoom
from server_app.queue.business_day import BusinessDay
from server_app.queue.live import QueueRoom
from sync import claims
from sync.access import ChildAccess
from sync.child import CALL_S, ParentAway
from sync.clocks import ClockWatch
from sync.core import LinkState
from sync.join_file import JoinFile
from sync.outbox import wraps_for
from sync.parent import LiveHandler
from sync.uplink import Link
from ui.resource_files import resource_path

KEY = bytes(range(32))
NODE, KIOSK, DISPLAY, WINDOW = "node1", "kiosk1", "display1", "window1"
MORNING = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
"""10:30 in China."""


@cache
def changji() -> Reference:
    return load_reference(resource_path(), "changji")


class HandClock:
    """A machine's time; moves a little at each look, and as a test likes."""

    def __init__(self) -> None:
        self.at = MORNING
        self.ms = 0

    def clock(self) -> Clock:
        return Clock(self._now, self._tick, "b" * 32)

    def _tick(self) -> int:
        self.ms += 1
        return self.ms

    def _now(self) -> datetime:
        return self.at + timedelta(milliseconds=self._tick())


class HallKeys:
    """Key pairs of the hall and its centre; only the node can open what is sealed."""

    def __init__(self) -> None:
        self.hall, self.centre = new_key_pair(), new_key_pair()

    def ring(self, role: str) -> KeyRing:
        return KeyRing(self.hall[1], self.centre[1], self.hall[0] if role == "hall" else None, None)


def open_store(folder: Path, node_id: str, role: str, keys: HallKeys, clock: HandClock) -> Store:
    ring = keys.ring(role)
    return Store.sqlite(
        folder / f"{node_id}.db", KEY, Who(node_id, role, "changji"), event_types(), projections(), ring,
        clock.clock(),
    )  # fmt: skip


def carry(origin: Store, to: Store, *, scopes: Iterable[str] = ("queue", "machine")) -> None:
    """What sync brings: every record of these scopes that the other side has not."""
    t = schema.record.c
    with origin.read() as conn:
        rows = conn.execute(select(t.raw, t.dossier).where(t.scope.in_(list(scopes))).order_by(t.pos)).all()
        wraps = wraps_for(conn, {row.dossier for row in rows})

    def work(ledger: Ledger) -> None:
        for item in wraps:
            ledger.put_wraps(item.dossier, item.wraps())
        for row in rows:
            ledger.admit(bytes(row.raw), origin.identity.node_id)

    to.write(work)


class Line:
    """Uplink to the node. away: nobody hears; lose_answer: the node acts and its answer is lost."""

    def __init__(self, routes: dict[str, LiveHandler], child: ChildAccess) -> None:
        self._routes = routes
        self._child = child
        self.away = False
        self.lose_answer = False
        self.node_ms: int | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, path: str, body: dict[str, Any], *, timeout_s: float = CALL_S) -> dict[str, Any]:
        if self.away:
            raise ParentAway
        self.asked.append((path, body))
        answer = asyncio.run(self._serve(path, json.loads(json.dumps(body))))
        if self.lose_answer:
            raise ParentAway
        told: dict[str, Any] = json.loads(json.dumps(answer))
        return told

    async def _serve(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._routes[path](self._child, body)

    def take(self, path: str, body: dict[str, Any], actor: str) -> str:
        raise AssertionError("a kiosk takes nothing")

    def claim(self, dossier: str, actor: str) -> None:
        raise AssertionError("a kiosk takes nothing")

    def up(self) -> bool:
        return not self.away

    def cut_off(self) -> bool:
        return self.away

    def link(self) -> Link:
        return Link(not self.away, 0, "", True, node_ms=self.node_ms)


class Rig:
    """`hall` is what the screens use; `node` and `store` are the two journals."""

    def __init__(self, folder: Path, devices: dict[str, str] | None = None) -> None:
        self.keys, self.clock, self.node_clock = HallKeys(), HandClock(), HandClock()
        self.folder = folder
        self.node = open_store(folder, NODE, "hall", self.keys, self.node_clock)
        self.store = open_store(folder, KIOSK, "terminal", self.keys, self.clock)
        self.alerts = AlertBook()
        day = BusinessDay(self.node, lambda: 1)
        day.today()
        child = ChildAccess(KIOSK, b"", "terminal", frozenset({"queue", "own"}), frozenset({KIOSK}))
        self.room = QueueRoom(self.node, day, changji())
        self.line = Line(
            {**self.room.routes(), **CitizenRoom(self.node, changji(), self.alerts).routes()}, child
        )
        self.join = join_file(devices or {})
        self.bench = KioskBench(self.store, self.line, changji(), self.join)
        self.places = Places(changji())
        questions = load_questions(resource_path("kiosk", "questions.json"), self.places)
        self.ticketing = Ticketing(self.bench, self.places)
        clocks = ClockWatch(self.line, self.bench.now)
        self.hall = RealKioskHall(self.bench, self.places, questions, self.ticketing, self.link_now, clocks)
        self.twins = TwinWatch(self.bench)
        self.sync()

    def link_now(self) -> LinkState:
        return LinkState(not self.line.away, MORNING, MORNING, 0, 0, None)

    def sync(self) -> None:
        """Both ways; the node takes what the kiosk has offered."""
        carry(self.store, self.node)
        with self.node.read() as conn:
            asks = claims.asks_for(conn, NODE, "hall", {KIOSK})
        self.store.write(lambda ledger: claims.answer_asks(ledger, asks, NODE, "hall"))
        carry(self.store, self.node)
        carry(self.node, self.store)

    def waiting_at_node(self) -> list[str]:
        with self.node.read() as conn:
            return [t.number for t in queue.waiting(conn, MORNING.date())]

    def at_node(self, number: str) -> TicketRow:
        with self.node.read() as conn:
            row = queue.ticket_by_number(conn, number, MORNING.date())
        assert row is not None
        return row

    def close(self) -> None:
        self.store.close()
        self.node.close()


def join_file(devices: dict[str, str], *, kind: str = "kiosk") -> JoinFile:
    empty = "00" * 32
    return JoinFile(
        node_id=KIOSK, name="取号机1", role="terminal", kind=kind,  # type: ignore[arg-type]
        hall="changji", device_no=3, series="V", db_key=KEY.hex(), sign_private=empty, sign_public=empty,
        hall_public=empty, centre_public=empty, devices=devices,
    )  # fmt: skip
