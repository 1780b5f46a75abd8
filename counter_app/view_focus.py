"""The focus while a line or a question lies over the page: lent, kept, given back. GUI thread."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QWidget

_BY_PROGRAM = Qt.FocusReason.OtherFocusReason
"""What a page gives when it takes the focus because its step has changed; a person's Tab or click has its own."""
_BY_LOAN = Qt.FocusReason.ShortcutFocusReason
"""A loan's own: two that are open at once must not take the keys from each other without end."""


class FocusLoan(QObject):
    """Keys go to `field` from `take` to `give_back`, also when a page behind it changes meanwhile.

    Whoever asks for the focus in that time gets it afterwards; whoever had it before and is still to be seen gets
    it back else.

    Signals:
        orphaned: the one that had the focus can no longer be seen; the page should say where its keys work.
    """

    orphaned = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._before: QWidget | None = None
        self._lent = False
        field.installEventFilter(self)

    def take(self) -> None:
        """Call when the overlay is shown."""
        self._before = self._field.window().focusWidget()
        self._lent = True
        self._field.setFocus(_BY_LOAN)

    def give_back(self) -> None:
        """Call before the overlay is hidden: Qt would pass the focus to whoever comes next."""
        self._lent = False
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus()
        else:
            self.orphaned.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passed_on = isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() == _BY_PROGRAM
        # the whole desk was away, behind the lock, and is back with the line still over it
        back = event.type() is QEvent.Type.Show
        if self._lent and (passed_on or back):
            QTimer.singleShot(0, self, self._take_again)
        return super().eventFilter(watched, event)

    def _take_again(self) -> None:
        # a field that nobody sees must not take the keys: the PIN would be typed into it
        if not self._lent or not self._field.isVisible():
            return
        holder = QApplication.focusWidget()
        if holder is not self._field:
            self._before = holder
            self._field.setFocus(_BY_LOAN)
