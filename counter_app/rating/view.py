"""What the clerk sees of a rating: asked, answered or not. Never the answer."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counter_app.rating.presenter import RatingStage, RatingState
from counter_app.view_parts import show_notice
from ui.labels import StatusDot
from ui.notice_bar import NoticeBar
from ui.tokens import Tone


class RatingView(QWidget):
    """A mark in the right column."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = StatusDot(self.tr("评价"), role="body")
        self._notice = NoticeBar(name=self.tr("评价提示"), role="caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._dot)
        column.addWidget(self._notice)

    def show_state(self, state: RatingState) -> None:
        asking = self.tr("请群众评价中 %1 秒").replace("%1", str(state.seconds_left))
        tone, words, icon = {
            RatingStage.NOT_ASKED: (Tone.PLAIN, self.tr("还没有请"), "star"),
            RatingStage.ASKING: (Tone.INFO, asking, "hourglass"),
            RatingStage.RATED: (Tone.DONE, self.tr("已评价，谢谢"), ""),
            RatingStage.NOT_RATED: (Tone.PLAIN, self.tr("未评价"), "circle-dashed"),
        }[state.stage]
        self._dot.show_status(tone, words, icon)
        show_notice(self._notice, state.notice)
