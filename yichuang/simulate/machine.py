"""One simulated machine: what outlives its process, and the process that is built on it anew."""

import random
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hall.journal.book import Book
from hall.journal.codec import EventTypes
from hall.journal.facts import KERNEL_EVENTS
from hall.journal.kernel import Clock, Identity, Kernel
from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.prepared import Prepared
from hall.journal.projection import Recorded
from sync.access import ChildAccess
from sync.core import ChildCore
from sync.link import Credentials
from sync.marker import Marker
from sync.parent import Parent
from sync.versions import Speaks
from yichuang.simulate.blobs import SimBlobs
from yichuang.simulate.closings import Enrolled
from yichuang.simulate.disk import Answer, SimDisk, Tables
from yichuang.simulate.journal import Died, Said, SaidNewly, SimJournal, SimProjections
from yichuang.simulate.keys import SimKey, SimKeyRing

T = TypeVar("T")

NEVER_TOUCHED = Path("never-touched")
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
OLD, NEW = EventTypes((*KERNEL_EVENTS, Said)), EventTypes((*KERNEL_EVENTS, Said, SaidNewly))
OLDEST_PROGRAM, NEWEST_PROGRAM = Speaks(1, 1), Speaks(1, 3)


@dataclass(frozen=True)
class Rules:
    """How the simulated product is built; a planted bug is another value."""

    full_sync: bool = True
    answers: Mapping[Prepared, Answer] = field(default_factory=dict)
    marker: bool = True


class SimMarker(Marker):
    """The file beside the data folder; `note` tells that it could not be written while the machine has no such file."""

    def __init__(self, machine: "Machine") -> None:
        super().__init__(NEVER_TOUCHED, machine.computer)
        self._machine = machine

    def _read(self) -> str:
        if self._machine.marker is None:
            raise FileNotFoundError
        return self._machine.marker

    def _write(self, text: str) -> None:
        self._machine.marker = text


class Pause:
    """Where a coroutine of the parent waits for its turn."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Steps:
    """Implements sync.aside.Aside: each step is a turn of its own."""

    def __init__(self, moment: Callable[[], None]) -> None:
        self._moment = moment

    async def run(self, fn: Callable[[], T]) -> T:
        await Pause()
        self._moment()
        return fn()

    async def commit(self, store: JournalPort, work: Callable[[Ledger], T]) -> T:
        await Pause()
        return store.write(work)


@dataclass
class Machine:
    """`start` builds the process. What is declared above `journal` outlives it."""

    name: str
    role: str
    rng: random.Random
    rules: Rules
    children: dict[str, ChildAccess]
    """By node id; this machine's part of what the county's IT has registered."""
    above: "Machine | None"
    now: Callable[[], float]
    written: Callable[[Sequence[Recorded]], None] = lambda _: None
    tables: Tables = field(default_factory=Tables)
    blobs: SimBlobs = field(init=False)
    key: SimKey = field(init=False)
    marker: str | None = None
    computer: str = ""
    wall_s: float = 0.0
    """How far its clock is off."""
    old_program: bool = False
    runs: bool = False
    up: bool = True
    """Its requests reach its parent."""
    down: bool = True
    """Its parent's answers reach it."""
    fuse: int | None = None
    """It dies at the so-manieth place where it can."""
    power: bool = False
    """It dies with the power, not only as a process."""
    lives: int = 0
    journal: SimJournal = field(init=False)
    parent: Parent | None = field(init=False, default=None)
    core: ChildCore | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.blobs = SimBlobs(self.rng)
        self.key = SimKey(self.name.encode())
        self.computer = self.computer or f"pc-{self.name}"
        self._ids = 0
        self._told_at, self._told, self._told_s = 0.0, MORNING, MORNING.timestamp()

    # -- the process ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Raises Died."""
        self.runs, self.lives = True, self.lives + 1
        disk = SimDisk(self.tables, self.rules.answers)
        self.journal = SimJournal(
            disk, self._kernel(), moment=self.moment, written=self.written, new_inc=self._random,
            full=self.rules.full_sync,
        )  # fmt: skip
        self._marker = SimMarker(self)
        if self.rules.marker:
            self._marker.at_start(self.journal)
        self.parent = self._parent() if self.role != "terminal" else None
        self.core = self._core() if self.above is not None else None

    def die(self) -> None:
        """The process is gone; with the power, what was not synced is, too."""
        if self.power:
            self.journal.disk.power_cut()
        self.runs, self.fuse, self.power = False, None, False
        self.parent = self.core = None

    def moment(self) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse <= 0:
                raise Died(self.name)

    def note_marker(self) -> None:
        """As sync.child does after each exchange of facts."""
        if self.rules.marker:
            self._marker.note(self.journal)

    def upgrade(self) -> None:
        """The newer program makes the rows that the older one could not."""
        self.old_program = False
        self.start()

        def work(ledger: Ledger) -> None:
            for dossier in list(self.tables.of_dossier):
                if dossier:
                    Book(ledger.conn, self.journal.kernel, []).replay(dossier)

        self.journal.write(work)

    def _kernel(self) -> Kernel:
        kept = self.tables.machine
        if not kept:
            kept.update(inc=self._random(), settled=True, suspect=False)
        me = Identity(self.name, kept["inc"], self.role, "H1", kept["settled"], kept["suspect"])
        clock = Clock(self.wall, lambda: int(self.now() * 1000), self._random())
        types = OLD if self.old_program else NEW
        return Kernel(me, clock, types, SimProjections(), SimKeyRing(), self._new_id)

    def _parent(self) -> Parent:
        return Parent(
            self.journal, private=self.key, public=self.key, children=Enrolled(self.children, self.tables),
            secret=self.name.encode(), blobs=self.blobs, stored=lambda: self.core.wake() if self.core else None,
            now_s=self._wall_s, max_wait_s=0.0, aside=Steps(self.moment), speaks=self._speaks(),
        )  # fmt: skip

    def _core(self) -> ChildCore:
        assert self.above is not None
        mine = frozenset({self.name, *(n for c in self.children.values() for n in c.subtree)})
        core = ChildCore(
            self.journal, Credentials(self.name, self.key, self.above.name, self.above.key), self.blobs,
            scope="hall", rng=random.Random(self.rng.random()), new_id=self._new_id, wall=self.wall,
            mine=lambda: mine, piece_bytes=700, speaks=self._speaks(),
            may_settle=lambda: self.parent is None or not self.parent.unheard(),
        )  # fmt: skip
        self.journal.subscribe(lambda _: core.wake())
        return core

    def _speaks(self) -> Speaks:
        return OLDEST_PROGRAM if self.old_program else NEWEST_PROGRAM

    # -- its clock and its dice -------------------------------------------------------------------------

    def wall(self) -> datetime:
        at = self.now() + self.wall_s
        if at != self._told_at:
            self._told_at, self._told = at, MORNING + timedelta(seconds=at)
            self._told_s = self._told.timestamp()
        return self._told

    def _wall_s(self) -> float:
        self.wall()
        return self._told_s

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self.name}-{self.lives}-{self._ids}-{self.rng.getrandbits(32):08x}"

    def _random(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    # -- what others ask --------------------------------------------------------------------------------

    def owner(self, dossier: str) -> Any:
        row = self.tables.dossiers.get(dossier)
        return None if row is None else row[3]
