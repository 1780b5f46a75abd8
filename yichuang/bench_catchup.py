"""A node that was away for seven days sends what its hall wrote, and the machine that takes it in is claimed from.

On SQLite that machine is a hall node: the hall's other node comes back, and windows call numbers meanwhile. On
PostgreSQL it is the centre, where nobody calls numbers: halls claim dossiers that lie there for them, two halls
each dossier. Claims and the catch-up run against one process.
"""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hall.catalogue.loading import load_hall_catalogue, resources_dir
from hall.catalogue.queues import series_of
from hall.journal.facts import DossierMoved, DossierOffered
from hall.journal.ids import new_id
from hall.journal.sealing import KeyRing
from sync.join_file import Child
from yichuang.bench_child import BenchChild, LostReply
from yichuang.bench_claims import LOST_PART, PAUSE_S, Window, doubles, issue
from yichuang.bench_servers import HALL, Keys, Server, bench_server, cpu_us, new_keys
from yichuang.bench_sync import Hall
from yichuang.bench_timing import Timing, at_once
from yichuang.bench_traffic import Writer

RECORDS = 84_000
CLAIMERS = 20
WAITING = 40
"""Numbers, or dossiers, for each claimer: more than it takes in the time."""


@dataclass
class Taker:
    """A hall that takes dossiers out of a list, as long as there are some. Its child is connected."""

    no: int
    dossiers: "queue.SimpleQueue[str]"
    child: BenchChild = field(default_factory=BenchChild)
    ms: list[float] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        chance = random.Random(self.no)
        while not self.over.is_set():
            time.sleep(chance.uniform(0, 2 * PAUSE_S))
            try:
                dossier = self.dossiers.get_nowait()
            except queue.Empty:
                return
            body = {"req_id": new_id(), "dossier": dossier, "actor": "bench", "have_n": 0}
            began = time.perf_counter()
            # None: the other hall was quicker; what it has already is given it again
            if self._accepted(body, chance) is not None and dossier not in self.called:
                self.ms.append((time.perf_counter() - began) * 1000)
                self.called.append(dossier)

    def _accepted(self, body: dict[str, Any], chance: random.Random) -> dict[str, Any] | None:
        while True:
            try:
                return self.child.ask_json("/v1/claims", body, lost=chance.random() < LOST_PART)
            except LostReply:
                pass


Claimer = Window | Taker


@dataclass(frozen=True, slots=True)
class Scene:
    """A server with claimers at work, and who is to catch up."""

    server: Server
    claimers: Sequence[Claimer]
    work: Sequence[Callable[[], None]]


def measure_catchup(db: str) -> dict[str, Any]:
    """`db`: "sqlite" or "postgresql". Raises NoPostgres."""
    keys, away = new_keys(), Hall()
    away.write(KeyRing(keys.hall[1], keys.centre[1]), RECORDS)
    known = Child(node_id=away.child.node, public=away.child.keys[1].hex(), kind="node")
    with (_at_hall if db == "sqlite" else _at_centre)(keys, known) as scene:
        seconds: list[float] = []

        def catch_up() -> None:
            try:
                began = time.perf_counter()
                away.push(scene.server.base)
                seconds.append(time.perf_counter() - began)
            finally:
                for claimer in scene.claimers:
                    claimer.over.set()

        cpu_s = scene.server.cpu_s()
        at_once([catch_up, *scene.work])
        rss, cpu_s_after = scene.server.rss_mb(), scene.server.cpu_s()
    timing = Timing(tuple(ms for claimer in scene.claimers for ms in claimer.ms))
    called = [one for claimer in scene.claimers for one in claimer.called]
    return {
        "db": db,
        "at": "hall node" if db == "sqlite" else "centre",
        "claimers": CLAIMERS,
        "pause_s": PAUSE_S,
        "lost_part": LOST_PART,
        "records": away.records,
        "seconds": round(seconds[0], 2),
        "records_per_s": round(away.records / seconds[0]),
        "cpu_us_per_record": cpu_us(cpu_s, cpu_s_after, away.records),
        "push_p50_ms": Timing(tuple(away.ms)).at(0.5),
        "push_p99_ms": Timing(tuple(away.ms)).at(0.99),
        "claims": len(called),
        "p50_ms": timing.at(0.5),
        "p99_ms": timing.at(0.99),
        "double_calls": doubles(called),
        "bytes": sum(len(body) for body, _ in away.pushes),
        "rss_mb": rss,
    }


@contextmanager
def _at_hall(keys: Keys, away: Child) -> Iterator[Scene]:
    queues = sorted(series_of(load_hall_catalogue(resources_dir(), HALL).profile))
    windows, kiosk = [Window(no, PAUSE_S) for no in range(1, CLAIMERS + 1)], BenchChild()
    known = [Child(node_id=w.child.node, public=w.child.keys[1].hex(), kind="counter") for w in windows]
    known += [Child(node_id=kiosk.node, public=kiosk.keys[1].hex(), kind="kiosk"), away]
    with bench_server("hall", known, keys) as server:
        issue(kiosk, server.base, queues, CLAIMERS * WAITING)
        with _connected(windows, server.base, "terminal"):
            yield Scene(server, windows, [partial(w.work, queues) for w in windows])


@contextmanager
def _at_centre(keys: Keys, away: Child) -> Iterator[Scene]:
    dossiers: queue.SimpleQueue[str] = queue.SimpleQueue()
    takers, giver = [Taker(no, dossiers) for no in range(1, CLAIMERS + 1)], Hall()
    children = [giver.child, *(t.child for t in takers)]
    known = [Child(node_id=c.node, public=c.keys[1].hex(), kind="node") for c in children]
    with bench_server("county", [*known, away], keys, "postgresql") as server:
        _give(giver, server.base, keys, dossiers)
        with _connected(takers, server.base, "hall"):
            yield Scene(server, takers, [t.work for t in takers])


def _give(giver: Hall, base: str, keys: Keys, dossiers: "queue.SimpleQueue[str]") -> None:
    """Dossiers of one hall that lie at the centre for whichever hall asks first; each is named twice."""
    giver.child.connect(base, "hall")
    giver.child.close()
    writer = Writer(giver.child.node, KeyRing(keys.hall[1], keys.centre[1]), giver.child.inc)
    for _ in range(CLAIMERS * WAITING // 2):
        dossier = writer.open("case", "case")
        writer.write(dossier, "case", DossierOffered("hall"))
        writer.write(dossier, "case", DossierMoved(giver.child.parent, "bench", offer_stands=True))
        giver.pack_full(writer)
        dossiers.put(dossier)
        dossiers.put(dossier)
    giver.pack(writer)
    giver.push(base)


@contextmanager
def _connected(claimers: Sequence[Claimer], base: str, role: str) -> Iterator[None]:
    for claimer in claimers:
        claimer.child.connect(base, role)
    try:
        yield
    finally:
        for claimer in claimers:
            claimer.child.close()
