"""A number for a citizen, whatever the line to the node does."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hall.journal import schema
from hall.journal.refusal import NotSettled
from hall.queueing import handlers
from hall.queueing.commands import CallNext
from hall.queueing.model import TicketState, read_slip_code
from kiosk_app.backend.places import Places
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.ports import HallUnreachable, IdCard, IssueRequest, Refused
from sync.room import TICKETS_STOP_BYTES
from tests.kiosk_app.backend.rig import MORNING, WINDOW, Rig

ID_CARD = "p11-03"


def ask(rig: Rig, item: str = ID_CARD, request: UUID | None = None, priority: str = "") -> IssueRequest:
    matter = rig.hall.guide(item).matter
    return IssueRequest(request or uuid4(), matter.zone_no, item, priority)


def test_the_node_numbers_and_tells_who_is_ahead(rig: Rig) -> None:
    first = rig.hall.issue(ask(rig))
    second = rig.hall.issue(ask(rig))
    assert (first.number, second.number) == ("FH001", "FH002")
    assert (first.people_ahead, second.people_ahead) == (0, 1)
    assert not second.away
    assert second.zone_name == "公安事务专区·户籍"
    assert second.item_name == "核发居民身份证"
    ticket, number = read_slip_code(second.code) or ("", "")
    assert number == "FH002"
    assert rig.at_node("FH002").id == ticket
    assert second.issued_at.strftime("%H:%M") == "10:30"


def test_the_same_request_is_one_number(rig: Rig) -> None:
    request = ask(rig)
    assert rig.hall.issue(request) == rig.hall.issue(request)
    assert rig.waiting_at_node() == ["FH001"]


def test_on_a_full_disk_the_kiosk_writes_nothing_and_says_so(rig: Rig) -> None:
    left = [TICKETS_STOP_BYTES - 1]
    bench = replace(rig.bench, free=lambda: left[0])
    places = Places(bench.ref)
    ticketing = Ticketing(bench, places)
    request = ask(rig)
    with pytest.raises(Refused, match="暂时不能发新号"):
        ticketing.issue(request)
    assert rig.waiting_at_node() == []
    left[0] = TICKETS_STOP_BYTES
    assert ticketing.issue(request).number == "FH001"
    left[0] = 0
    assert ticketing.issue(request).number == "FH001", "what was issued is told again"


def test_priority_goes_along(rig: Rig) -> None:
    rig.hall.issue(ask(rig))
    ticket = rig.hall.issue(ask(rig, priority="disabled"))
    assert ticket.priority_text == "残疾人"
    assert ticket.people_ahead == 0
    assert rig.waiting_at_node() == ["FH002", "FH001"]


def test_a_package_queues_at_the_comprehensive_windows(rig: Rig) -> None:
    ticket = rig.hall.issue(ask(rig, "package:6"))
    assert ticket.number == "M001"
    assert "一件事" in ticket.item_name
    assert rig.at_node("M001").item_id == "package:6"


@pytest.mark.parametrize("away", [False, True])
def test_who_brings_a_correction_queues_at_the_comprehensive_windows(rig: Rig, away: bool) -> None:
    rig.line.away = away
    request = IssueRequest(uuid4(), "", corrects=True)
    ticket = rig.hall.issue(request)
    assert rig.hall.issue(request) == ticket
    assert (ticket.number, ticket.item_name) == ("V001" if away else "M001", "交补正材料")
    assert ticket.where == "无差别综合受理 97—99号窗口"
    assert ticket.seat == "无差别综合受理 97—99号窗口座位区"
    rig.line.away = False
    rig.sync()
    row = rig.at_node(ticket.number)
    assert (row.matter, row.item_id, row.queue) == ("交补正材料", None, "M")


def test_what_the_node_refuses_is_told_in_its_words(rig: Rig) -> None:
    with pytest.raises(Refused, match="专区"):
        rig.hall.issue(IssueRequest(uuid4(), "ZZ"))
    with pytest.raises(Refused, match="优先"):
        rig.hall.issue(IssueRequest(uuid4(), "M", priority="vip"))


def test_a_restored_node_that_does_not_serve_yet_is_as_good_as_away(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yet(_path: str, _body: dict[str, Any], **_: float) -> dict[str, Any]:
        raise NotSettled

    monkeypatch.setattr(rig.line, "call", not_yet)
    assert rig.hall.issue(ask(rig)).number == "V001"


def test_with_the_node_away_the_kiosk_numbers_itself(rig: Rig) -> None:
    rig.line.away = True
    request = ask(rig)
    ticket = rig.hall.issue(request)
    assert ticket.number == "V001"
    assert ticket.away
    assert ticket.people_ahead is None
    assert "户籍" in ticket.queue_at
    assert rig.hall.issue(request) == ticket
    rig.line.away = False
    assert rig.hall.issue(request) == ticket
    assert rig.line.asked == []


def test_an_own_number_is_taken_into_the_line_when_the_node_is_back(rig: Rig) -> None:
    rig.line.away = True
    rig.hall.issue(ask(rig))
    rig.line.away = False
    rig.sync()
    row = rig.at_node("V001")
    assert row.owner == "node1"
    assert (row.queue, row.away, row.state) == ("FH", True, TicketState.WAITING)
    assert rig.hall.issue(ask(rig)).people_ahead == 1


def test_a_lost_answer_never_leaves_two_live_numbers(rig: Rig) -> None:
    rig.line.lose_answer = True
    request = ask(rig)
    ticket = rig.hall.issue(request)
    assert ticket.number == "V001"
    assert rig.waiting_at_node() == ["FH001"], "the node has issued one that nobody holds"
    rig.line.lose_answer = False
    rig.sync()
    assert rig.twins.sweep()
    assert rig.waiting_at_node() == ["V001"]
    assert rig.at_node("FH001").state is TicketState.CANCELLED
    assert rig.hall.issue(request).number == "V001"
    asked = len(rig.line.asked)
    rig.sync()
    assert rig.twins.sweep()
    assert len(rig.line.asked) == asked, "nothing is left to cancel"


def test_the_twin_is_cancelled_by_a_kiosk_that_was_restarted(rig: Rig) -> None:
    rig.line.lose_answer = True
    rig.hall.issue(ask(rig))
    rig.line.away = True
    assert rig.twins.sweep(), "its own journal does not know of a twin yet"
    rig.sync()
    assert not rig.twins.sweep(), "the node is away: again later"
    rig.line.away = rig.line.lose_answer = False
    rig.twins.start()
    try:
        _until(lambda: rig.waiting_at_node() == ["V001"])
    finally:
        rig.twins.stop()


def test_a_twin_that_was_called_meanwhile_is_left_to_the_window(rig: Rig) -> None:
    rig.line.lose_answer = True
    rig.hall.issue(ask(rig))
    rig.line.lose_answer = False
    rig.node.handle(
        CallNext("c1", 20, "20号窗口", "s1", WINDOW, ("FH",), (), 1, MORNING.date()), handlers.call_next
    )
    rig.sync()
    assert rig.twins.sweep()
    assert rig.at_node("FH001").state is TicketState.CALLED


def test_an_answer_that_cannot_be_read_counts_as_none(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.line, "call", lambda path, body, **_: {"number": "<b>1</b>"})
    assert rig.hall.issue(ask(rig)).number == "V001"


def test_an_own_number_is_of_today_though_the_node_opened_no_day(rig: Rig) -> None:
    """The node is off since yesterday: a number of yesterday would be refused at every window."""
    rig.line.away = True
    rig.hall.issue(ask(rig))
    rig.clock.at = MORNING.replace(day=24)
    ticket = rig.hall.issue(ask(rig))
    assert ticket.number == "V001"
    assert ticket.issued_at.day == 24


def test_no_series_of_its_own(rig: Rig) -> None:
    bench = rig.bench
    object.__setattr__(bench, "join", bench.join.model_copy(update={"series": ""}))
    rig.line.away = True
    with pytest.raises(HallUnreachable):
        rig.hall.issue(ask(rig))


def test_a_kiosk_restored_from_a_backup_gives_no_number_of_its_own(rig: Rig) -> None:
    rig.store.renew_incarnation()
    rig.line.away = True
    request = ask(rig)
    with pytest.raises(HallUnreachable):
        rig.hall.issue(request)
    rig.line.away = False
    assert rig.hall.issue(request).number == "FH001"


def test_nothing_of_a_card_is_sent_or_kept(rig: Rig) -> None:
    card = IdCard("钟离试用", "652301199001010011", "钟*用 6523**********0011")
    rig.hall.issue(IssueRequest(uuid4(), "M", card=card))
    kept = repr((rig.ticketing._issued, rig.ticketing._slips, rig.line.asked))
    assert "M001" in kept
    with rig.store.read() as mine, rig.node.read() as theirs:
        raw = b"".join(bytes(row) for c in (mine, theirs) for row in c.scalars(select(schema.record.c.raw)))
    assert b"M001" in raw
    for secret in (card.name, card.id_number):
        assert secret not in kept
        assert secret.encode() not in raw


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline, "never came"
        time.sleep(0.01)
