"""The clerk looks at the paper before F9 makes it: asked for rarely, never printed, replaced by the issued one."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from counter_app.device_ports import PrintOutcome
from counter_app.keys import Action
from counter_app.outcome.drafts import Drafts, Wanted
from counter_app.outcome.ports import Act, ActChoice
from counter_app.outcome.presenter import OutcomePresenter
from counter_app.outcome.state import Draft
from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.values import CaseId
from tests.counter_app.bench import Bench
from tests.counter_app.fake_hall import ITEMS, FakeHall
from tests.counter_app.fakes import HeldRunner, png
from tests.counter_app.visit_steps import check_all, serve, to_materials
from ui.page_preview import PagePreview

NOT_ACCEPT = ActChoice(Act.NOT_ACCEPT, "不予受理", "不予受理决定书", needs_text=True)
CASE = CaseView(CaseId("c1"), "6523", ITEMS[0], CaseStage.RECEIVED, "已收件")


def wanted(text: str, hindrance: str = "") -> Wanted:
    return Wanted(CASE, NOT_ACCEPT, text, hindrance)


class Desk:
    """Drafts over a hall that works when `runner.run()` lets it."""

    def __init__(self) -> None:
        self.hall, self.runner = FakeHall(), HeldRunner()
        self.drafts = Drafts(desk=self.hall, runner=self.runner)
        self.shown: list[Draft | None] = []
        self.drafts.changed.connect(self.shown.append)

    @property
    def waits(self) -> bool:
        (timer,) = self.drafts.findChildren(QTimer)
        return timer.isActive()

    def pause(self) -> None:
        (timer,) = self.drafts.findChildren(QTimer)
        assert timer.isActive()
        timer.timeout.emit()

    def asked(self) -> list[str]:
        return [text for _, _, text, _ in self.hall.previews]


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


def last(desk: Desk) -> Draft:
    draft = desk.shown[-1]
    assert draft is not None
    return draft


def test_typing_is_asked_about_once_it_pauses(desk: Desk) -> None:
    for text in ("不", "不归", "不归我们管"):
        desk.drafts.want(wanted(text))
    assert (desk.runner.jobs, desk.waits) == ([], True)
    assert last(desk).told == "正在准备样张"
    desk.pause()
    desk.runner.run()
    assert desk.asked() == ["不归我们管"]
    assert (len(last(desk).pages), last(desk).renewing) == (1, False)


def test_one_request_at_a_time_and_a_stale_answer_is_dropped(desk: Desk) -> None:
    desk.drafts.want(wanted("一"), at_once=True)
    desk.drafts.want(wanted("二"), at_once=True)
    desk.drafts.want(wanted("三，两页"), at_once=True)
    assert len(desk.runner.jobs) == 1
    desk.runner.jobs.pop(0)()
    assert last(desk).pages == (), "what answers 一 is no draft of 三"
    desk.runner.run()
    assert desk.asked() == ["一", "三，两页"]
    assert len(last(desk).pages) == 2


def test_the_old_draft_stays_until_the_new_one_is_there(desk: Desk) -> None:
    desk.drafts.want(wanted("一"), at_once=True)
    desk.runner.run()
    pages = last(desk).pages
    desk.drafts.want(wanted("二"))
    assert (last(desk).pages, last(desk).renewing) == (pages, True)


def test_a_hindrance_and_a_refusal_are_words_and_nobody_is_asked_for_the_first(desk: Desk) -> None:
    desk.drafts.want(wanted("", "请写明理由，会原样印在文书上。"), at_once=True)
    assert last(desk) == Draft("不予受理决定书", told="请写明理由，会原样印在文书上。")
    assert desk.runner.jobs == []
    desk.hall.preview_refusal = "请在理由中写明申请人应向哪个机关申请。"
    desk.drafts.want(wanted("不归我们管"), at_once=True)
    desk.runner.run()
    assert last(desk) == Draft("不予受理决定书", told="请在理由中写明申请人应向哪个机关申请。")


def test_while_it_rests_nothing_is_asked_and_no_answer_shown(desk: Desk) -> None:
    desk.drafts.want(wanted("一"), at_once=True)
    desk.drafts.want(wanted("二"))
    desk.drafts.rest()
    before = list(desk.shown)
    desk.runner.run()
    assert (desk.shown, desk.waits, desk.asked()) == (before, False, ["一"])
    desk.drafts.want(wanted("二"))
    assert desk.waits, "after an act that failed the same draft is wanted again"
    desk.drafts.rest()
    desk.drafts.want(None)
    assert desk.shown[-1] is None


# -- through the whole window -----------------------------------------------------------------------------


def at_outcome(bench: Bench, defect: str = "缺背面") -> OutcomePresenter:
    """Received, with one material that is not right: ⑤ stands open, the correction notice chosen."""
    p = serve(bench)
    to_materials(p)
    if defect:
        p.slices.materials.press_defect()
        p.slices.materials.edit_defect(defect)
        p.slices.materials.press_save_defect()
    else:
        check_all(p)
    p.slices.take_in.press_main()
    p.visit.act(Action.MAIN)
    return p.slices.outcome


def settled(outcome: OutcomePresenter) -> Callable[[], bool]:
    return lambda: outcome.state.draft is not None and bool(outcome.state.draft.pages)


def test_the_notice_is_seen_before_f9_and_the_issued_one_replaces_it(bench: Bench, qtbot: QtBot) -> None:
    outcome = at_outcome(bench)
    qtbot.waitUntil(settled(outcome), timeout=3000)
    state = outcome.state
    assert state.act is not None
    assert (state.act.act, state.on_draft, state.paper) == (Act.CORRECT, True, None)
    case_id, act, _, defects = bench.hall.previews[-1]
    assert (case_id, act, defects) == ("c1", Act.CORRECT, state.defects)
    outcome.press_main()
    assert (outcome.state.draft, outcome.state.on_draft) == (None, False)
    assert outcome.state.paper is not None
    assert outcome.state.paper.title == "补正告知书"


def test_f10_prints_no_draft_and_an_issued_paper_can_be_picked_beside_it(bench: Bench) -> None:
    outcome = at_outcome(bench)
    printed = list(bench.printer.printed)
    outcome.press_notice()
    outcome.press_print()
    assert outcome.state.notice.text == "这是样张，文书还没有出具，不能打印。先按 F9 出具，会自动打印。"
    assert bench.printer.printed == printed
    outcome.select_paper(0)
    assert outcome.state.paper is not None
    assert outcome.state.paper.title == "收件凭证"
    outcome.press_print()
    assert bench.printer.printed == [*printed, "c1-0"]
    outcome.select_paper(1)
    assert outcome.state.shown_draft is not None


@pytest.mark.parametrize("trouble", ["打印机没有纸了。", ""])
def test_what_did_not_surely_print_stands_there_for_f10(bench: Bench, trouble: str) -> None:
    bench.printer.trouble, bench.printer.outcome = trouble, PrintOutcome.SENT
    outcome = at_outcome(bench)
    assert outcome.state.draft is not None
    assert outcome.state.paper is not None, "no draft takes the key from the paper that the notice names"
    bench.printer.trouble, bench.printer.outcome = "", PrintOutcome.PRINTED
    outcome.press_print()
    assert bench.printer.printed[-1] == "c1-0"


def test_without_a_reason_the_pane_says_what_to_write(bench: Bench, qtbot: QtBot) -> None:
    outcome = at_outcome(bench, defect="")
    assert outcome.state.draft is None, "受理 carries no words of the clerk"
    outcome.select(2)
    view = bench.window.desk.take_in.outcome
    assert view.preview.accessibleDescription() == "请写明理由，会原样印在文书上。"
    rows = view.papers.rows()
    assert [(r.title, r.detail) for r in rows][-1] == ("不予受理决定书 · 样张", "还没有出具")
    assert view.papers.currentIndex().row() == len(rows) - 1
    outcome.edit_text("请向昌吉市公安局申请，两页")
    qtbot.waitUntil(settled(outcome), timeout=3000)
    assert view.preview.accessibleDescription() == "样张：还没有出具　第 1 页，共 2 页，左右键翻页"
    view.acts.sideways.emit(1)
    outcome.edit_text("请向昌吉市公安局申请。两页")
    assert view.preview.accessibleDescription() == "样张：还没有出具，正在更新　第 2 页，共 2 页，左右键翻页"
    outcome.select_paper(0)
    assert view.preview.accessibleDescription() == ""
    outcome.select(2)
    bench.hall.preview_refusal = "已超过五个工作日未告知，依法自收到材料之日起即为受理。"
    outcome.edit_text("另一个理由")
    qtbot.waitUntil(lambda: "已超过" in view.preview.accessibleDescription(), timeout=3000)


def test_behind_a_draft_the_issued_paper_is_ready(bench: Bench) -> None:
    outcome = at_outcome(bench)
    assert outcome.state.shown_draft is not None
    outcome.select(0)
    assert outcome.state.act is not None
    assert outcome.state.act.act is Act.ACCEPT
    assert outcome.state.paper is not None
    assert outcome.state.pages, "not 正在打开文书 for ever"


def test_a_case_that_is_left_leaves_no_draft(bench: Bench) -> None:
    outcome = at_outcome(bench)
    outcome._cases.replace_all(())
    assert (outcome.state.case, outcome.state.draft) == (None, None)


def test_the_mark_lies_across_and_the_words_below_stay_readable(qtbot: QtBot) -> None:
    preview = PagePreview("文书预览")
    qtbot.addWidget(preview)
    preview.resize(300, 420)
    preview.show_image(QImage.fromData(png(300, 424, "#FFFFFF")), "样张：还没有出具")
    plain = preview.grab().toImage()
    preview.show_mark("样张", QColor("#B3261E"))
    marked = preview.grab().toImage()
    rect = preview.picture_rect().toRect().adjusted(2, 2, -2, -2)
    changed = [
        marked.pixelColor(x, y).lightnessF()
        for x in range(rect.left(), rect.right(), 3)
        for y in range(rect.top(), rect.bottom(), 3)
        if marked.pixelColor(x, y) != plain.pixelColor(x, y)
    ]
    assert len(changed) > 300
    assert min(changed) > 0.8, "black ink stays black on it"
    preview.show_mark("", QColor())
    assert preview.grab().toImage() == plain
