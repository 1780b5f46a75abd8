"""To which desk, and what became of today's offers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter_app.dispatch.ports import OfferRow, OfferState
from counter_app.dispatch.presenter import DispatchState
from counter_app.view_parts import show_notice
from counter_app.view_rows import ListRow, RowList
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.tokens import Palette, Tone

_MARKS = {
    OfferState.OFFERED: ("send", Tone.INFO),
    OfferState.TAKEN: ("circle-check", Tone.DONE),
    OfferState.RETURNED: ("arrow-left", Tone.ATTENTION),
    OfferState.WAITING_LINK: ("clock", Tone.ATTENTION),
}


class DispatchView(QWidget):
    """Signals:
    stepped, picked: the cursor over the desks. confirmed: Enter on a desk.
    withdraw_pressed: a CaseId (Delete on an offer).
    """

    stepped = Signal(int)
    picked = Signal(int)
    confirmed = Signal()
    withdraw_pressed = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._offers: tuple[OfferRow, ...] = ()
        self._offer_at = 0
        self._title = WrapLabel("", role="body", name=self.tr("派件"))
        self._title.set_bold()
        self._notice = NoticeBar(name=self.tr("派件提示"))
        self.desks = RowList(self.tr("部门席位"), palette, empty=self.tr("当前没有待派的办件"))
        self._offers_title = WrapLabel(self.tr("今天派出的（Delete 撤回未接收的）"), role="body")
        self._offers_title.set_bold()
        self.offers = RowList(self.tr("派件情况"), palette, empty=self.tr("今天还没有派件"))
        self._left = QWidget()
        left, right = QVBoxLayout(self._left), QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self._title)
        left.addWidget(self.desks, 1)
        right.addWidget(self._offers_title)
        right.addWidget(self.offers, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left, 1)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._notice)
        column.addLayout(row, 1)
        self.desks.stepped.connect(self.stepped)
        self.desks.picked.connect(self.picked)
        self.desks.entered.connect(self.confirmed)
        self.desks.sideways.connect(self._on_sideways)
        self.offers.sideways.connect(self._on_sideways)
        self.offers.stepped.connect(self._on_offer_stepped)
        self.offers.picked.connect(self._show_offer)
        self.offers.typed.connect(self._on_typed)

    def show_state(self, state: DispatchState) -> None:
        case = state.case
        self._left.setVisible(case is not None)
        self._title.setText(self.tr("派往哪个席位"))
        rows = tuple(
            ListRow(desk.name, desk.place, self.tr("承办") if desk.recommended else "", "building", Tone.INFO)
            for desk in state.desks
        )
        self.desks.show_rows(rows, state.at if rows else -1)
        self._offers = state.offers
        self._show_offer(min(self._offer_at, max(len(self._offers) - 1, 0)))
        show_notice(self._notice, state.notice)

    def focus_desks(self) -> None:
        (self.desks if self.desks.rows() else self.offers).setFocus()

    def _show_offer(self, at: int) -> None:
        self._offer_at = at
        rows = tuple(
            ListRow(o.item_name, f"{o.desk} · {o.case_no}", o.state_text, *_MARKS[o.state])
            for o in self._offers
        )
        self.offers.show_rows(rows, at if rows else -1)

    def _on_offer_stepped(self, step: int) -> None:
        self._show_offer(min(max(self._offer_at + step, 0), max(len(self._offers) - 1, 0)))

    def _on_sideways(self, step: int) -> None:
        (self.offers if step > 0 else self.desks).setFocus()

    def _on_typed(self, text: str) -> None:
        if text == "DELETE" and self._offer_at < len(self._offers):
            self.withdraw_pressed.emit(self._offers[self._offer_at].case_id)
