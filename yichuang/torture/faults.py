"""Full, broken and read-only disks at every act of a node's work: what it says, what it keeps, how it goes on.

Each piece of work is done again and again, with the trouble one act later each time, until it gets through untouched.
Then the trouble goes, and the same work must succeed. After each try the files are looked at as a killed process
would leave them.
"""

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from hall.assembly import event_types, projections
from hall.journal.engine import keyed
from hall.journal.facts import DossierOffered
from hall.journal.ids import new_id
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotWritten, Refusal, StoreFault
from hall.journal.verify import verify_file
from sync.core import Lane
from sync.machine_folder import JOURNAL
from sync.starting import START_FAULTS, refused
from yichuang.bench_traffic import visits
from yichuang.torture.quiet import quiet
from yichuang.torture.trio import Trio
from yichuang.torture.troubles import Injector, Trouble, troubled
from yichuang.torture.works import OpenTicket, open_ticket

NODE = "node"
NOT_OPEN = "（启动）"
"""Before a text that is said when the program does not start."""


def _note(ledger: Ledger) -> None:
    """What the next clerk presses: a connection that was opened read-only goes with its first refusal."""
    ledger.open(new_id(), "ticket", scope="queue", actor="w001")


@dataclass
class Report:
    """Figures of one run; `texts` is everything that people were told, by trouble."""

    faults: int = 0
    refused: int = 0
    corrupt: int = 0
    lost: int = 0
    doubled: int = 0
    denied: int = 0
    """Said to be certainly not written, and there."""
    stuck: int = 0
    """Did not go on when the trouble was gone."""
    slowest_refusal_s: float = 0.0
    slowest_recovery_s: float = 0.0
    texts: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        return self.corrupt + self.lost + self.doubled + self.denied + self.stuck

    def fail(self, words: str) -> None:
        if len(self.failures) < 10:
            self.failures.append(words)

    def figures(self) -> dict[str, Any]:
        return {
            "faults": self.faults, "refused": self.refused, "corrupt": self.corrupt, "lost": self.lost,
            "doubled": self.doubled, "denied": self.denied, "stuck": self.stuck,
            "slowest_refusal_s": round(self.slowest_refusal_s, 2),
            "slowest_recovery_s": round(self.slowest_recovery_s, 2),
            "texts": {name: dict(found) for name, found in self.texts.items()}, "failures": self.failures,
        }  # fmt: skip


