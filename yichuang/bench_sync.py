"""What a centre takes in from its halls over HTTP: real server process, signed pushes, FULL, projections caught up."""

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hall.journal.sealing import KeyRing
from sync import wire
from sync.join_file import Child
from yichuang.bench_child import BenchChild
from yichuang.bench_servers import bench_server, cpu_us, new_keys
from yichuang.bench_timing import Timing, at_once
from yichuang.bench_traffic import Writer, visits

CHILDREN = 4
RECORDS = 40_000
BATCH = 470
"""Visits are not cut: a batch ends with the visit that fills it, below the protocol's 500."""


@dataclass
class Hall:
    """One hall's node, with all its pushes packed beforehand."""

    child: BenchChild = field(default_factory=BenchChild)
    pushes: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    records: int = 0
    ms: list[float] = field(default_factory=list)

    def write(self, ring: KeyRing, count: int) -> None:
        writer = Writer(self.child.node, ring, self.child.inc)
        each = visits(writer)
        while self.records < count:
            next(each)
            self.pack_full(writer)

    def pack_full(self, writer: Writer) -> None:
        """A push of what was written, once there is enough for one."""
        if len(writer.run) >= BATCH:
            self.pack(writer)

    def pack(self, writer: Writer) -> None:
        node, inc = self.child.node, self.child.inc
        first, records, wraps = writer.take()
        self.records += len(records)
        run = wire.Run(origin=node, inc=inc, from_seq=first, records=[wire.record_text(r) for r in records])
        items = [wire.wrap_item(dossier, wrap) for dossier, wrap in wraps.items()]
        self.pushes.append(wire.encode(wire.PushBody(inc=inc, chains=[run], wraps=items, more=True)))

    def push(self, base: str) -> None:
        """All of it, one push after another, as a child does. Raises RuntimeError for any other answer."""
        self.child.connect(base, "hall")
        try:
            for body, headers in self.pushes:
                began = time.perf_counter()
                answer = self.child.ask("/v1/push", body, headers)
                self.ms.append((time.perf_counter() - began) * 1000)
                taken = wire.PushAnswer.model_validate_json(answer)
                if {word for run in taken.verdicts for word in run} != {"accepted"}:
                    raise RuntimeError("not all records were accepted")
        finally:
            self.child.close()


def measure_sync(db: str) -> dict[str, Any]:
    """`db`: "sqlite" or "postgresql". Raises NoPostgres."""
    keys = new_keys()
    halls = [Hall() for _ in range(CHILDREN)]
    for hall in halls:
        hall.write(KeyRing(keys.hall[1], keys.centre[1]), RECORDS // CHILDREN)
    known = [Child(node_id=h.child.node, public=h.child.keys[1].hex(), kind="node") for h in halls]
    with bench_server("county", known, keys, db) as server:
        cpu_s, began = server.cpu_s(), time.perf_counter()
        at_once([partial(hall.push, server.base) for hall in halls])
        seconds = time.perf_counter() - began
        rss, cpu_s_after = server.rss_mb(), server.cpu_s()
    records = sum(hall.records for hall in halls)
    timing = Timing(tuple(ms for hall in halls for ms in hall.ms))
    return {
        "db": db,
        "children": CHILDREN,
        "records": records,
        "records_per_s": round(records / seconds),
        "seconds": round(seconds, 2),
        "cpu_us_per_record": cpu_us(cpu_s, cpu_s_after, records),
        "p50_ms": timing.at(0.5),
        "p99_ms": timing.at(0.99),
        "bytes": sum(len(body) for hall in halls for body, _ in hall.pushes),
        "rss_mb": rss,
    }
