"""Taking a number: draws TakeTicketState, says what was pressed."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kiosk_app.take_ticket.presenter import Step, TakeTicketState
from kiosk_app.take_ticket.view_bring import BringPage
from kiosk_app.take_ticket.view_result import ResultPage
from kiosk_app.view_choosers import MattersPage, QuestionsPage, ZonesPage
from kiosk_app.view_frame import IconLine, PageFrame
from kiosk_app.view_stack import PageStack
from ui.icons import IconLabel
from ui.notice import Notice
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme, Tone


class TakeTicketView(QWidget):
    """A stack of the flow's pages.

    Signals:
        question_chosen, matter_chosen, zone_chosen: the row. priority_toggled: its key.
        letters_wanted, letters_typed: of the list of matters.
        priority_wanted, matters_wanted, zones_wanted, zone_only, other_wanted, take_pressed,
        reprint_pressed, done_pressed.
    """

    question_chosen = Signal(object)
    matter_chosen = Signal(object)
    zone_chosen = Signal(object)
    letters_wanted = Signal()
    letters_typed = Signal(str)
    priority_toggled = Signal(str)
    priority_wanted = Signal()
    matters_wanted = Signal()
    zones_wanted = Signal()
    zone_only = Signal()
    other_wanted = Signal()
    take_pressed = Signal()
    reprint_pressed = Signal()
    done_pressed = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = self.tr("取号")
        self._questions = QuestionsPage(name, theme=theme)
        self._matters = MattersPage(name, theme=theme)
        self._zones = ZonesPage(name, theme=theme)
        self._card = _CardPage(name, theme=theme)
        self._bring = BringPage(theme=theme)
        self._result = ResultPage(theme=theme)
        self._questions.chosen.connect(self.question_chosen)
        self._questions.matters_wanted.connect(self.matters_wanted)
        self._questions.zones_wanted.connect(self.zones_wanted)
        self._matters.chosen.connect(self.matter_chosen)
        self._matters.letters_wanted.connect(self.letters_wanted)
        self._matters.letters_typed.connect(self.letters_typed)
        self._matters.zone_only.connect(self.zone_only)
        self._zones.chosen.connect(self.zone_chosen)
        self._bring.priority_toggled.connect(self.priority_toggled)
        self._bring.priority_wanted.connect(self.priority_wanted)
        self._bring.take_pressed.connect(self.take_pressed)
        self._bring.other_pressed.connect(self.other_wanted)
        self._result.reprint_pressed.connect(self.reprint_pressed)
        self._result.done_pressed.connect(self.done_pressed)
        self._stack = PageStack()
        self._pages: dict[Step, PageFrame] = {
            Step.CARD: self._card,
            Step.QUESTIONS: self._questions,
            Step.MATTERS: self._matters,
            Step.ZONES: self._zones,
            Step.BRING: self._bring,
            Step.RESULT: self._result,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @Slot(object)
    def show_state(self, state: TakeTicketState) -> None:
        """Draw a state."""
        page = self._pages[state.step]
        if state.card is None:
            self._bring.forget_card()
        if state.step is Step.QUESTIONS:
            self._questions.show_questions(state.questions, state.loading)
        elif state.step is Step.MATTERS:
            self._matters.show_matters(state.matters, state.search, state.zone, offer_zone=True)
        elif state.step is Step.ZONES:
            self._zones.show_zones(state.zones)
        elif state.step is Step.BRING:
            self._bring.show_bring(state)
        elif state.step is Step.RESULT and state.ticket is not None:
            self._result.show_ticket(state.ticket, state.slip, may_reprint=state.may_reprint)
        notice = state.notice
        if state.step is Step.CARD and notice is None and state.card_fault:
            notice = Notice(
                self.tr("读卡器暂时不能用。请按「返回」，选「取号办事」，不用身份证也能取号。"),
                Tone.ATTENTION,
            )
        page.show_notice(notice)
        self._stack.setCurrentWidget(page)


class _CardPage(PageFrame):
    def __init__(self, name: str, *, theme: Theme) -> None:
        super().__init__(name, theme=theme)
        self.set_title(self.tr("请把身份证放在读卡区"), self.tr("读卡区在屏幕下方，听到“滴”一声后拿开"))
        picture = QFrame()
        set_role(picture, "panel")
        inside = QVBoxLayout(picture)
        mark = IconLabel("id", 3.0)
        set_role(mark, "number")
        set_tone(mark, "action")
        inside.addWidget(mark, 1, Qt.AlignmentFlag.AlignCenter)
        self._picture = picture
        self.body.addWidget(picture, 1)
        for icon, text in (
            ("scan", self.tr("身份证平放，保持不动")),
            ("lock", self.tr("只用于本次取号，离开时清除")),
            ("heart-handshake", self.tr("没带身份证也能取号：返回后选「取号办事」")),
        ):
            self.body.addWidget(IconLine(icon, text, theme=theme, large=True))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # a short screen has room for the words only
        self._picture.setVisible(self.window().height() > self.window().width())
