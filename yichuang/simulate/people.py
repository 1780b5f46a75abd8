"""What people do in a simulated county: open, write, offer, take, ask for, seize, settle what came late."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from hall.journal.facts import DossierErased, DossierOffered, LateAdopted, LateRejected, OfferWithdrawn
from hall.journal.ledger import Ledger
from sync import claims, wire
from sync.message import Request
from sync.wire import ClaimAnswer, ClaimBody
from yichuang.simulate import closings
from yichuang.simulate.journal import Said, SaidNewly
from yichuang.simulate.machine import Machine
from yichuang.simulate.world import CENTRE, World

DESKS = ("hall", "window", "民政@node", "民政@county")
MOST_DOSSIERS = 5


@dataclass
class People:
    """`act` lets one of them do something at random."""

    world: World
    dossiers: list[str] = field(default_factory=list)
    words: int = 0
    unsure: list[tuple[str, str, Callable[[Ledger], object]]] = field(default_factory=list)
    """(place, command, work) that a machine died at: whoever pressed will press again."""

    def __post_init__(self) -> None:
        """In each schedule they do other things often."""
        acts: dict[Callable[[Machine], None], int] = {
            self._say: 6, self._open: 3, self._offer: 4, self._claim: 3, self._want: 2, self._press_again: 2,
            self._seize: 1, self._settle_late: 1, self._withdraw: 1, self._close: 1,
        }  # fmt: skip
        self._weights = {act: weight * self.world.rng.choice((0, 1, 1, 4)) for act, weight in acts.items()}
        self._weights[self._open] = 3

    def act(self) -> None:
        running = self.world.running()
        if running:
            act = self.world.rng.choices(list(self._weights), list(self._weights.values()))[0]
            act(self.world.rng.choice(running))

    # -- at one machine ---------------------------------------------------------------------------------

    def _mine(self, m: Machine) -> list[str]:
        return [d for d in self.dossiers if m.owner(d) == m.name]

    def _do(self, m: Machine, what: str, work: Callable[[Ledger], object]) -> None:
        """A command with an id: pressed again after a death, it has one effect."""
        self.words += 1
        command = f"cmd-{self.words}"
        self.world.told(f"{m.name}: {what}")
        self._run(m, command, work)

    def _run(self, m: Machine, command: str, work: Callable[[Ledger], object]) -> None:
        life = m.lives
        self.world.at(m, lambda: m.journal.once(command, work))
        if m.lives != life or not m.runs:
            place = next(p for p, other in self.world.machines.items() if other is m)
            self.unsure.append((place, command, work))

    def _press_again(self, _: Machine) -> None:
        self.press_again()

    def press_again(self) -> None:
        """Whoever has seen no answer; a machine that is off is waited for."""
        if self.unsure:
            place, command, work = self.unsure[0]
            m = self.world.machines.get(place)
            if m is None or m.runs or m.name in self.world.gone:
                self.unsure.pop(0)
            if m is not None and m.runs:
                self._run(m, command, work)

    def _open(self, m: Machine) -> None:
        if len(self.dossiers) >= MOST_DOSSIERS or m.name == CENTRE:
            self._say(m)
            return
        name, text = f"d{len(self.dossiers)}", f"first words {self.words + 1}"
        self.dossiers.append(name)

        def work(ledger: Ledger) -> None:
            ledger.open(name, "case", scope="case", actor=m.name)
            ledger.append(name, Said(text), actor=m.name)

        self._do(m, f"opens {name}", work)

    def _say(self, m: Machine) -> None:
        mine = self._mine(m)
        if not mine:
            return
        rng, text = self.world.rng, f"words {self.words + 1}"
        dossier = rng.choice(mine)
        event: Said | SaidNewly = Said(text)
        if not m.old_program and rng.random() < 0.15:
            event = SaidNewly(text)
        elif rng.random() < 0.15:
            event = Said(text, m.blobs.put(text.encode() * rng.choice((1, 200))))
        elif rng.random() < 0.02 and m.children:
            erased = DossierErased("主任", "期满")
            self._do(m, f"erases {dossier}", lambda led: led.append(dossier, erased, actor=m.name))
            return
        self._do(m, f"writes in {dossier}", lambda led: led.append(dossier, event, actor=m.name))

    def _offer(self, m: Machine) -> None:
        mine = self._mine(m)
        if mine:
            dossier, desk = self.world.rng.choice(mine), self.world.rng.choice(DESKS)
            event = DossierOffered(desk)
            self._do(m, f"offers {dossier} to {desk}", lambda led: led.append(dossier, event, actor=m.name))

    def _withdraw(self, m: Machine) -> None:
        offered = [d for d in self._mine(m) if m.tables.dossiers[d][6] is not None]
        if offered:
            dossier, event = self.world.rng.choice(offered), OfferWithdrawn("还要改")
            self._do(m, f"withdraws {dossier}", lambda led: led.append(dossier, event, actor=m.name))

    def _seize(self, m: Machine) -> None:
        below = {n for c in m.children.values() for n in c.subtree}
        known = [d for d in self.dossiers if m.owner(d) in below]
        if known:
            dossier = self.world.rng.choice(known)
            self.world.counts["seize"] += 1
            self._do(
                m, f"seizes {dossier}", lambda led: led.seize(dossier, below=below, by="主任", reason="失联")
            )

    def _close(self, m: Machine) -> None:
        """A manager gives a PC up for lost; one that has a double is looked into first."""
        below = sorted(n for c in m.children.values() for n in c.subtree)
        names = [o.name for o in self.world.machines.values()]
        lost = [n for n in below if names.count(n) == 1 and self.world.machines[n].role == "terminal"]
        if lost:
            self.close(m, self.world.rng.choice(lost))

    def close(self, m: Machine, machine: str) -> None:
        below = frozenset(n for c in m.children.values() for n in c.subtree)
        lies_there = [d for d in self.dossiers if m.owner(d) == machine]
        self.world.counts["close"] += 1
        self._do(
            m, f"closes {machine}",
            partial(closings.close, machine=machine, below=below, lies_there=lies_there),
        )  # fmt: skip

    def _settle_late(self, m: Machine) -> None:
        """The owner adopts or rejects what a former owner wrote."""
        waiting = [k for k, v in m.tables.late.items() if v[1] == "waiting" and m.owner(v[0]) == m.name]
        if waiting:
            record = self.world.rng.choice(waiting)
            dossier = m.tables.late[record][0]
            adopt = self.world.rng.random() < 0.5
            event = LateAdopted(record) if adopt else LateRejected(record, "已重办")
            self._do(
                m,
                f"settles what came late in {dossier}",
                lambda led: led.append(dossier, event, actor=m.name),
            )

    def _want(self, m: Machine) -> None:
        """An officer presses 接件 for a dossier that lies below."""
        known = [d for d in self.dossiers if m.owner(d) not in (None, m.name)]
        if known and m.parent is not None:
            dossier, parent = self.world.rng.choice(known), m.parent
            self.words += 1
            ask = f"ask-{self.words}"
            self.world.told(f"{m.name} wants {dossier}")
            self.world.at(m, lambda: parent.want(ask, dossier, "officer"))

    # -- with the parent on the line --------------------------------------------------------------------

    def _claim(self, m: Machine) -> None:
        """A clerk takes a dossier from the parent; a lost answer is asked for again under the same id."""
        above, core = m.above, m.core
        if not self.dossiers or above is None or core is None:
            return
        dossier, rng = self.world.rng.choice(self.dossiers), self.world.rng
        self.words += 1
        body, headers = wire.encode(
            ClaimBody(req_id=f"q{self.words}", dossier=dossier, actor=m.name, have_n=0)
        )
        for _ in range(2):
            if not (m.up and m.runs and above.runs and above.parent is not None):
                return
            request = self.world.at(m, lambda: core.link.request("POST", "/v1/claims", headers, body))
            told = None if request is None else self._asked(above, request)
            self.world.told(f"{m.name} claims {dossier}: {'no answer' if told is None else 'answered'}")
            if told is not None and m.down and rng.random() < 0.8:
                take = partial(
                    claims.take, answer=told, owner=above.name, owner_public=above.key, actor=m.name
                )
                self.world.at(m, partial(m.journal.write, take))
                return

    def _asked(self, above: Machine, request: Request) -> ClaimAnswer | None:
        """The parent's answer in one go; None for a refusal, or when it dies at it."""
        assert above.parent is not None
        serving, parcel = above.parent.serve(request), None

        def serve() -> None:
            nonlocal parcel
            try:
                while True:
                    serving.send(None)
            except StopIteration as done:
                if done.value.status == 200:
                    parcel = wire.decode(ClaimAnswer, done.value.body, done.value.headers, 10**7)

        self.world.at(above, serve)
        return parcel
