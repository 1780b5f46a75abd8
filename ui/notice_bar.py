"""One line that tells what happened, what is safe and what to do; it never takes the focus."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.buttons import BigButton
from ui.icons import IconLabel
from ui.labels import TONE_ICONS, WrapLabel
from ui.notice import Notice
from ui.style_roles import set_role, set_tone

__all__ = ["Notice", "NoticeBar"]


class NoticeBar(QFrame):
    """Shows one Notice, or takes no room.

    Signals:
        action_pressed: the notice's own button.
    """

    action_pressed = Signal()

    def __init__(self, *, name: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        """name: accessibleName of the text label; give each bar of a window its own."""
        super().__init__(parent)
        set_role(self, "notice")
        self._notice: Notice | None = None
        self._icon = IconLabel("info-circle", 1.3)
        self._text = WrapLabel(role=role, name=name or self.tr("提示"), balanced=True)
        self._button = BigButton("", kind="secondary")
        self._button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._button.clicked.connect(self.action_pressed)
        set_role(self._icon, role)
        row = QHBoxLayout(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def notice(self) -> Notice | None:
        """What is shown."""
        return self._notice

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or none. The same notice again changes nothing and is not read out twice."""
        if notice == self._notice:
            return
        self._notice = notice
        if notice is None:
            self._text.setText("")
            self.hide()
            return
        self._icon.set_icon(TONE_ICONS[notice.tone])
        self._text.setText(notice.text)
        self._button.setText(notice.action)
        self._button.setAccessibleName(notice.action)
        self._button.setVisible(bool(notice.action))
        for part in (self, self._icon):
            set_tone(part, notice.tone)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))
