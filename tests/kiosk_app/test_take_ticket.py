"""The ticket flow without widgets."""

from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from kiosk_app.card_poller import CardPoller
from kiosk_app.ports import AlertKind, Booking, SlipState
from kiosk_app.take_ticket.presenter import Step, TakeTicketPresenter
from kiosk_app.take_ticket.printing import SlipDesk
from tests.kiosk_app.fakes import CARD, QUESTIONS, ZONES, DeskReader, MemoryHall, PaperPrinter
from tests.ui.runners import HeldRunner, InlineRunner
from ui.runner import Runner


class Flow:
    def __init__(self, runner: Runner | None = None, printer_runner: Runner | None = None) -> None:
        self.hall, self.printer, self.reader = MemoryHall(), PaperPrinter(), DeskReader()
        inline = InlineRunner()
        self.desk = SlipDesk(
            hall_name="测试大厅",
            printer=self.printer,
            printer_runner=inline if printer_runner is None else printer_runner,
            hall=self.hall,
            hall_runner=inline,
        )
        self.cards = CardPoller(reader=self.reader, runner=inline)
        self.presenter = TakeTicketPresenter(
            hall=self.hall,
            desk=self.desk,
            cards=self.cards,
            runner=inline if runner is None else runner,
            new_id=uuid4,
        )


@pytest.fixture
def flow(qtbot: QtBot) -> Flow:
    return Flow()


def test_double_tap_gives_one_ticket(qtbot: QtBot) -> None:
    held = HeldRunner()
    flow = Flow(runner=held)
    flow.presenter.enter()
    held.release()
    flow.presenter.choose_question(QUESTIONS[0])
    held.release()
    flow.presenter.take()
    flow.presenter.take()
    assert flow.presenter.state.busy
    held.release()
    flow.presenter.take()
    held.release()
    assert len(flow.hall.requests) == 1
    assert len(flow.printer.slips) == 1


def test_retry_after_an_error_keeps_the_request_id(flow: Flow) -> None:
    flow.presenter.enter()
    flow.presenter.choose_question(QUESTIONS[1])
    flow.hall.broken = True
    flow.presenter.take()
    notice = flow.presenter.state.notice
    assert notice is not None
    assert "652301" not in notice.text
    flow.hall.broken = False
    flow.presenter.take()
    first, second = flow.hall.requests
    assert first.request_id == second.request_id
    assert flow.presenter.state.ticket is not None


def test_the_next_person_gets_another_request_id(flow: Flow) -> None:
    for _ in range(2):
        flow.presenter.enter()
        flow.presenter.choose_question(QUESTIONS[1])
        flow.presenter.take()
        flow.presenter.reset()
    assert len(flow.hall.tickets) == 2


def test_refusal_is_shown_as_it_stands(flow: Flow) -> None:
    flow.hall.refuse_issue = "今天的号已经取完，请明天再来，或到咨询台预约。"
    flow.presenter.enter()
    flow.presenter.choose_question(QUESTIONS[1])
    flow.presenter.take()
    assert flow.presenter.state.notice is not None
    assert flow.presenter.state.notice.text == flow.hall.refuse_issue
    assert flow.presenter.state.step is Step.BRING


def test_answers_for_a_person_who_left_are_dropped(qtbot: QtBot) -> None:
    held = HeldRunner()
    flow = Flow(runner=held)
    flow.presenter.enter()
    flow.presenter.reset()
    held.release()
    assert flow.presenter.state.questions == ()


def test_back_walks_the_same_way(flow: Flow) -> None:
    p = flow.presenter
    p.enter()
    p.show_zones()
    p.choose_zone(ZONES[0])
    p.zone_only()
    steps = [p.state.step]
    while p.back():
        steps.append(p.state.step)
    assert steps == [Step.BRING, Step.MATTERS, Step.ZONES, Step.QUESTIONS]


def test_several_matters_behind_one_question(flow: Flow) -> None:
    flow.presenter.enter()
    flow.presenter.choose_question(QUESTIONS[4])
    assert {m.item_id for m in flow.presenter.state.matters} == {"hukou", "house"}


def test_booking_of_the_card_is_offered_and_checked_in(flow: Flow, qtbot: QtBot) -> None:
    flow.hall.bookings[CARD.id_number] = Booking("b1", "户口迁移", "10:30", "1")
    flow.reader.card = CARD
    flow.presenter.enter_by_card()
    qtbot.waitUntil(lambda: flow.presenter.state.step is Step.BRING)
    flow.presenter.take()
    assert flow.hall.requests[0].booking_id == "b1"


def test_card_without_node_still_leads_to_questions(flow: Flow, qtbot: QtBot) -> None:
    flow.reader.card = CARD
    flow.hall.bookings_unreachable = True
    flow.presenter.enter_by_card()
    qtbot.waitUntil(lambda: flow.presenter.state.step is Step.QUESTIONS)
    assert flow.presenter.state.questions == QUESTIONS


def test_reset_forgets_the_card(flow: Flow, qtbot: QtBot) -> None:
    flow.reader.card = CARD
    flow.presenter.enter_by_card()
    qtbot.waitUntil(lambda: flow.presenter.state.card is not None)
    assert CARD.id_number not in repr(flow.presenter.state)
    flow.presenter.reset()
    assert flow.presenter.state.card is None


@pytest.mark.parametrize(
    ("said", "alert"),
    [
        (SlipState.NO_PAPER, AlertKind.NO_PAPER),
        (SlipState.UNCONFIRMED, AlertKind.PRINT_UNCONFIRMED),
        (SlipState.STOPPED, AlertKind.NO_PAPER),
        (SlipState.FAULT, AlertKind.PRINTER_FAULT),
    ],
)
def test_staff_are_told_of_a_bad_slip(flow: Flow, said: SlipState, alert: AlertKind) -> None:
    flow.printer.next_state = said
    take(flow)
    assert flow.presenter.state.slip.state is said
    assert flow.presenter.state.slip.staff_told
    assert flow.hall.told_of() == [alert]


def test_staff_told_is_not_claimed_when_nobody_heard(flow: Flow) -> None:
    flow.printer.next_state = SlipState.NO_PAPER
    flow.hall.staff_reachable = False
    take(flow)
    assert not flow.presenter.state.slip.staff_told


def test_exploding_printer_is_a_fault_and_the_number_stays(flow: Flow) -> None:
    flow.printer.explode = True
    take(flow)
    assert flow.presenter.state.slip.state is SlipState.FAULT
    assert flow.presenter.state.ticket is not None


def test_silence_prints_nothing_twice_by_itself(flow: Flow) -> None:
    flow.printer.next_state = SlipState.UNCONFIRMED
    take(flow)
    assert len(flow.printer.slips) == 1


def test_reprint_says_so_and_keeps_the_number(flow: Flow) -> None:
    take(flow)
    flow.presenter.reprint()
    first, second = flow.printer.slips
    assert first.number == second.number
    assert "补打，号码不变" in second.lines
    assert "补打，号码不变" not in first.lines


def test_reprint_is_ignored_while_printing(qtbot: QtBot) -> None:
    held = HeldRunner()
    flow = Flow(printer_runner=held)
    take(flow)
    assert flow.presenter.state.slip.state is SlipState.PRINTING
    flow.presenter.reprint()
    held.release()
    assert len(flow.printer.slips) == 1


def take(flow: Flow) -> None:
    flow.presenter.enter()
    flow.presenter.choose_question(QUESTIONS[1])
    flow.presenter.take()
