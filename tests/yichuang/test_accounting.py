"""The demo's books: what was written against what the centre holds."""

from pathlib import Path

import pytest

from hall.intake import events as intake
from hall.intake.model import CaseType
from hall.journal.ids import new_id
from hall.journal.ledger import Ledger
from hall.queueing import handlers
from hall.queueing.commands import ServeSlip
from hall.queueing.events import TicketCalled
from tests.yichuang.machines_on_disk import DAY, Keys, Place, call, issue, send_up, serve, set_up, slip
from yichuang.demo.accounting import Books, count


@pytest.fixture
def hall(tmp_path: Path) -> tuple[Place, Place]:
    keys = Keys.fresh()
    return set_up(tmp_path, "node", "node", keys), set_up(tmp_path, "centre", "centre", keys)


def test_everything_at_the_centre_is_sound(hall: tuple[Place, Place], tmp_path: Path) -> None:
    node, centre = hall
    below, above = node.open(), centre.open()
    ticket = issue(below)
    slip(below, ticket)
    slip(below, ticket)
    slip(below, issue(below), "unknown")
    serve(below, ticket)
    send_up(below, above)
    below.close()
    above.close()
    books = count(tmp_path)
    assert books.sound
    assert books.facts["lost"] == 0
    assert books.facts["written"] == books.facts["at_centre"] > 0
    assert books.tickets == {"issued": 2, "printed": 1, "duplicate_numbers": 0, "double_calls": 0}


def test_a_record_that_did_not_arrive_is_lost(hall: tuple[Place, Place], tmp_path: Path) -> None:
    node, centre = hall
    below, above = node.open(), centre.open()
    serve(below, issue(below))
    send_up(below, above, leave_out=("ticket.done/1",))
    below.close()
    above.close()
    books = count(tmp_path)
    assert books.facts["lost"] == 1
    assert not books.sound


def test_two_tickets_of_one_number_are_counted(tmp_path: Path) -> None:
    keys = Keys.fresh()
    centre = set_up(tmp_path, "centre", "centre", keys)
    above = centre.open()
    for name in ("node1", "node2"):
        store = set_up(tmp_path, name, "node", keys).open()
        issue(store)
        send_up(store, above)
        store.close()
    above.close()
    books = count(tmp_path)
    assert books.facts["lost"] == 0
    assert books.tickets["duplicate_numbers"] == 1
    assert not books.sound


def test_a_second_call_by_another_window_is_a_double_call(hall: tuple[Place, Place], tmp_path: Path) -> None:
    node, centre = hall
    below, above = node.open(), centre.open()
    ticket, other = issue(below), issue(below)
    call(below, ticket, 1)
    call(below, other, 1)
    # no command would do this: written past the model
    again = TicketCalled(2, "2号窗口", "w2", 1, 1)
    same = TicketCalled(1, "1号窗口", "w1", 2, 1)
    below.write(lambda ledger: _append(ledger, ticket, again))
    below.write(lambda ledger: _append(ledger, other, same))
    send_up(below, above)
    below.close()
    above.close()
    assert count(tmp_path).tickets["double_calls"] == 1


def test_a_call_after_the_slip_was_served_is_a_double_call(hall: tuple[Place, Place], tmp_path: Path) -> None:
    node, centre = hall
    below, above = node.open(), centre.open()
    ticket = issue(below)
    served = ServeSlip(str(new_id()), str(new_id()), ticket, "A001", 2, "w2", "session")
    below.handle(served, handlers.serve_slip)
    # no command would do this: written past the model
    below.write(lambda ledger: _append(ledger, ticket, TicketCalled(1, "1号窗口", "w1", 1, 1)))
    send_up(below, above)
    below.close()
    above.close()
    assert count(tmp_path).tickets["double_calls"] == 1


def test_a_page_must_lie_at_the_centre_under_its_own_digest(
    hall: tuple[Place, Place], tmp_path: Path
) -> None:
    node, centre = hall
    below, above = node.open(), centre.open()
    sealed = b"a sealed page"
    digest = node.blobs.put(sealed)
    below.write(lambda ledger: _case_with_page(ledger, digest))
    send_up(below, above)
    below.close()
    above.close()
    assert count(tmp_path).blobs == {"captured": 1, "at_centre": 0, "digest_mismatch": 0}
    centre.blobs.put(sealed)
    assert count(tmp_path).sound
    centre.blobs.path(digest).write_bytes(b"another page")
    assert count(tmp_path).blobs["digest_mismatch"] == 1


def test_books_are_unsound_by_any_single_fault() -> None:
    facts = {"written": 1, "at_centre": 1, "lost": 0}
    tickets = {"issued": 1, "printed": 1, "duplicate_numbers": 0, "double_calls": 0}
    blobs = {"captured": 1, "at_centre": 1, "digest_mismatch": 0}
    assert Books(facts, tickets, blobs).sound
    assert not Books({**facts, "lost": 1}, tickets, blobs).sound
    assert not Books(facts, {**tickets, "duplicate_numbers": 1}, blobs).sound
    assert not Books(facts, {**tickets, "double_calls": 1}, blobs).sound
    assert not Books(facts, tickets, {**blobs, "at_centre": 0}).sound
    assert not Books(facts, tickets, {**blobs, "digest_mismatch": 1}).sound


def _append(ledger: Ledger, dossier: str, event: object) -> None:
    ledger.append(dossier, event, actor="w2")  # type: ignore[arg-type]


def _case_with_page(ledger: Ledger, digest: str) -> None:
    case = new_id()
    facts = intake.ItemFacts(
        id="x", version=1, name="示例事项", code="x", item_type="01", case_type=CaseType.COMMITTED,
        department="示例局", desk="示例局@node", statutory_n=20, statutory_unit="工作日", promised_n=10,
        promised_unit="工作日", result_name="示例证", sample=True,
    )  # fmt: skip
    opened = intake.CaseOpened("1", facts, "counter", "accept_then_dispatch", None, None, 1, "w1", DAY)
    ledger.open(case, "case", scope="case", actor="w1")
    ledger.append(case, opened, actor="w1")
    ledger.append(case, intake.PageAttached("m1", new_id(), digest), actor="w1")
