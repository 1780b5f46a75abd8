"""Nothing is handed over that nobody made: each document is confirmed by hand, with its number."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from counter_app.backend.delivery_desk import Deliveries
from counter_app.backend.print_book import RecordingPrinter
from counter_app.delivery.documents import InHand
from counter_app.delivery.ports import Receiver, ResultRow
from counter_app.delivery.state import DeliveryStep
from counter_app.keys import Action
from counter_app.take_in.ports import Source
from counter_app.values import DeliveryId, Refused
from counter_app.view_window import Presenters
from hall.delivery import handlers as delivering
from hall.delivery.model import DocumentKind
from hall.intake.model import CaseState
from hall.paperwork import papers_of
from tests.counter_app.bench import Bench
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import FakePrinter, new_id
from tests.counter_app.visit_steps import DECISION, RESULT, all_in_hand, serve
from tests.hall.builders import CERT, NAME
from tests.hall.papers.reading import page_texts, squeezed

BOTH = (DocumentKind.DECISION, DocumentKind.RESULT)
WHO = Receiver(NAME, CERT, Source.CARD)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    window = bench.window
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.presenters.sign_in.press_sign_in("0012", "246810")
    window.presenters.sign_in.press_open()
    return bench


def at_documents(bench: Bench) -> Presenters:
    bench.hall.results_list = (RESULT,)
    p = serve(bench)
    p.visit.act(Action.DELIVERY)
    p.visit.act(Action.MAIN)
    assert p.slices.delivery.state.step is DeliveryStep.DOCUMENTS
    return p


def test_what_is_missing_is_named_and_nobody_is_asked_for_a_card(bench: Bench) -> None:
    p = at_documents(bench)
    delivery = p.slices.delivery
    p.visit.act(Action.MAIN)
    assert "《准予决定书》、《食品经营许可证》还没有确认原件在手，不能交付" in delivery.state.notice.text
    assert p.visit.state.next_step.missing == ("准予决定书", "食品经营许可证")
    delivery.press_in_hand()
    assert delivery.state.document_at == 1, "the cursor goes on to what is missing"
    p.visit.act(Action.MAIN)
    assert delivery.state.notice.text.startswith("《食品经营许可证》还没有")
    assert "《食品经营许可证》由部门送来" in delivery.state.notice.text
    assert (delivery.state.step, bench.hall.counted) == (DeliveryStep.DOCUMENTS, [])


def test_what_was_confirmed_by_mistake_is_taken_back(bench: Bench) -> None:
    p = at_documents(bench)
    delivery = p.slices.delivery
    delivery.press_in_hand()
    delivery.select_document(0)
    delivery.press_in_hand()
    assert [d.in_hand for d in delivery.state.documents] == [False, False]


def test_the_decision_is_printed_there_and_is_not_in_hand_by_that(bench: Bench) -> None:
    p = at_documents(bench)
    delivery = p.slices.delivery
    assert [h.text for h in p.visit.state.next_step.hints] == ["打印决定书"]
    p.visit.act(Action.PRINT)
    assert bench.printer.printed == [DECISION.paper_id]
    assert delivery.state.notice.text == "《准予决定书》已打印。盖章。盖好章、拿到手后按空格确认。"
    assert not any(d.in_hand for d in delivery.state.documents)
    bench.printer.trouble = "打印机没有纸了。"
    p.visit.act(Action.PRINT)
    assert "《准予决定书》没有打印：打印机没有纸了。" in delivery.state.notice.text


def test_what_the_department_keeps_to_itself_is_not_printed_here(bench: Bench) -> None:
    p = at_documents(bench)
    theirs = tuple(replace(d, paper=None, source="由部门送来") for d in RESULT.documents)
    bench.hall.results_list = (replace(RESULT, documents=theirs),)
    p.visit.act(Action.BACK)
    p.slices.delivery.edit_text("")
    p.visit.act(Action.MAIN)
    p.visit.act(Action.PRINT)
    assert (bench.printer.printed, p.visit.state.next_step.hints) == ([], ())
    assert "由部门送来" in p.slices.delivery.state.notice.text


def test_every_step_says_what_lay_in_the_hand_and_the_end_says_how_to_sign(bench: Bench) -> None:
    p = at_documents(bench)
    delivery = p.slices.delivery
    delivery.edit_number(" JY1-0001 ")
    all_in_hand(p)
    seen = InHand(BOTH, "JY1-0001")
    assert bench.hall.counted == [("d1", seen)]
    p.visit.act(Action.READ_CARD)
    for _ in range(3):
        p.visit.act(Action.MAIN)
    assert (delivery.state.step, bench.hall.seen) == (DeliveryStep.DONE, [seen])
    asked = "送达回证请送达人、受送达人双方签名并写日期，盖章后存档。"
    assert delivery.state.notice.text == asked
    p.visit.act(Action.PRINT)
    assert delivery.state.notice.text == f"《送达回证》已打印。{asked}"


def test_another_result_begins_with_nothing_in_hand(bench: Bench) -> None:
    p = at_documents(bench)
    all_in_hand(p)
    p.visit.act(Action.BACK)
    assert all(d.in_hand for d in p.slices.delivery.state.documents), "one step back keeps what was seen"
    p.visit.act(Action.BACK)
    p.visit.act(Action.MAIN)
    assert not any(d.in_hand for d in p.slices.delivery.state.documents)


def test_by_keyboard_and_on_the_screen(shown: Bench) -> None:
    p = at_documents(shown)
    view = shown.window.desk.delivery.documents
    assert view.rows.hasFocus()
    assert view.rows.row(0).badge == "空格确认原件在手"
    assert view.rows.row(0).detail == f"{DECISION.number} · 可按 F10 在本窗打印"
    view.rows.typed.emit(" ")
    view.rows.entered.emit()
    assert [view.rows.row(n).badge for n in range(2)] == ["原件在手", "原件在手"]
    view.number_edited.emit("JY1-0001")
    assert view.rows.row(1).detail == "JY1-0001 · 由部门送来"
    assert p.slices.delivery.state.step is DeliveryStep.DOCUMENTS


# -- over the real hall ---------------------------------------------------------------------------------------


def granted_by_the_department(rig: Rig) -> tuple[str, str, Deliveries]:
    """A case of an item whose department has left this window the power ISSUE."""
    ref, pc = rig.bench.ref, rig.pc
    item = ref.catalogue.item("p11-01")
    facts = ref.item_facts(item)
    case = pc.draft(item=facts, materials=ref.exact_materials(item, {}))
    pc.applicant(case)
    pc.check_all(case)
    pc.receive(case)
    pc.accept(case)
    pc.dispatch(case, desk=facts.desk)
    pc.take(case, desk=facts.desk)
    result = pc.decide(case, document_no="昌市退役决字〔2026〕第1号", result_name="报到登记回执")
    return case, result, Deliveries(rig.bench, rig.outcomes.numbers)


def listed(desk: Deliveries) -> ResultRow:
    (row,) = desk.results("")
    return row


def settled(rig: Rig, case: str) -> CaseState:
    rig.pc.write(delivering.settle)
    return rig.pc.case(case).state


def test_a_window_with_the_power_prints_the_decision_that_the_department_made(rig: Rig) -> None:
    case, _, desk = granted_by_the_department(rig)
    row = listed(desk)
    decision, result = row.documents
    assert (row.blocked, decision.number) == ("", "昌市退役决字〔2026〕第1号")
    assert (decision.title, decision.source) == ("准予决定书", "可按 F10 在本窗打印")
    assert decision.paper is not None
    (named,) = [n for n in rig.pc.look(papers_of, rig.pc.case(case)) if n.kind == "granted"]
    assert decision.paper.paper_id == f"{case}/{named.id}"
    assert (result.title, result.source, result.paper) == ("报到登记回执", "由部门送来", None)
    RecordingPrinter(FakePrinter(), rig.outcomes.prints).print_paper(new_id(), decision.paper.paper_id, 1)
    assert listed(desk).documents[0].source == "本窗打印过"


def test_a_window_without_the_power_waits_for_the_department(rig: Rig) -> None:
    rig.pc.decided()
    row = listed(Deliveries(rig.bench, rig.outcomes.numbers))
    assert row.blocked
    assert [(d.source, d.paper) for d in row.documents] == [("由部门送来", None)] * 2


def test_the_person_is_told_to_come_only_when_all_lies_in_the_hall(rig: Rig) -> None:
    case, result, desk = granted_by_the_department(rig)
    with pytest.raises(Refused, match="《报到登记回执》还没有确认原件在手"):
        desk.count_in(new_id(), DeliveryId(result), InHand((DocumentKind.DECISION,), ""))
    desk.check_receiver(new_id(), DeliveryId(result), WHO)
    assert settled(rig, case) is CaseState.GRANTED, "to look at a card counts nothing in"
    desk.count_in(new_id(), DeliveryId(result), InHand(BOTH, "示例第7号"))
    assert settled(rig, case) is CaseState.RESULT_READY
    assert listed(desk).documents[1].number == "示例第7号", "the next clerk finds the number"


def test_the_proof_names_exactly_these_with_their_numbers(rig: Rig) -> None:
    _, result, desk = granted_by_the_department(rig)
    seen = InHand(BOTH, "示例第7号")
    rig.line.reached = rig.line.line_up = False
    desk.count_in(new_id(), DeliveryId(result), seen)
    paper = desk.issue_proof(new_id(), DeliveryId(result), WHO, seen)
    desk.hand_over(new_id(), DeliveryId(result), WHO, None, seen)
    assert paper.seal_text == "送达回证请送达人、受送达人双方签名并写日期，盖章后存档。"
    text = squeezed("".join(page_texts(rig.outcomes.pdf(paper.paper_id))))
    assert "《准予决定书》昌市退役决字〔2026〕第1号《报到登记回执》示例第7号" in text
