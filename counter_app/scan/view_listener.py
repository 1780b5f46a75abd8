"""Watches the keys of one window: scanning works wherever the focus is, except in a field."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from counter_app.scan.detector import ScanDetector


class KeyListener(QObject):
    """Event filter of the native window, which every key passes once: a filter of the application would run
    Python for each event of each widget. It eats the Enter that ends a scan outside of any text field, and what a
    key that is held down repeats where a press confirms something.

    Signals:
        scanned: a code (str).
        active: somebody pressed a key or moved the mouse.
    """

    scanned = Signal(str)
    active = Signal()

    def __init__(self, clock: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._detector = ScanDetector()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.active.emit()
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.active.emit()
            return _held_down(event) or self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        # a code field takes the code itself; other fields keep what was typed into them
        if isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):
            return False
        text = event.text()
        if text in ("\r", "\n"):
            code = self._detector.finish(self._clock())
            if code:
                self.scanned.emit(code)
                return True
        elif len(text) == 1 and text.isprintable() and text != " ":
            self._detector.feed(text, self._clock())
        return False


_CONFIRMING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def _held_down(event: QKeyEvent) -> bool:
    if not event.isAutoRepeat() or event.key() not in _CONFIRMING:
        return False
    focus = QApplication.focusWidget()
    writing = isinstance(focus, QPlainTextEdit) or (
        isinstance(focus, QLineEdit) and event.key() == Qt.Key.Key_Space
    )
    return not writing
