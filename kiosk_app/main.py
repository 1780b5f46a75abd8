"""Puts a kiosk or a call display together from its ports. The only place here that builds things."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from kiosk_app.card_poller import CardPoller
from kiosk_app.display.presenter import DisplayPresenter
from kiosk_app.display.view import DisplayView
from kiosk_app.guide.presenter import GuidePresenter
from kiosk_app.guide.view import GuideView
from kiosk_app.home.view import HomeView
from kiosk_app.pick_up.presenter import PickUpPresenter
from kiosk_app.pick_up.view import PickUpView
from kiosk_app.ports import CardReader, DisplayHall, Guide, KioskHall, SlipPrinter, Voice
from kiosk_app.progress.presenter import ProgressPresenter, ProgressState
from kiosk_app.progress.view import ProgressView
from kiosk_app.rate.presenter import RatePresenter, RateState
from kiosk_app.rate.view import RateView
from kiosk_app.shell.presenter import Page, ShellPresenter, ShellState
from kiosk_app.shell.view import ShellView
from kiosk_app.take_ticket.presenter import TakeTicketPresenter, TakeTicketState
from kiosk_app.take_ticket.printing import SlipDesk
from kiosk_app.take_ticket.view import TakeTicketView
from ui.rating_panel import RatingChoice, RatingLevel
from ui.runner import Runner
from ui.theme import apply_theme
from ui.tokens import Theme, display_theme, kiosk_theme

_TOUCHES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
)


@dataclass(frozen=True, slots=True)
class KioskConfig:
    """What differs from kiosk to kiosk.

    width_px, height_px: the screen. rating_levels: the hall's five levels with reasons, best first.
    """

    hall_name: str
    width_px: int
    height_px: int
    rating_levels: tuple[RatingLevel, ...]

    def scale(self) -> float:
        """Screen px per design px: designed for 1080 px on the short side and 1600 at least on the long one."""
        short, long = sorted((self.width_px, self.height_px))
        return min(short / 1080, long / 1600)


@dataclass(frozen=True, slots=True)
class Runners:
    """One worker each for the hall, the printer and the card reader, so that none waits for another."""

    hall: Runner
    printer: Runner
    reader: Runner


class KioskWindow(QMainWindow):
    """The whole kiosk. Close it to stop its timers; the runners belong to whoever made them."""

    def __init__(
        self,
        config: KioskConfig,
        *,
        app: QApplication,
        hall: KioskHall,
        printer: SlipPrinter,
        reader: CardReader,
        voice: Voice,
        runners: Runners,
        new_id: Callable[[], UUID] = uuid4,
        now_s: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self.setWindowTitle(config.hall_name)
        self._app = app
        self._scale = config.scale()
        self._lying = config.width_px > config.height_px
        self._now = now
        self._dressed = (False, False)
        self._last_state: object = None
        theme = kiosk_theme(scale=self._scale, lying=self._lying)
        apply_theme(app, theme)
        cards = CardPoller(reader=reader, runner=runners.reader, parent=self)
        self.take = TakeTicketPresenter(
            hall=hall,
            desk=self._desk(config, hall, printer, runners),
            cards=cards,
            runner=runners.hall,
            new_id=new_id,
            parent=self,
        )
        self.guide = GuidePresenter(
            hall=hall, desk=self._desk(config, hall, printer, runners), runner=runners.hall, parent=self
        )
        self.progress = ProgressPresenter(hall=hall, cards=cards, runner=runners.hall, parent=self)
        self.rate = RatePresenter(hall=hall, cards=cards, runner=runners.hall, new_id=new_id, parent=self)
        self.pick_up = PickUpPresenter(hall=hall, runner=runners.hall, parent=self)
        self.shell = ShellPresenter(
            pages={
                Page.TAKE_TICKET: self.take,
                Page.GUIDE: self.guide,
                Page.PROGRESS: self.progress,
                Page.RATE: self.rate,
                Page.PICK_UP: self.pick_up,
            },
            hall=hall,
            runner=runners.hall,
            voice=voice,
            now_s=now_s,
            parent=self,
        )
        self.shell.wiped.connect(cards.forget)
        self._view = ShellView(hall_name=config.hall_name, theme=theme)
        self._add_home(theme)
        self._add_take(theme)
        self._add_guide(theme)
        self._add_look_ups(config, theme)
        self._wire_shell()
        self.setCentralWidget(self._view)
        # a size of its own: otherwise the layouts' minimum could push the window beyond the screen
        self.setMinimumSize(320, 320)
        self.resize(config.width_px, config.height_px)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_time)
        self._clock.start()
        self._show_time()
        self.shell.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch the native window from now on: touches and keys pass there before any widget."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        self._view.focus_page()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every touch and key counts as a sign of life; nothing is eaten."""
        if event.type() in _TOUCHES:
            self.shell.touched()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop timers, forget the person."""
        self._clock.stop()
        self.shell.stop()
        self.shell.end()
        super().closeEvent(event)

    # -- building

    def _desk(self, config: KioskConfig, hall: KioskHall, printer: SlipPrinter, runners: Runners) -> SlipDesk:
        return SlipDesk(
            hall_name=config.hall_name,
            printer=printer,
            printer_runner=runners.printer,
            hall=hall,
            hall_runner=runners.hall,
            parent=self,
        )

    def _add_home(self, theme: Theme) -> None:
        home = HomeView(theme=theme)
        home.take_pressed.connect(self._open_take)
        home.card_pressed.connect(self._open_card)
        home.correction_pressed.connect(self._open_correction)
        home.guide_pressed.connect(self._open_guide)
        home.progress_pressed.connect(self._open_progress)
        home.rate_pressed.connect(self._open_rate)
        home.pick_up_pressed.connect(self._open_pick_up)
        self.shell.state_changed.connect(home.show_shell)
        self._view.add_page(Page.HOME, home)

    def _add_take(self, theme: Theme) -> None:
        view, presenter = TakeTicketView(theme=theme), self.take
        view.question_chosen.connect(presenter.choose_question)
        view.matter_chosen.connect(presenter.choose_matter)
        view.zone_chosen.connect(presenter.choose_zone)
        view.letters_wanted.connect(presenter.toggle_letters)
        view.letters_typed.connect(presenter.type_letters)
        view.matters_wanted.connect(presenter.show_matters)
        view.zones_wanted.connect(presenter.show_zones)
        view.zone_only.connect(presenter.zone_only)
        view.other_wanted.connect(presenter.choose_other)
        view.priority_wanted.connect(presenter.ask_priority)
        view.priority_toggled.connect(presenter.toggle_priority)
        view.take_pressed.connect(presenter.take)
        view.reprint_pressed.connect(presenter.reprint)
        view.done_pressed.connect(self.shell.end)
        presenter.state_changed.connect(view.show_state)
        presenter.state_changed.connect(self._watch_work)
        for page in (self.take, self.guide, self.progress, self.rate):
            page.state_changed.connect(self._alive)
        self._view.add_page(Page.TAKE_TICKET, view)

    def _add_guide(self, theme: Theme) -> None:
        view, presenter = GuideView(theme=theme), self.guide
        view.question_chosen.connect(presenter.choose_question)
        view.matter_chosen.connect(presenter.choose_matter)
        view.zone_chosen.connect(presenter.choose_zone)
        view.letters_wanted.connect(presenter.toggle_letters)
        view.letters_typed.connect(presenter.type_letters)
        view.matters_wanted.connect(presenter.show_matters)
        view.zones_wanted.connect(presenter.show_zones)
        view.print_pressed.connect(presenter.print_guide)
        view.take_pressed.connect(self._take_for)
        presenter.state_changed.connect(view.show_state)
        self._view.add_page(Page.GUIDE, view)

    def _add_look_ups(self, config: KioskConfig, theme: Theme) -> None:
        progress = ProgressView(theme=theme)
        progress.text_changed.connect(self.progress.type_text)
        progress.submitted.connect(self.progress.submit)
        self.progress.state_changed.connect(progress.show_state)
        self._view.add_page(Page.PROGRESS, progress)
        rate = RateView(levels=config.rating_levels, theme=theme)
        rate.text_changed.connect(self.rate.type_text)
        rate.submitted.connect(self.rate.submit)
        rate.service_chosen.connect(self.rate.choose)
        rate.rated.connect(self._rate)
        rate.done_pressed.connect(self.shell.end)
        self.rate.state_changed.connect(rate.show_state)
        self._view.add_page(Page.RATE, rate)
        pick_up = PickUpView(theme=theme)
        self.pick_up.state_changed.connect(pick_up.show_state)
        self._view.add_page(Page.PICK_UP, pick_up)

    def _wire_shell(self) -> None:
        view, shell = self._view, self.shell
        view.back_pressed.connect(shell.back)
        view.help_pressed.connect(shell.press_help)
        view.end_pressed.connect(shell.end)
        view.more_time_pressed.connect(shell.more_time)
        view.elders_pressed.connect(shell.toggle_elders)
        view.contrast_pressed.connect(shell.toggle_contrast)
        view.low_pressed.connect(shell.toggle_low)
        shell.state_changed.connect(view.show_state)
        shell.state_changed.connect(self._dress)
        view.show_state(shell.state)

    # -- what crosses pages

    @Slot()
    def _open_take(self) -> None:
        self.shell.open(Page.TAKE_TICKET)

    @Slot()
    def _open_card(self) -> None:
        self.shell.show_page(Page.TAKE_TICKET)
        self.take.enter_by_card()

    @Slot()
    def _open_correction(self) -> None:
        self.shell.show_page(Page.TAKE_TICKET)
        self.take.enter_correction()

    @Slot()
    def _open_guide(self) -> None:
        self.shell.open(Page.GUIDE)

    @Slot()
    def _open_progress(self) -> None:
        self.shell.open(Page.PROGRESS)

    @Slot()
    def _open_rate(self) -> None:
        self.shell.open(Page.RATE)

    @Slot()
    def _open_pick_up(self) -> None:
        self.shell.open(Page.PICK_UP)

    @Slot(object)
    def _take_for(self, guide: Guide) -> None:
        self.shell.show_page(Page.TAKE_TICKET)
        self.take.enter_for(guide)

    @Slot(object)
    def _rate(self, choice: RatingChoice) -> None:
        self.rate.rate(choice.level, choice.reasons, choice.anonymous)

    @Slot(object)
    def _watch_work(self, _: object) -> None:
        self.shell.set_working(self.take.state.busy)
        self.shell.set_number_out(self.take.state.ticket is not None)

    @Slot(object)
    def _alive(self, state: object) -> None:
        """A press through a screen reader sends no touch event, but it moves the page on."""
        if isinstance(state, TakeTicketState | ProgressState | RateState):
            # a reader that comes and goes is nobody's sign of life
            state = replace(state, card_fault=False)
        if state != self._last_state:
            self._last_state = state
            self.shell.touched()

    @Slot(object)
    def _dress(self, state: ShellState) -> None:
        wanted = (state.elders, state.high_contrast)
        if wanted != self._dressed:
            self._dressed = wanted
            theme = kiosk_theme(
                elders=state.elders,
                high_contrast=state.high_contrast,
                lying=self._lying,
                scale=self._scale,
            )
            apply_theme(self._app, theme)

    @Slot()
    def _show_time(self) -> None:
        self._view.show_time(self._now())


class DisplayWindow(QMainWindow):
    """The whole call display; nothing on it can be pressed."""

    def __init__(
        self,
        *,
        hall_name: str,
        width_px: int,
        height_px: int,
        app: QApplication,
        hall: DisplayHall,
        voice: Voice,
        runner: Runner,
        seen_epoch: int,
        remember_epoch: Callable[[int], None],
        now_s: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self.setWindowTitle(hall_name)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._now = now
        theme = display_theme(scale=min(width_px / 1920, height_px / 1080))
        apply_theme(app, theme)
        self._view = DisplayView(hall_name=hall_name, theme=theme)
        self.presenter = DisplayPresenter(
            hall=hall,
            runner=runner,
            voice=voice,
            now_s=now_s,
            seen_epoch=seen_epoch,
            remember_epoch=remember_epoch,
            parent=self,
        )
        self.presenter.state_changed.connect(self._view.show_state)
        self._view.show_state(self.presenter.state)
        self.setCentralWidget(self._view)
        self.setMinimumSize(320, 320)
        self.resize(width_px, height_px)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_time)
        self._clock.start()
        self._show_time()
        self.presenter.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop timers."""
        self._clock.stop()
        self.presenter.stop()
        super().closeEvent(event)

    @Slot()
    def _show_time(self) -> None:
        self._view.show_time(self._now())
