"""The window that says why a program does not start, or why it must not go on. Also on standard error."""

import sys

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

_SENTENCE_ENDS = "。！？"


class RefusalBox(QMessageBox):
    """The first sentence large, the others below; one button, which only closes it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        first, rest = first_sentence(text)
        self.setWindowTitle(self.tr("一窗"))
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(first)
        self.setInformativeText(rest)
        button = self.addButton(self.tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
        self.setDefaultButton(button)


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
    if QApplication.platformName() not in ("offscreen", "minimal"):
        RefusalBox(text).exec()


def first_sentence(text: str) -> tuple[str, str]:
    ends = [i for i in (text.find(c) for c in _SENTENCE_ENDS) if i >= 0]
    cut = min(ends) + 1 if ends else len(text)
    return text[:cut], text[cut:]
