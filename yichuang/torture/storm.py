"""Real processes under kill -9 on bad lines: a centre, three nodes, nine counters, and what is left of their word.

Afterwards the lines are mended and nobody is killed any more: every machine must come to hold the same, and
everything that a counter was told must be there once.
"""

import random
import re
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from hall.catalogue.loading import load_hall_catalogue, resources_dir
from hall.catalogue.queues import series_of
from hall.journal import schema
from hall.journal.admission import Verdict
from sync.join_file import JoinFile, write_join_file
from yichuang.bench_servers import NoPostgres
from yichuang.machines import BadData, reading, verify_machine
from yichuang.ports import free_ports
from yichuang.private_postgres import Cluster, private_server, programs
from yichuang.torture.bad_line import BadLines, Line
from yichuang.torture.deeds import Deeds
from yichuang.torture.family import HALL, Family, at, plan_family
from yichuang.torture.smithy import Program, Smithy, Stuck

NODES, COUNTERS_EACH = 3, 3
SHORTEST_S, LONGEST_S = 0.1, 5.0
DB_SHORTEST_S, DB_LONGEST_S, DB_AWAY_S = 2.0, 8.0, 3.0
EARLY_WORD = "early-word"
"""A fault to plant: a counter is told before anything is written."""
EARLY = 0.25
"""Part of the lives that is counted from the start of the process: it may die before it is ready."""
HEAL_S = 180.0
Heads = dict[tuple[str, str], tuple[int, bytes]]
_TRACE = re.compile(r"^(?:[A-Za-z_][\w.]*(?:Error|Exception|Fault)\b.*)$", re.MULTILINE)


@dataclass
class Report:
    """Figures of one storm."""

    db: str
    seed: int
    kills: int = 0
    db_kills: int = 0
    """How often PostgreSQL's own postmaster was killed."""
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    unconverged: int = 0
    corrupt: int = 0
    leaks: int = 0
    seconds: float = 0.0
    healed_s: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    line_faults: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    own_bugs: Counter[str] = field(default_factory=Counter)
    """Tracebacks in the logs, by their last line."""
    failures: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        return self.lost + self.doubled + self.unconverged + self.corrupt + self.leaks

    def fail(self, words: str) -> None:
        if len(self.failures) < 20:
            self.failures.append(words)

    def figures(self) -> dict[str, Any]:
        return {
            "kills": self.kills, "db_kills": self.db_kills, "acknowledged": self.acknowledged, "lost": self.lost,
            "doubled": self.doubled, "unconverged": self.unconverged, "seconds": round(self.seconds, 1),
            "db": self.db, "seed": self.seed, "corrupt": self.corrupt, "leaks": self.leaks,
            "healed_s": round(self.healed_s, 1), "kinds": dict(self.kinds), "line_faults": self.line_faults,
            "texts": self.texts, "own_bugs": dict(self.own_bugs), "failures": self.failures,
        }  # fmt: skip


