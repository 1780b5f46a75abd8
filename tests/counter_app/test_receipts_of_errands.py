"""A receipt for what was brought that did not print is marked in the window's list until it has, and F10 prints it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from counter_app.backend.correction_desk import Corrections
from counter_app.backend.pages import PageTray
from counter_app.backend.print_book import PrintBook, RecordingPrinter
from counter_app.corrections.ports import ErrandKind
from counter_app.corrections.presenter import CorrectionsPresenter
from counter_app.corrections.view import CorrectionsView
from counter_app.device_ports import DeviceTrouble, PrintOutcome
from counter_app.keys import Action
from counter_app.values import ErrandId, PaperId, PrintMark
from tests.counter_app.bench import Bench
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import FakePrinter, new_id
from tests.counter_app.visit_steps import CASE_NO
from ui.tokens import Tone

NO_PAPER = "打印机没有纸了。"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def desk_of(rig: Rig, prints: PrintBook | None = None) -> Corrections:
    return Corrections(rig.bench, PageTray(rig.bench.data / "tray", bytes(32)), prints or rig.outcomes.prints)


def brought(rig: Rig) -> PaperId:
    """A withdrawal for a case that lies elsewhere; nothing has been printed yet."""
    case_no = rig.pc.case(rig.pc.received()).case_no
    errand = rig.pc.errand(case_no, "withdrawal", window=rig.bench.window.no)
    done = desk_of(rig).finish_errand(new_id(), ErrandId(errand))
    return done.receipt.paper_id


def mark(rig: Rig, paper: PaperId) -> PrintMark:
    # what a restarted program reads is what this one wrote
    found = desk_of(rig, PrintBook(rig.bench)).receipts()
    return next(row.paper.mark for row in found if row.paper.paper_id == paper)


def test_a_receipt_that_never_came_to_the_printer_is_marked_until_it_is_out(rig: Rig) -> None:
    paper = brought(rig)
    assert mark(rig, paper) is PrintMark.NOT_PRINTED
    fake = FakePrinter()
    fake.trouble = NO_PAPER
    printer = RecordingPrinter(fake, rig.outcomes.prints)
    with pytest.raises(DeviceTrouble):
        printer.print_paper(new_id(), paper, 1)
    assert mark(rig, paper) is PrintMark.NOT_PRINTED
    fake.trouble, fake.outcome = "", PrintOutcome.SENT
    printer.print_paper(new_id(), paper, 1)
    assert mark(rig, paper) is PrintMark.SENT
    fake.outcome = PrintOutcome.PRINTED
    printer.print_paper(new_id(), paper, 1)
    assert mark(rig, paper) is PrintMark.NONE


def test_what_is_listed_can_be_printed(rig: Rig) -> None:
    brought(rig)
    (row,) = desk_of(rig).receipts()
    assert row.paper.number.startswith("来件编号")
    assert rig.outcomes.copies(row.paper.paper_id).startswith(b"%PDF")


def test_the_next_day_lists_only_what_is_not_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    out, owed = brought(rig), brought(rig)
    RecordingPrinter(FakePrinter(), rig.outcomes.prints).print_paper(new_id(), out, 1)
    assert [row.paper.paper_id for row in desk_of(rig).receipts()] == [owed, out]
    day = rig.bench.day()
    monkeypatch.setattr(type(rig.bench), "day", lambda _: day + timedelta(days=1))
    assert [row.paper.paper_id for row in desk_of(rig).receipts()] == [owed]
    monkeypatch.setattr(type(rig.bench), "day", lambda _: day + timedelta(days=32))
    assert desk_of(rig).receipts() == ()


def taken_in(bench: Bench, case_no: str) -> CorrectionsPresenter:
    p = bench.window.presenters
    p.visit.act(Action.CORRECTIONS)
    corrections = p.slices.corrections
    corrections.edit_code(case_no)
    corrections.choose_kind(ErrandKind.WITHDRAWAL)
    for _ in range(3):
        p.visit.act(Action.MAIN)
    assert corrections.state.receipt is not None
    return corrections


def view_of(bench: Bench) -> CorrectionsView:
    view = bench.window.findChild(CorrectionsView)
    assert isinstance(view, CorrectionsView)
    return view


def test_f10_prints_all_that_did_not_print_also_after_the_page_was_left(bench: Bench) -> None:
    bench.printer.trouble, bench.hall.mark = NO_PAPER, PrintMark.NOT_PRINTED
    cases = (CASE_NO, CASE_NO[:-1] + "9")
    for case_no in cases:
        corrections = taken_in(bench, case_no)
        told = corrections.state.notice
        assert "材料已收下。" in told.text
        assert f"没有打印：{NO_PAPER}排除后按 F10 打印。" in told.text
        assert told.tone is Tone.WRONG
        bench.window.presenters.visit.act(Action.CORRECTIONS)
    p = bench.window.presenters
    p.visit.act(Action.DELIVERY)
    p.visit.act(Action.CORRECTIONS)
    assert [row.badge for row in view_of(bench).receipts.rows()] == ["未打印", "未打印"]
    assert [hint.text for hint in p.visit.state.next_step.hints] == ["补打凭证", "放大查看"]
    bench.printer.trouble = ""
    p.visit.act(Action.PRINT)
    assert sorted(bench.printer.printed) == sorted(f"r-e-{case_no}" for case_no in cases)
    assert "2 份已打印" in corrections.state.notice.text


def test_one_that_is_out_is_printed_again_alone(bench: Bench) -> None:
    taken_in(bench, CASE_NO)
    corrections = taken_in_again(bench)
    assert [row.badge for row in view_of(bench).receipts.rows()] == ["", ""]
    corrections.move(1)
    bench.printer.printed.clear()
    bench.window.presenters.visit.act(Action.PRINT)
    assert bench.printer.printed == [f"r-e-{CASE_NO}"]


def taken_in_again(bench: Bench) -> CorrectionsPresenter:
    bench.window.presenters.visit.act(Action.CORRECTIONS)
    corrections = taken_in(bench, CASE_NO[:-1] + "9")
    bench.window.presenters.visit.act(Action.CORRECTIONS)
    return corrections


def test_a_printed_receipt_lets_the_citizen_go(bench: Bench) -> None:
    corrections = taken_in(bench, CASE_NO)
    assert corrections.state.notice.text.endswith("材料已转给承办单位，群众可以走了。")
    assert corrections.state.notice.tone is Tone.DONE


def test_without_a_receipt_f10_says_so(bench: Bench) -> None:
    p = bench.window.presenters
    p.visit.act(Action.CORRECTIONS)
    p.visit.act(Action.PRINT)
    assert "还没有可打印的凭证" in p.slices.corrections.state.notice.text
