"""Whole visits through the window, found by accessible name as a screen reader would."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from kiosk_app.ports import AlertKind, LinkState, SlipState
from kiosk_app.shell.presenter import LINK_EVERY_TICKS, Page
from kiosk_app.view_paging import PagedTiles
from tests.kiosk_app.building import Kiosk, settle
from tests.kiosk_app.fakes import CARD, ZONES
from ui.labels import StatusDot

SIZES = ((1080, 1920), (1920, 1080), (1024, 768))


def page_of(kiosk: Kiosk) -> Page:
    return kiosk.window.shell.state.page


def test_three_touches_to_a_number(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("给孩子上户口")
    assert "示例事项，非现行政策" in kiosk.text("取号示例标记")
    kiosk.press("取号")
    assert kiosk.text("您的号码") == "A017"
    assert kiosk.text("前面人数") == "前面还有 12 人"
    assert kiosk.text("大约等候") == "大约等 25 分钟"
    assert "A 区" in kiosk.text("等候地点")
    assert "已打印" in kiosk.text("小票状态")
    assert kiosk.printer.slips[0].number == "A017"


def test_priority_is_asked_and_sent(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("需要优先办理")
    kiosk.press("优先：残疾人")
    kiosk.press("取号")
    assert kiosk.hall.requests[0].priority == "disabled"
    assert "残疾人" in kiosk.text("优先类别")


def test_no_paper_keeps_the_number_and_prints_it_again(kiosk: Kiosk) -> None:
    kiosk.printer.next_state = SlipState.NO_PAPER
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    assert "A017" in kiosk.text("小票状态")
    assert "号码已保留" in kiosk.text("小票状态")
    assert "工作人员已收到提醒" in kiosk.text("小票状态")
    assert kiosk.hall.told_of() == [AlertKind.NO_PAPER]
    kiosk.printer.next_state = SlipState.PRINTED
    kiosk.press("补打小票")
    assert [slip.number for slip in kiosk.printer.slips] == ["A017"]
    assert len(kiosk.hall.tickets) == 1


def test_a_printed_slip_that_is_not_found_is_printed_again_twice_at_most(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    assert "小票已打印" in kiosk.text("小票状态")
    assert len(kiosk.printer.slips) == 1, "never by itself"
    for _ in range(2):
        kiosk.press("补打小票")
    assert [slip.number for slip in kiosk.printer.slips] == ["A017"] * 3
    assert ["补打，号码不变" in slip.lines for slip in kiosk.printer.slips] == [False, True, True]
    with pytest.raises(AssertionError, match="补打小票: 0 of"):
        kiosk.press("补打小票")
    kiosk.window.take.reprint()
    assert len(kiosk.printer.slips) == 3
    assert "A017" in kiosk.text("小票状态")


def test_a_slip_that_did_not_come_out_takes_no_reprint_away(kiosk: Kiosk) -> None:
    kiosk.printer.next_state = SlipState.NO_PAPER
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    for _ in range(4):
        kiosk.press("补打小票")
    kiosk.printer.next_state = SlipState.PRINTED
    kiosk.press("补打小票")
    assert len(kiosk.printer.slips) == 1
    assert kiosk.window.take.state.may_reprint


@pytest.mark.parametrize(
    ("ahead", "minutes", "said", "wait"),
    [
        (0, 0, "马上轮到您，请留意叫号", ""),
        (0, 5, "前面没有人，请留意叫号", ""),
        (2, 0, "前面还有 2 人", "马上轮到您"),
        (2, 5, "前面还有 2 人", "大约等 5 分钟"),
    ],
)
def test_the_row_of_waiting_is_one_sentence_or_two_facts(
    kiosk: Kiosk, ahead: int, minutes: int, said: str, wait: str
) -> None:
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    state = kiosk.window.take.state
    assert state.ticket is not None
    ticket = replace(state.ticket, people_ahead=ahead, wait_minutes=minutes, where="综合受理 97—99号窗口")
    kiosk.window.take.state_changed.emit(replace(state, ticket=ticket))
    assert kiosk.text("前面人数") == said
    assert kiosk.text("大约等候") == wait
    assert kiosk.text("办理专区") == "综合受理 97—99 号窗口"


def test_away_from_the_node_the_slip_says_where_to_queue(kiosk: Kiosk) -> None:
    kiosk.hall.away = True
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    assert kiosk.text("您的号码") == "K017"
    assert "综合受理专区 2 号窗口前" in kiosk.text("到哪里排队")
    assert kiosk.text("前面人数") == ""
    assert any("综合受理专区 2 号窗口前" in line for line in kiosk.printer.slips[0].lines)


def test_handled_elsewhere_gives_no_number(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("办护照")
    with pytest.raises(AssertionError, match="取号: 0 of"):
        kiosk.press("取号")


def test_zone_way(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("按专区找")
    kiosk.press(ZONES[0].name)
    kiosk.press("不确定事项，先取本专区的号")
    kiosk.press("取号")
    assert kiosk.hall.requests[0].zone_no == "1"
    assert kiosk.hall.requests[0].item_id == ""


def test_card_way(kiosk: Kiosk, qtbot: QtBot) -> None:
    kiosk.reader.card = CARD
    kiosk.press("刷身份证取号")
    qtbot.waitUntil(lambda: kiosk.window.take.state.card is not None)
    kiosk.press("迁户口")
    assert CARD.shown in kiosk.text("身份证")
    kiosk.press("取号")
    assert kiosk.hall.requests[0].card == CARD


def test_after_the_wipe_a_card_on_the_reader_is_the_next_persons(kiosk: Kiosk, qtbot: QtBot) -> None:
    kiosk.reader.card = CARD
    for _ in range(2):
        kiosk.press("刷身份证取号")
        qtbot.waitUntil(lambda: kiosk.window.take.state.card is not None)
        kiosk.press("结束并清除")


def test_typed_code_progress_and_wipe(kiosk: Kiosk) -> None:
    kiosk.press("查进度")
    for character in "T017":
        kiosk.press(f"按键 {character}")
    field = next(f for f in kiosk.window.findChildren(QLineEdit) if f.accessibleName() == "查进度编号")
    assert field.text() == "T017"
    kiosk.press("查进度继续")
    assert kiosk.hall.queries[0].code == "T017"
    assert kiosk.text("进度结果标题") == "查到 2 件"
    kiosk.press("结束并清除")
    assert field.text() == ""
    assert kiosk.window.progress.state.rows is None


def test_typing_by_keyboard_and_error_keeps_text(kiosk: Kiosk) -> None:
    kiosk.press("查进度")
    field = next(f for f in kiosk.window.findChildren(QLineEdit) if f.accessibleName() == "查进度编号")
    QTest.keyClicks(field, "?!")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "编号由数字和字母组成" in kiosk.text("查进度提示")
    assert field.text() == "?!"


def test_late_rating(kiosk: Kiosk) -> None:
    kiosk.press("评价服务")
    for character in "T017":
        kiosk.press(f"按键 {character}")
    kiosk.press("评价继续")
    kiosk.press("非常不满意")
    kiosk.press("非常不满意的原因之3")
    kiosk.press("匿名评价")
    kiosk.press("提交评价")
    rating = next(iter(kiosk.hall.ratings.values()))
    assert (rating.level, rating.reasons, rating.anonymous) == ("very_dissatisfied", (103,), True)
    assert kiosk.text("评价完成标题") == "谢谢您的评价"


def test_guide_prints_and_leads_to_its_number(kiosk: Kiosk) -> None:
    kiosk.press("办事指南")
    kiosk.press("给孩子上户口")
    kiosk.press("打印材料清单")
    assert any("出生医学证明" in line for line in kiosk.printer.slips[0].lines)
    assert "示例事项，非现行政策" in kiosk.printer.slips[0].lines
    kiosk.press("按指南取号")
    kiosk.press("取号")
    assert kiosk.hall.requests[0].item_id == "birth"


def test_pick_up_names_the_window(kiosk: Kiosk) -> None:
    kiosk.press("取件")
    assert "出件窗口" in kiosk.text("取件标题")
    assert kiosk.text("取件地点")


def test_help_call(kiosk: Kiosk) -> None:
    kiosk.press("叫工作人员帮忙")
    assert kiosk.hall.told_of() == [AlertKind.HELP]
    assert "已经通知" in kiosk.text("通知")
    kiosk.hall.staff_reachable = False
    kiosk.press("叫工作人员帮忙")
    assert "咨询台" in kiosk.text("通知")


def test_the_link_is_being_made_before_it_is_cut_off(kiosk: Kiosk) -> None:
    dot = next(d for d in kiosk.window.findChildren(StatusDot) if d.accessibleName() == "大厅连接")

    def look(state: LinkState, ticks: int = 1) -> str:
        kiosk.hall.link = lambda: state  # type: ignore[method-assign]
        for _ in range(ticks):
            kiosk.window.shell.tick()
        return dot.words()

    assert look(LinkState(False, connecting=True), LINK_EVERY_TICKS) == "大厅连接 正在连接"
    # while the hall is away each tick looks: nobody waits for what is there again
    assert "断开" in look(LinkState(False))
    assert look(LinkState(True, 0)) == "大厅连接 正常"


def test_idle_asks_then_wipes(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.clock.now += 46
    kiosk.window.shell.tick()
    assert kiosk.text("剩余秒数").startswith("14 秒")
    kiosk.press("我还需要时间")
    assert kiosk.text("剩余秒数") == ""
    kiosk.clock.now += 61
    kiosk.window.shell.tick()
    assert page_of(kiosk) is Page.TAKE_TICKET
    kiosk.clock.now += 60
    kiosk.window.shell.tick()
    assert page_of(kiosk) is Page.HOME


def test_a_touch_anywhere_is_a_sign_of_life(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.clock.now += 44
    handle = kiosk.window.windowHandle()
    assert handle is not None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    kiosk.clock.now += 10
    kiosk.window.shell.tick()
    assert kiosk.text("剩余秒数") == ""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["", "字号", "对比度", "位置"])
def test_nothing_is_cut_or_covered(
    make_kiosk: Callable[..., Kiosk], size: tuple[int, int], mode: str
) -> None:
    kiosk = make_kiosk(*size)
    if mode:
        kiosk.press(mode)
    kiosk.hall.away = True
    kiosk.printer.next_state = SlipState.UNCONFIRMED
    steps: list[list[str]] = [
        ["取号办事"], ["买卖房子"], ["需要优先办理"], ["取号"], ["完成"] + ([mode] if mode else []),
        ["评价服务"], [f"按键 {c}" for c in "T17"], ["评价继续"], ["非常满意"], ["返回", "返回"],
        ["取件"], ["返回", "办事指南", "按事项找"], ["新生儿出生“一件事”"], ["返回", "返回", "返回", "查进度"],
    ]  # fmt: skip
    for step in steps:
        for name in step:
            kiosk.press(name)
        assert kiosk.window.size().toTuple() == size
        assert kiosk.cut_labels() == [], step
        assert kiosk.outside() == [], step


def test_a_wrong_clock_is_told_and_not_shown(kiosk: Kiosk) -> None:
    def look() -> None:
        for _ in range(LINK_EVERY_TICKS):
            kiosk.window.shell.tick()
        kiosk.window._show_time()

    assert kiosk.text("现在时间") == "12:00"
    kiosk.hall.clock_off = "快 4 分钟"
    look()
    assert kiosk.text("首页提示") == "本机时间比大厅快 4 分钟，请告诉工作人员校准；取号不受影响。"
    assert kiosk.text("现在时间") == "--:--"
    assert kiosk.cut_labels() == []
    kiosk.hall.away = True
    look()
    assert "大厅主机暂时连不上" in kiosk.text("首页提示"), "what cannot be done comes first"
    kiosk.hall.away, kiosk.hall.clock_off = False, ""
    look()
    assert (kiosk.text("首页提示"), kiosk.text("现在时间")) == ("", "12:00")


def test_home_names_the_numbers_that_are_void(kiosk: Kiosk) -> None:
    kiosk.hall.voided = "已作废的号：A001、V 字头 V008 以后，请重新取号"
    for _ in range(LINK_EVERY_TICKS):
        kiosk.window.shell.tick()
    assert kiosk.text("首页提示") == "已作废的号：A001、V 字头 V008 以后，请重新取号。"
    assert kiosk.cut_labels() == []
    kiosk.hall.away = True
    for _ in range(LINK_EVERY_TICKS):
        kiosk.window.shell.tick()
    assert kiosk.text("首页提示").endswith("到咨询台。"), "what cannot be done comes first"


def test_home_says_what_still_works_while_the_node_is_away(kiosk: Kiosk) -> None:
    kiosk.hall.away = True
    for _ in range(LINK_EVERY_TICKS):
        kiosk.window.shell.tick()
    assert "取号、看指南不受影响" in kiosk.text("首页提示")
    kiosk.hall.away = False
    for _ in range(LINK_EVERY_TICKS):
        kiosk.window.shell.tick()
    assert kiosk.text("首页提示") == ""


def test_without_a_slip_nobody_is_told_to_show_it(kiosk: Kiosk) -> None:
    kiosk.hall.away = True
    kiosk.printer.next_state = SlipState.NO_PAPER
    for step in ("取号办事", "迁户口", "取号"):
        kiosk.press(step)
    assert "把小票给窗口看" not in kiosk.text("到哪里排队")
    assert "告诉窗口这个号" in kiosk.text("到哪里排队")
    assert "没有小票也能办" in kiosk.text("小票状态")


def test_rows_fill_the_page_and_keep_their_height_on_the_last(kiosk: Kiosk) -> None:
    kiosk.press("办事指南")
    kiosk.press("买卖房子")
    paged = next(p for p in kiosk.window.findChildren(PagedTiles) if p.isVisible() and len(p.tiles()) > 8)
    shown = [t for t in paged.tiles() if t.isVisible()]
    foot = next(
        b for b in kiosk.window.findChildren(QAbstractButton) if b.accessibleName() == "指南内容下一页"
    )
    gap = foot.mapTo(paged, foot.rect().topLeft()).y() - shown[-1].geometry().bottom()
    assert gap < 40
    heights = {t.height() for t in shown}
    assert len(heights) == 1
    while foot.isEnabled():
        foot.click()
        settle()
    assert {t.height() for t in paged.tiles() if t.isVisible()} <= heights


def test_low_layout_keeps_choices_in_reach(kiosk: Kiosk) -> None:
    kiosk.press("位置")
    for button in kiosk.window.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.mapTo(kiosk.window, button.rect().topLeft()).y() > 1920 * 0.4


def test_names_are_unique_on_each_page(kiosk: Kiosk) -> None:
    for step in ("取号办事", "给孩子上户口", "需要优先办理", "取号"):
        kiosk.press(step)
        names = [b.accessibleName() for b in kiosk.window.findChildren(QAbstractButton) if b.isVisible()]
        assert all(names)
        assert len(names) == len(set(names))
