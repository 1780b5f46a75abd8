"""What a manager orders about the machines below. Blocking; each act may be repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hall.journal import closing
from hall.journal.closing import Order
from hall.journal.facts import DossierOffered, MachineConfirmed
from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.refusal import NotSettled, Refusal
from hall.journal.store import Store
from hall.journal.works import Long
from hall.queueing import views as queue
from hall.queueing import voiding
from sync import claims
from sync.access import ChildAccess
from sync.greeting import Greeter

A_STEP = 200
"""Dossiers seized in one transaction: windows that wait for the writer are not kept long."""
_OF_A_HALL = ("case", "errand", "package")


@dataclass(frozen=True, slots=True)
class ClosedNow:
    """`again`: it was closed before, and only what was left over was done."""

    again: bool
    seized: int
    voided: tuple[str, ...]
    """The numbers that are void by it."""


@dataclass(frozen=True, slots=True)
class Machines:
    """Acts on one store. `children` are those that are enrolled here."""

    store: Store
    children: Mapping[str, ChildAccess]
    greeter: Callable[[], Greeter]
    serving: Callable[[], bool] = lambda: True
    """False at the one of two nodes that stands by: two must not take the same dossier back."""

    def _here(self) -> None:
        if not self.serving():
            raise Refusal("not_serving", "这台机器现在不是大厅节点，请在正在服务的那一台上办。")

    def below(self) -> frozenset[str]:
        return frozenset(node for child in self.children.values() for node in child.subtree)

    def close(self, machine: str, name: str, order: Order) -> ClosedNow:
        """Close its chain, take what lies with it, void its numbers. Raises Refusal, StoreFault."""
        self._here()
        if machine not in self.children:
            raise Refusal("not_below", "这台机器没有在本机登记，不能在这里停用。")
        if self.store.identity.role == "hall" and self.children[machine].role == "hall":
            raise Refusal("a_node", "大厅节点只能由县中心停用。本大厅可先让备用节点接替。")
        work = partial(
            closing.close_origin, machine=machine, name=name, order=order, below=frozenset(self.children)
        )
        try:
            fresh = self.store.write(work)
        except NotSettled as exc:
            # it may be the very machine that the restored node waits for
            order.checked()
            self.greeter().do_not_wait(machine)
            raise Refusal(
                "not_settled_yet",
                "本机刚从备份恢复，还在核对。已记下不再等这台机器；请等核对完成后，再按一次“停用”。",
            ) from exc
        seized, voided = self._take_back(machine, name, order)
        self.store.write(lambda ledger: voiding.void_series(ledger, machine, name, by=order.by))
        return ClosedNow(not fresh, seized, tuple(voided))

    def take_back_rest(self) -> int:
        """What came to lie with a closed machine since: a window that gave it something has told so only now. In the
        name of who closed it. Returns how many. Raises StoreFault.
        """
        if not self.serving():
            return 0
        with self.store.read() as conn:
            gone = [each for each in closing.closed(conn) if each.machine in self.children]
            gone = [each for each in gone if closing.owned_by(conn, each.machine, 1)]
        taken = 0
        for each in gone:
            taken += self._take_back(each.machine, each.name, Order(each.by, each.by, each.reason))[0]
        return taken

    def _take_back(self, machine: str, name: str, order: Order) -> tuple[int, list[str]]:
        """How many dossiers, and the numbers that are void by it."""
        lost, seized, voided = _Lost(machine, name, self._home(machine)), 0, []
        work = Long(partial(_take_back, lost=lost, order=order, below=self.below()))
        while step := self.store.write(work):
            seized += len(step)
            voided += [number for number in step if number]
        return seized, voided

    def _home(self, machine: str) -> str:
        """To whom is offered what rested at it: a hall's own work goes to another node of it, if there is one."""
        child = self.children[machine]
        if child.role != "hall":
            return ""
        heirs = (
            each.node_id
            for each in self.children.values()
            if each.role == "hall" and not each.revoked and each.subtree & child.subtree - {machine}
        )
        return next((node for node in heirs if node != machine), "hall")

    def seize(self, dossier: str, order: Order) -> None:
        """One dossier of a machine that cannot be reached; it rests here then. Raises Refusal, StoreFault."""
        self._here()

        def work(ledger: Ledger) -> None:
            row = dossier_row(ledger.conn, dossier)
            if row is not None and row.kind == "machine":
                raise Refusal("not_for_taking", "设备自身的卷宗不能收回。")
            order.checked()
            ledger.seize(dossier, below=self.below(), by=order.by, reason=order.reason, at=order.at)
            if row is not None and row.offered_to is not None:
                # a seizure takes the offer back; whoever it was made to still waits for it
                ledger.append(dossier, DossierOffered(row.offered_to), actor=order.by)

        self.store.write(work)

    def confirm(self, machine: str, inc: str, order: Order) -> None:
        """Its double is switched off: this life of it goes on. Raises Refusal, StoreFault."""
        order.checked()
        if not inc or inc != self.greeter().spoke_last(machine):
            raise Refusal("spoke_since", "它刚刚重新联系过，请刷新页面再看一次；两台都开着时不能确认。")

        def work(ledger: Ledger) -> None:
            home = machine_dossier(ledger, actor=order.by)
            told = MachineConfirmed(machine, inc, order.by, order.name, order.reason)
            ledger.append(home, told, actor=order.by)

        self.store.write(work)
        self.greeter().confirm(machine, inc)

    def adopt_late(self, record: str, order: Order) -> None:
        self.store.write(partial(closing.adopt_late, record=record, order=order))

    def reject_late(self, record: str, order: Order) -> None:
        self.store.write(partial(closing.reject_late, record=record, order=order))

    def adopt_tail(self, machine: str, dossier: str, order: Order) -> None:
        """A number that is adopted is void all the same: nobody waits for it any more."""

        def work(ledger: Ledger) -> None:
            closing.adopt_tail(ledger, machine, dossier, order, below=self.below())
            name = next((c.name for c in closing.closed(ledger.conn) if c.machine == machine), machine)
            row = dossier_row(ledger.conn, dossier)
            if row is not None and row.owner == ledger.identity.node_id and row.kind == "ticket":
                voiding.void_ticket(ledger, dossier, name, by=order.by, reason=order.reason)

        self.store.write(work)

    def reject_tail(self, machine: str, dossier: str, order: Order) -> None:
        self.store.write(partial(closing.reject_tail, machine=machine, dossier=dossier, order=order))


@dataclass(frozen=True, slots=True)
class _Lost:
    machine: str
    name: str
    home: str
    """To whom is offered what nobody had offered; empty: it rests here."""


def _take_back(ledger: Ledger, lost: _Lost, order: Order, below: frozenset[str]) -> list[str]:
    """A step of it: one entry for each dossier, the number where one was made void by it."""
    # what was signed away before its beginning came here lies with somebody else
    promised = claims.moves_held(ledger.conn)
    done = []
    for dossier in closing.owned_by(ledger.conn, lost.machine, A_STEP):
        if dossier in promised:
            continue
        row = dossier_row(ledger.conn, dossier)
        ledger.seize(dossier, below=below, by=order.by, reason=order.reason)
        if voiding.void_ticket(ledger, dossier, lost.name, by=order.by, reason=order.reason):
            known = queue.ticket_by_id(ledger.conn, dossier)
            done.append("" if known is None else known.number)
            continue
        to = "" if row is None else row.offered_to or (lost.home if row.kind in _OF_A_HALL else "")
        if to:
            ledger.append(dossier, DossierOffered(to), actor=order.by)
        done.append("")
    return done
