"""Power cuts: a day of a hall node is recorded, its disk is cut at any moment, and the machine starts again.

A cut is good when the machine starts, its journal is exactly one of the states that the day went through, no older
than what had been acknowledged, and every scan that was promised is there. Each such state is verified once: pages,
chains, dossiers, receipts, and the tables against a rebuild.
"""

import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlcipher3.dbapi2 as sqlcipher

from hall.assembly import event_types, projections
from hall.journal import engine
from hall.journal.blobs import BlobStore
from hall.journal.refusal import StoreFault
from hall.journal.verify import verify_file
from sync.join_file import JoinFile
from sync.machine_folder import BEGUN, JOURNAL, open_journal
from yichuang.torture.disk import Disk, Loss
from yichuang.torture.quiet import quiet
from yichuang.torture.recording import Act, recorded
from yichuang.torture.trio import Trio
from yichuang.torture.workload import Day

NODE = "node"
LAZY = "synchronous-normal"
"""A fault to plant: the journal flushes its log at checkpoints only."""


class Corrupt(Exception):
    """What the next start found is not a state that the machine was ever in."""


@dataclass(frozen=True, slots=True)
class Promise:
    """At this point of the recording everything before it was acknowledged."""

    at: int
    scans: int
    """How many of the day's scans."""


@dataclass
class Tape:
    """What was recorded."""

    join: JoinFile
    acts: list[Act]
    promises: list[Promise]
    scans: list[str]


def record_day(folder: Path, seed: int, rounds: int) -> Tape:
    """Play the day with the node's folder under watch. Raises NoVfs."""
    root = folder / "disk"
    root.mkdir()
    promises: list[Promise] = []
    scans: list[str] = []
    with recorded(root) as recording:
        (root / NODE).mkdir()
        # IT has made the folder long ago
        recording.note("folder", ".", lambda disk: disk.flush_path("."))

        def said() -> None:
            if (root / NODE / BEGUN).exists():
                promises.append(Promise(len(recording.acts), len(scans)))

        def kept(digest: str) -> None:
            scans.append(digest)
            said()

        with Trio(folder / "centre", root / NODE, folder / "counter", seed, said=said) as trio:
            Day(trio, random.Random(seed), kept).run(rounds)
            join = trio.node.join
    return Tape(join, recording.acts, promises, scans)


@contextmanager
def lazy_flushes() -> Iterator[None]:
    """Databases that are opened meanwhile acknowledge what is not on the disk."""
    real = engine.keyed

    def keyed(path: Path, key: bytes, *pragmas: str) -> Any:
        return real(path, key, *(p.replace("synchronous=FULL", "synchronous=NORMAL") for p in pragmas))

    with patch.object(engine, "keyed", keyed):
        yield


@dataclass(frozen=True, slots=True)
class Cut:
    at: int
    """After so many acts."""
    loss: Loss
    seed: int


def plan_cuts(acts: list[Act], count: int, seed: int) -> list[Cut]:
    """Before and after each flush with every kind of loss, then anywhere; in the order of the recording."""
    chance = random.Random(seed)
    flushes = [n for n, act in enumerate(acts) if act.flushes]
    edges = [(n + after, loss) for n in flushes for after in (0, 1) for loss in Loss]
    chance.shuffle(edges)
    while len(edges) < count:
        edges.append((chance.randint(0, len(acts)), chance.choice(tuple(Loss))))
    cuts = [Cut(at, loss, chance.getrandbits(48)) for at, loss in edges[:count]]
    return sorted(cuts, key=lambda cut: cut.at)


