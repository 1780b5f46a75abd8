"""The capture page: the live picture, the material in large type, the strip of pages."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from PySide6.QtWidgets import QListView as _ListView

from counter_app.capture.presenter import CaptureState, Feed
from counter_app.device_ports import CameraFrame
from counter_app.keys import Action
from counter_app.view_parts import KeyButton, show_notice
from ui.buttons import BigButton
from ui.labels import StatusDot, WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.page_preview import PagePreview
from ui.tokens import Tone

_THUMB = QSize(84, 112)


class CaptureView(QWidget):
    """Takes the keys of the page: space, Enter, arrows, R, Delete.

    Signals:
        shoot_pressed, next_pressed, retake_pressed, remove_pressed.
        slot_stepped, page_stepped, page_shifted: +1 or -1. page_picked: index of a page that was clicked.
    acted: an Action.
    """

    shoot_pressed = Signal()
    next_pressed = Signal()
    retake_pressed = Signal()
    remove_pressed = Signal()
    slot_stepped = Signal(int)
    page_stepped = Signal(int)
    page_shifted = Signal(int)
    page_picked = Signal(int)
    acted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("拍摄"))
        self._shown: tuple[object, ...] = ()
        self._stale = False
        self._material = WrapLabel("", role="title", name=self.tr("正在拍的材料"))
        self._place = WrapLabel("", role="body", tone="muted", name=self.tr("拍摄进度"))
        self._feed = StatusDot(self.tr("高拍仪画面"), role="body")
        self.preview = PagePreview(self.tr("高拍仪实时画面"), empty_text=self.tr("正在打开高拍仪…"))
        self._notice = NoticeBar(name=self.tr("拍摄提示"))
        self.strip = QListWidget()
        self.strip.setAccessibleName(self.tr("已拍页面"))
        self.strip.setViewMode(_ListView.ViewMode.IconMode)
        self.strip.setFlow(_ListView.Flow.TopToBottom)
        self.strip.setWrapping(False)
        self.strip.setMovement(_ListView.Movement.Static)
        self.strip.setIconSize(_THUMB)
        self.strip.setFixedWidth(132)
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.strip.itemClicked.connect(self._on_page_clicked)
        self._shoot = KeyButton(Action.CAPTURE, self.tr("拍这一页"), kind="primary")
        self._shoot.acted.connect(self._on_shoot)
        self._next = BigButton(self.tr("下一份材料"), key_hint="Enter", name=self.tr("拍下一份材料"))
        self._retake = BigButton(self.tr("重拍"), key_hint="R", name=self.tr("重拍这一页"))
        self._remove = BigButton(self.tr("删页"), key_hint="Del", name=self.tr("删除这一页"))
        for button, signal in (
            (self._next, self.next_pressed),
            (self._retake, self.retake_pressed),
            (self._remove, self.remove_pressed),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(signal)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.preview, 1)
        middle.addWidget(self.strip)
        head = QHBoxLayout()
        head.addWidget(self._place, 1)
        head.addWidget(self._feed)
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self._shoot, 2)
        keys.addWidget(self._next, 2)
        for button in (self._retake, self._remove):
            keys.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._material)
        column.addLayout(head)
        column.addWidget(self._notice)
        column.addLayout(middle, 1)
        column.addLayout(keys)

    def show_state(self, state: CaptureState) -> None:
        slot = state.slot
        self._material.setText(slot.name if slot is not None else self.tr("没有材料要拍"))
        self._place.setText(self._place_text(state))
        tone, words = self._feed_words(state)
        self._feed.show_status(tone, words, "camera" if tone is Tone.DONE else "")
        self._stale = state.feed in (Feed.FROZEN, Feed.LOST)
        if state.feed is Feed.OFF:
            self.preview.show_image(None)
        if self._stale:
            self.preview.show_outline(())
        self._shoot.set_busy(bool(state.busy))
        self._retake.setText(self.tr("不重拍了") if state.retaking else self.tr("重拍"))
        notice = state.notice
        if not notice.text and state.warning:
            notice = Notice(self.tr("画面%1，请调整后再拍。").replace("%1", state.warning), Tone.ATTENTION)
        show_notice(self._notice, notice)
        self._show_strip(state)

    def show_frame(self, frame: CameraFrame) -> None:
        """Draw a live picture; the bytes are copied once, by Qt."""
        image = QImage(
            frame.rgb, frame.width_px, frame.height_px, frame.width_px * 3, QImage.Format.Format_RGB888
        ).copy()
        self.preview.show_image(image)
        self.preview.show_outline(frame.outline or ())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Space:
            self.shoot_pressed.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_pressed.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.slot_stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self.page_shifted if ctrl else self.page_stepped).emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_R:
            self.retake_pressed.emit()
        elif key == Qt.Key.Key_Delete:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)

    def _show_strip(self, state: CaptureState) -> None:
        slot = state.slot
        pages = slot.pages if slot is not None else ()
        shown = tuple(page.page_id for page in pages)
        if shown != self._shown:
            self._shown = shown
            self.strip.clear()
            for number, page in enumerate(pages, 1):
                pixmap = QPixmap.fromImage(QImage.fromData(page.thumb))
                item = QListWidgetItem(QIcon(pixmap), self.tr("第 %1 页").replace("%1", str(number)))
                item.setSizeHint(QSize(116, 142))
                self.strip.addItem(item)
        self.strip.setCurrentRow(state.page_at if pages else -1)

    def _place_text(self, state: CaptureState) -> str:
        slot = state.slot
        if slot is None:
            return ""
        text = self.tr("第 %1 份，共 %2 份 · %3 · 已拍 %4 页")
        values = (str(state.at + 1), str(len(state.slots)), slot.needed, str(len(slot.pages)))
        for number, value in enumerate(values, 1):
            text = text.replace(f"%{number}", value)
        following = state.next_slot
        if following is not None:
            text += self.tr(" · 下一份：") + following.name
        return text

    def _feed_words(self, state: CaptureState) -> tuple[Tone, str]:
        return {
            Feed.OFF: (Tone.PLAIN, self.tr("已关闭")),
            Feed.WAITING: (Tone.INFO, self.tr("正在打开")),
            Feed.LIVE: (Tone.DONE, self.tr("实时")),
            Feed.FROZEN: (Tone.WRONG, self.tr("停住了")),
            Feed.LOST: (Tone.WRONG, self.tr("断开")),
        }[state.feed]

    def _on_page_clicked(self, item: QListWidgetItem) -> None:
        self.page_picked.emit(self.strip.row(item))
        self.acted.emit(Action.ENLARGE)

    def _on_shoot(self, _action: object) -> None:
        self.shoot_pressed.emit()
