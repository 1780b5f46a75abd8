"""The desk: header, three columns, the line of trouble, Ctrl+K above all. Widgets and layout, no decisions."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter_app.capture.view import CaptureView
from counter_app.corrections.view import CorrectionsView
from counter_app.delivery.view import DeliveryView
from counter_app.dispatch.view import DispatchView
from counter_app.enlarge.view import EnlargedView
from counter_app.exchange.view import ExchangeView
from counter_app.find.view import FindView
from counter_app.lost_case.view import LostCaseView
from counter_app.queue_panel.view import QueueView
from counter_app.rating.view import RatingView
from counter_app.stand_in.view import StandInView
from counter_app.status.presenter import StatusState
from counter_app.status.view import HeaderView
from counter_app.take_in.state import TakeInState
from counter_app.take_in.view import TakeInView
from counter_app.view_parts import Card, show_notice
from counter_app.visit.state import Page, VisitState
from counter_app.visit.view_next import NextView
from counter_app.visit.view_pages import HelpView, HomeView
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role
from ui.tokens import Palette, Tone

_SMALL_PX, _LARGE_PX = 1240, 1600


class DeskView(QWidget):
    """Signals:
    acted: an Action from any button.
    """

    acted = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        set_role(self, "page")
        self.header = HeaderView()
        self.queue = QueueView(palette)
        self.next = NextView()
        self.rating = RatingView()
        self.next.foot.addWidget(self.rating)
        self.home = HomeView()
        self.take_in = TakeInView(palette)
        self.capture = CaptureView()
        self.dispatch = DispatchView(palette)
        self.corrections = CorrectionsView(palette)
        self.delivery = DeliveryView(palette)
        self.exchange = ExchangeView(palette)
        self.stand_in = StandInView()
        self.lost_case = LostCaseView()
        self.help = HelpView()
        self._pages: dict[Page, QWidget] = {
            Page.HOME: self.home,
            Page.TAKE_IN: self.take_in,
            Page.CAPTURE: self.capture,
            Page.DISPATCH: self.dispatch,
            Page.CORRECTIONS: self.corrections,
            Page.DELIVERY: self.delivery,
            Page.EXCHANGE: self.exchange,
            Page.STAND_IN: self.stand_in,
            Page.LOST_CASE: self.lost_case,
            Page.HELP: self.help,
        }
        self._page = Page.HOME
        self._step_shown: object = None
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        middle = Card(role="panel", margin=16, spacing=8)
        middle.column.addWidget(self._stack)
        self._trouble = NoticeBar(name=self.tr("设备和网络提示"), role="caption")
        self._row = QHBoxLayout()
        self._row.setContentsMargins(8, 0, 8, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self.queue)
        self._row.addWidget(middle, 1)
        self._row.addWidget(self.next)
        trouble = QHBoxLayout()
        trouble.setContentsMargins(8, 0, 8, 0)
        trouble.addWidget(self._trouble)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addLayout(trouble)
        column.addLayout(self._row, 1)
        self.find_line = FindView(palette, self)
        self.enlarged = EnlargedView(palette, self)
        for loan in (self.find_line.focus_loan, self.queue.focus_loan, self.enlarged.focus_loan):
            loan.orphaned.connect(self.focus_page)
        for part in (
            self.queue.acted,
            self.next.acted,
            self.take_in.materials.acted,
            self.take_in.outcome.acted,
            self.capture.acted,
            self.enlarged.acted,
        ):
            part.connect(self.acted)

    def show_visit(self, state: VisitState) -> None:
        """Draw the page and the right column; the focus moves only when the page does."""
        self.next.show_step(state.next_step)
        self.next.show_early(state.too_early)
        self.queue.show_leads(state.queue_leads)
        # the middle and this column reach the screen in one frame: when it is painted, so is the step
        self.next.update()
        if state.page is not self._page:
            self._page = state.page
            self._stack.setCurrentWidget(self._pages[state.page])
            self.focus_page()

    def show_take_in(self, state: TakeInState) -> None:
        self.take_in.show_state(state)
        case = state.case
        shown = (state.step, case.case_id if case is not None else None)
        if shown != self._step_shown:
            # a case id that arrives while its applicant is being typed must not move the focus
            typing = self._step_shown == (state.step, None)
            self._step_shown = shown
            if self._page is Page.TAKE_IN and not typing:
                self.focus_page()

    def show_status(self, state: StatusState) -> None:
        self.header.show_state(state)
        self.take_in.show_marks(state.marks)
        row = state.trouble
        words = f"{row.name}{row.word}：{row.hint}" if row is not None else ""
        show_notice(self._trouble, Notice(words, Tone.ATTENTION))

    def focus_page(self) -> None:
        """Put the focus where the page's keys work; not behind the lock, where the PIN is typed."""
        if self.isHidden():
            return
        match self._page:
            case Page.TAKE_IN:
                self.take_in.focus_step()
            case Page.CAPTURE:
                self.capture.setFocus()
            case Page.DISPATCH:
                self.dispatch.focus_desks()
            case Page.CORRECTIONS:
                self.corrections.focus_code()
            case Page.DELIVERY:
                self.delivery.focus_step()
            case Page.EXCHANGE:
                self.exchange.focus_list()
            case Page.STAND_IN:
                self.stand_in.focus_form()
            case Page.LOST_CASE:
                self.lost_case.focus_form()
            case Page.HELP:
                self.help.setFocus()
            case _:
                self.home.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        left, right = (300, 280) if width < _LARGE_PX else (360, 340)
        if width < _SMALL_PX:
            left, right = 228, 216
        self.queue.setFixedWidth(left)
        self.next.setFixedWidth(right)
        self.find_line.place()
        self.enlarged.place()
