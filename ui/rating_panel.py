"""Five levels of satisfaction, then reasons of the chosen level; the reasons come from the hall's table."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.buttons import BigButton, ChoiceButton, TileButton
from ui.labels import WrapLabel


@dataclass(frozen=True, slots=True)
class RatingReason:
    """code: the national reason code (three digits, first digit = level)."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class RatingLevel:
    """key: the level's name in the domain. icon: of resources/icons. reasons: of this level only."""

    key: str
    text: str
    icon: str
    reasons: tuple[RatingReason, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingChoice:
    """What a person chose."""

    level: str
    reasons: tuple[int, ...]
    anonymous: bool


class RatingPanel(QWidget):
    """Levels as faces with words, reasons as toggles, one button to send.

    Signals:
        submitted: a RatingChoice; a level was chosen before, reasons may be empty.
    """

    submitted = Signal(object)

    def __init__(
        self, levels: tuple[RatingLevel, ...], *, columns: int = 2, parent: QWidget | None = None
    ) -> None:
        """levels: best first. columns: of reasons on an upright screen; a lying one gets more."""
        super().__init__(parent)
        self._columns = columns
        self._levels = levels
        self._chosen: RatingLevel | None = None
        self._face_height = 0
        self._faces = QButtonGroup(self)
        self._reasons: list[ChoiceButton] = []
        self._face_row = QWidget()
        row = QHBoxLayout(self._face_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for index, level in enumerate(levels):
            face = TileButton(level.text, icon=level.icon)
            face.setCheckable(True)
            face.setProperty("density", "small")
            self._faces.addButton(face, index)
            row.addWidget(face, 1)
        self._faces.idClicked.connect(self._choose)
        self._question = WrapLabel("", role="body", tone="muted")
        self._reason_grid = QGridLayout()
        self._reason_grid.setSpacing(12)
        self._anonymous = ChoiceButton(self.tr("匿名评价"))
        self._send = BigButton(self.tr("提交评价"), icon="send", kind="primary")
        self._send.clicked.connect(self._submit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._face_row)
        column.addWidget(self._question)
        column.addLayout(self._reason_grid)
        last = QHBoxLayout()
        last.setSpacing(12)
        last.addWidget(self._anonymous, 1)
        last.addWidget(self._send, 2)
        column.addLayout(last)
        self.clear()

    def set_face_height(self, height_px: int) -> None:
        """Larger faces where there is room, until a level is chosen and its reasons need it."""
        self._face_height = height_px
        self._face_row.setMinimumHeight(height_px)

    def clear(self) -> None:
        """Forget what was chosen."""
        self._chosen = None
        self._face_row.setMinimumHeight(self._face_height)
        self._faces.setExclusive(False)
        for button in self._faces.buttons():
            button.setChecked(False)
        self._faces.setExclusive(True)
        self._anonymous.setChecked(False)
        self._show_reasons(())
        for part in (self._question, self._anonymous, self._send):
            part.hide()

    def set_busy(self, busy: bool) -> None:
        """The rating is being saved."""
        self._send.set_busy(busy)

    def _choose(self, index: int) -> None:
        level = self._levels[index]
        if level == self._chosen:
            return
        self._chosen = level
        self._face_row.setMinimumHeight(0)
        self._question.setText(self.tr("您选择了「{0}」。主要是因为（可不选，可多选）：").format(level.text))
        self._show_reasons(level.reasons)
        for part in (self._anonymous, self._send):
            part.show()
        # a narrow lying screen has no line to spare; the chosen face is framed there
        self._question.setVisible(self._wide() or not self._lying())

    def _lying(self) -> bool:
        return self.window().width() > self.window().height()

    def _wide(self) -> bool:
        return self.window().width() * 2 >= self.window().height() * 3

    def _show_reasons(self, reasons: tuple[RatingReason, ...]) -> None:
        for old in self._reasons:
            self._reason_grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._reasons = []
        columns = self._columns * 2 if self._wide() else self._columns + 1 if self._lying() else self._columns
        for index, reason in enumerate(reasons):
            button = ChoiceButton(reason.text)
            button.setProperty("density", "dense")
            button.setProperty("reason_code", reason.code)
            self._reason_grid.addWidget(button, index // columns, index % columns)
            self._reason_grid.setColumnStretch(index % columns, 1)
            self._reasons.append(button)

    def _submit(self) -> None:
        if self._chosen is None:
            return
        codes = tuple(int(b.property("reason_code")) for b in self._reasons if b.isChecked())
        self.submitted.emit(RatingChoice(self._chosen.key, codes, self._anonymous.isChecked()))