@dataclass
class Storm:
    """The family's folders, programs and lines."""

    root: Path
    family: Family
    programs: dict[str, Program]
    lines: list[Line]
    smithy: Smithy
    chance: random.Random
    report: Report
    cluster: Cluster | None = None
    """The centre's PostgreSQL; killed like everybody else."""
    _read: dict[str, int] = field(default_factory=dict)
    """Bytes of each log when its process was started."""

    def folder(self, join: JoinFile) -> Path:
        return self.root / "data" / join.name

    def deeds(self, join: JoinFile) -> Path:
        return self.root / f"{join.name}.deeds"

    # -- the storm --------------------------------------------------------------------------------------

    def rage(self, seconds: float) -> None:
        """Each process is killed 0.1 to 5 s after it was started, or was ready, and started again at once."""
        end = time.monotonic() + seconds
        due = {name: self.begin(name) for name in self.programs}
        db_due = time.monotonic() + self._db_life()
        while (now := time.monotonic()) < end:
            for name, moment in due.items():
                if moment is None and self.is_ready(name):
                    due[name] = now + self._life()
                elif moment is not None and moment <= now:
                    self.report.kills += self.smithy.kill(name)
                    due[name] = self.begin(name)
            if self.cluster is not None and now >= db_due:
                self._kill_database(self.cluster)
                db_due = time.monotonic() + self._db_life()
            time.sleep(0.02)

    def _kill_database(self, cluster: Cluster) -> None:
        cluster.kill()
        self.report.db_kills += 1
        time.sleep(self.chance.uniform(0.0, DB_AWAY_S))
        cluster.start()

    def _db_life(self) -> float:
        return self.chance.uniform(DB_SHORTEST_S, DB_LONGEST_S)

    def begin(self, name: str) -> float | None:
        """When it dies; None: some time after it is ready."""
        log = self.programs[name].log
        log.touch()
        self._read[name] = log.stat().st_size
        self.smithy.start(self.programs[name])
        return time.monotonic() + self._life() if self.chance.random() < EARLY else None

    def is_ready(self, name: str) -> bool:
        """It has said so in a JSON line; one that has ended by itself is as good as ready to be started anew."""
        if self.smithy.pid(name) is None:
            return True
        with self.programs[name].log.open("rb") as log:
            log.seek(self._read[name])
            return b'{"' in log.read()

    def _life(self) -> float:
        return self.chance.uniform(SHORTEST_S, LONGEST_S)

    # -- healing ----------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Nobody is killed any more; counters finish what they wanted. Until all hold the same, or too long."""
        began = time.monotonic()
        while time.monotonic() < began + HEAL_S:
            for name, program in self.programs.items():
                if self.smithy.pid(name) is None:
                    self.smithy.start(program)
            for join in self.family.counters:
                self.smithy.signal(join.name, signal.SIGUSR1)
            apart = self.apart()
            if not apart:
                break
            time.sleep(1.0)
        self.report.healed_s = time.monotonic() - began
        for words in self.apart():
            self.report.unconverged += 1
            self.report.fail(words)

    def apart(self) -> list[str]:
        """What is not the same everywhere yet."""
        found = [
            f"{join.name} still wants {len(open_)} deeds"
            for join in self.family.counters
            if (open_ := Deeds.read(self.deeds(join)).open)
        ]
        try:
            above = self._heads(self.family.centre)
            for node in self.family.nodes:
                here = self._heads(node)
                found += _lacking(f"centre of {node.name}", here, above)
                for join in self.family.counters:
                    if join.parent is not None and join.parent.node_id == node.node_id:
                        own = self._heads(join)
                        found += _lacking(f"{node.name} of {join.name}", own, here)
                        found += _lacking(f"{join.name} of {node.name}", here, own)
        except BadData as exc:
            found.append(str(exc))
        return found

    def _heads(self, join: JoinFile) -> Heads:
        c = schema.chain_head.c
        with reading(self.folder(join)) as conn:
            rows = conn.execute(select(c.origin, c.inc, c.seq, c.h)).all()
        return {(r.origin, r.inc): (r.seq, bytes(r.h)) for r in rows}

    # -- the end ----------------------------------------------------------------------------------------

    def look_for_leaks(self) -> None:
        """Threads and files of each process now, and after some more work at rest."""
        first = self._used()
        time.sleep(4.0)
        for name, (threads, files) in self._used().items():
            before = first.get(name, (threads, files))
            if threads > before[0] + 8 or files > before[1] + 16 or threads > 60 or files > 200:
                self.report.leaks += 1
                self.report.fail(f"{name}: {before} threads and files, then {(threads, files)}")

    def _used(self) -> dict[str, tuple[int, int]]:
        found = {}
        for name in self.programs:
            pid = self.smithy.pid(name)
            folder = Path(f"/proc/{pid}")
            if pid is not None and folder.exists():
                found[name] = len(list((folder / "task").iterdir())), len(list((folder / "fd").iterdir()))
        return found

    def end(self) -> None:
        """Counters first, the centre last, each in order."""
        for join in reversed(self.family.all):
            try:
                status = self.smithy.end(join.name)
            except Stuck:
                self.report.fail(f"{join.name} does not end")
                self.report.leaks += 1
                self.smithy.kill(join.name)
                continue
            if status != 0:
                self.report.fail(f"{join.name} ended with {status}")
                self.report.leaks += 1

    def judge(self) -> None:
        """Every word that was given, and every journal."""
        called: Counter[str] = Counter()
        numbers: Counter[tuple[str, str]] = Counter()
        centre = self._counts(self.family.centre)
        texts: set[str] = set()
        for join in self.family.counters:
            deeds = Deeds.read(self.deeds(join))
            texts |= deeds.texts
            own = self._counts(join)
            node = join.parent.node_id if join.parent is not None else ""
            for what in deeds.done.values():
                if "refused" in what:
                    self.report.kinds[f"refused {what['refused']}"] += 1
                    continue
                self.report.acknowledged += 1
                self.report.kinds[what["kind"]] += 1
                match what["kind"]:
                    case "own":
                        self._count(what["dossier"], 1 + what["notes"], join.name, own)
                        self._count(what["dossier"], 1 + what["notes"], "centre", centre)
                    case "issue":
                        numbers[node, what["number"]] += 1
                        self._count(what["dossier"], None, "centre", centre)
                    case _:
                        called[what["dossier"]] += 1
                        self._count(what["dossier"], None, "centre", centre)
        self.report.doubled += sum(n - 1 for n in (*called.values(), *numbers.values()))
        self.report.texts = sorted(texts)
        for join in self.family.all:
            for finding in verify_machine(self.folder(join)):
                self.report.corrupt += 1
                self.report.fail(str(finding))
            log = self.programs[join.name].log.read_text("utf-8", "replace")
            self.report.own_bugs.update(re.sub(r"0x[0-9a-f]+", "…", line) for line in _TRACE.findall(log))

    def _counts(self, join: JoinFile) -> dict[str, int]:
        c = schema.record.c
        query = select(c.dossier, func.count()).where(c.verdict == Verdict.ACCEPTED.value).group_by(c.dossier)
        with reading(self.folder(join)) as conn:
            return {str(dossier): int(count) for dossier, count in conn.execute(query)}

    def _count(self, dossier: str, wanted: int | None, place: str, there: dict[str, int]) -> None:
        found = there.get(dossier, 0)
        if found < (wanted or 1):
            self.report.lost += 1
            self.report.fail(f"{place}: {found} of {wanted} records of {dossier}")
        elif wanted is not None and found > wanted:
            self.report.doubled += 1
            self.report.fail(f"{place}: {found} instead of {wanted} records of {dossier}")


