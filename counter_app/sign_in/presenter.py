"""Who sits at which window, and the screen lock. QtCore only. The PIN never enters the state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands
from counter_app.sign_in.ports import SignInDesk, StaffOnDuty, WindowSession
from counter_app.values import NO_NOTICE, Choice, ChoiceOption, NewId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


class Stage(StrEnum):
    WHO = "who"
    WINDOW = "window"
    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"
    """This PC was given up for lost: nobody signs in on it any more."""


_NOBODY = (Stage.WHO, Stage.WINDOW, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class SignInState:
    """Everything the sign-in and lock screens draw."""

    stage: Stage = Stage.WHO
    staff: StaffOnDuty | None = None
    choice: Choice | None = None
    session: WindowSession | None = None
    busy: str = ""
    notice: Notice = NO_NOTICE


class SignInPresenter(QObject):
    """Signs in, opens the window, locks after silence.

    Signals:
        state_changed: the new SignInState.
        opened: the WindowSession that begins.
        locked: the screen was locked; what lies on it stays under the lock.
        unlocked: the same person is back.
        closed: the window was closed.
    """

    state_changed = Signal(object)
    opened = Signal(object)
    locked = Signal()
    unlocked = Signal()
    closed = Signal()

    def __init__(
        self,
        *,
        desk: SignInDesk,
        runner: Runner,
        new_id: NewId,
        clock: Callable[[], float],
        lock_after_s: float,
        parent: QObject | None = None,
    ) -> None:
        """`clock` is monotonic seconds; call `tick` about once a second."""
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._clock = clock
        self._lock_after_s = lock_after_s
        self._active_at = clock()
        self._looking = False
        self.state = SignInState()

    @Slot()
    def activity(self) -> None:
        """A key or the mouse: somebody is there."""
        self._active_at = self._clock()

    @Slot()
    def tick(self) -> None:
        if self.state.stage is Stage.OPEN and self._clock() - self._active_at >= self._lock_after_s:
            self.press_lock()
        if self.state.stage in _NOBODY and not self._looking and not self._commands.busy:
            self._looking = True
            self._runner.submit(self._desk.closed, self._on_closed_words, self._on_unread)

    def press_sign_in(self, staff_no: str, pin: str) -> None:
        """Staff number (spaces allowed) and PIN as typed."""
        staff_no = staff_no.strip()
        if not staff_no or not pin:
            self._fail(Notice(self.tr("请输入工号和 PIN。"), Tone.ATTENTION))
            return
        if not self._commands.ready(self.press_sign_in, staff_no, pin):
            return
        busy = self.tr("正在核对")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("sign_in", staff_no),
            busy,
            lambda command_id: self._desk.sign_in(command_id, staff_no, pin),
            self._on_signed_in,
            self._fail,
        )

    @Slot(int)
    def move_choice(self, step: int) -> None:
        if self.state.choice is not None:
            self._show(replace(self.state, choice=self.state.choice.moved(step)))

    @Slot(int)
    def place_choice(self, at: int) -> None:
        if self.state.choice is not None:
            self._show(replace(self.state, choice=self.state.choice.placed(at)))

    @Slot()
    def press_open(self) -> None:
        """Open the chosen window."""
        staff, choice = self.state.staff, self.state.choice
        if staff is None or choice is None or choice.chosen is None:
            return
        if not self._commands.ready(self.press_open):
            return
        window = next(w for w in staff.windows if w.window_id == choice.chosen.key)
        if window.blocked:
            self._fail(Notice(window.blocked, Tone.ATTENTION))
            return
        busy = self.tr("正在开窗")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("open", staff.staff_id, window.window_id),
            busy,
            lambda command_id: self._desk.open_window(command_id, staff.staff_id, window.window_id),
            self._on_opened,
            self._fail,
        )

    @Slot()
    def press_back(self) -> None:
        """From the window list back to who."""
        if self.state.stage is Stage.WINDOW and not self._commands.busy:
            self._show(SignInState())

    @Slot()
    def press_lock(self) -> None:
        """Covers the screen at once; the hall hears of it behind the cover."""
        if self.state.stage is not Stage.OPEN or not self._commands.ready(self.press_lock):
            return
        self._show(replace(self.state, stage=Stage.LOCKED, notice=NO_NOTICE))
        self.locked.emit()
        self._commands.run(("lock",), self.tr("正在锁屏"), self._desk.lock, lambda _none: None, self._fail)

    @Slot(str)
    def press_unlock(self, pin: str) -> None:
        session = self.state.session
        if session is None or self.state.stage is not Stage.LOCKED:
            return
        if not pin:
            self._fail(Notice(self.tr("请输入 PIN。"), Tone.ATTENTION))
            return
        if not self._commands.ready(self.press_unlock, pin):
            return
        busy = self.tr("正在核对")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("unlock",),
            busy,
            lambda command_id: self._desk.unlock(command_id, session.staff_id, pin),
            self._on_unlocked,
            self._fail,
        )

    @Slot()
    def press_sign_out(self) -> None:
        """From the lock screen: close the window and leave."""
        if self.state.session is None or not self._commands.ready(self.press_sign_out):
            return
        busy = self.tr("正在关窗")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(("sign_out",), busy, self._desk.sign_out, self._on_signed_out, self._fail)

    def _on_closed_words(self, words: str) -> None:
        self._looking = False
        if words and self.state.stage in _NOBODY:
            self._show(SignInState(stage=Stage.CLOSED, notice=Notice(words, Tone.WRONG)))
        elif not words and self.state.stage is Stage.CLOSED:
            self._show(SignInState())

    def _on_unread(self, _error: Exception) -> None:
        self._looking = False

    def _on_signed_in(self, staff: StaffOnDuty) -> None:
        options = tuple(
            ChoiceOption(w.window_id, f"{w.number}  {w.name}", w.blocked or w.zone) for w in staff.windows
        )
        if not options:
            self._fail(Notice(self.tr("今天没有安排给您的窗口，请找区域负责人。"), Tone.ATTENTION))
            return
        first_free = next((i for i, w in enumerate(staff.windows) if not w.blocked), 0)
        choice = Choice(self.tr("%1，请选择窗口").replace("%1", staff.name), options, first_free)
        self._show(SignInState(stage=Stage.WINDOW, staff=staff, choice=choice))

    def _on_opened(self, session: WindowSession) -> None:
        self.activity()
        self._show(SignInState(stage=Stage.OPEN, session=session))
        self.opened.emit(session)

    def _on_unlocked(self, _result: None) -> None:
        self.activity()
        self._show(replace(self.state, stage=Stage.OPEN, busy="", notice=NO_NOTICE))
        self.unlocked.emit()

    def _on_signed_out(self, _result: None) -> None:
        self._show(SignInState())
        self.closed.emit()

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _show(self, state: SignInState) -> None:
        self.state = state
        self.state_changed.emit(state)
