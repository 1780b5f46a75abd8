"""Each child of a package goes to its desk for itself; an offer that stands is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from counter_app.dispatch.ports import DispatchDesk, Dispatched, OfferRow, OfferState
from counter_app.dispatch.presenter import DispatchPresenter
from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId, Refused, Unanswered
from counter_app.visit.open_cases import OpenCases
from hall.intake.model import CaseState
from hall.journal.facts import DossierMoved, DossierOffered
from tests.counter_app.desk_rig import NODE, Rig, make_rig
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import InlineRunner, new_id
from tests.hall.builders import DESK
from ui.tokens import Tone


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def accepted(
    rig: Rig, *waits: tuple[str, ...], desks: tuple[str, ...] = ()
) -> tuple[CaseId, tuple[str, ...]]:
    package, cases = rig.package(*waits, desks=desks)
    for case in cases:
        rig.pc.accept(case)
    return CaseId(package), cases


def standing(rig: Rig, case: str) -> tuple[CaseState, str | None]:
    row = rig.pc.case(case)
    return row.state, row.offered_to


def give_to_node(rig: Rig, case: str, desk: str = "hall") -> None:
    rig.pc.append(case, DossierOffered(desk))
    rig.pc.append(case, DossierMoved(NODE, "ask", False))


def test_a_child_that_waits_for_another_holds_no_third_back(rig: Rig) -> None:
    package, (first, second, third) = accepted(rig, ("x-2",), (), ())
    offer = rig.dispatching.dispatch(new_id(), package, "each")
    sent = (CaseState.DISPATCHED, DESK)
    assert [standing(rig, c) for c in (second, third)] == [sent, sent]
    assert rig.pc.case(first).state is CaseState.ACCEPTED
    assert offer.left == ("示例0：前置事项尚未办结，本事项暂不分派，期限也未起算。",)


def test_the_next_press_passes_over_what_was_sent_or_taken(rig: Rig) -> None:
    package, (first, second, third) = accepted(rig, (), ("x-0",), ())
    rig.dispatching.dispatch(new_id(), package, "each")
    rig.pc.append(first, DossierMoved(NODE, "ask", True))
    before = rig.pc.held(third)
    with pytest.raises(Refused, match=r"^示例1：前置事项尚未办结[^：]*$"):
        rig.dispatching.dispatch(new_id(), package, "each")
    assert rig.pc.held(third) == before, "the standing offer was touched"
    assert rig.pc.case(second).state is CaseState.ACCEPTED


def test_a_repeated_dispatch_gives_its_first_answer_and_keeps_the_offers(rig: Rig) -> None:
    package, cases = accepted(rig, (), ())
    command = new_id()
    first = rig.dispatching.dispatch(command, package, "each")
    before = [rig.pc.held(c) for c in cases]
    assert rig.dispatching.dispatch(command, package, "each") == first
    assert [rig.pc.held(c) for c in cases] == before


def test_a_child_at_the_silent_node_is_told_after_the_others_went(rig: Rig) -> None:
    package, (first, second) = accepted(rig, (), ())
    give_to_node(rig, first)
    offer = rig.dispatching.dispatch(new_id(), package, "each")
    assert standing(rig, second) == (CaseState.DISPATCHED, DESK)
    assert [text.partition("：")[0] for text in offer.left] == ["示例0"]
    # with nothing else to send there was no answer: the same press must repeat the same command
    with pytest.raises(Unanswered):
        rig.dispatching.dispatch(new_id(), package, "each")


def test_a_dispatch_called_back_is_sent_to_another_desk(rig: Rig) -> None:
    case = CaseId(rig.pc.accepted())
    rig.dispatching.dispatch(new_id(), case, DESK)
    with pytest.raises(Refused, match="要改派请先撤回"):
        rig.dispatching.dispatch(new_id(), case, "示例二局@node")
    assert standing(rig, case) == (CaseState.DISPATCHED, DESK)
    rig.dispatching.withdraw_offer(new_id(), case)
    assert standing(rig, case) == (CaseState.DISPATCHED, None)
    rig.dispatching.dispatch(new_id(), case, "示例二局@node")
    assert standing(rig, case) == (CaseState.DISPATCHED, "示例二局@node")


def test_accepting_the_rest_of_a_package_leaves_a_dispatched_child_at_its_desk(rig: Rig) -> None:
    package, (first, second) = rig.package((), ())
    rig.pc.accept(first)
    rig.pc.dispatch(first)
    before = rig.pc.held(first)
    rows = rig.outcomes._each(package, CaseState.RECEIVED)
    assert [row.id for _, row in rows] == [second]
    assert rig.pc.held(first) == before


def page_of_an_accepted_case(desk: DispatchDesk, case: CaseView) -> DispatchPresenter:
    cases = OpenCases()
    page = DispatchPresenter(desk=desk, cases=cases, runner=InlineRunner(), new_id=new_id)
    cases.put(case, select=True)
    page.open()
    return page


def accepted_shop(hall: FakeHall) -> CaseView:
    ticket = hall.add_ticket("A018")
    shop = hall.search_items("个体")[0].item_id
    case = hall.open_case(new_id(), ticket.ticket_id, shop)
    return hall.accept(new_id(), case.case_id, False).case


def test_every_child_sent_stands_in_todays_list_and_each_unit_is_named(rig: Rig) -> None:
    package, cases = accepted(rig, (), (), desks=(DESK, "示例二局@node"))
    view = replace(accepted_shop(FakeHall()), case_id=package)
    page = page_of_an_accepted_case(rig.dispatching, view)
    page.press_main()
    assert {row.case_id for row in page.state.offers} == set(cases)
    assert page.state.notice.text.startswith("已派往示例局、示例二局，")


def offer(case: str, desk: str, state: OfferState) -> OfferRow:
    return OfferRow(CaseId(case), "no", "示例", desk, state, "已派")


def test_the_clerk_reads_which_child_stays_behind_and_which_waits_for_the_line() -> None:
    hall = FakeHall()
    sent = (offer("a", "甲局", OfferState.OFFERED), offer("b", "乙局", OfferState.WAITING_LINK))
    hall.dispatch = lambda *_: Dispatched(sent, ("示例0：前置事项尚未办结。",))  # type: ignore[method-assign]
    page = page_of_an_accepted_case(hall, accepted_shop(hall))
    page.press_main()
    text = page.state.notice.text
    assert "已派往甲局，" in text
    assert "已派往乙局。县中心网络未通" in text
    assert text.endswith("还没有派出：示例0：前置事项尚未办结。")
    assert page.state.notice.tone is Tone.ATTENTION


def test_the_list_is_read_again_after_a_dispatch() -> None:
    hall = FakeHall()
    page = page_of_an_accepted_case(hall, accepted_shop(hall))
    elsewhere = offer("z", "丙局", OfferState.TAKEN)
    hall.offered.append(elsewhere)
    page.press_main()
    assert elsewhere in page.state.offers
    assert len(page.state.offers) == 2


def test_a_list_that_cannot_be_read_leaves_what_was_sent_on_the_screen() -> None:
    hall = FakeHall()
    page = page_of_an_accepted_case(hall, accepted_shop(hall))

    def silent() -> tuple[OfferRow, ...]:
        raise OSError

    hall.offers = silent  # type: ignore[method-assign]
    page.press_main()
    assert len(page.state.offers) == 1
    assert page.state.notice.tone is Tone.DONE
