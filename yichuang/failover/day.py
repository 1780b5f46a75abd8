"""A piece of a hall's day in which the node dies and the standby takes over: everybody goes on working meanwhile."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy import select

from hall.catalogue.loading import resources_dir
from hall.journal import schema
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal
from hall.people.model import Role
from hall.reference import Reference, load_reference
from sync.child import ParentAway
from yichuang.failover.site import HALL, PairSite, pair_site
from yichuang.failover.terminals import Display, Kiosk, Terminal, Window, serves, until
from yichuang.machines import reading

T = TypeVar("T", bound=Terminal)
How = Literal["kill", "freeze"]
PRESS_AFTER_S = 1.0
"""A manager does not press the button in the moment of the failure."""


@dataclass
class Worker:
    """Runs `turn` again and again in a thread of its own; `paused` between two turns."""

    turn: Callable[[], None]
    pause_s: float
    seed: int
    ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.fault: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Raises what went wrong in a turn."""
        self.ending.set()
        self._thread.join()
        if self.fault is not None:
            raise self.fault

    def _run(self) -> None:
        while not self.ending.wait(self._chance.uniform(0, 2 * self.pause_s)):
            try:
                self.turn()
            except BaseException as exc:
                self.fault = exc
                return


@dataclass
class Clerk:
    """One window's work: call, start, end; a press without an answer is pressed again."""

    window: Window
    press: str = field(default_factory=new_id)
    served: list[str] = field(default_factory=list)
    taken_away: int = 0
    """Tickets that lay here and that the new node has seized."""

    def turn(self) -> None:
        try:
            ticket = self.window.call_next(self.press)
        except ParentAway:
            return
        except Refusal:
            self.press = new_id()
            return
        self.press = new_id()
        try:
            self.window.start(ticket)
            self.window.finish(ticket)
            self.served.append(ticket)
        except Refusal:
            self.taken_away += 1


@dataclass(frozen=True)
class Outcome:
    """What came of it. Seconds are of this machine; the counts are to be 0."""

    kiosk_s: float
    """The longest that a person waited for a number, from the node's death on."""
    promote_s: float
    """From the press until every terminal has heard of the new epoch and a window has called somebody."""
    double_calls: int
    """Numbers that the display called to two windows."""
    doubled_numbers: int
    two_owners: int
    """Dossiers that two machines hold for their own at the end."""
    numbers: int
    own_series: int
    served: int
    taken_away: int


def play(folder: Path, *, seed: int, windows: int = 3, how: How = "kill", work_s: float = 3.0) -> Outcome:
    ref = load_reference(resources_dir(), HALL)
    with ExitStack() as held:
        site = held.enter_context(pair_site(folder, windows=windows))
        for server in (site.centre, site.node, site.standby):
            site.start(server)
        counters = [_opened(held, Window(m, ref)) for m in site.windows]
        kiosk, display = _opened(held, Kiosk(site.kiosk, ref)), _opened(held, Display(site.display, ref))
        everybody: list[Terminal] = [*counters, kiosk, display]
        for terminal in everybody:
            until(lambda t=terminal: t.up_now and t.epoch() == 1, "the hall is open")  # type: ignore[misc]
        until(lambda: _has_copy(counters[0]), "the standby has a copy")
        clerks = [Clerk(window) for window in counters]
        waits: list[tuple[float, float]] = []
        workers = [
            *(Worker(clerk.turn, 0.15, seed + n) for n, clerk in enumerate(clerks)),
            Worker(lambda: _take_number(kiosk, waits), 0.15, seed + 100), Worker(display.look, 0.05, seed + 200),
        ]  # fmt: skip
        for worker in workers:
            worker.start()
        time.sleep(work_s + random.Random(seed).uniform(0, 0.5))
        died = time.monotonic()
        if how == "kill":
            site.kill(site.node)
        else:
            site.freeze(site.node)
        time.sleep(PRESS_AFTER_S)
        promote_s = _take_over(site, counters[-1], everybody, clerks, _manager(ref))
        if how == "kill":
            site.start(site.node)
        else:
            site.freeze(site.node, on=False)
        time.sleep(work_s)
        for worker in workers:
            worker.end()
        for terminal in everybody:
            until(lambda t=terminal: t.all_sent, "everything was told")  # type: ignore[misc]
        until(lambda: _has_copy(counters[0]), "the old node stands by")
        time.sleep(1.0)
        display.look()
        numbers = [ticket.number for ticket in kiosk.given]
        site.end()
        return Outcome(
            kiosk_s=round(max((took for at, took in waits if at + took >= died), default=0.0), 2),
            promote_s=round(promote_s, 2),
            double_calls=sum(len(where) > 1 for where in display.windows_of().values()),
            doubled_numbers=len(numbers) - len(set(numbers)),
            two_owners=two_owners(site),
            numbers=len(numbers),
            own_series=sum(ticket.away for ticket in kiosk.given),
            served=sum(len(clerk.served) for clerk in clerks),
            taken_away=sum(clerk.taken_away for clerk in clerks),
        )


def two_owners(site: PairSite) -> int:
    """Dossiers that more than one machine takes for its own, by what lies on their disks."""
    owned: dict[str, set[str]] = {}
    d = schema.dossier.c
    for machine in (site.node, site.standby, *site.terminals):
        with reading(machine.folder) as conn:
            for (dossier,) in conn.execute(select(d.id).where(d.owner == machine.node_id)):
                owned.setdefault(dossier, set()).add(machine.node_id)
    return sum(len(owners) > 1 for owners in owned.values())


def _take_over(
    site: PairSite, window: Window, everybody: list[Terminal], clerks: list[Clerk], manager: str
) -> float:
    began = time.monotonic()
    window.home.order_take_over(new_id(), manager, "大厅节点主机断电")
    for terminal in everybody:
        until(lambda t=terminal: serves(t) == site.standby.node_id, "everybody hears of it")  # type: ignore[misc]
    before = sum(len(clerk.served) for clerk in clerks)
    until(lambda: sum(len(clerk.served) for clerk in clerks) > before, "a window calls and serves")
    return time.monotonic() - began


def _take_number(kiosk: Kiosk, waits: list[tuple[float, float]]) -> None:
    began = time.monotonic()
    kiosk.take_number()
    waits.append((began, time.monotonic() - began))


def _has_copy(window: Window) -> bool:
    pair = window.home.ask_other()
    return pair is not None and pair.other is not None and pair.other.copy_ms is not None


def _manager(ref: Reference) -> str:
    return next(s.id for s in ref.people.staff if Role.HALL_MANAGER in s.roles)


def _opened(held: ExitStack, terminal: T) -> T:
    held.callback(terminal.close)
    return terminal
