"""What stands filled, what is counted under which word, and which keys are alive: one screen, one thing to do."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from counter_app.corrections.ports import ErrandKind
from counter_app.keys import Action
from counter_app.take_in.ports import OriginalPlace, Presented
from counter_app.take_in.state import lacking_of
from counter_app.view_rows import RowList
from hall.identity.identity_paper import IdentityPaper
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import CASE_NO, RESULT, all_in_hand, check_all, serve, to_materials
from ui.tokens import counter_theme


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    sign_in = bench.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    bench.window.resize(1366, 768)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    return bench


def filled(bench: Bench) -> list[str]:
    """Names of the filled buttons that are seen."""
    buttons = bench.window.findChildren(QPushButton)
    return [b.text() for b in buttons if b.isVisible() and b.property("kind") == "primary"]


def texts(bench: Bench) -> list[str]:
    return [label.text() for label in bench.window.findChildren(QLabel) if label.isVisible()]


def button(bench: Bench, name: str) -> QPushButton:
    (found,) = [b for b in bench.window.findChildren(QPushButton) if b.accessibleName() == name]
    return found


def test_cut_off_from_the_node_the_slip_leads_and_nothing_offers_to_call(shown: Bench, qtbot: QtBot) -> None:
    shown.hall.cut_off = True
    shown.window.refresh()
    qtbot.wait(1)
    assert filled(shown) == ["凭号票办理"]
    assert "呼叫下一位" not in [b.text() for b in shown.window.findChildren(QPushButton) if b.isVisible()]
    shown.hall.cut_off = False
    shown.window.refresh()
    qtbot.wait(1)
    assert filled(shown) == ["呼叫下一位"]


def test_the_queue_leads_only_when_no_other_work_does(shown: Bench) -> None:
    assert filled(shown) == ["呼叫下一位"]
    p = serve(shown)
    to_materials(p)
    assert "结束本号" not in filled(shown)
    check_all(p)
    assert filled(shown) == ["去确认收件"]
    p.slices.take_in.press_main()
    for _ in range(4):
        p.visit.act(Action.MAIN)
    assert "已派" in p.slices.dispatch.state.notice.text
    p.visit.act(Action.BACK)
    assert filled(shown) == ["结束本号"]


def test_a_question_without_an_answer_is_no_end_of_the_visit(shown: Bench) -> None:
    p = serve(shown)
    take_in = p.slices.take_in
    to_materials(p)
    take_in.press_step(2)
    take_in.press_answer("q1", "")
    assert "结束本号" not in filled(shown)


def test_right_leads_while_the_material_waits_for_it_and_is_filled_when_it_stands(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    materials = p.slices.materials
    assert filled(shown) == ["去确认收件"], "one filled button to press on a screen"
    assert button(shown, "核对无误").property("weight") == "strong"
    materials.press_original_place(OriginalPlace.KEPT)
    materials.press_ok()
    materials.select(0)
    assert button(shown, "核对无误").property("weight") == "chosen"


def test_what_was_received_is_never_called_missing(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    materials = p.slices.materials
    materials.press_presented(Presented.ORIGINAL)
    materials.press_defect()
    materials.edit_defect("缺背面")
    materials.press_save_defect()
    materials.press_presented(Presented.ORIGINAL)
    lacking = lacking_of(materials.state.materials)
    assert lacking.defective == ("父亲身份证",)
    assert lacking.unchecked == ("出生医学证明（副页）",)
    assert lacking.missing == ("结婚证",)
    assert lacking.tolerable == ("预防接种证",)
    step = p.visit.state.next_step
    assert (step.missing, step.unchecked, step.defective) == (
        lacking.missing,
        lacking.unchecked,
        lacking.defective,
    )
    assert {"还差 1 项", "待核 1 项", "有不符 1 项", "可容缺 1 项"} <= set(texts(shown))


def test_while_a_mismatch_is_written_its_letters_are_no_keys(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    materials = p.slices.materials
    materials.press_defect()
    assert any("回车保存" in text for text in texts(shown))
    for name in ("核对无误", "有不符", "原件退还", "原件留存", "转交部门"):
        assert not button(shown, name).isEnabled(), name
    materials.press_back()
    assert button(shown, "核对无误").isEnabled()
    assert not any("回车保存" in text for text in texts(shown))


def test_keys_that_a_material_allows_have_a_button(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    seen = {name: [] for name in ("容缺", "免交", "转交部门")}  # type: dict[str, list[bool]]
    for at in range(4):
        p.slices.materials.select(at)
        for name, found in seen.items():
            found.append(button(shown, name).isVisible())
    assert seen == {
        "容缺": [False, False, True, False],
        "免交": [False, False, False, True],
        "转交部门": [True, True, True, True],
    }


def test_keeping_an_identity_paper_is_refused_at_once_with_the_reason(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    case = shown.hall.cases["c1"]
    card = replace(case.materials[0], name="父母双方居民身份证", identity=IdentityPaper.CARD)
    book = replace(case.materials[1], name="居民户口簿", identity=IdentityPaper.BOOK)
    shown.hall.cases["c1"] = replace(case, materials=(card, book, *case.materials[2:]))
    # any key of the list brings the case as the hall has it now
    p.slices.materials.press_presented(Presented.ORIGINAL)
    p.slices.materials.select(0)
    assert [button(shown, name).isVisible() for name in ("原件留存", "转交部门")] == [False, False]
    p.slices.materials.press_ok()
    told = p.slices.materials.state.notice.text
    assert "按 F8" in told
    assert "按 K" not in told
    assert "按 S" not in told
    for place in (OriginalPlace.KEPT, OriginalPlace.SENT_ON):
        p.slices.materials.press_original_place(place)
        assert "《父母双方居民身份证》是身份证件，不得扣留" in p.slices.materials.state.notice.text
    assert shown.hall.cases["c1"].materials[0].original_place is OriginalPlace.RETURNED
    p.slices.materials.select(1)
    assert [button(shown, name).isVisible() for name in ("原件留存", "转交部门")] == [False, True]
    p.slices.materials.press_original_place(OriginalPlace.SENT_ON)
    assert shown.hall.cases["c1"].materials[1].original_place is OriginalPlace.SENT_ON
    p.slices.materials.select(2)
    assert [button(shown, name).isVisible() for name in ("原件留存", "转交部门")] == [True, True]


def test_what_a_correction_listed_stays_to_be_read(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    p.slices.materials.press_defect()
    p.slices.materials.edit_defect("缺背面")
    p.slices.materials.press_save_defect()
    for _ in p.slices.materials.state.materials[1:]:
        p.slices.materials.press_original_place(OriginalPlace.KEPT)
        p.slices.materials.press_ok()
    p.slices.outcome.press_receive()
    p.visit.act(Action.NOTICE)
    p.slices.outcome.press_main()
    page = shown.window.desk.take_in.outcome
    assert page.defects.isVisible()
    assert [row.detail for row in page.defects.rows()] == ["缺背面"]


def test_two_needed_are_said_to_be_two(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    case = shown.hall.cases["c1"]
    two = replace(case.materials[0], original_needed=2)
    shown.hall.cases["c1"] = replace(case, materials=(two, *case.materials[1:]))
    p.slices.materials.press_original_place(OriginalPlace.KEPT)
    rows = shown.window.desk.take_in.materials.rows
    assert rows.row(0).detail.startswith("原件 1 份 · 需 2 份 · 原件留存")


def test_a_result_in_hand_says_when_and_a_visit_without_number_is_not_ended(shown: Bench) -> None:
    shown.hall.results_list = (replace(RESULT, place="还没有点收"),)
    p = shown.window.presenters
    p.visit.act(Action.DELIVERY)
    p.visit.act(Action.MAIN)
    all_in_hand(p)
    p.visit.act(Action.READ_CARD)
    for _ in range(3):
        p.visit.act(Action.MAIN)
    (where,) = [text for text in texts(shown) if CASE_NO in text]
    assert where.endswith("已领取 14:05")
    assert not any("还没有点收" in text for text in texts(shown))
    assert [hint.text for hint in p.visit.state.next_step.hints] == ["再打回证", "放大查看"]
    assert filled(shown) == ["下一个结果"]


def test_a_receipt_says_which_number_asks_for_progress(shown: Bench) -> None:
    p = shown.window.presenters
    p.visit.act(Action.CORRECTIONS)
    corrections = p.slices.corrections
    corrections.edit_code(CASE_NO)
    corrections.choose_kind(ErrandKind.WITHDRAWAL)
    for _ in range(4):
        if corrections.state.receipt is None:
            p.visit.act(Action.MAIN)
    assert corrections.state.receipt is not None
    (said,) = [text for text in texts(shown) if "查进度用办件编号" in text]
    assert said.endswith(CASE_NO)
    assert "结束本号" not in [hint.text for hint in p.visit.state.next_step.hints]


def test_nobody_waits_is_said_once_and_not_longer_than_true(shown: Bench) -> None:
    p = shown.window.presenters
    rows = shown.window.desk.queue.rows
    assert rows.empty_text() == "现在没有人等候"
    p.visit.act(Action.CALL_NEXT)
    assert p.slices.queue.state.notice.text == "现在没有人等候。"
    assert rows.empty_text() == ""
    shown.hall.add_ticket("A018")
    p.slices.queue.refresh()
    assert p.slices.queue.state.notice.text == ""


def test_an_empty_list_is_read_as_easily_as_a_caption(shown: Bench) -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    palette = counter_theme().palette
    lists = RowList("名单", palette, empty="现在没有人等候")
    lists.resize(300, 200)
    image = lists.grab().toImage()
    darkest = min(image.pixelColor(x, y).lightness() for x in range(300) for y in range(200))
    lists.deleteLater()
    assert darkest <= 110


def test_minutes_and_the_window_are_said_in_full(shown: Bench) -> None:
    shown.hall.add_ticket("A018")
    shown.window.presenters.slices.queue.refresh()
    assert any("等候 1 人 · 平均等" in text and text.endswith("分钟") for text in texts(shown))
    assert shown.window.desk.queue.rows.row(0).badge == "等 3 分钟"
    assert "昌吉市政务服务中心 · 3号 综合受理" in texts(shown)
