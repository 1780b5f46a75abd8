"""What every page of the kiosk has: a title, a hint, a notice, a body."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme

LONG_TITLE = 16
"""A longer title is set smaller: an item's full name must not push the page away."""


class PageFrame(QWidget):
    """Title on top, the page's own widgets in `body`. The title is also the page's accessible name."""

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        """name: names the page's notice and title for those who look for them."""
        super().__init__(parent)
        # so that a screen reader can be put on the page and says its title
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._title = WrapLabel(role="title", name=f"{name}标题", balanced=True)
        self._hint = WrapLabel(role="body", tone="muted", balanced=True)
        self._hint.hide()
        self._notice = NoticeBar(name=f"{name}提示")
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.px(24))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.setSpacing(theme.px(16))
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._hint, 1)
        column.addLayout(self._head)
        column.addWidget(self._notice)
        column.addLayout(self.body, 1)

    def set_title(self, title: str, hint: str = "") -> None:
        """The question or statement of this page."""
        self._title.setText(title)
        set_role(self._title, "title" if len(title) <= LONG_TITLE else "lead")
        self._title.set_bold()
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() > self.window().height()
        # a lying screen is short: the hint stands beside the title there
        ways = QBoxLayout.Direction
        self._head.setDirection(ways.LeftToRight if wide else ways.TopToBottom)

    def show_notice(self, notice: Notice | None) -> None:
        """What went wrong, at the top of the page."""
        self._notice.show_notice(notice)


class SampleMark(QFrame):
    """「示例事项，非现行政策」: on every screen of an invented item."""

    def __init__(self, text: str, *, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "sample")
        icon = IconLabel("alert-triangle", 1.2)
        set_role(icon, "caption")
        set_tone(icon, "attention")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        row.setSpacing(theme.px(8))
        row.addWidget(icon)
        row.addWidget(WrapLabel(text, role="caption", tone="attention", name=name), 1)


class IconLine(QFrame):
    """A row of a list: icon, text, smaller line. Not to be pressed."""

    def __init__(
        self,
        icon: str,
        text: str,
        note: str = "",
        *,
        theme: Theme,
        tone: str = "action",
        name: str = "",
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "card")
        role = "lead" if large else "body"
        mark = IconLabel(icon, 1.3)
        set_role(mark, role)
        set_tone(mark, tone)
        words = QVBoxLayout()
        words.setSpacing(0)
        # a row that is given more height keeps its two lines together
        words.addStretch(1)
        words.addWidget(WrapLabel(text, role=role, name=name))
        if note:
            words.addWidget(WrapLabel(note, role="caption", tone="muted"))
        words.addStretch(1)
        row = QHBoxLayout(self)
        edge = theme.px(24 if large else 10)
        row.setContentsMargins(theme.px(20), edge, theme.px(20), edge)
        row.setSpacing(theme.px(16))
        row.addWidget(mark)
        row.addLayout(words, 1)