def _lacking(where: str, wanted: Heads, there: Heads) -> list[str]:
    short = [chain for chain, head in wanted.items() if there.get(chain) != head]
    return [f"{where}: {len(short)} chains"] if short else []


def rage(db: str, seconds: float, seed: int, *, plant: str | None = None) -> Report:
    """`db`: the centre's, "sqlite" or "postgresql". Raises NoPostgres."""
    report = Report(db, seed)
    began = time.monotonic()
    with storm_of(db, seed, report, plant) as storm, BadLines(storm.lines) as lines:
        storm.rage(seconds)
        lines.calm()
        storm.heal()
        storm.look_for_leaks()
        storm.end()
        report.line_faults = dict(lines.faults)
        storm.judge()
    report.seconds = time.monotonic() - began
    return report


@contextmanager
def storm_of(
    db: str, seed: int, report: Report, plant: str | None = None,
    prepare: Callable[[Path, ExitStack], None] = lambda _root, _held: None,
) -> Iterator[Storm]:  # fmt: skip
    """`prepare` makes what is to stand before the machines' folders are written."""
    with ExitStack() as held:
        root = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="yichuang-storm-"))).resolve()
        family = plan_family(NODES, COUNTERS_EACH)
        chance = random.Random(seed)
        cluster: Cluster | None = None
        if db == "postgresql":
            found = programs()
            if found is None:
                raise NoPostgres
            cluster = held.enter_context(private_server(found, durable=True))
            text = cluster.url.render_as_string(hide_password=False)
            family = Family(
                family.centre.model_copy(update={"database_url": text}), family.nodes, family.counters
            )
        prepare(root, held)
        smithy = held.enter_context(Smithy(root / "forge.log"))
        storm = Storm(root, family, {}, [], smithy, chance, report, cluster)
        _set_up(storm, (f"--{plant}",) if plant else ())
        yield storm


def _set_up(storm: Storm, planted: tuple[str, ...]) -> None:
    """Ports, lines, folders, programs."""
    queues = sorted(series_of(load_hall_catalogue(resources_dir(), HALL).profile))[:4]
    servers = [join.node_id for join in (storm.family.centre, *storm.family.nodes)]
    ports = dict(zip(servers, free_ports(len(servers)), strict=True))
    for join in storm.family.all:
        folder = storm.folder(join)
        log = storm.root / f"{join.name}.log"
        if join.parent is not None:
            line = Line(ports[join.parent.node_id], random.Random(storm.chance.random()))
            storm.lines.append(line)
            join = at(join, f"http://127.0.0.1:{line.port}")
        write_join_file(folder, join)
        if join.role == "terminal":
            args = ("--data", str(folder), "--deeds", str(storm.deeds(join)), "--queues", *queues, *planted)
            storm.programs[join.name] = Program(join.name, "writer", args, log)
        else:
            args = ("--data", str(folder), "--port", str(ports[join.node_id]))
            storm.programs[join.name] = Program(join.name, "server", args, log)
