"""Three places side by side with what is on its way between them, and below what to do, the gravest first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counter_app.exchange.ports import ConcernRow, Leg, Station, Weight
from counter_app.exchange.presenter import ExchangeState
from counter_app.status.ports import Health
from counter_app.view_parts import Card, show_notice
from counter_app.view_rows import ListRow, RowList
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role, set_tone
from ui.tokens import Palette, Tone

_ICONS = ("device-desktop", "building-community", "cloud")
_TONES = {
    Health.OK: Tone.DONE,
    Health.ATTENTION: Tone.ATTENTION,
    Health.FAULT: Tone.WRONG,
    Health.UNKNOWN: Tone.PLAIN,
}
_MARKS = {
    Weight.CALM: ("clock", Tone.INFO),
    Weight.LOOK: ("alert-triangle", Tone.ATTENTION),
    Weight.ACT: ("circle-x", Tone.WRONG),
}
_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class StationCard(Card):
    """One place: its picture, name and how it is."""

    def __init__(self, icon: str) -> None:
        super().__init__(margin=8, spacing=2)
        self._icon = IconLabel(icon, 1.8)
        set_role(self._icon, "lead")
        self._name = WrapLabel("", role="body", align=_MIDDLE)
        self._name.set_bold()
        self._word = WrapLabel("", role="caption", align=_MIDDLE)
        self.column.addWidget(self._icon, 0, _MIDDLE)
        self.column.addWidget(self._name)
        self.column.addWidget(self._word)

    def show_station(self, station: Station) -> None:
        tone = _TONES[station.health]
        self._name.setText(station.name)
        self._word.setText(station.word)
        self._word.setAccessibleName(f"{station.name} {station.word}")
        for part in (self._icon, self._word):
            set_tone(part, tone)


class LegView(QWidget):
    """An arrow, and what waits before it."""

    def __init__(self) -> None:
        super().__init__()
        self._arrow = IconLabel("chevron-right", 1.4)
        self._text = WrapLabel("", role="caption", align=_MIDDLE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(self._arrow, 0, _MIDDLE)
        column.addWidget(self._text)
        column.addStretch(1)

    def show_leg(self, leg: Leg) -> None:
        self._text.setText(leg.text)
        tone = Tone.ATTENTION if leg.waiting else "muted"
        for part in (self._arrow, self._text):
            set_tone(part, tone)


class ExchangeView(QWidget):
    """Signals:
    stepped, picked: the cursor over the list.
    """

    stepped = Signal(int)
    picked = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._title = WrapLabel(self.tr("数据收发"), role="lead")
        self._title.set_bold()
        self._summary = NoticeBar(name=self.tr("数据收发小结"))
        self._stations = tuple(StationCard(icon) for icon in _ICONS)
        self._legs = (LegView(), LegView())
        places = QHBoxLayout()
        places.setSpacing(8)
        for at, card in enumerate(self._stations):
            places.addWidget(card, 3)
            if at < len(self._legs):
                places.addWidget(self._legs[at], 2)
        self._places = QWidget()
        self._places.setLayout(places)
        places.setContentsMargins(0, 0, 0, 0)
        self._places.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.rows = RowList(self.tr("在等什么、怎么办"), palette, empty=self.tr("没有在等的，也没有要处理的"))
        self._foot = WrapLabel(
            self.tr("Esc 返回 · 办好的件都先存在本机，断网、断电都不会丢 · 信息科：安装手册第 12 节"),
            role="caption",
            tone="muted",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._title, self._summary, self._places):
            column.addWidget(part)
        column.addWidget(self.rows, 1)
        column.addWidget(self._foot)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.picked)

    def show_state(self, state: ExchangeState) -> None:
        show_notice(self._summary, state.summary)
        board = state.board
        self._places.setVisible(board is not None)
        self.rows.setVisible(board is not None)
        if board is None:
            return
        for card, station in zip(self._stations, board.stations, strict=True):
            card.show_station(station)
        for view, leg in zip(self._legs, board.legs, strict=True):
            view.show_leg(leg)
        rows = tuple(_row(concern) for concern in board.concerns)
        self.rows.show_rows(rows, state.at if rows else -1)

    def focus_list(self) -> None:
        self.rows.setFocus()


def _row(concern: ConcernRow) -> ListRow:
    icon, tone = _MARKS[concern.weight]
    return ListRow(concern.what, concern.todo, concern.since, icon, tone)
