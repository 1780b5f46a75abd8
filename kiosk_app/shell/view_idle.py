"""「您还在吗？」 over everything, with the seconds that are left."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kiosk_app.idle import IdleReading
from ui.buttons import BigButton
from ui.labels import WrapLabel
from ui.style_roles import set_role
from ui.tokens import Theme


class IdleOverlay(QWidget):
    """Covers its parent while the idle question is up.

    Signals:
        more_time_pressed, end_pressed.
    """

    more_time_pressed = Signal()
    end_pressed = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        card = QFrame()
        set_role(card, "panel")
        card.setFixedWidth(theme.px(940))
        self._left = WrapLabel(role="lead", tone="attention", name=self.tr("剩余秒数"), align=centre)
        more = BigButton(self.tr("我还需要时间"), icon="clock", kind="primary")
        end = BigButton(self.tr("结束并清除"), icon="x", kind="danger", name=self.tr("现在结束并清除"))
        more.setMinimumHeight(theme.px(132))
        more.clicked.connect(self.more_time_pressed)
        end.clicked.connect(self.end_pressed)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(theme.px(64), theme.px(48), theme.px(64), theme.px(48))
        inside.setSpacing(theme.px(24))
        inside.addWidget(WrapLabel(self.tr("您还在吗？"), role="title", name=self.tr("还在吗"), align=centre))
        inside.addWidget(self._left)
        inside.addWidget(more)
        inside.addWidget(end)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(48), 0, theme.px(48), theme.px(260))
        column.addStretch(1)
        column.addWidget(card)
        column.setAlignment(card, centre)
        self._more = more
        self.hide()

    def show_reading(self, reading: IdleReading) -> None:
        """Appear, count, or go."""
        if not reading.asking:
            self.hide()
            return
        self._left.setText(self.tr("{0} 秒后清除并回到首页").format(reading.seconds_left))
        if not self.isVisible():
            self.show()
            self.raise_()
            self._more.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 150))
