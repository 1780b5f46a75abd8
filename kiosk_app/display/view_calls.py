"""One call among several: number and window, large enough for the back of the hall."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from kiosk_app.ports import Call
from kiosk_app.wording import spaced
from ui.fit_label import FitLabel
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme


class CallCell(QFrame):
    """「A017  3 号窗口」; an empty cell keeps its place, so that nothing moves when calls come."""

    def __init__(
        self,
        name: str,
        *,
        theme: Theme,
        upright: bool = False,
        marked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """name: of the cell's labels, 「{name} 号码」 and 「{name} 窗口」. upright: the window under the number.

        marked: the newest of a list, with a bell and a frame.
        """
        super().__init__(parent)
        self._marked = marked
        centred = Qt.AlignmentFlag.AlignHCenter
        align = centred if upright else Qt.AlignmentFlag.AlignLeft
        self._number = FitLabel(
            role="called", tone="action", name=self.tr("{0} 号码").format(name), align=align
        )
        self._window = FitLabel(role="window", name=self.tr("{0} 窗口").format(name), align=align, least=0.33)
        bell = IconLabel("bell-ringing", 0.5)
        set_role(bell, "called")
        set_tone(bell, "action")
        self._mark = QWidget()
        inside = QVBoxLayout(self._mark)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(bell, 0, centred)
        inside.addWidget(WrapLabel(self.tr("最新"), role="caption", tone="action", align=centred))
        ways = QBoxLayout.Direction
        box = QBoxLayout(ways.TopToBottom if upright else ways.LeftToRight, self)
        box.setContentsMargins(theme.px(32), theme.px(8), theme.px(24), theme.px(8))
        box.setSpacing(theme.px(4 if upright else 24))
        if not upright:
            # windows stand in one line below each other, whatever the number
            self._number.setFixedWidth(theme.px(370))
        box.addWidget(self._number, 5 if upright else 0)
        box.addWidget(self._window, 4)
        box.addWidget(self._mark)
        self.show_call(None)

    def show_call(self, call: Call | None) -> None:
        """Draw a call, or an empty place."""
        self._number.setText(call.number if call else "")
        self._window.setText(spaced(call.window_text) if call else "")
        self._mark.setVisible(call is not None and self._marked)
        set_role(self, "newest" if call and self._marked else "panel" if call else "")
