"""Windows of a hall that call at once, over HTTP: a real node; some connections are reset behind a commit."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from hall.catalogue.loading import load_hall_catalogue, resources_dir
from hall.catalogue.queues import series_of
from hall.journal.ids import new_id
from sync.join_file import Child
from yichuang.bench_child import BenchChild, LostReply
from yichuang.bench_servers import HALL, bench_server, new_keys
from yichuang.bench_timing import Timing, at_once

LOST_PART = 0.05
PAUSE_S = 1.0
"""Mean pause between two calls of one window: a person's pace, only much quicker."""
CALLS = 6
"""Numbers a window, so that a run ends in some seconds."""


@dataclass
class Window:
    """One counter that calls until nobody waits. Its child is connected."""

    no: int
    pause_s: float
    child: BenchChild = field(default_factory=BenchChild)
    ms: list[float] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    lost: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    """Set: the window calls nobody more."""

    def work(self, queues: list[str]) -> None:
        chance = random.Random(self.no)
        while not self.over.is_set():
            time.sleep(chance.uniform(0, 2 * self.pause_s))
            body = {
                "command_id": new_id(), "window": self.no, "window_name": f"{self.no}号窗口",
                "staff": f"staff{self.no}", "queues": queues,
            }  # fmt: skip
            began = time.perf_counter()
            answer = self._accepted(body, chance)
            if answer is None:
                return
            self.ms.append((time.perf_counter() - began) * 1000)
            self.called.append(str(answer["dossier"]))

    def _accepted(self, body: dict[str, Any], chance: random.Random) -> dict[str, Any] | None:
        while True:
            try:
                return self.child.ask_json("/v1/queue/next", body, lost=chance.random() < LOST_PART)
            except LostReply:
                self.lost += 1


def measure_claims(windows: int) -> dict[str, Any]:
    """From the first asking to the answer that was accepted; with a person's pauses, and with none."""
    paced, flat = _claims(windows, PAUSE_S), _claims(windows, 0.0)
    return {
        "db": "sqlite",
        "windows": windows,
        "lost_part": LOST_PART,
        **paced,
        "pause_s": PAUSE_S,
        **{f"without_pause_{name}": value for name, value in flat.items()},
        "double_calls": paced["double_calls"] + flat["double_calls"],
    }


def _claims(windows: int, pause_s: float) -> dict[str, Any]:
    queues = sorted(series_of(load_hall_catalogue(resources_dir(), HALL).profile))
    counters = [Window(no, pause_s) for no in range(1, windows + 1)]
    kiosk = BenchChild()
    known = [Child(node_id=w.child.node, public=w.child.keys[1].hex(), kind="counter") for w in counters]
    known.append(Child(node_id=kiosk.node, public=kiosk.keys[1].hex(), kind="kiosk"))
    with bench_server("hall", known, new_keys()) as server:
        issue(kiosk, server.base, queues, windows * CALLS)
        for window in counters:
            window.child.connect(server.base, "terminal")
        began = time.perf_counter()
        at_once([lambda w=w: w.work(queues) for w in counters])  # type: ignore[misc]
        seconds = time.perf_counter() - began
        for window in counters:
            window.child.close()
        rss = server.rss_mb()
    called = [ticket for w in counters for ticket in w.called]
    timing = Timing(tuple(ms for w in counters for ms in w.ms))
    return {
        "tickets": windows * CALLS,
        "called": len(called),
        "double_calls": doubles(called),
        "replies_lost": sum(w.lost for w in counters),
        "p50_ms": timing.at(0.5),
        "p99_ms": timing.at(0.99),
        "seconds": round(seconds, 2),
        "rss_mb": rss,
    }


def issue(kiosk: BenchChild, base: str, queues: list[str], count: int) -> None:
    """So many numbers, the queues in turn."""
    kiosk.connect(base, "terminal")
    for n in range(count):
        body = {
            "command_id": new_id(), "ticket": new_id(), "queue": queues[n % len(queues)], "matter": "示例",
        }  # fmt: skip
        kiosk.ask_json("/v1/queue/issue", body, lost=False)
    kiosk.close()


def doubles(called: list[str]) -> int:
    """Calls too many: each number belongs to one window."""
    return len(called) - len(set(called))
