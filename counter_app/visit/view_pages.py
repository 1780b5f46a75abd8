"""The quiet pages of the middle: nobody here yet, and the keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counter_app.keys import KEYS
from counter_app.queue_panel.ports import TicketState
from counter_app.queue_panel.presenter import QueueState
from ui.labels import WrapLabel
from ui.style_roles import set_kind

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class HomeView(QWidget):
    """Large: whom to expect, and the one key that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("首页"))
        self._lead = WrapLabel("", role="lead", tone="muted", align=_CENTRE, name=self.tr("首页提示"))
        self._number = WrapLabel("", role="number", tone="action", align=_CENTRE, name=self.tr("首页号码"))
        self._detail = WrapLabel("", role="lead", align=_CENTRE, name=self.tr("首页说明"))
        self._key = WrapLabel("", role="body", tone="muted", align=_CENTRE, name=self.tr("首页按键"))
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._lead, self._number, self._detail, self._key):
            column.addWidget(part)
        column.addStretch(3)

    def show_queue(self, state: QueueState) -> None:
        current, waiting = state.current, state.board.waiting
        if current is not None and current.state is TicketState.CALLED:
            self._lead.setText(self.tr("正在呼叫"))
            self._number.setText(current.number)
            parts = (current.person, current.business, current.priority)
            self._detail.setText(" · ".join(part for part in parts if part))
            self._key.setText(self.tr("来了按 F5 开始 · 没来按 F3 重呼 · 三次无人按 F4 过号"))
        elif current is not None:
            self._lead.setText(self.tr("正在办理"))
            self._number.setText(current.number)
            self._detail.setText(current.business)
            self._key.setText(self.tr("Ctrl+N 办一件 · F12 结束本号"))
        elif state.board.cut_off:
            self._lead.setText(self.tr("连不上大厅节点"))
            self._number.setText("")
            self._detail.setText(self.tr("窗口照常接待：请群众出示号票"))
            self._key.setText(self.tr("按 Ctrl+S，扫描或输入号票上的号码；内容先存本机，恢复后自动上传"))
        elif waiting:
            self._lead.setText(self.tr("下一位"))
            self._number.setText(waiting[0].number)
            self._detail.setText(waiting[0].business)
            self._key.setText(self.tr("按 F2 呼叫"))
        else:
            self._lead.setText(self.tr("现在没有人等候"))
            self._number.setText("")
            self._detail.setText("")
            self._key.setText(self.tr("有人取号会出现在左边 · Ctrl+D 出件 · Ctrl+B 收补正材料"))
        for part in (self._number, self._detail):
            part.setVisible(bool(part.text()))


class HelpView(QScrollArea):
    """F1: every key, by what it is for."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("按键一览"))
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(20)
        groups = tuple(dict.fromkeys(row.group for row in KEYS))
        for group in groups:
            grid = QGridLayout()
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(6)
            title = WrapLabel(group, role="lead")
            title.set_bold()
            grid.addWidget(title, 0, 0, 1, 2)
            rows = [row for row in KEYS if row.group == group]
            for at, row in enumerate(rows, 1):
                key = WrapLabel(row.key, role="body", tone="action")
                key.set_bold()
                key.setFixedWidth(68)
                grid.addWidget(key, at, 0)
                grid.addWidget(WrapLabel(row.text, role="body"), at, 1)
            if group == groups[1]:
                self._materials(grid, len(rows) + 1)
            grid.setColumnStretch(1, 1)
            grid.setRowStretch(60, 1)
            columns.addLayout(grid, 1)
        set_kind(inner, "help")
        self.setWidget(inner)

    def _materials(self, grid: QGridLayout, at: int) -> None:
        extra = (
            (self.tr("空格"), self.tr("材料核对无误")),
            ("X", self.tr("材料有不符")),
            ("1 2 3", self.tr("原件、复印件、电子证照")),
            ("T K S", self.tr("原件退还、原件留存、转交部门")),
            ("R  M", self.tr("容缺、免交")),
            ("Alt+1…5", self.tr("到第几步")),
        )
        for offset, (keys, text) in enumerate(extra):
            key = WrapLabel(keys, role="body", tone="action")
            key.set_bold()
            key.setFixedWidth(68)
            grid.addWidget(key, at + offset, 0)
            grid.addWidget(WrapLabel(text, role="body"), at + offset, 1)
