"""What a centre makes of a hall's whole work does not depend on how many records came at once."""

import random
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from hall.delivery.tables import delivery
from hall.intake import commands as cmd
from hall.intake import drafting, printing, tables
from hall.intake.events import Answer
from hall.intake.model import CheckResult
from hall.intake.package_events import PackageChild
from hall.journal import rebuild as rebuilding
from hall.journal import schema
from hall.journal.ledger import Ledger, parsed
from hall.journal.sealing import Wraps
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing.tables import slip
from hall.review import commands as review_cmd
from hall.review import handlers as review
from hall.review.tables import special
from tests.hall.builders import (
    DAY,
    FORM,
    LEASE,
    MATERIALS,
    Machine,
    differences_after_rebuild,
    fresh,
    machine,
    page,
    quarantined,
    raws,
)  # fmt: skip
from tests.hall.journal.world import HallKeys
from tests.hall.package_builder import drafted_package

KEYS = HallKeys()


def tickets(hall: Machine) -> None:
    hall.serving()
    held = hall.serving()
    hall.do(queue_cmd.HoldTicket(fresh("c"), held, "w1", "取证件"), queueing.hold)
    hall.do(
        queue_cmd.TransferTicket(fresh("c"), hall.serving(), "w1", "q2", "发证", "领证"), queueing.transfer
    )
    hall.serve_slip(hall.ticket())
    hall.write(queueing.settle)
    for result in ("printed", "unknown"):
        one = hall.ticket()
        hall.do(queue_cmd.BeginSlip(fresh("c"), one, "A009", False, False, "k1"), queueing.begin_slip)
        if result == "printed":
            hall.do(queue_cmd.RecordSlip(fresh("c"), one, "A009", result, False, "k1"), queueing.record_slip)


def pages(hall: Machine) -> None:
    case = hall.draft()
    hall.present(case, "m1")
    for name in ("p1", "p2", "p3"):
        hall.do(cmd.AttachPage(fresh("c"), case, "m1", page(name), "w1"), drafting.attach_page)
    hall.do(cmd.OrderPages(fresh("c"), case, "m1", ("p3", "p1", "p2"), "w1"), drafting.order_pages)
    hall.do(cmd.RemovePage(fresh("c"), case, "m1", "p1", "w1"), drafting.remove_page)
    hall.check(case, "m1", CheckResult.OK)
    for materials in ((FORM,), (LEASE, FORM), MATERIALS):
        answer = cmd.AnswerScenario(fresh("c"), case, (Answer("how", fresh("o")),), materials, "w1")
        hall.do(answer, drafting.answer_scenario)


def correction(hall: Machine) -> None:
    case = hall.corrected()
    hall.answer(hall.handed_in(hall.case(case).case_no))


def review_of_a_case(hall: Machine) -> None:
    case = hall.reviewing()
    for _ in range(2):
        start = review_cmd.StartSpecial(fresh("c"), case, "o1", "testing", "须送检", 10, DAY, None)
        hall.do(start, review.start_special)
        hall.do(review_cmd.EndSpecial(fresh("c"), case, "o1", "检测合格", DAY), review.end_special)
    hall.decide(case)


def result(hall: Machine) -> None:
    hall.hand_over(hall.ready()[1])


def prints(hall: Machine) -> None:
    for how in ("printed", "unknown", "failed"):
        hall.do(cmd.BeginPrint(fresh("c"), "paper-1", "w1"), printing.begin_print)
        hall.do(cmd.RecordPrint(fresh("c"), "paper-1", how, "w1"), printing.record_print)


def package(hall: Machine) -> None:
    kids = [
        PackageChild(item=f"x-{n}", case=fresh("case"), name=f"示例{n}", department="示例局", waits_for=())
        for n in range(2)
    ]
    drafted_package(hall, kids)


def erased(hall: Machine) -> None:
    case = hall.received()
    hall.write(lambda ledger: ledger.erase(case, by="科长", reason="到期"))
    hall.accept(case)


ACTS: tuple[Callable[[Machine], None], ...] = (
    tickets, pages, correction, review_of_a_case, result, prints, package, erased,
)  # fmt: skip


@pytest.fixture(scope="module")
def work() -> Iterator[Machine]:
    """A hall that has done everything, several times, in some order."""
    hall = machine("node-1", "hall", keys=KEYS)
    hall.do(queue_cmd.OpenDay(fresh("c"), DAY, 1, "w1"), queueing.open_day)
    acts = [act for act in ACTS for _ in range(2)]
    random.Random(5).shuffle(acts)
    for act in acts:
        act(hall)
    yield hall
    hall.store.close()


def centre_after(work: Machine, sizes: Iterator[int], *, many: bool) -> Machine:
    """Each part in a transaction of its own, none guarded: a record that breaks would break the test."""
    centre = machine("centre", "county", keys=KEYS)
    with work.store.read() as conn:
        wraps = {
            row.dossier: Wraps(bytes(row.wrap_hall), bytes(row.wrap_centre))
            for row in conn.execute(select(schema.dossier_key))
        }
    left = raws(work)
    while left:
        size = next(sizes)
        part, left = left[:size], left[size:]

        def take(ledger: Ledger, some: list[bytes] = part) -> None:
            for dossier, wrap in wraps.items():
                ledger.put_wraps(dossier, wrap)
            if not many:
                for raw in some:
                    ledger.admit(raw, work.id)
                return
            with ledger.many(parsed(some)):
                for raw in some:
                    ledger.admit(raw, work.id)

        centre.write(take)
    return centre


def state(m: Machine) -> dict[str, list[str]]:
    with m.store.read() as conn:
        return {
            t.name: sorted(map(repr, rebuilding.rows(conn, t)))
            for t in (*rebuilding.rebuilt_tables(m.store.kernel), schema.record, schema.chain_head)
        }


@pytest.mark.parametrize("most", [1, 7, 60, 10_000])
def test_pushes_of_any_size_make_the_same_tables(work: Machine, most: int) -> None:
    chance = random.Random(most)
    one_by_one = centre_after(work, iter(lambda: 50, 0), many=False)
    pushed = centre_after(work, iter(lambda: chance.randint(1, most), 0), many=True)
    assert state(pushed) == state(one_by_one)
    assert differences_after_rebuild(pushed) == []
    assert quarantined(pushed) == quarantined(one_by_one) == []
    filled = {name for name, rows in state(pushed).items() if rows}
    made = (tables.material, tables.page, tables.package_child, tables.paper_print, special, slip, delivery)
    assert {table.name for table in made} <= filled
    for m in (one_by_one, pushed):
        m.store.close()
