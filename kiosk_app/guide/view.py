"""Reading a guide: draws GuideState, says what was pressed."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.guide.presenter import GuideState, GuideStep
from kiosk_app.ports import Guide, SlipState
from kiosk_app.take_ticket.printing import SlipReport
from kiosk_app.take_ticket.slip import sample_text
from kiosk_app.view_choosers import MattersPage, QuestionsPage, ZonesPage
from kiosk_app.view_frame import IconLine, PageFrame, SampleMark
from kiosk_app.view_materials import material_tiles
from kiosk_app.view_paging import PagedTiles
from kiosk_app.view_stack import PageStack
from kiosk_app.wording import spaced
from ui.buttons import BigButton
from ui.notice import Notice
from ui.tokens import Theme, Tone


class GuideView(QWidget):
    """A stack of the pages of reading.

    Signals:
        question_chosen, matter_chosen, zone_chosen: the row. take_pressed: the Guide to take a number for.
        letters_wanted, letters_typed: of the list of matters.
        matters_wanted, zones_wanted, print_pressed.
    """

    question_chosen = Signal(object)
    matter_chosen = Signal(object)
    zone_chosen = Signal(object)
    letters_wanted = Signal()
    letters_typed = Signal(str)
    matters_wanted = Signal()
    zones_wanted = Signal()
    print_pressed = Signal()
    take_pressed = Signal(object)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = self.tr("指南")
        self._questions = QuestionsPage(name, theme=theme)
        self._matters = MattersPage(name, theme=theme)
        self._zones = ZonesPage(name, theme=theme)
        self._guide = GuidePage(theme=theme)
        self._questions.set_title(self.tr("您想了解什么事？"), self.tr("选一个最接近的说法"))
        self._questions.chosen.connect(self.question_chosen)
        self._questions.matters_wanted.connect(self.matters_wanted)
        self._questions.zones_wanted.connect(self.zones_wanted)
        self._matters.chosen.connect(self.matter_chosen)
        self._matters.letters_wanted.connect(self.letters_wanted)
        self._matters.letters_typed.connect(self.letters_typed)
        self._zones.chosen.connect(self.zone_chosen)
        self._guide.print_pressed.connect(self.print_pressed)
        self._guide.take_pressed.connect(self.take_pressed)
        self._stack = PageStack()
        self._pages: dict[GuideStep, PageFrame] = {
            GuideStep.QUESTIONS: self._questions,
            GuideStep.MATTERS: self._matters,
            GuideStep.ZONES: self._zones,
            GuideStep.GUIDE: self._guide,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @Slot(object)
    def show_state(self, state: GuideState) -> None:
        """Draw a state."""
        page = self._pages[state.step]
        if state.step is GuideStep.QUESTIONS:
            self._questions.show_questions(state.questions, state.loading)
        elif state.step is GuideStep.MATTERS:
            self._matters.show_matters(state.matters, state.search, None, offer_zone=False)
        elif state.step is GuideStep.ZONES:
            self._zones.show_zones(state.zones)
        elif state.guide is not None:
            self._guide.show_guide(state.guide, state.slip)
        notice = state.notice
        if notice is None and state.step is GuideStep.GUIDE:
            notice = self._slip_notice(state.slip)
        page.show_notice(notice)
        self._stack.setCurrentWidget(page)

    def _slip_notice(self, slip: SlipReport) -> Notice | None:
        told = self.tr("工作人员已收到提醒。") if slip.staff_told else self.tr("请告诉身边的工作人员。")
        match slip.state:
            case SlipState.PRINTING:
                return Notice(self.tr("正在打印，请稍候…"), Tone.INFO)
            case SlipState.PRINTED:
                return Notice(self.tr("已打印，请在出票口取走。"), Tone.DONE)
            case SlipState.NO_PAPER:
                return Notice(self.tr("打印机没纸了，可以先拍下屏幕。") + told, Tone.ATTENTION)
            case SlipState.UNCONFIRMED:
                text = self.tr("已送去打印，还没有确认打好，请看看出票口，也可以先拍下屏幕。")
                return Notice(text + told, Tone.ATTENTION)
            case SlipState.STOPPED:
                text = self.tr("打到一半停了，打印机没纸或开了盖，可以先拍下屏幕。")
                return Notice(text + told, Tone.ATTENTION)
            case SlipState.FAULT:
                return Notice(self.tr("没有打印出来，可以先拍下屏幕。") + told, Tone.ATTENTION)
            case SlipState.NONE:
                return None


class GuidePage(PageFrame):
    """One guide: what to bring, then basis, procedure, time, fee and where to complain.

    Signals:
        print_pressed. take_pressed: the Guide.
    """

    print_pressed = Signal()
    take_pressed = Signal(object)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("办事指南"), theme=theme, parent=parent)
        self._theme = theme
        self._shown: Guide | None = None
        self._sample = SampleMark(sample_text(), name=self.tr("指南示例标记"), theme=theme)
        self._lines = PagedTiles(self.tr("指南内容"), theme=theme, columns=(1, 2))
        self._print = BigButton(self.tr("打印材料清单"), icon="printer")
        self._take = BigButton(
            self.tr("取这件事的号"), icon="ticket", kind="primary", name=self.tr("按指南取号")
        )
        self._print.clicked.connect(self.print_pressed)
        self._take.clicked.connect(self._press_take)
        self._lines.set_actions(self._print, self._take)
        self.body.addWidget(self._sample)
        self.body.addWidget(self._lines, 1)

    def show_guide(self, guide: Guide, slip: SlipReport) -> None:
        """Draw a guide."""
        matter = guide.matter
        self._print.set_busy(slip.state is SlipState.PRINTING)
        if guide == self._shown:
            return
        self._shown = guide
        where = matter.elsewhere or matter.zone_name
        self.set_title(matter.name, spaced(self.tr("在{0}办理").format(where)))
        self._sample.setVisible(matter.sample)
        self._take.setVisible(not matter.elsewhere)
        tiles = material_tiles(guide.materials, self._theme)
        tiles += [IconLine("info-circle", b.title, b.text, theme=self._theme) for b in guide.blocks]
        if not guide.materials:
            text = self.tr("这件事不用带材料，带上身份证就可以")
            tiles.insert(0, IconLine("circle-check", text, theme=self._theme, tone="done"))
        self._lines.set_tiles(tiles)

    def _press_take(self) -> None:
        if self._shown is not None:
            self.take_pressed.emit(self._shown)
