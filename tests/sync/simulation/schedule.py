"""One random schedule of a hall: people work, machines fail, and in the end everybody must agree.

`python -m tests.sync.simulation.schedule SEED` runs one seed again and says what it did.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select

from hall.journal import schema
from hall.journal.refusal import Refusal
from sync import claims, wire
from sync.core import Lane
from tests.hall.journal.world import EVERYBODY, note
from tests.sync.rig import CENTRE, NODE, Rig

DESKS = ("hall", "window", "民政@node", "民政@county")
FAULTS = ("lose", "reply", "twice", "late", "spoil", "html")


class Broken(AssertionError):
    """A rule of the dossier or of the protocol did not hold; the text has the seed."""


@dataclass
class Schedule:
    """`steps` random acts, then healing, then the rules."""

    seed: int
    folder: Path
    template: Engine | None = None
    steps: int = 60
    restores: bool = True
    tell: Callable[[str], None] = lambda _: None
    dossiers: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Records that outlived the last disk that was lost."""
    backups: list[tuple[str, Engine]] = field(default_factory=list)
    words: int = 0

    def run(self) -> None:
        rng = random.Random(self.seed)
        with Rig(self.folder, rng, template=self.template) as rig:
            rig.run(3)
            for _ in range(self.steps):
                self._act(rig, rng)
            self._heal(rig)
            self._check(rig)

    # -- acts -------------------------------------------------------------------------------------------

    def _act(self, rig: Rig, rng: random.Random) -> None:
        faulty = rng.random() < 0.3
        rig.fault = lambda: rng.choice(FAULTS) if faulty else ""
        acts = [self._speak] * 12 + [self._write] * 5 + [self._offer] * 3 + [self._claim] * 2
        acts += [self._want, self._seize, self._cut, self._restart, self._wait, self._late]
        if self.restores:
            acts += [self._backup, self._restore]
        rng.choice(acts)(rig, rng)

    def _speak(self, rig: Rig, rng: random.Random) -> None:
        child = rng.choice([name for name, m in rig.machines.items() if m.core is not None])
        for _ in range(rng.randrange(1, 6)):
            rig.exchange(child, rng.choice((Lane.FACTS, Lane.FACTS, Lane.FEED)))

    def _write(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice(list(rig.machines))
        mine = [d for d in self.dossiers if rig.owner(who, d) == who]
        self.words += 1
        try:
            if mine and rng.random() < 0.7:
                rig.note(who, rng.choice(mine), f"{self.words}")
            elif len(self.dossiers) < 5:
                dossier = f"d{len(self.dossiers)}"
                rig.open(who if who != CENTRE else NODE, dossier, f"{self.words}")
                self.dossiers.append(dossier)
                self.tell(f"{who} opens {dossier}")
        except Refusal as exc:
            self.tell(f"{who} may not write: {exc.code}")

    def _offer(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice(list(rig.machines))
        mine = [d for d in self.dossiers if rig.owner(who, d) == who]
        if mine:
            dossier, desk = rng.choice(mine), rng.choice(DESKS)
            try:
                rig.offer(who, dossier, desk)
                self.tell(f"{who} offers {dossier} to {desk}")
            except Refusal as exc:
                self.tell(f"{who} may not offer: {exc.code}")

    def _claim(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice(["w1", "w2", NODE])
        m, above = rig[who], rig[CENTRE if who == NODE else NODE]
        if not self.dossiers or m.cut or above.cut or m.core is None or above.parent is None:
            return
        dossier = rng.choice(self.dossiers)
        body, headers = wire.encode(
            wire.ClaimBody(req_id=f"q{self.words}", dossier=dossier, actor=who, have_n=0)
        )
        answer = rig.serve(above.parent, m.core.link.request("POST", "/v1/claims", headers, body))
        self.tell(f"{who} claims {dossier}: {answer.status}")
        if answer.status != 200 or rng.random() < 0.3:
            return
        told = wire.decode(wire.ClaimAnswer, answer.body, answer.headers, 10**7)
        try:
            m.store.write(lambda led: claims.take(led, told, above.node_id, above.key[1], who))
        except Refusal as exc:
            self.tell(f"{who} could not take {dossier}: {exc.code}")

    def _want(self, rig: Rig, rng: random.Random) -> None:
        parent = rig[CENTRE].parent
        known = [d for d in self.dossiers if rig.owner(CENTRE, d) not in (None, CENTRE)]
        if known and parent is not None:
            dossier = rng.choice(known)
            parent.want(f"ask-{dossier}-{self.words}", dossier, "officer")
            self.tell(f"the centre wants {dossier}")

    def _seize(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice([NODE, CENTRE])
        known = [d for d in self.dossiers if rig.owner(who, d) not in (None, who)]
        if not known:
            return
        dossier = rng.choice(known)
        try:
            rig[who].store.write(lambda led: led.seize(dossier, below=EVERYBODY, by="主任", reason="失联"))
            self.tell(f"{who} seizes {dossier}")
        except Refusal as exc:
            self.tell(f"{who} may not seize: {exc.code}")

    # -- accidents --------------------------------------------------------------------------------------

    def _cut(self, rig: Rig, rng: random.Random) -> None:
        m = rig[rng.choice(list(rig.machines))]
        m.cut = not m.cut
        self.tell(f"{m.node_id} cut: {m.cut}")

    def _restart(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice(list(rig.machines))
        rig.restart(who)
        self.tell(f"{who} restarts")

    def _wait(self, rig: Rig, rng: random.Random) -> None:
        rig.now += rng.choice((1.0, 31.0, 120.0, 14 * 3600.0))

    def _late(self, rig: Rig, rng: random.Random) -> None:
        rig.deliver_delayed()

    def _backup(self, rig: Rig, rng: random.Random) -> None:
        who = rng.choice(list(rig.machines))
        self.backups.append((who, rig.backup(who)))
        self.tell(f"{who} is backed up")

    def _restore(self, rig: Rig, rng: random.Random) -> None:
        if not self.backups:
            return
        who, disk = self.backups.pop(rng.randrange(len(self.backups)))
        older, inc = rig.ids(who) - disk_ids(disk), rig[who].store.identity.inc
        rig.restart(who, disk)
        if older or rig[who].store.identity.inc != inc:
            # the marker beside the data folder tells (sync.marker); without one a fork is an alarm
            rig[who].store.renew_incarnation()
        # what only the lost disk held is gone; the rest must stand in the end
        self.seen = set().union(*(rig.ids(name) for name in rig.machines))
        self.tell(f"{who} is restored from a backup")

    # -- the end ----------------------------------------------------------------------------------------

    def _heal(self, rig: Rig) -> None:
        rig.fault = lambda: ""
        for m in rig.machines.values():
            m.cut = False
        rig.deliver_delayed()
        rig.now += 120.0
        rig.run(200, seconds=31.0)

    def _check(self, rig: Rig) -> None:
        everything = set().union(*(rig.ids(name) for name in rig.machines))
        for name in rig.machines:
            missing = everything - rig.ids(name)
            self._must(not missing, f"{name} lacks {len(missing)} records")
            self._must(rig[name].store.identity.settled, f"{name} is not settled")
            self._must(self._lines(rig, name) == self._lines(rig, CENTRE), f"{name} sees other dossiers")
            forked = [c for c in rig.codes(name) if c in ("forked", "chain_broken", "misplaced")]
            self._must(not forked, f"{name} found {forked}")
            state = set(rig.verdicts(name).values())
            self._must(state <= {"accepted", "late"}, f"{name} judged {state}")
        lost = self.seen - rig.ids(CENTRE)
        self._must(not lost, f"{len(lost)} records are lost")
        for dossier in self.dossiers:
            owner = rig.owner(CENTRE, dossier)
            self._must(owner is None or owner in rig.machines, f"nobody owns {dossier}")

    def _lines(self, rig: Rig, name: str) -> tuple[object, ...]:
        with rig[name].store.read() as conn:
            rows = conn.execute(select(schema.dossier).order_by(schema.dossier.c.id)).all()
            words = conn.execute(select(note.c.record, note.c.words).order_by(note.c.record)).all()
            late = conn.execute(
                select(schema.late.c.id, schema.late.c.verdict).order_by(schema.late.c.id)
            ).all()
        return tuple(map(tuple, rows)), tuple(map(tuple, words)), tuple(map(tuple, late))

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            raise Broken(f"{what}; again: python -m tests.sync.simulation.schedule {self.seed}")


def disk_ids(disk: Engine) -> set[str]:
    with disk.connect() as conn:
        return set(conn.scalars(select(schema.record.c.id)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        Schedule(int(sys.argv[1]), Path(place), tell=lambda line: sys.stdout.write(line + "\n")).run()
