"""A centre, a hall node and terminals joined by a wire in memory that loses, doubles, delays and spoils."""

import asyncio
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, select

from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.facts import DossierOffered
from hall.journal.ledger import Ledger
from hall.journal.store import Store, Who
from sync.access import ChildAccess
from sync.core import ChildCore, Lane
from sync.link import Credentials
from sync.message import Answer, Request
from sync.parent import LiveHandler, Parent
from sync.signing import new_signing_key
from tests.hall.journal.world import HallKeys, NoteWritten, copy_of, memory_engine, memory_store
from tests.postgres import Databases

CENTRE, NODE = "c1", "n1"
SCOPES = frozenset({"hall", "queue", "own"})
Fault = Callable[[], str]
"""Says what happens to one exchange: "", "lose", "reply", "twice", "late", "spoil", "html", "busy"."""


class Inline(ThreadPoolExecutor):
    """Runs work at once on the calling thread: one thing at a time, in a fixed order."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as exc:
            future.set_exception(exc)
        return future


@dataclass
class Machine:
    """One machine: what survives a restart is `engine` and `blobs`; the rest is rebuilt by `start`."""

    node_id: str
    role: str
    key: tuple[bytes, bytes]
    engine: Engine
    blobs: BlobStore
    store: Store
    parent: Parent | None = None
    core: ChildCore | None = None
    cut: bool = False


@dataclass
class Rig:
    """`now` is the time of all machines; `run` lets every lane speak until nothing is left to say."""

    folder: Path
    rng: random.Random
    terminals: int = 2
    fault: Fault = lambda: ""
    live: Mapping[str, LiveHandler] = field(default_factory=dict)
    now: float = 0.0
    keys: HallKeys = field(default_factory=HallKeys)
    databases: Databases | None = None
    """Where the centre keeps its journal; None: in memory, as the others do."""

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(Inline(max_workers=1))
        self.machines: dict[str, Machine] = {}
        self.children: dict[str, dict[str, ChildAccess]] = {CENTRE: {}, NODE: {}}
        self.delayed: list[tuple[Parent, Request]] = []
        self._ids = 0
        names = [
            (CENTRE, "county"),
            (NODE, "hall"),
            *((f"w{i + 1}", "terminal") for i in range(self.terminals)),
        ]
        for node_id, role in names:
            if role == "county" and self.databases is not None:
                self._build(node_id, role, create_engine(self.databases.new()))
                continue
            self._build(node_id, role, memory_engine())
        hall = frozenset(n for n, _ in names[1:])
        self.children[CENTRE][NODE] = ChildAccess(NODE, self.machines[NODE].key[1], "hall", SCOPES, hall)
        for node_id in hall - {NODE}:
            key = self.machines[node_id].key[1]
            self.children[NODE][node_id] = ChildAccess(node_id, key, "terminal", SCOPES, frozenset({node_id}))
        for machine in self.machines.values():
            self._start(machine)

    def _build(self, node_id: str, role: str, engine: Engine) -> None:
        self.machines[node_id] = Machine(
            node_id, role, new_signing_key(), engine, BlobStore(self.folder / node_id),
            memory_store(Who(node_id, role, "H1"), self.keys, engine),
        )  # fmt: skip

    def _start(self, m: Machine) -> None:
        if m.role != "terminal":
            m.parent = Parent(
                m.store, private=m.key[0], public=m.key[1], children=self.children[m.node_id],
                secret=b"s" * 32, blobs=m.blobs, live=self.live, now_s=lambda: self.now + 1e9, max_wait_s=0.0,
                stored=lambda: m.core.wake() if m.core else None,
            )  # fmt: skip
        if m.role != "county":
            above = self.machines[CENTRE if m.role == "hall" else NODE]
            mine = frozenset({m.node_id, *self.children.get(m.node_id, {})})
            core = ChildCore(
                m.store, Credentials(m.node_id, m.key[0], above.node_id, above.key[1]), m.blobs,
                scope="hall", rng=random.Random(self.rng.random()), new_id=self._next_id,
                wall=lambda: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.now),
                mine=lambda: mine, piece_bytes=1000,
                may_settle=lambda: m.parent is None or not m.parent.unheard(),
            )  # fmt: skip
            m.core = core
            m.store.subscribe(lambda _: core.wake())

    def _next_id(self) -> str:
        self._ids += 1
        return f"r{self._ids}"

    def close(self) -> None:
        for machine in self.machines.values():
            machine.store.close()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def __getitem__(self, node_id: str) -> Machine:
        return self.machines[node_id]

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- accidents --------------------------------------------------------------------------------------

    def restart(self, node_id: str, engine: Engine | None = None) -> None:
        """The process dies and starts again; with `engine`, on a disk restored from a backup."""
        m = self.machines[node_id]
        # closing the store lets go of the memory file: a copy lives on
        if engine is not None:
            disk = engine
        else:
            disk = m.engine if self._serves(m) else copy_of(m.engine)
        m.store.close()
        m.engine = disk
        m.store = memory_store(Who(node_id, m.role, "H1"), self.keys, m.engine, made=True)
        self._start(m)

    def backup(self, node_id: str) -> Engine:
        m = self.machines[node_id]
        if self.databases is not None and self._serves(m):
            return self.databases.copy(m.engine)
        return copy_of(m.engine)

    @staticmethod
    def _serves(m: Machine) -> bool:
        """Its journal lies with a database server, which outlives the machine's process."""
        return m.engine.dialect.name == "postgresql"

    # -- the wire ---------------------------------------------------------------------------------------

    def serve(self, parent: Parent, request: Request) -> Answer:
        return self.loop.run_until_complete(parent.serve(request))

    def exchange(self, child: str, lane: Lane) -> bool:
        """One request of one lane, with whatever happens to it. False when the lane has nothing to say."""
        m = self.machines[child]
        if m.core is None:
            return False
        request = m.core.next_request(lane, self.now)
        if request is None:
            return False
        above = self.machines[CENTRE if m.role == "hall" else NODE]
        fault = "lose" if m.cut or above.cut else self.fault()
        answer = self._carry(above, request, fault)
        if answer is None:
            m.core.on_lost(lane, request, self.now)
        else:
            m.core.on_answer(lane, request, answer, self.now)
        return True

    def _carry(self, above: Machine, request: Request, fault: str) -> Answer | None:
        assert above.parent is not None
        if fault == "lose":
            return None
        if fault == "late":
            self.delayed.append((above.parent, request))
            return None
        if fault == "html":
            return Answer(200, {"content-type": "text/html"}, b"<html>please sign in</html>")
        answer = self.serve(above.parent, request)
        if fault == "twice":
            answer = self.serve(above.parent, request)
        if fault == "reply":
            return None
        if fault == "spoil" and answer.body:
            at = self.rng.randrange(len(answer.body))
            body = answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1 :]
            return Answer(answer.status, answer.headers, body)
        return answer

    def deliver_delayed(self) -> None:
        """Old requests arrive at last, in any order; nobody waits for their answers."""
        self.rng.shuffle(self.delayed)
        while self.delayed:
            parent, request = self.delayed.pop()
            if any(m.parent is parent for m in self.machines.values()):
                self.serve(parent, request)

    def run(self, rounds: int = 60, *, seconds: float = 2.0) -> None:
        """Let everybody speak, round by round, until a few rounds changed nothing."""
        quiet, last = 0, self.picture()
        for _ in range(rounds):
            for name in self.machines:
                for lane in Lane:
                    for _ in range(4):
                        if not self.exchange(name, lane):
                            break
            self.now += seconds
            picture = self.picture()
            quiet = quiet + 1 if picture == last else 0
            last = picture
            if quiet >= 6:
                return

    def picture(self) -> tuple[Any, ...]:
        out = []
        for m in self.machines.values():
            with m.store.read() as conn:
                c = schema.chain_head.c
                heads = conn.execute(select(c.origin, c.inc, c.seq).order_by(c.origin, c.inc)).all()
                sent = len(conn.execute(select(schema.blob_sent)).all())
                place = conn.execute(select(schema.feed_place.c.pos)).scalars().all()
            scans = 0 if m.core is None else m.core.blobs.bytes_sent
            out.append((m.store.identity, tuple(heads), sent, scans, tuple(place)))
        return tuple(out)

    # -- what people do -----------------------------------------------------------------------------------

    def open(self, node_id: str, dossier: str, *words: str, scan: str | None = None) -> None:
        def work(ledger: Ledger) -> None:
            ledger.open(dossier, "case", scope="case", actor=node_id)
            for text in words:
                ledger.append(dossier, NoteWritten(text, scan, name="买买提"), actor=node_id)

        self[node_id].store.write(work)

    def note(self, node_id: str, dossier: str, words: str) -> None:
        self.append(node_id, dossier, NoteWritten(words))

    def offer(self, node_id: str, dossier: str, to: str) -> None:
        self.append(node_id, dossier, DossierOffered(to))

    def append(self, node_id: str, dossier: str, event: Any) -> None:
        self[node_id].store.write(lambda ledger: ledger.append(dossier, event, actor=node_id))

    def owner(self, node_id: str, dossier: str) -> str | None:
        with self[node_id].store.read() as conn:
            return conn.scalar(select(schema.dossier.c.owner).where(schema.dossier.c.id == dossier))

    def ids(self, node_id: str) -> set[str]:
        with self[node_id].store.read() as conn:
            return set(conn.scalars(select(schema.record.c.id)))

    def codes(self, node_id: str) -> list[str]:
        with self[node_id].store.read() as conn:
            return list(conn.scalars(select(schema.quarantine.c.code)))

    def verdicts(self, node_id: str) -> dict[str, str]:
        with self[node_id].store.read() as conn:
            t = schema.record.c
            return {row.id: row.verdict for row in conn.execute(select(t.id, t.verdict))}