@dataclass
class Bench:
    """The node under trouble, its works, and what it has acknowledged (dossier to number of records)."""

    trio: Trio
    injector: Injector
    aside: Path
    report: Report
    chance: random.Random
    kept: dict[str, int] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    """Those that nothing else writes to."""
    scans: list[str] = field(default_factory=list)

    def run(self, *, every: bool) -> None:
        """`every`: each act fails in each way; else in one that chance takes."""
        works: list[Callable[[], Callable[[], None]]] = [
            lambda: self._own(1), lambda: self._own(40), self._push, self._page, self._claim, self._scan,
            self._renew, self._restart,
        ]  # fmt: skip
        kinds = [(trouble, lasting) for trouble in Trouble for lasting in (False, True)]
        for prepare in works:
            at = 0
            while True:
                at += 1
                chosen = kinds if every else [self.chance.choice(kinds)]
                hit = [self._once(prepare(), at, trouble, lasting) for trouble, lasting in chosen]
                if not any(hit):
                    break

    def _once(self, work: Callable[[], None], at: int, trouble: Trouble, lasting: bool) -> bool:
        """Whether the work came so far."""
        self.injector.arm(trouble, at, lasting=lasting)
        began = time.monotonic()
        told = self._try(work)
        took = time.monotonic() - began
        hit = self.injector.hits
        self.injector.heal()
        if hit:
            self.report.faults += 1
        if told is not None:
            self._told(told, trouble, took)
            began = time.monotonic()
            again = self._try(work)
            self.report.slowest_recovery_s = max(self.report.slowest_recovery_s, time.monotonic() - began)
            if again is not None:
                # a connection that was opened read-only goes with its first refusal
                again = self._try(work)
            if again is not None:
                self.report.stuck += 1
                self.report.fail(f"{trouble.value}, act {at}: still refused: {again}")
        elif hit:
            self._try(lambda: self.trio.node.store.write(_note))
        self._look(trouble, at)
        return bool(hit)

    def _try(self, work: Callable[[], None]) -> Exception | None:
        try:
            work()
        except (Refusal, *START_FAULTS) as exc:
            return exc
        return None

    def _told(self, exc: Exception, trouble: Trouble, took: float) -> None:
        self.report.refused += 1
        self.report.slowest_refusal_s = max(self.report.slowest_refusal_s, took)
        text = exc.text if isinstance(exc, StoreFault | Refusal) else NOT_OPEN + refused(exc).text
        self.report.texts.setdefault(trouble.value, Counter())[text] += 1

    # -- works: each gives what is done under trouble, and once more without -------------------------------

    def _own(self, notes: int) -> Callable[[], None]:
        command = OpenTicket(new_id(), new_id(), notes)

        def work() -> None:
            try:
                self.trio.node.store.handle(command, open_ticket)
            except NotWritten as exc:
                trouble, act = self.injector.trouble, self.injector.last
                self.injector.heal()
                if command.dossier in self._left()[0]:
                    self.report.denied += 1
                    self.report.fail(f"{trouble} at {act}: “{exc.text}”, and there after a kill")
                raise
            self.kept[command.dossier] = self.exact[command.dossier] = notes + 1

        return work

    def _push(self) -> Callable[[], None]:
        dossier = self.trio.counter.open("ticket", "queue")

        def work() -> None:
            core = self.trio.counter.core
            for _ in range(6):
                self.trio.now += 60.0
                self.trio.exchange(self.trio.counter, Lane.FACTS)
                if core is not None and not core.state().waiting_facts:
                    self.kept[dossier] = 1
                    return
                if self.injector.hits:
                    problem = "" if core is None else core.state().problem_zh
                    raise StoreFault(problem or "（没有话）")
            raise StoreFault("上级一直没有收下。")

        return work

    def _page(self) -> Callable[[], None]:
        next(visits(self.trio.centre))

        def work() -> None:
            self.trio.now += 60.0
            for _ in range(3):
                self.trio.exchange(self.trio.node, Lane.FACTS)
                self.trio.exchange(self.trio.node, Lane.FEED)

        return work

    def _claim(self) -> Callable[[], None]:
        given = self.trio.node.open("ticket", "queue")
        self.trio.node.write(given, "queue", DossierOffered("window"))
        self.kept[given] = 2
        self.trio.settle(1)

        def work() -> None:
            self.trio.claim(given)

        return work

    def _scan(self) -> Callable[[], None]:
        data = new_id().encode() * 100

        def work() -> None:
            blobs = self.trio.node.blobs
            self.scans.append(blobs.put(data))

        return work

    def _renew(self) -> Callable[[], None]:
        def work() -> None:
            self.trio.node.store.renew_incarnation()

        self.trio.settle(4)
        return work

    def _restart(self) -> Callable[[], None]:
        self.trio.settle(4)
        return lambda: self.trio.restart(self.trio.node)

    # -- looking ----------------------------------------------------------------------------------------

    def _left(self) -> tuple[dict[str, int], str]:
        """(records by dossier, what the quick check says) of the files as a killed process leaves them."""
        shutil.rmtree(self.aside, ignore_errors=True)
        self.aside.mkdir()
        for end in ("", "-wal", "-journal"):
            if (file := self.trio.node.folder / (JOURNAL + end)).exists():
                shutil.copyfile(file, self.aside / file.name)
        conn = keyed(self.aside / JOURNAL, bytes.fromhex(self.trio.node.join.db_key))
        try:
            rows = conn.execute("SELECT dossier, count(*) FROM record GROUP BY dossier").fetchall()
            said = conn.execute("PRAGMA quick_check").fetchall()
        finally:
            conn.close()
        return {str(dossier): int(count) for dossier, count in rows}, str(said[0][0])

    def _look(self, trouble: Trouble, at: int) -> None:
        place = f"{trouble.value}, act {at}"
        try:
            left, said = self._left()
        except sqlcipher.Error as exc:
            self.report.corrupt += 1
            self.report.fail(f"{place}: {exc}")
            return
        if said != "ok":
            self.report.corrupt += 1
            self.report.fail(f"{place}: {said}")
        for dossier, count in self.kept.items():
            if left.get(dossier, 0) < count:
                self.report.lost += 1
                self.report.fail(f"{place}: {left.get(dossier, 0)} of {count} records")

    def end(self) -> None:
        """The whole proof, once."""
        trio = self.trio
        left, _ = self._left()
        self.report.doubled += sum(left.get(dossier, 0) > count for dossier, count in self.exact.items())
        self.report.lost += sum(not trio.node.blobs.sound(digest) for digest in self.scans)


def spoil_disk(seed: int, *, every: bool) -> Report:
    """Raises NoVfs."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="yichuang-disk-") as made, quiet():
        folder = Path(made).resolve()
        root = folder / "disk"
        root.mkdir()
        with troubled(root) as injector:
            with Trio(folder / "centre", root / NODE, folder / "counter", seed) as trio:
                bench = Bench(trio, injector, folder / "aside", report, random.Random(seed))
                trio.settle()
                bench.run(every=every)
                trio.settle()
                bench.end()
                join = trio.node.join
        path, key = root / NODE / JOURNAL, bytes.fromhex(join.db_key)
        for found in verify_file(path, key, event_types(), projections(), join.keys):
            report.corrupt += 1
            report.fail(f"{found.place}: {found.what}")
    return report
