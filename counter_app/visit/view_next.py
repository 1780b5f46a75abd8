"""The right column: what to do next, what is missing, which keys act here."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from counter_app.keys import Action
from counter_app.view_parts import Card, KeyButton
from counter_app.visit.state import KeyHint, NextStep
from ui.labels import WrapLabel
from ui.style_roles import set_role
from ui.tokens import Tone


class NextView(Card):
    """Signals:
    acted: an Action.
    painted: what F9 would do now is on the screen.
    """

    acted = Signal(object)
    painted = Signal()

    def __init__(self) -> None:
        super().__init__(role="panel", margin=12, spacing=8)
        self._hints: tuple[KeyHint, ...] | None = None
        title = WrapLabel(self.tr("下一步"), role="body")
        title.set_bold()
        self._main = KeyButton(Action.MAIN, "", kind="primary", name=self.tr("办这一步"))
        self._main.acted.connect(self.acted)
        early = self.tr("这一步刚打开，看清楚后再按一次。")
        self._early = WrapLabel(early, role="caption", tone="attention", name=self.tr("按键提示"))
        self._early.hide()
        self._by_hand = WrapLabel("", role="body", name=self.tr("手上的事"))
        self._missing = _Names(self.tr("还差"), Tone.WRONG)
        self._defective = _Names(self.tr("有不符"), Tone.WRONG)
        self._unchecked = _Names(self.tr("待核"), Tone.INFO)
        self._tolerable = _Names(self.tr("可容缺"), Tone.ATTENTION)
        self._deadline = WrapLabel("", role="caption", tone="muted", name=self.tr("时限"))
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(6)
        self.foot = QVBoxLayout()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        body.addLayout(self._buttons)
        for names in (self._missing, self._defective, self._unchecked, self._tolerable):
            body.addWidget(names)
        body.addStretch(1)
        scroll.setWidget(inner)
        self.column.addWidget(title)
        self.column.addWidget(self._main)
        self.column.addWidget(self._early)
        self.column.addWidget(self._by_hand)
        self.column.addWidget(scroll, 1)
        self.column.addWidget(self._deadline)
        self.column.addLayout(self.foot)
        self.column.addWidget(
            WrapLabel(
                self.tr("Ctrl+K 查找 · F1 按键一览"), role="caption", tone="muted", name=self.tr("常用键")
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    def show_early(self, early: bool) -> None:
        """A press was ignored, because it had opened this step a moment ago."""
        self._early.setVisible(early)

    def show_step(self, step: NextStep) -> None:
        self._main.setVisible(bool(step.main))
        self._main.setText(step.main)
        self._by_hand.setText(self.tr("先做：%1").replace("%1", step.by_hand) if step.by_hand else "")
        self._by_hand.setVisible(bool(step.by_hand))
        self._missing.show_names(step.missing)
        self._defective.show_names(step.defective)
        self._unchecked.show_names(step.unchecked)
        self._tolerable.show_names(step.tolerable)
        self._deadline.setText(self.tr("时限：%1").replace("%1", step.deadline) if step.deadline else "")
        self._deadline.setVisible(bool(step.deadline))
        if step.hints != self._hints:
            self._hints = step.hints
            while self._buttons.count():
                entry = self._buttons.takeAt(0)
                widget = entry.widget() if entry is not None else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            for hint in step.hints:
                button = KeyButton(hint.action, hint.text, kind="primary" if hint.leads else "secondary")
                button.setAccessibleName(f"{self.tr('下一步')} {hint.text}")
                button.acted.connect(self.acted)
                self._buttons.addWidget(button)


class _Names(QWidget):
    """A caption and the first few names; the rest is counted, never hidden silently."""

    _MOST = 4

    def __init__(self, caption: str, tone: Tone) -> None:
        super().__init__()
        self._caption = WrapLabel("", role="caption", tone=str(tone))
        self._caption.set_bold()
        self._plain = caption
        self._names = WrapLabel("", role="body", name=caption)
        set_role(self, "names")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(self._names)

    def show_names(self, names: tuple[str, ...]) -> None:
        self.setVisible(bool(names))
        self._caption.setText(f"{self._plain} {len(names)} 项")
        shown = [f"· {name}" for name in names[: self._MOST]]
        if len(names) > self._MOST:
            shown.append(f"另有 {len(names) - self._MOST} 项，见清单")
        self._names.setText("\n".join(shown))
