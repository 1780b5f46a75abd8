"""The window that says why a program does not start, or why it must not go on. Also on standard error."""

import sys

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QVBoxLayout, QWidget

from ui.buttons import BigButton
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.style_roles import set_tone
from ui.theme import apply_theme
from ui.tokens import Tone, counter_theme

_SENTENCE_ENDS = "。！？"
LINE_EM = 28
"""Width in lines of body text."""


class RefusalBox(QDialog):
    """The first sentence large, below it one paragraph a line; one button, which only closes it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("一窗"))
        first, rest = first_sentence(text)
        self._icon = IconLabel("alert-triangle", 2.0)
        set_tone(self._icon, Tone.ATTENTION)
        em = self.fontMetrics().height()
        words = QVBoxLayout()
        words.setSpacing(em // 2)
        self.labels = [WrapLabel(first, role="lead")]
        self.labels[0].set_bold()
        self.labels += [WrapLabel(line) for line in rest.split("\n") if line]
        for label in self.labels:
            words.addWidget(label)
        self.button = BigButton(self.tr("知道了"), kind="primary")
        self.button.clicked.connect(self.accept)
        layout = QGridLayout(self)
        layout.setContentsMargins(em, em, em, em)
        layout.setHorizontalSpacing(em)
        layout.setVerticalSpacing(em)
        layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 0, 1)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.button, 1, 1, Qt.AlignmentFlag.AlignRight)
        for widget in (self._icon, *self.labels, self.button):
            # the sizes below come with the style
            widget.ensurePolished()
            widget.updateGeometry()
        self.button.setMinimumWidth(8 * em)
        width = min(LINE_EM * em, self.screen().availableGeometry().width() * 9 // 10)
        self.setFixedWidth(width)
        self.setFixedHeight(layout.heightForWidth(width))


class DamageWatch(QObject):
    """Shows a fault that another thread has found; once.

    Signals:
        found: the text, from any thread.
    """

    found = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.box: RefusalBox | None = None
        self.found.connect(self._show, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _show(self, text: str) -> None:
        if self.box is None:
            self.box = RefusalBox(text)
            # the screens behind can still be read, and printed from
            self.box.setModal(False)
            self.box.show()


def refuse(text: str) -> None:
    """Say it on standard error and, where there is a screen, in a window; returns when that is closed."""
    sys.stderr.write(f"{text}\n")
    app = QApplication.instance()
    if isinstance(app, QApplication) and QApplication.platformName() not in ("offscreen", "minimal"):
        apply_theme(app, counter_theme())
        RefusalBox(text).exec()


def first_sentence(text: str) -> tuple[str, str]:
    ends = [i for i in (text.find(c) for c in _SENTENCE_ENDS) if i >= 0]
    cut = min(ends) + 1 if ends else len(text)
    return text[:cut], text[cut:].lstrip("\n")
