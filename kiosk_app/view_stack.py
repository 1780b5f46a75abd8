"""A stack whose hidden pages do not push the window beyond the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class PageStack(QStackedWidget):
    """QStackedWidget asks for room for its largest page; a kiosk's screen has a fixed size."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        return False
