"""A package's papers go to the printer one after another: none is forgotten, and the notice names what is not out."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from counter_app.device_ports import PrintOutcome
from counter_app.keys import Action
from counter_app.outcome.presenter import OutcomePresenter
from counter_app.outcome.view import OutcomeView
from counter_app.queue_panel.presenter import Asking
from counter_app.values import PrintMark
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench, close, make_bench
from tests.counter_app.fakes import HeldRunner
from tests.counter_app.visit_steps import check_all, serve, to_materials
from ui.tokens import Tone

TEN = [f"c1-{n}" for n in range(10)]
NO_PAPER = "打印机没有纸了。"


@pytest.fixture
def printer_runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def held(qtbot: QtBot, printer_runner: HeldRunner) -> Iterator[Bench]:
    """A window whose printer takes its time; one 收件 makes ten receipts."""
    bench = make_bench(printer_runner=printer_runner)
    bench.hall.papers_an_act, bench.hall.mark = 10, PrintMark.NOT_PRINTED
    yield bench
    close(bench)


def received(bench: Bench) -> OutcomePresenter:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    return p.slices.outcome


def badges(bench: Bench) -> list[str]:
    view = bench.window.findChild(OutcomeView)
    assert isinstance(view, OutcomeView)
    return [row.badge for row in view.papers.rows()][:10]


def test_all_receipts_of_a_package_are_printed(held: Bench, printer_runner: HeldRunner) -> None:
    outcome = received(held)
    assert "还有 9 份等候打印" in outcome.state.notice.text
    printer_runner.run()
    assert held.printer.printed == TEN
    assert outcome.state.notice.text == "《收件凭证》10 份已打印。"
    assert outcome.state.notice.tone is Tone.DONE


def test_what_waits_for_the_printer_does_not_look_like_a_fault(
    held: Bench, printer_runner: HeldRunner
) -> None:
    received(held)
    assert badges(held) == ["正在打印", *["等候打印"] * 9]
    printer_runner.jobs.pop(0)()
    assert badges(held)[1:] == ["正在打印", *["等候打印"] * 8]
    printer_runner.run()
    assert badges(held) == ["未打印"] * 10, "what the hall says"


def test_what_has_printed_is_not_red_until_the_list_is_read_again(
    held: Bench, printer_runner: HeldRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = received(held)
    monkeypatch.setattr(outcome, "refresh", lambda: None)
    printer_runner.jobs.pop(0)()
    assert badges(held)[:2] == ["1 页", "正在打印"]


def test_one_that_fails_does_not_stop_the_rest(held: Bench, printer_runner: HeldRunner) -> None:
    held.printer.troubles = {"c1-3": "卡纸了。"}
    outcome = received(held)
    printer_runner.run()
    assert held.printer.printed == [p for p in TEN if p != "c1-3"]
    told = outcome.state.notice
    assert "《收件凭证》已生成并保存，但没有打印：卡纸了。排除后按 F10 打印。" in told.text
    assert "《收件凭证》9 份已打印。" in told.text
    assert told.tone is Tone.WRONG
    assert outcome.state.paper is not None
    assert outcome.state.paper.paper_id == "c1-3"
    held.printer.troubles, held.hall.mark = {}, PrintMark.NONE
    outcome.refresh()
    outcome.press_print()
    printer_runner.run()
    assert held.printer.printed[9:] == ["c1-3"]


def test_a_printer_that_is_down_is_asked_twice_and_f10_prints_all(
    held: Bench, printer_runner: HeldRunner
) -> None:
    held.printer.trouble, held.hall.mark = NO_PAPER, PrintMark.NONE
    outcome = received(held)
    printer_runner.run()
    assert held.printer.asked == TEN[:2]
    told = f"《收件凭证》10 份已生成并保存，但没有打印：{NO_PAPER}排除后按 F10 打印。"
    assert outcome.state.notice.text == told
    held.printer.trouble = ""
    outcome.press_print()
    outcome.press_print()
    printer_runner.run()
    assert held.printer.printed == TEN, "each once"
    outcome.press_print()
    printer_runner.run()
    assert held.printer.printed[10:] == TEN[:1], "all are out: the one that is looked at, again"


def test_after_a_restart_f10_prints_what_the_list_marks(held: Bench, printer_runner: HeldRunner) -> None:
    outcome = received(held)
    printer_runner.run()
    # the hall still marks them all: as if another run of the program had made them
    held.printer.printed.clear()
    outcome.select_paper(4)
    outcome.press_print()
    printer_runner.run()
    assert held.printer.printed == TEN


def test_a_spooler_that_tells_no_end_is_not_asked_again_for_all(
    held: Bench, printer_runner: HeldRunner
) -> None:
    held.printer.outcome, held.hall.mark = PrintOutcome.SENT, PrintMark.SENT
    outcome = received(held)
    printer_runner.run()
    assert "《收件凭证》10 份已送到打印机" in outcome.state.notice.text
    outcome.press_print()
    printer_runner.run()
    assert held.printer.printed == [*TEN, "c1-0"]


def end_visit(bench: Bench) -> None:
    """What is left of the case is left."""
    p = bench.window.presenters
    p.visit.act(Action.DONE)
    assert p.slices.queue.state.asking is Asking.LEAVE
    p.slices.queue.place_choice(1)
    p.visit.enter()
    p.visit.enter()
    assert p.visit.ticket_id() is None


def test_who_ends_the_visit_is_told_what_did_not_print(held: Bench, printer_runner: HeldRunner) -> None:
    held.printer.trouble, held.hall.mark = NO_PAPER, PrintMark.NONE
    outcome = received(held)
    p = held.window.presenters
    outcome.press_main()
    printer_runner.run()
    p.visit.act(Action.DONE)
    choice = p.slices.queue.state.choice
    assert choice is not None
    assert "《收件凭证》10 份、《受理通知书》10 份没有打印" in choice.title
    p.visit.act(Action.BACK)
    held.printer.trouble = ""
    outcome.press_print()
    printer_runner.run()
    p.visit.act(Action.DONE)
    choice = p.slices.queue.state.choice
    assert choice is not None
    assert "打印" not in choice.title


def test_papers_that_fail_after_their_visit_are_told_on_any_page_and_no_later_f10_prints_them(
    held: Bench, printer_runner: HeldRunner
) -> None:
    held.printer.trouble, held.hall.papers_an_act, held.hall.mark = NO_PAPER, 3, PrintMark.NONE
    outcome = received(held)
    number = outcome.state.papers[0].number
    end_visit(held)
    printer_runner.run()
    p = held.window.presenters
    told = (
        f"前面办件的《收件凭证》3 份（{number}等）没有打印：{NO_PAPER}请按 Ctrl+K 找到该办件，再按 F10 打印。"
    )
    assert (p.visit.state.page, p.slices.queue.state.notice.text) == (Page.HOME, told)
    held.hall.papers_an_act = 1
    p = serve(held, "A019")
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    printer_runner.run()
    assert "《收件凭证》已生成并保存，但没有打印" in outcome.state.notice.text
    held.printer.trouble = ""
    p.visit.act(Action.PRINT)
    printer_runner.run()
    assert held.printer.printed == ["c2-0"], "nobody is handed what belongs to the one before"


def test_papers_of_two_cases_wait_in_one_line(held: Bench, printer_runner: HeldRunner) -> None:
    outcome = received(held)
    held.hall.papers_an_act = 1
    outcome.press_main()
    assert [paper.paper_id for paper in outcome.state.papers[10:]] == ["c1-10"]
    printer_runner.run()
    assert held.printer.printed == [*TEN, "c1-10"]
    assert outcome.state.notice.text == "《收件凭证》10 份、《受理通知书》已打印。"