@dataclass
class Lab:
    """Where a disk that was cut is started again."""

    join: JoinFile
    folder: Path
    _seen: dict[bytes, "Found"] = field(default_factory=dict)
    _sound: set[tuple[bytes, bool]] = field(default_factory=set)

    def start(self, image: dict[str, bytes]) -> "Found":
        """What the machine finds. Raises Corrupt."""
        name = _digest(image)
        found = self._seen.get(name)
        if found is None:
            found = self._seen[name] = self._start(image)
            if not found.fault and (found.state, found.restored) not in self._sound:
                # the file that the start has left
                self._verify()
                self._sound.add((found.state, found.restored))
        if found.fault:
            raise Corrupt(found.fault)
        return found

    @property
    def distinct(self) -> int:
        return len(self._seen)

    def _start(self, image: dict[str, bytes]) -> "Found":
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, data in image.items():
            target = self.folder / path
            if path.endswith("/"):
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        node = self.folder / NODE
        node.mkdir(parents=True, exist_ok=True)
        try:
            state, inc = self._recovered(node)
            journal = open_journal(self.join, node)
        except (StoreFault, OSError, sqlcipher.Error) as exc:
            return Found(b"", False, frozenset(), f"does not start: {exc}")
        fresh = inc and journal.store.identity.inc != inc
        journal.close()
        blobs = BlobStore(node / "blobs")
        scans = frozenset(digest for digest in blobs.digests() if blobs.sound(digest))
        # a marker of an earlier incarnation proves nothing: the machine asks its parent once more
        restored = bool(fresh) and _marker_inc(image) == inc
        return Found(state, restored, scans, "")

    def _recovered(self, node: Path) -> tuple[bytes, str]:
        """The journal alone, as SQLite brings it back: its bytes, and whose incarnation it is ("" for none yet)."""
        aside = self.folder / "aside"
        aside.mkdir()
        for end in ("", "-wal", "-journal"):
            if (file := node / (JOURNAL + end)).exists():
                shutil.copyfile(file, aside / file.name)
        path = aside / JOURNAL
        conn = engine.keyed(path, bytes.fromhex(self.join.db_key))
        try:
            has = conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'machine'").fetchone()
            row = conn.execute("SELECT inc FROM machine").fetchone() if has else None
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            conn.close()
        return hashlib.sha256(path.read_bytes()).digest(), "" if row is None else str(row[0])

    def _verify(self) -> None:
        """The file that `_start` has left."""
        path, key = self.folder / NODE / JOURNAL, bytes.fromhex(self.join.db_key)
        findings = verify_file(path, key, event_types(), projections(), self.join.keys)
        if findings:
            raise Corrupt(f"{findings[0].place}: {findings[0].what}")
        conn = engine.keyed(path, key)
        try:
            said = [str(row[0]) for row in conn.execute("PRAGMA integrity_check")]
        except sqlcipher.Error as exc:
            raise Corrupt(str(exc)) from exc
        finally:
            conn.close()
        if said != ["ok"]:
            raise Corrupt(said[0])


@dataclass(frozen=True, slots=True)
class Found:
    """What a start has come upon."""

    state: bytes
    """The journal's bytes, folded into one file, name it."""
    restored: bool
    """The machine takes its journal for older than itself."""
    scans: frozenset[str]
    fault: str


def _marker_inc(image: dict[str, bytes]) -> str:
    try:
        return str(json.loads(image[f"{NODE}.marker"])["inc"])
    except (KeyError, ValueError):
        return ""


def _digest(image: dict[str, bytes]) -> bytes:
    whole = hashlib.sha256()
    for path in sorted(image):
        whole.update(f"{path}\0{len(image[path])}\0".encode())
        whole.update(image[path])
    return whole.digest()


@dataclass
class Report:
    """Figures of one run. Lines of `failures` say where to look."""

    seed: int
    acts: int = 0
    cuts: int = 0
    distinct: int = 0
    states: int = 0
    corrupt: int = 0
    lost: int = 0
    seed_of_first_failure: int | None = None
    failures: list[str] = field(default_factory=list)

    def fail(self, cut: Cut, act: str, words: str) -> None:
        if self.seed_of_first_failure is None:
            self.seed_of_first_failure = self.seed
        if len(self.failures) < 10:
            self.failures.append(f"seed {self.seed}, act {cut.at} ({act}), {cut.loss.value}: {words}")

    def figures(self) -> dict[str, Any]:
        return {
            "cuts": self.cuts, "corrupt": self.corrupt, "lost": self.lost,
            "seed_of_first_failure": self.seed_of_first_failure, "seed": self.seed, "acts": self.acts,
            "distinct_disks": self.distinct, "states": self.states, "failures": self.failures,
        }  # fmt: skip


