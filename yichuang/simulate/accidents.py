"""What happens to machines and lines: cuts, deaths, power cuts, backups put back, cloned disks, wrong clocks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuang.simulate.blobs import SimBlobs
from yichuang.simulate.closings import is_closed
from yichuang.simulate.disk import Tables
from yichuang.simulate.machine import Machine
from yichuang.simulate.world import CENTRE, World, parked_ids

YEARS = 365 * 24 * 3600.0
MOST_CLONES = 1


@dataclass(frozen=True, slots=True)
class Backup:
    tables: Tables
    blobs: SimBlobs


@dataclass
class Accidents:
    """`happen` lets one of them happen at random."""

    world: World
    backups: list[tuple[Machine, Backup]] = field(default_factory=list)
    clones: list[str] = field(default_factory=list)
    _evening: dict[str, list[tuple[Machine, Backup]]] = field(default_factory=dict)
    """Of a hall: what was backed up together."""

    def happen(self) -> None:
        self._happen(self.world.rng.choice(list(self.world.machines.values())))

    def __post_init__(self) -> None:
        """Each schedule has its own weather: some kinds never, some often. What is rare alone meets what it needs."""
        rng = self.world.rng
        kinds: dict[Callable[[Machine], None], int] = {
            self._cut: 4, self._one_way: 3, self._die: 4, self._power_cut: 3, self._start_again: 4, self._wait: 4,
            self._weather: 4, self._backup: 2, self._restore: 2, self._clock: 1, self._clone: 1,
            self._disk_full: 1, self._program: 1, self._fire: 1,
        }  # fmt: skip
        self._weights = {kind: weight * rng.choice((0, 1, 1, 5)) for kind, weight in kinds.items()}
        self._weights[self._start_again] = 4

    def _happen(self, m: Machine) -> None:
        self.world.rng.choices(list(self._weights), list(self._weights.values()))[0](m)

    # -- lines ------------------------------------------------------------------------------------------

    def _cut(self, m: Machine) -> None:
        m.up = m.down = not m.up
        self.world.counts["partition"] += not m.up
        self.world.told(f"line of {m.name}: {'whole' if m.up else 'cut'}")

    def _one_way(self, m: Machine) -> None:
        m.down = not m.down
        self.world.counts["partition"] += not m.down
        self.world.told(f"answers reach {m.name}: {m.down}")

    def _weather(self, _: Machine) -> None:
        self.world.bad_line = not self.world.bad_line

    def _wait(self, _: Machine) -> None:
        self.world.now += self.world.rng.choice((1.0, 31.0, 120.0, 14 * 3600.0))

    # -- machines ---------------------------------------------------------------------------------------

    def _die(self, m: Machine) -> None:
        if m.runs and m.fuse is None:
            m.fuse = self.world.rng.randrange(1, 14)

    def _power_cut(self, m: Machine) -> None:
        if m.runs and m.fuse is None:
            m.fuse, m.power = self.world.rng.randrange(1, 14), True

    def _start_again(self, m: Machine) -> None:
        if not m.runs:
            self.world.told(f"{m.name} starts again")
            self.world.start(m)

    def _disk_full(self, m: Machine) -> None:
        if m.runs:
            m.journal.full_disk = not m.journal.full_disk

    def _clock(self, m: Machine) -> None:
        m.wall_s = self.world.rng.choice((0.0, -3600.0, 3600.0, -5 * YEARS, 10 * YEARS))
        self.world.told(f"clock of {m.name} is off by {m.wall_s} s")

    def _program(self, m: Machine) -> None:
        """Updated from the top: a parent is never older than its child."""
        if m.old_program or m.name == CENTRE or any(o.above is m and not o.old_program for o in self.all()):
            return
        if self.world.rng.random() < 0.5 and m.lives == 1 and not m.tables.records:
            m.old_program = True
            m.die()
            self.world.forget_flights_of(m)
            self.world.start(m)
            self.world.told(f"{m.name} has an old program")

    def all(self) -> list[Machine]:
        return list(self.world.machines.values())

    # -- disks ------------------------------------------------------------------------------------------

    def _backup(self, m: Machine) -> None:
        self.backups.append((m, Backup(m.tables.copy(), m.blobs.copy())))
        self.world.told(f"{m.name} is backed up")

    def _restore(self, _: Machine) -> None:
        """A backup is put back: what only the present disk had is gone for good."""
        if not self.backups:
            return
        m, backup = self.backups.pop(self.world.rng.randrange(len(self.backups)))
        if m not in self.all():
            return
        self._put_back(m, backup)

    def _fire(self, m: Machine) -> None:
        """A node and one of its terminals are put back to one evening together."""
        m = m.above if m.above is not None and m.role == "terminal" else m
        below = [o for o in self.all() if o.above is m and o.role == "terminal"]
        if not below or m.role != "hall" or m.name in self.clones:
            return
        evening = self._evening.get(m.name)
        if evening is None:
            self._evening[m.name] = [
                (each, Backup(each.tables.copy(), each.blobs.copy())) for each in (m, *below)
            ]
            return
        node, *others = self._evening.pop(m.name)
        for each, backup in (node, self.world.rng.choice(others)):
            if each in self.all():
                self._put_back(each, backup)

    def _put_back(self, m: Machine, backup: Backup) -> None:
        self.world.counts["restore"] += 1
        if m.runs:
            m.die()
        self.world.forget_flights_of(m)
        gone, m.tables, m.blobs = m.tables, backup.tables, backup.blobs
        if self.world.rng.random() < 0.3:
            # a new computer: nothing lies beside the data folder
            m.marker, m.computer = None, f"new-{m.computer}"
        self.forget_what_went_with(gone)
        self.world.told(f"{m.name} is restored from a backup{'' if m.marker else ' on a new computer'}")
        self.world.start(m)

    def forget_what_went_with(self, disk: Tables) -> None:
        """Only what this disk had and no other has: what is nowhere though no disk was lost, the protocol has lost."""
        left = self.world.on_disks() | self.world.put_aside()
        for record in (disk.ids.keys() | parked_ids(disk)) - left:
            env = self.world.acknowledged.pop(record, None)
            if env is not None:
                self.world.destroyed.add(env.dossier)

    def _clone(self, m: Machine) -> None:
        """A disk image of a running machine starts on a second computer under the same name."""
        closed = any(is_closed(o.tables, m.name) for o in self.all())
        if len(self.clones) >= MOST_CLONES or not m.runs or m.role != "terminal" or closed:
            return
        self.world.counts["clone"] += 1
        place = f"{m.name}*"
        twin = self.world.machine(m.name, m.role, m.children, m.above)
        twin.tables, twin.blobs, twin.marker = m.tables.copy(), m.blobs.copy(), m.marker
        # an image of the whole system bears its number, too
        twin.computer = m.computer if self.world.rng.random() < 0.5 else f"{m.computer}-2"
        self.world.machines[place] = twin
        self.clones.append(place)
        self.world.told(f"{m.name} is cloned")
        self.world.start(twin)
