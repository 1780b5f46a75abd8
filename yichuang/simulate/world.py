"""A county of simulated machines, and the messages between them."""

import json
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from hall.journal.envelope import Envelope
from hall.journal.projection import Recorded
from hall.journal.refusal import Refusal, StoreFault
from sync.access import ChildAccess
from sync.core import ChildCore, Lane
from sync.message import Answer, Request
from yichuang.simulate.disk import Tables
from yichuang.simulate.journal import Died
from yichuang.simulate.machine import Machine, Rules

T = TypeVar("T")

CENTRE = "c1"
SCOPES = frozenset({"hall", "queue", "own"})
FATES = ("lost", "unheard", "twice", "late", "spoilt", "portal", "cut short")
"""What a bad line does to an exchange: the request or the answer is lost, it comes twice, or long after nobody waits;
a byte flips, a captive portal answers, the answer ends early."""


def parked_ids(tables: Tables) -> set[str]:
    found = set()
    for _, _, raw in tables.quarantine.values():
        try:
            found.add(str(json.loads(raw)["id"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


@dataclass(eq=False)
class Flight:
    """A request under way."""

    child: Machine
    core: ChildCore
    lane: Lane
    request: Request
    fate: str
    serving: Coroutine[Any, Any, Answer] | None = None
    answer: Answer | None = None
    again: bool = False
    """It has been served once, and comes a second time."""
    awaited: bool = True
    """The child has not given it up."""


@dataclass
class World:
    """`told` hears what happens, for a schedule that is looked at again."""

    rng: random.Random
    rules: Rules
    told: Callable[[str], None] = lambda _: None
    now: float = 0.0
    machines: dict[str, Machine] = field(default_factory=dict)
    """By place; a clone has another place than the machine whose name it bears."""
    flights: list[Flight] = field(default_factory=list)
    bad_line: bool = False
    gone: list[str] = field(default_factory=list)
    """Machines that were told that they are closed: nobody works at them any more."""
    buried: dict[str, Machine] = field(default_factory=dict)
    """Those, when everything has healed: their disks lie in a cupboard."""
    counts: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, Envelope] = field(default_factory=dict)
    """What a machine has written and said so, by record."""
    destroyed: set[str] = field(default_factory=set)
    """Dossiers of which the only copy of a record was lost with a disk."""
    written: dict[tuple[str, str, int], dict[str, None]] = field(default_factory=dict)
    """Records by their place in a chain; two at one place are a fork."""
    writers: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    """(dossier, token) -> who wrote under it."""

    # -- building ---------------------------------------------------------------------------------------

    def build(self) -> None:
        halls = 1 if self.rng.random() < 0.8 else 2
        names: list[tuple[str, str, str | None]] = [(CENTRE, "county", None)]
        for h in range(1, halls + 1):
            names.append((f"n{h}", "hall", CENTRE))
            names += [(f"w{h}{i}", "terminal", f"n{h}") for i in range(1, self.rng.choice((1, 2, 2, 3)) + 1)]
        for name, role, above in names:
            parent = None if above is None else self.machines[above]
            self.machines[name] = self.machine(name, role, {}, parent)
        for m in list(self.machines.values())[::-1]:
            if m.above is not None:
                subtree = frozenset({m.name, *m.children})
                m.above.children[m.name] = ChildAccess(m.name, m.key, m.role, SCOPES, subtree)
        for m in self.machines.values():
            self.start(m)

    def machine(
        self, name: str, role: str, children: dict[str, ChildAccess], above: Machine | None
    ) -> Machine:
        return Machine(
            name, role, self.rng, self.rules, children, above, lambda: self.now, partial(self._written, name)
        )

    def start(self, m: Machine) -> None:
        if m.name in self.gone:
            return
        m.start()
        m.journal.subscribe(partial(self._acknowledged, m.name))

    def _written(self, name: str, done: Sequence[Recorded]) -> None:
        for env in (r.env for r in done if r.env.origin == name):
            self.written.setdefault((env.origin, env.inc, env.seq), {})[env.id] = None
            self.writers.setdefault((env.dossier, env.token.text()), {})[env.origin] = None

    def _acknowledged(self, name: str, done: Sequence[Recorded]) -> None:
        self.acknowledged.update({r.env.id: r.env for r in done if r.env.origin == name})

    # -- acting with a machine that may die at it -------------------------------------------------------

    def at(self, m: Machine, act: Callable[[], T]) -> T | None:
        """None when it may not, cannot, or dies."""
        try:
            return act()
        except (Refusal, StoreFault) as exc:
            self.told(f"{m.name}: {exc}")
        except Died as exc:
            self.fell(exc)
        return None

    def fell(self, exc: Died) -> None:
        """Whoever died starts again, soon or late."""
        name = exc.args[0]
        for m in [
            m
            for m in self.machines.values()
            if m.runs and m.name == name and m.fuse is not None and m.fuse <= 0
        ]:
            self.told(f"{m.name} dies{' with the power' if m.power else ''}")
            self.counts["power_cut" if m.power else "crash"] += 1
            m.die()
            self.forget_flights_of(m)
            if self.rng.random() < 0.7:
                self.start(m)

    def forget_flights_of(self, m: Machine) -> None:
        """Nobody waits for the answers of a process that is gone; what it was serving ends unanswered."""
        for flight in self.flights:
            if flight.child is m:
                flight.awaited = False
            if flight.serving is not None and flight.child.above is m:
                flight.serving.close()
                flight.serving, flight.answer, flight.fate = None, None, "unheard"

    def switch_off(self, m: Machine) -> None:
        """Its screen says that it is closed, and it writes nothing any more."""
        if m.name not in self.gone:
            self.gone.append(m.name)
            self.told(f"{m.name} is told that it is closed")
        if m.runs:
            m.die()
        self.forget_flights_of(m)

    # -- messages ---------------------------------------------------------------------------------------

    def speak(self, m: Machine, lane: Lane) -> Flight | None:
        """A request of this lane sets out, if there is one."""
        core = m.core
        if not m.runs or core is None:
            return None
        request = self.at(m, lambda: core.next_request(lane, self.now))
        if request is None:
            return None
        fate = self.rng.choice(FATES) if self.bad_line and self.rng.random() < 0.5 else ""
        if not m.up or m.above is None or not m.above.runs:
            fate = "lost"
        elif not m.down:
            fate = "unheard"
        flight = Flight(m, core, lane, request, fate)
        self.flights.append(flight)
        return flight

    def advance(self, flight: Flight) -> None:
        """One step of it: it is lost, arrives, is served a little further, or its answer comes back."""
        above = flight.child.above
        assert above is not None
        if flight.answer is not None:
            self._answered(flight, flight.answer)
        elif flight.fate in ("lost", "portal") or above.parent is None:
            self._end(flight)
            self._give_up(flight)
        elif flight.serving is None:
            if flight.fate == "late" and flight.awaited:
                self._give_up(flight)
                return
            flight.serving = above.parent.serve(flight.request)
        else:
            self._serve(flight, above, flight.serving)

    def _serve(self, flight: Flight, above: Machine, serving: Coroutine[Any, Any, Answer]) -> None:
        try:
            serving.send(None)
        except StopIteration as done:
            flight.serving = None
            if flight.fate == "twice" and not flight.again:
                flight.again = True
            else:
                flight.answer = done.value
        except Died as exc:
            flight.serving = None
            self.fell(exc)
            flight.fate = "unheard"
            self._end(flight)
            self._give_up(flight)

    def _answered(self, flight: Flight, answer: Answer) -> None:
        self._end(flight)
        if not flight.awaited:
            return
        if flight.fate == "unheard":
            self._give_up(flight)
            return
        if flight.fate == "spoilt":
            answer = self._spoilt(answer)
        elif flight.fate == "cut short":
            answer = Answer(answer.status, answer.headers, answer.body[:-1])
        m, core = flight.child, flight.core
        self.at(m, lambda: core.on_answer(flight.lane, flight.request, answer, self.now))
        if core.link.closed:
            self.switch_off(m)
        elif m.runs and flight.lane is Lane.FACTS:
            self.at(m, m.note_marker)

    def _give_up(self, flight: Flight) -> None:
        if not flight.awaited:
            return
        flight.awaited = False
        m, core = flight.child, flight.core
        if flight.fate == "portal":
            page = Answer(200, {"content-type": "text/html"}, b"<html>please sign in</html>")
            self.at(m, lambda: core.on_answer(flight.lane, flight.request, page, self.now))
        else:
            self.at(m, lambda: core.on_lost(flight.lane, flight.request, self.now))

    def _end(self, flight: Flight) -> None:
        if flight in self.flights:
            self.flights.remove(flight)

    def _spoilt(self, answer: Answer) -> Answer:
        if not answer.body:
            return Answer(answer.status ^ 1, answer.headers)
        at = self.rng.randrange(len(answer.body))
        body = answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1 :]
        return Answer(answer.status, answer.headers, body)

    # -- looking ----------------------------------------------------------------------------------------

    def running(self) -> list[Machine]:
        return [m for m in self.machines.values() if m.runs]

    def put_aside(self) -> set[str]:
        """Records whose bytes are in somebody's quarantine: seen, never dropped."""
        return set().union(*(parked_ids(m.tables) for m in self.machines.values()))

    def on_disks(self) -> set[str]:
        """Records that some disk still has in its place."""
        found: set[str] = set()
        for m in self.machines.values():
            found.update(m.tables.ids)
        return found