def cut_power(cuts: int, seed: int, *, rounds: int = 6, plant: str | None = None) -> Report:
    """One recorded day, cut `cuts` times. Raises NoVfs."""
    with tempfile.TemporaryDirectory(prefix="yichuang-power-") as made, quiet():
        folder = Path(made).resolve()
        if plant == LAZY:
            with lazy_flushes():
                tape = record_day(folder, seed, rounds)
        else:
            tape = record_day(folder, seed, rounds)
        return _cut_all(tape, Lab(tape.join, folder / "lab"), cuts, seed)


def _cut_all(tape: Tape, lab: Lab, count: int, seed: int) -> Report:
    report = Report(seed, acts=len(tape.acts))
    cuts = plan_cuts(tape.acts, count, seed)
    looks = {p.at for p in tape.promises} | {n + 1 for n, act in enumerate(tape.acts) if act.flushes}
    disk, states = Disk(), _States(lab)
    waiting, promised = iter(cuts), list(tape.promises)
    cut = next(waiting, None)
    floor = scans = 0
    for at in range(len(tape.acts) + 1):
        if at:
            tape.acts[at - 1].step(disk)
        if at in looks and states.begun(promised, at):
            states.look(disk)
        while promised and promised[0].at <= at:
            floor, scans = len(states.order), promised.pop(0).scans
        while cut is not None and cut.at == at:
            _cut(tape, lab, disk, cut, states, floor, scans, report)
            cut = next(waiting, None)
    report.distinct, report.states = lab.distinct, len(states.order)
    return report


@dataclass
class _States:
    """The states of the journal in the order in which they were committed."""

    lab: Lab
    order: list[bytes] = field(default_factory=list)
    _begun: bool = False

    def begun(self, promised: list[Promise], at: int) -> bool:
        """A journal that no promise rests on yet is new at each start: it has no state to come back to."""
        self._begun = self._begun or not promised or promised[0].at <= at
        return self._begun

    def look(self, disk: Disk) -> None:
        state = self.lab.start(disk.after_cut(Loss.NONE, random.Random(0))).state
        if state not in self.order[-1:]:
            self.order.append(state)


def _cut(
    tape: Tape, lab: Lab, disk: Disk, cut: Cut, states: _States, floor: int, scans: int, report: Report
) -> None:
    report.cuts += 1
    act = tape.acts[cut.at].name + " " + tape.acts[cut.at].path if cut.at < len(tape.acts) else "end"
    image = disk.after_cut(cut.loss, random.Random(cut.seed))
    try:
        found = lab.start(image)
    except Corrupt as exc:
        report.corrupt += 1
        report.fail(cut, act, str(exc))
        return
    if not floor:
        return
    # what was written since the last look may be whole already
    now = disk.after_cut(Loss.NONE, random.Random(0))
    known = states.order if found.state in states.order else [*states.order, lab.start(now).state]
    if found.restored:
        report.lost += 1
        report.fail(cut, act, "it takes itself for restored: its marker is newer than its journal")
        return
    if found.state not in known:
        report.corrupt += 1
        report.fail(cut, act, "a state that the machine was never in")
        return
    lost_scans = set(tape.scans[:scans]) - found.scans
    older = len(known) - 1 - known[::-1].index(found.state) < floor - 1
    if older or lost_scans:
        report.lost += 1
        what = "an older state" if older else f"{len(lost_scans)} scans"
        report.fail(cut, act, f"acknowledged, and gone: {what}")
