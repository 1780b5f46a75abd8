"""A kiosk is killed at bad moments of 取号, and settles at its next start what it had begun."""

import io
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hall.catalogue.loading import resources_dir
from hall.journal.machine import machine_dossier_id
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from hall.queueing.views import TicketRow
from hall.reference import load_reference
from tests.yichuang.waiting import until
from yichuang.demo.cast import plan_cast
from yichuang.demo.citizen import KioskVisitor
from yichuang.demo.hall import DemoHall
from yichuang.demo.settling import held, own_records
from yichuang.demo.transcript import Transcript
from yichuang.machines import reading


class Street:
    """The kiosk of a hall, from outside: its screen, its journal, the node's, and what fell out of the printer."""

    def __init__(self, hall: DemoHall, matter: str) -> None:
        self.hall, self.matter = hall, matter
        self.kiosk, self.node = hall.site.kiosk, hall.site.node
        self.home = machine_dossier_id(self.kiosk.node_id)

    def start_kiosk(self) -> KioskVisitor:
        hall = self.hall
        return KioskVisitor(hall.ready(hall.begin_app(self.kiosk, "kiosk", "1080x1920")), hall.printer)

    def press_and_die(self, visitor: KioskVisitor, when: Callable[[], bool], *, node_hangs: bool) -> None:
        """取号, and no power as soon as `when` is so."""
        visitor.choose(self.matter)
        node = self.hall._processes[self.node.name].pid
        if node_hangs:
            os.kill(node, signal.SIGSTOP)
        try:
            visitor.hands.send("press", name="取号")
            until(when)
            self.hall.kill(self.kiosk)
        finally:
            if node_hangs:
                os.kill(node, signal.SIGCONT)

    def asked(self) -> bool:
        with reading(self.kiosk.folder) as conn:
            return bool(queue.open_requests(conn, self.home))

    def printing(self) -> bool:
        with reading(self.kiosk.folder) as conn:
            return bool(queue.begun_slips(conn, self.home))

    def settled(self) -> bool:
        """Nothing is open, and the node has heard so."""
        told = held(self.node.folder).get(self.kiosk.node_id, 0)
        return (
            not self.asked()
            and not self.printing()
            and told == own_records(self.kiosk.folder, self.kiosk.node_id)
        )

    def tickets(self) -> list[tuple[TicketRow, list[str]]]:
        """Every number that the node has issued, with what was said of its slips."""
        with reading(self.node.folder) as conn:
            day = queue.business_day(conn)
            assert day is not None
            series = {q.series for z in self.hall.ref.profile.zones for g in z.groups for q in g.queues}
            rows = [
                row
                for name in sorted(series)
                for n in range(1, queue.last_seq(conn, name, day) + 1)
                if (row := queue.ticket_by_number(conn, f"{name}{n:03d}", day)) is not None
            ]
            return [(row, [result for result, _ in queue.slip_results(conn, row.id)]) for row in rows]

    def papers(self, number: str) -> int:
        """How many slips with that number lie in the tray."""
        slips = (self.hall.out / "printer").glob("ticket-*.bin")
        return sum(number in slip.read_bytes().decode("gb18030", "ignore") for slip in slips)


@pytest.mark.system
@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="holds the node with SIGSTOP")
def test_a_kiosk_killed_at_any_moment_leaves_no_number_that_nobody_holds(tmp_path: Path) -> None:
    ref = load_reference(resources_dir(), "changji")
    cast = plan_cast(ref, random.Random(8))
    with DemoHall(tmp_path, ref, Transcript(io.StringIO()), counters=0) as hall:
        hall.servers_ready()
        street = Street(hall, cast.slow.name)
        # before the answer: whoever pressed still stands there
        street.press_and_die(street.start_kiosk(), street.asked, node_hangs=True)
        visitor = street.start_kiosk()
        until(street.settled)
        ((first, said),) = street.tickets()
        assert (first.state, said) == (TicketState.WAITING, ["confirmed"])

        # as soon as the node has the number: somewhere between its answer and the printer
        street.press_and_die(visitor, lambda: len(street.tickets()) == 2, node_hangs=False)
        visitor = street.start_kiosk()
        until(street.settled)

        # in mid-print
        hall.printer({"fault": "silent_mid_print"})
        street.press_and_die(visitor, street.printing, node_hangs=False)
        hall.printer({"fault": None})
        visitor = street.start_kiosk()
        until(street.settled)
        third, said = street.tickets()[2]
        assert (third.state, said) == (TicketState.WAITING, ["unknown"])

        # before the answer, and no paper when it is back
        street.press_and_die(visitor, street.asked, node_hangs=True)
        hall.printer({"fault": "paper_out"})
        street.start_kiosk()
        until(street.settled)
        fourth, said = street.tickets()[3]
        assert (fourth.state, said) == (TicketState.CANCELLED, ["no_paper"])

        every = street.tickets()
        assert len(every) == 4
        for ticket, said in every:
            in_line = ticket.state is TicketState.WAITING
            assert in_line is (said in (["confirmed"], ["unknown"])), (ticket.number, said)
            assert street.papers(ticket.number) <= 1, ticket.number
        hall.end_apps()
