"""The kiosk around its pages: which page is up, the idle rule, help, the link, how the screen is set."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk_app.idle import IdleClock, IdleReading
from kiosk_app.ports import AlertKind, KioskHall, LinkState, StaffAlert, Voice
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

log = logging.getLogger(__name__)

TICK_MS = 500
LINK_EVERY_TICKS = 6


class Page(StrEnum):
    """The pages of a kiosk."""

    HOME = "home"
    TAKE_TICKET = "take_ticket"
    GUIDE = "guide"
    PROGRESS = "progress"
    RATE = "rate"
    PICK_UP = "pick_up"


class KioskPage(Protocol):
    """A page's presenter as the shell sees it."""

    def enter(self) -> None: ...

    def back(self) -> bool:
        """One step back inside the page; False when the shell should go home."""
        ...

    def reset(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ShellState:
    """Everything around the page. low: controls in the lower part, for wheelchair users."""

    page: Page = Page.HOME
    elders: bool = False
    high_contrast: bool = False
    low: bool = False
    idle: IdleReading = field(default_factory=IdleReading)
    link: LinkState | None = None
    notice: Notice | None = None
    help_busy: bool = False
    number_out: bool = False
    """A number was given: its page has the one way out, which says that the number stays good."""

    @property
    def something_to_clear(self) -> bool:
        """Beyond the home page, or with the screen set for somebody."""
        return self.page is not Page.HOME or self.elders or self.high_contrast or self.low


class ShellPresenter(QObject):
    """Holds one person's session from the first touch to the wipe.

    Signals:
        state_changed: the new ShellState.
        wiped: everything of the last person is gone.
    """

    state_changed = Signal(object)
    wiped = Signal()

    def __init__(
        self,
        *,
        pages: Mapping[Page, KioskPage],
        hall: KioskHall,
        runner: Runner,
        voice: Voice,
        now_s: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """now_s: monotonic seconds."""
        super().__init__(parent)
        self._pages = pages
        self._hall = hall
        self._runner = runner
        self._voice = voice
        self._now_s = now_s
        self._idle = IdleClock()
        self._working = False
        self._in_session = False
        self._link_asked = False
        self._ticks = 0
        self._session = 0
        self.state = ShellState()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def in_session(self) -> bool:
        """Somebody is at the screen. Any thread."""
        return self._in_session

    def start(self) -> None:
        """Begin to watch time and link."""
        self._timer.start()
        self._ask_link()

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    # -- pages

    def open(self, page: Page) -> None:
        """Go to a page; the same page again starts it anew."""
        self.show_page(page)
        if page in self._pages:
            self._pages[page].enter()

    def show_page(self, page: Page) -> None:
        """Go to a page that the caller enters itself (by card, for a guide)."""
        self._leave_page()
        self._touch()
        self._show(replace(self.state, page=page, notice=None))

    @Slot()
    def back(self) -> None:
        """One step back, in the end to the home page."""
        page = self._pages.get(self.state.page)
        self._touch()
        if page is None or not page.back():
            self._leave_page()
            self._show(replace(self.state, page=Page.HOME, notice=None))

    @Slot()
    def end(self) -> None:
        """The person is done, or gone: wipe everything and set the screen back."""
        for page in self._pages.values():
            page.reset()
        self._session += 1
        self._in_session = False
        self._idle.forget()
        self._show(ShellState(link=self.state.link))
        self.wiped.emit()

    # -- the person

    @Slot()
    def touched(self) -> None:
        """A touch or key anywhere. While the idle question is up only its buttons count."""
        if not self.state.idle.asking:
            self._touch()

    @Slot()
    def more_time(self) -> None:
        """「我还需要时间」"""
        self._idle.more_time(self._now_s())
        self._show(replace(self.state, idle=IdleReading()))

    def set_working(self, working: bool) -> None:
        """While a page waits for an answer nobody is idle."""
        if self._working and not working:
            self._touch()
        self._working = working

    def set_number_out(self, out: bool) -> None:
        """The page shows a number, or does not any more."""
        if out != self.state.number_out:
            self._show(replace(self.state, number_out=out))

    @Slot()
    def press_help(self) -> None:
        """Tell staff that somebody needs help here."""
        if self.state.help_busy:
            return
        session = self._session
        alert = StaffAlert(AlertKind.HELP, str(self.state.page))
        self._show(replace(self.state, help_busy=True, notice=None))

        def told(_: None) -> None:
            self._voice.say(self.tr("已经通知工作人员，请稍候。"))
            if session == self._session:
                text = self.tr("已经通知工作人员，请在这里稍候，马上有人过来。")
                self._show(replace(self.state, help_busy=False, notice=Notice(text, Tone.DONE)))

        def failed(error: Exception) -> None:
            log.warning("help call failed: %s", type(error).__name__)
            if session == self._session:
                text = self.tr("现在通知不到工作人员。请到大厅入口的咨询台，或招呼身边的工作人员。")
                self._show(replace(self.state, help_busy=False, notice=Notice(text, Tone.ATTENTION)))

        self._runner.submit(lambda: self._hall.alert(alert), told, failed)

    @Slot()
    def toggle_elders(self) -> None:
        """Larger type and more time."""
        elders = not self.state.elders
        self._idle.start(self._now_s(), elders=elders)
        self._show(replace(self.state, elders=elders))

    @Slot()
    def toggle_contrast(self) -> None:
        """White and yellow on black."""
        self._show(replace(self.state, high_contrast=not self.state.high_contrast))

    @Slot()
    def toggle_low(self) -> None:
        """Controls within reach from a wheelchair."""
        self._show(replace(self.state, low=not self.state.low))

    @Slot(str)
    def apologise(self, text: str) -> None:
        """Something of ours went wrong; the text comes from the fault hooks."""
        self._show(replace(self.state, notice=Notice(text, Tone.WRONG)))

    # -- time

    @Slot()
    def tick(self) -> None:
        """Look at the clock and, now and then, at the link; each time while it is away."""
        self._ticks += 1
        away = self.state.link is None or not self.state.link.hall
        if away or self._ticks % LINK_EVERY_TICKS == 0:
            self._ask_link()
        if not self._in_session or self._working:
            return
        reading = self._idle.read(self._now_s())
        if reading.wipe or (reading.asking and self._nothing_to_lose()):
            self.end()
        elif reading != self.state.idle:
            if reading.asking and not self.state.idle.asking:
                self._voice.say(self.tr("您还在吗？如果还需要时间，请按屏幕上的按钮。"))
            self._show(replace(self.state, idle=reading))

    def _touch(self) -> None:
        now = self._now_s()
        if self._in_session:
            self._idle.touch(now)
        else:
            self._in_session = True
            self._idle.start(now, elders=self.state.elders)
        if self.state.idle.asking:
            self._show(replace(self.state, idle=IdleReading()))

    def _nothing_to_lose(self) -> bool:
        return replace(self.state, link=None, idle=IdleReading()) == ShellState()

    def _leave_page(self) -> None:
        page = self._pages.get(self.state.page)
        if page is not None:
            page.reset()

    def _ask_link(self) -> None:
        if not self._link_asked:
            self._link_asked = True
            self._runner.submit(self._hall.link, self._have_link, self._no_link)

    def _have_link(self, link: LinkState) -> None:
        self._link_asked = False
        if link != self.state.link:
            self._show(replace(self.state, link=link))

    def _no_link(self, error: Exception) -> None:
        log.warning("link state unknown: %s", type(error).__name__)
        self._have_link(LinkState(hall=False))

    def _show(self, state: ShellState) -> None:
        self.state = state
        self.state_changed.emit(state)
