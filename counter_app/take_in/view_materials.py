"""③ The material list to walk with arrows and space, and the chosen material beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counter_app.keys import Action
from counter_app.take_in.materials import MaterialsState
from counter_app.take_in.ports import MaterialRow, MaterialState, OriginalPlace, Presented
from counter_app.take_in.state import needed_text
from counter_app.take_in.view_choices import KeyedOption, OptionGroup
from counter_app.view_parts import Card, CountLabel, KeyButton, LineField
from counter_app.view_preview import OpenablePreview
from counter_app.view_rows import ListRow, RowList
from hall.identity.identity_paper import IdentityPaper
from hall.intake.model import counted, needed
from hall.journal.typed_text import DEFECT
from ui.labels import WrapLabel
from ui.tokens import Palette, Tone

_PRESENTED = {"1": Presented.ORIGINAL, "2": Presented.COPY, "3": Presented.ELECTRONIC}
_PLACES = {"T": OriginalPlace.RETURNED, "K": OriginalPlace.KEPT, "S": OriginalPlace.SENT_ON}
_CHECKS = {
    " ": MaterialState.CHECKED_OK,
    "X": MaterialState.DEFECTIVE,
    "R": MaterialState.TOLERATED,
    "M": MaterialState.WAIVED,
}
_PRESENTED_WORDS = {
    Presented.ORIGINAL: "原件",
    Presented.COPY: "复印件",
    Presented.ELECTRONIC: "电子证照",
}
_PLACE_WORDS = {
    OriginalPlace.RETURNED: "原件退还",
    OriginalPlace.KEPT: "原件留存",
    OriginalPlace.SENT_ON: "转交部门",
    OriginalPlace.NONE: "",
}
_STATES = {
    MaterialState.REQUIRED: ("待收", "circle", Tone.PLAIN),
    MaterialState.PRESENTED: ("待核", "circle-dot", Tone.INFO),
    MaterialState.CHECKED_OK: ("已核", "circle-check", Tone.DONE),
    MaterialState.DEFECTIVE: ("不符", "circle-x", Tone.WRONG),
    MaterialState.TOLERATED: ("容缺", "clock", Tone.ATTENTION),
    MaterialState.WAIVED: ("免交", "circle-check", Tone.DONE),
}


class MaterialsView(QWidget):
    """Signals:
    stepped, picked: the cursor. ok_pressed, defect_pressed, tolerate_pressed, waive_pressed: the check.
    presented_pressed: a Presented. place_pressed: an OriginalPlace. copies_pressed: +1 or -1.
    defect_edited: text. defect_saved: Enter in the defect line. acted: an Action.
    """

    stepped = Signal(int)
    picked = Signal(int)
    ok_pressed = Signal()
    defect_pressed = Signal()
    tolerate_pressed = Signal()
    waive_pressed = Signal()
    presented_pressed = Signal(object)
    place_pressed = Signal(object)
    copies_pressed = Signal(int)
    defect_edited = Signal(str)
    defect_saved = Signal()
    acted = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.rows = RowList(self.tr("材料清单"), palette, empty=self.tr("这个情形不用交材料，按 F9 继续"))
        self._title = WrapLabel("", role="body", name=self.tr("材料合计"))
        self._title.set_bold()
        self.detail = _MaterialDetail()
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self._title)
        left.addWidget(self.rows, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 11)
        row.addWidget(self.detail, 10)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.picked)
        self.rows.entered.connect(self.ok_pressed)
        self.rows.typed.connect(self._on_typed)
        self.detail.typed.connect(self._on_typed)
        self.detail.acted.connect(self.acted)
        self.detail.line.textEdited.connect(self.defect_edited)
        self.detail.line.returnPressed.connect(self.defect_saved)

    def show_state(self, state: MaterialsState) -> None:
        total = len(state.materials)
        settled = sum(
            m.state in (MaterialState.CHECKED_OK, MaterialState.WAIVED, MaterialState.TOLERATED)
            for m in state.materials
        )
        shared = sum(m.shared_by > 1 for m in state.materials)
        text = self.tr("材料 %1 项，已核 %2 项").replace("%1", str(total)).replace("%2", str(settled))
        if shared:
            text += self.tr("，%1 项共用").replace("%1", str(shared))
        self._title.setText(text)
        self.rows.show_rows(tuple(material_row(m) for m in state.materials), state.at)
        was_writing = not self.detail.line.isHidden()
        self.detail.show_state(state)
        if state.writing_defect and not was_writing:
            self.detail.line.setFocus()
        elif was_writing and not state.writing_defect and self.isVisible():
            self.rows.setFocus()

    def _on_typed(self, text: str) -> None:
        if text in _PRESENTED:
            self.presented_pressed.emit(_PRESENTED[text])
        elif text in _PLACES:
            self.place_pressed.emit(_PLACES[text])
        elif text in "+-=":
            self.copies_pressed.emit(-1 if text == "-" else 1)
        elif text in (" ", "X", "R", "M"):
            presses = {
                " ": self.ok_pressed,
                "X": self.defect_pressed,
                "R": self.tolerate_pressed,
                "M": self.waive_pressed,
            }
            presses[text].emit()


class _MaterialDetail(QScrollArea):
    """What was brought, where the original lies, is it right; each button shows its key.

    Signals:
        typed: the character of the button that was clicked. acted: an Action.
    """

    typed = Signal(str)
    acted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name = WrapLabel("", role="lead", name=self.tr("当前材料"))
        self._name.set_bold()
        self._needed = WrapLabel("", role="caption", tone="muted", name=self.tr("当前材料要求"))
        self._points = WrapLabel("", role="caption", tone="muted", name=self.tr("核对要点"))
        self._brought = WrapLabel("", role="body", name=self.tr("当前材料登记"))
        self.line = LineField()
        self.line.setAccessibleName(self.tr("不符说明"))
        self.line.setPlaceholderText(self.tr("例如：没有签名，请签名并写上日期"))
        caption = self.tr("哪里不符、怎样才对（会原样印在告知书上）。回车保存，Esc 取消")
        self._caption = WrapLabel(
            caption, role="caption", tone="muted", name=self.tr("不符说明提示"), balanced=True
        )
        self._caption.setBuddy(self.line)
        self._count = CountLabel(DEFECT, self.tr("不符说明"))
        self.line.textChanged.connect(self._count.show_for)
        self._preview = OpenablePreview(self.tr("材料页面"), empty_text=self.tr("还没有拍页面，F8 拍摄"))
        self._preview.opened.connect(self.acted)
        self._preview.setMinimumHeight(120)
        self._capture = KeyButton(Action.CAPTURE, self.tr("拍摄"))
        self._capture.acted.connect(self.acted)
        self._shown_page = ""
        card = Card(margin=12, spacing=8)
        groups = (
            (
                self.tr("核对结果"),
                (
                    (" ", self.tr("核对无误")),
                    ("X", self.tr("有不符")),
                    ("R", self.tr("容缺")),
                    ("M", self.tr("免交")),
                ),
            ),
            (
                self.tr("收到的是"),
                (
                    ("1", self.tr("原件")),
                    ("2", self.tr("复印件")),
                    ("3", self.tr("电子证照")),
                    ("+", self.tr("加一份")),
                ),
            ),
            (
                self.tr("原件去向"),
                (("T", self.tr("原件退还")), ("K", self.tr("原件留存")), ("S", self.tr("转交部门"))),
            ),
        )
        self._options: list[KeyedOption] = []
        self._groups: list[OptionGroup] = []
        for caption, keys in groups:
            options = [KeyedOption(key, text, lasting=key != "+") for key, text in keys]
            group = OptionGroup(caption, options)
            group.typed.connect(self.typed)
            self._options += options
            self._groups.append(group)
        texts = (self._name, self._needed, self._brought, self._points, self._caption)
        for part in (*texts, self.line, self._count):
            card.column.addWidget(part)
        for group in self._groups:
            card.column.addWidget(group)
        card.column.addWidget(self._capture)
        card.column.addWidget(self._preview, 1)
        card.column.addStretch(0)
        self._card = card
        self.setWidget(card)

    def show_state(self, state: MaterialsState) -> None:
        row = state.current
        self._card.setVisible(row is not None)
        if row is None:
            return
        self._name.setText(row.name)
        self._needed.setText(self.tr("需要：%1").replace("%1", needed_text(row)))
        self._brought.setText(_brought_text(row))
        self._points.setText("\n".join(f"· {point}" for point in row.review_points))
        self._points.setVisible(bool(row.review_points))
        self._caption.setVisible(state.writing_defect)
        self.line.setVisible(state.writing_defect)
        if not state.writing_defect:
            self._count.hide()
        if self.line.text() != state.defect_text:
            self.line.setText(state.defect_text)
        original = row.presented in (None, Presented.ORIGINAL)
        shown = {
            "T": original,
            "K": original and not row.identity,
            "S": original and row.identity is not IdentityPaper.CARD,
            "R": row.tolerable,
            "M": bool(row.waivable),
            "3": row.electronic_ok,
            "+": row.presented in (Presented.ORIGINAL, Presented.COPY),
        }
        keys = {option.key for option in self._options if state.editable and shown.get(option.key, True)}
        for group in self._groups:
            group.place(keys)
        waits = row.state in (MaterialState.REQUIRED, MaterialState.PRESENTED) and not state.writing_defect
        chosen = _chosen_keys(row)
        for option in self._options:
            # while a text is typed, its letters are letters
            option.setEnabled(not state.writing_defect)
            option.show_chosen(option.key in chosen, awaited=waits and option.key == " ")
        self._capture.setVisible(state.editable and not state.unsaved)
        self._show_page(row)

    def _show_page(self, row: MaterialRow) -> None:
        page = row.pages[-1] if row.pages else None
        shown = f"{row.material_id}/{page.page_id}/{len(row.pages)}" if page is not None else ""
        if shown == self._shown_page and self._shown_page:
            return
        self._shown_page = shown
        if page is None:
            self._preview.show_image(None)
            self._preview.hide()
        else:
            caption = self.tr("共 %1 页").replace("%1", str(len(row.pages)))
            self._preview.show_image(QImage.fromData(page.thumb), caption)
            self._preview.show()


def _chosen_keys(row: MaterialRow) -> set[str]:
    """What stands of this material, as the keys that say it."""
    chosen = {key for key, state in _CHECKS.items() if state is row.state}
    if row.presented is not None:
        chosen |= {key for key, form in _PRESENTED.items() if form is row.presented}
        chosen |= {key for key, place in _PLACES.items() if place is row.original_place}
    return chosen


def _count_text(presented: Presented, copies: int) -> str:
    """「原件 2 份」; an electronic licence has no number."""
    word = _PRESENTED_WORDS[presented]
    return word if presented is Presented.ELECTRONIC else f"{word} {counted(copies)} 份"


def _brought_text(row: MaterialRow) -> str:
    word, _icon, _tone = _STATES[row.state]
    parts = [word]
    if row.presented is not None:
        parts.append(_count_text(row.presented, row.copies))
        if _PLACE_WORDS[row.original_place]:
            parts.append(_PLACE_WORDS[row.original_place])
    if row.defect and row.state is MaterialState.DEFECTIVE:
        parts.append(row.defect)
    return " · ".join(parts)


def _more_than_one(row: MaterialRow) -> str:
    """「需 2 份」 where one is not enough, so that the second is not forgotten."""
    wanted = needed(row.presented, row.original_needed, row.copies_needed)
    return f"需 {wanted} 份" if wanted > 1 else ""


def material_row(row: MaterialRow) -> ListRow:
    word, icon, tone = _STATES[row.state]
    parts = []
    if row.state is MaterialState.DEFECTIVE:
        parts.append(row.defect)
    elif row.presented is not None:
        parts.append(_count_text(row.presented, row.copies))
        parts.append(_more_than_one(row))
        parts.append(_PLACE_WORDS[row.original_place])
    else:
        parts.append(needed_text(row))
    if row.tolerable and row.state is MaterialState.REQUIRED:
        parts.append("可容缺")
    if row.waivable and row.state is MaterialState.REQUIRED:
        parts.append(f"{row.waivable}可免交")
    if not row.necessary:
        parts.append("非必要")
    if row.shared_by > 1:
        parts.append(f"{row.shared_by} 项共用")
    if row.pages:
        parts.append(f"{len(row.pages)} 页")
    return ListRow(row.name, " · ".join(p for p in parts if p), word, icon, tone)
