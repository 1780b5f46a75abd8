"""The shared widgets, one behaviour each."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.buttons import BigButton, ChoiceButton, TileButton
from ui.fit_label import FitLabel
from ui.keypad import CODE_ROWS, ID_NUMBER_ROWS, Keypad
from ui.labels import StatusDot, WrapLabel
from ui.notice_bar import Notice, NoticeBar
from ui.page_preview import PagePreview
from ui.rating_panel import RatingChoice, RatingLevel, RatingPanel, RatingReason
from ui.signature_pad import SignaturePad
from ui.stepper import Stepper
from ui.text_block import lay_out
from ui.three_state_mark import Safekeeping, ThreeStateMark
from ui.tokens import Tone

LONG = "买买提·吐尔逊·阿卜杜热合曼·ThisLatinNameHasNoPlaceToBreakAtAllAndGoesOn𠮷𠮷𠮷"


def button(parent: QWidget, name: str) -> QAbstractButton:
    return next(b for b in parent.findChildren(QAbstractButton) if b.accessibleName() == name)


@pytest.mark.parametrize("width", [40.0, 90.0, 200.0, 2000.0])
@pytest.mark.parametrize("balanced", [False, True])
def test_layout_never_drops_a_character(qtbot: QtBot, width: float, balanced: bool) -> None:
    font = QFont()
    font.setPixelSize(20)
    block = lay_out(LONG, font, width, balanced=balanced)
    assert "".join(line.text for line in block.lines) == LONG
    widest = QFontMetricsF(font).horizontalAdvance("买")
    assert block.width <= max(width, widest * 1.5) + 1


def test_balanced_lines_leave_no_orphan(qtbot: QtBot) -> None:
    font = QFont()
    font.setPixelSize(20)
    width = QFontMetricsF(font).horizontalAdvance("叫工作人员帮") + 2
    assert [len(line.text) for line in lay_out("叫工作人员帮忙", font, width).lines] == [6, 1]
    assert min(len(line.text) for line in lay_out("叫工作人员帮忙", font, width, balanced=True).lines) >= 3


def test_wrap_label_asks_for_the_height_it_needs(qtbot: QtBot) -> None:
    label = WrapLabel(LONG, name="姓名")
    qtbot.addWidget(label)
    assert label.heightForWidth(80) > label.heightForWidth(400)
    assert label.accessibleName() == "姓名"


def test_fit_label_shrinks_a_long_name_until_it_fits(qtbot: QtBot) -> None:
    label = FitLabel("3 号窗口", least=0.2)
    font = QFont()
    font.setPixelSize(100)
    label.setFont(font)
    label.resize(500, 110)
    qtbot.addWidget(label)
    assert label.shown_px() == 100
    label.setText("不动产登记综合受理（含抵押、查封）12 号窗口")
    assert 20 <= label.shown_px() < 60
    assert label.fits()
    label.resize(60, 40)
    assert not label.fits()


def test_wrap_label_shows_markup_as_text(qtbot: QtBot) -> None:
    label = WrapLabel("<b>x</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_keypad_types_and_is_left_to_right(qtbot: QtBot) -> None:
    field, keys = QLineEdit(), Keypad(ID_NUMBER_ROWS)
    qtbot.addWidget(field)
    qtbot.addWidget(keys)
    keys.type_into(field)
    for name in ("按键 1", "按键 X", "按键 0"):
        button(keys, name).click()
    assert field.text() == "1X0"
    button(keys, "退格").click()
    assert field.text() == "1X"
    button(keys, "清空").click()
    assert field.text() == ""
    keys.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert all(b.focusPolicy() == Qt.FocusPolicy.NoFocus for b in keys.findChildren(QAbstractButton))


def test_keypad_stays_left_to_right_in_uyghur(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    keys = Keypad(CODE_ROWS, page)
    assert keys.layoutDirection() == Qt.LayoutDirection.LeftToRight


def test_notice_bar_does_not_take_focus_and_names_its_action(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    bar = NoticeBar(name="提示栏", parent=page)
    pressed: list[None] = []
    bar.action_pressed.connect(lambda: pressed.append(None))
    page.show()
    bar.show_notice(Notice("已删除一页", Tone.ATTENTION, "撤销"))
    assert bar.isVisible()
    button(bar, "撤销").click()
    assert len(pressed) == 1
    bar.show_notice(None)
    assert not bar.isVisible()


def test_three_state_mark_reads_as_words(qtbot: QtBot) -> None:
    mark = ThreeStateMark()
    qtbot.addWidget(mark)
    mark.show_safekeeping(Safekeeping(here=True, hall=True, centre=False))
    assert mark.accessibleName() == "本机已存 · 大厅已收 · 中心待传"


def test_status_dot_has_a_word(qtbot: QtBot) -> None:
    dot = StatusDot("打印机")
    qtbot.addWidget(dot)
    dot.show_status(Tone.WRONG, "没纸了")
    assert dot.words() == "打印机 没纸了"
    assert dot.findChildren(QLabel)[0].text() == "打印机 没纸了"


def test_stepper_says_where_one_is(qtbot: QtBot) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    stepper.show_steps(("申请人", "情形", "材料"), 2)
    assert stepper.accessibleName() == "第 3 步，共 3 步：材料"


def test_buttons_are_pressed_by_keyboard(qtbot: QtBot) -> None:
    for made in (BigButton("受理"), TileButton("取号"), ChoiceButton("老年人")):
        qtbot.addWidget(made)
        with qtbot.waitSignal(made.clicked):
            QTest.keyClick(made, Qt.Key.Key_Space)
        assert made.accessibleName() == made.text()


def test_busy_button_says_so(qtbot: QtBot) -> None:
    made = BigButton("受理", icon="check")
    qtbot.addWidget(made)
    made.set_busy(True)
    assert made.accessibleDescription() == "正在处理"


def test_signature(qtbot: QtBot) -> None:
    pad = SignaturePad()
    qtbot.addWidget(pad)
    pad.resize(400, 200)
    assert pad.png_bytes() == b""
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(pad, QPoint(120, 100))
    QTest.mouseMove(pad, QPoint(160, 40))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(160, 40))
    assert len(pad.strokes()) == 2
    image = QImage.fromData(pad.png_bytes(120))
    assert image.height() == 120
    assert any(image.pixelColor(x, y).alpha() > 200 for x in range(image.width()) for y in range(120))
    pad.clear()
    assert pad.is_empty()


def test_one_dot_is_no_signature(qtbot: QtBot) -> None:
    pad = SignaturePad()
    qtbot.addWidget(pad)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert pad.is_empty()


def test_preview_keeps_proportions(qtbot: QtBot) -> None:
    preview = PagePreview("预览", empty_text="请放好材料")
    qtbot.addWidget(preview)
    preview.resize(300, 300)
    assert preview.picture_rect().isEmpty()
    assert not preview.show_bytes(b"no picture")
    image = QImage(100, 200, QImage.Format.Format_RGB32)
    image.fill(0)
    preview.show_image(image, "第 1 页")
    rect = preview.picture_rect()
    assert rect.height() / rect.width() == pytest.approx(2.0)
    assert preview.rect().contains(rect.toAlignedRect())


def test_a_paper_drawn_small_keeps_its_thin_strokes(qtbot: QtBot) -> None:
    preview = PagePreview("预览")
    qtbot.addWidget(preview)
    paper = QImage(900, 1272, QImage.Format.Format_RGB32)
    paper.fill(0xFFFFFF)
    strokes = range(100, 800, 20)
    for x in strokes:
        for y in range(1272):
            paper.setPixel(x, y, 0)
    preview.resize(229, 400)
    preview.show_image(paper)
    seen, rect = preview.grab().toImage(), preview.picture_rect()
    factor = rect.width() / 900
    y = round(rect.center().y())
    for x in strokes:
        at = rect.left() + (x + 0.5) * factor
        darkest = min(seen.pixelColor(int(at) + step, y).lightness() for step in (-1, 0, 1))
        assert darkest < 235, x


def test_rating_panel(qtbot: QtBot) -> None:
    levels = (
        RatingLevel("good", "满意", "mood-smile", (RatingReason(413, "服务态度较好"),)),
        RatingLevel(
            "bad", "不满意", "mood-sad", (RatingReason(214, "服务态度生硬"), RatingReason(207, "没有样本"))
        ),
    )
    panel = RatingPanel(levels)
    qtbot.addWidget(panel)
    panel.show()
    assert not button(panel, "提交评价").isVisible()
    button(panel, "满意").click()
    button(panel, "服务态度较好").click()
    button(panel, "不满意").click()
    button(panel, "没有样本").click()
    with qtbot.waitSignal(panel.submitted) as caught:
        button(panel, "提交评价").click()
    assert caught.args == [RatingChoice("bad", (207,), False)]


def test_balanced_lines_part_where_the_sentence_does(qtbot: QtBot) -> None:
    font = QFont()
    font.setPixelSize(15)
    text = "《补正告知书》已打印。一式两份，每份都到盖章处加盖行政审批专用章，存档联请申请人签字后留下。"
    width = QFontMetricsF(font).horizontalAdvance(text) * 0.85
    lines = [line.text for line in lay_out(text, font, width, balanced=True).lines]
    assert len(lines) == 2
    assert "".join(lines) == text
    assert lines[0].endswith(("，", "。"))
