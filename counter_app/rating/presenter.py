"""F11: ask once, on the pad or the citizen screen; a timeout is "not rated". The clerk never learns the level."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands
from counter_app.device_ports import Pad, PadAnswer
from counter_app.rating.ports import RatingAnswer, RatingAsked, RatingBefore, RatingDesk
from counter_app.values import NO_NOTICE, NewId, TicketId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 60.0
"""Domain 7.6: REQUESTED -> TIMEOUT after 60 s."""


class RatingStage(StrEnum):
    NOT_ASKED = "not_asked"
    ASKING = "asking"
    RATED = "rated"
    NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class RatingState:
    """What the clerk may know: asked, answered or not. Never the answer."""

    stage: RatingStage = RatingStage.NOT_ASKED
    seconds_left: int = 0
    busy: str = ""
    notice: Notice = NO_NOTICE


class RatingPresenter(QObject):
    """Signals:
    state_changed: the new RatingState.
    screen_wanted: a RatingAsked for the citizen screen (no pad here, or the pad fell silent).
    screen_done: the citizen screen may go back.
    """

    state_changed = Signal(object)
    screen_wanted = Signal(object)
    screen_done = Signal()

    def __init__(
        self,
        *,
        desk: RatingDesk,
        pad: Pad,
        ticket: Callable[[], TicketId | None],
        runner: Runner,
        pad_runner: Runner,
        new_id: NewId,
        clock: Callable[[], float],
        has_screen: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._pad = pad
        self._ticket = ticket
        self._runner = runner
        self._pad_runner = pad_runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._clock = clock
        self._has_screen = has_screen
        self._asked: RatingAsked | None = None
        self._until = 0.0
        self.state = RatingState()

    def begin_visit(self, ticket: TicketId | None = None) -> None:
        """A service begins, goes on (`ticket`) or is over: it may be rated once. A question still open on the pad or
        screen is withdrawn; one that was open when this PC lost its power is asked again."""
        if self._asked is not None:
            self._miss()
        self._show(RatingState())
        if ticket is not None:
            self._runner.submit(
                lambda: self._desk.rating_before(ticket),
                lambda before: self._on_before(ticket, before),
                self._on_unread,
            )

    def _on_before(self, ticket: TicketId, before: RatingBefore) -> None:
        if ticket != self._ticket() or self._commands.busy or self.state.stage is not RatingStage.NOT_ASKED:
            return
        if before.waiting is not None:
            self._on_asked(before.waiting)
        elif before.rated is not None:
            self._show(RatingState(stage=RatingStage.RATED if before.rated else RatingStage.NOT_RATED))

    def _on_unread(self, error: Exception) -> None:
        """F11 tells what is left to ask."""
        log.warning("rating of the visit not read: %s", type(error).__name__)

    @Slot()
    def press_ask(self) -> None:
        if not self._commands.ready(self.press_ask):
            return
        ticket = self._ticket()
        if ticket is None:
            self._say(self.tr("没有正在办理的号，不能请评价。"))
        elif not self._pad.present and not self._has_screen:
            self._say(self.tr("本窗没有评价器和群众屏，请群众扫码或在自助机上评价。"))
        elif self.state.stage is RatingStage.ASKING:
            self._say(self.tr("正在请群众评价。"))
        elif self.state.stage is not RatingStage.NOT_ASKED:
            self._say(self.tr("这次服务已请过评价，每次服务只请一次。"))
        else:
            busy = self.tr("正在请评价")
            self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
            self._commands.run(
                ("ask", ticket),
                busy,
                lambda command_id: self._desk.ask_rating(command_id, ticket),
                self._on_asked,
                self._fail,
            )

    @Slot()
    def tick(self) -> None:
        """Once a second while asking."""
        if self._asked is None:
            return
        left = self._until - self._clock()
        if left <= 0:
            self._miss()
        else:
            self._show(replace(self.state, seconds_left=int(left) + 1))

    def answer_on_screen(self, answer: RatingAnswer | None) -> None:
        """From the citizen screen; None: they declined."""
        if self._asked is not None:
            if answer is None:
                self._miss()
            else:
                self._record(self._asked, answer)

    def _on_asked(self, asked: RatingAsked) -> None:
        self._asked = asked
        self._until = self._clock() + ANSWER_WITHIN_S
        self._show(RatingState(stage=RatingStage.ASKING, seconds_left=int(ANSWER_WITHIN_S)))
        if self._pad.present:
            self._pad_runner.submit(
                lambda: self._pad.ask(ANSWER_WITHIN_S),
                lambda answer: self._on_pad(asked, answer),
                lambda error: self._on_pad_failed(asked, error),
            )
        else:
            self.screen_wanted.emit(asked)

    def _on_pad(self, asked: RatingAsked, answer: PadAnswer) -> None:
        if self._asked is not asked:
            return
        if answer.level is None:
            self._miss()
        elif answer.level <= 2:
            # a bad rating needs a reason (R21): the pad cannot ask for it, the screen can
            self._ask_on_screen(asked)
        else:
            self._record(asked, RatingAnswer(answer.level))

    def _on_pad_failed(self, asked: RatingAsked, _error: Exception) -> None:
        if self._asked is asked:
            if self._has_screen:
                self._say(self.tr("评价器没有应答，已改到群众屏幕上评价。"))
            self._ask_on_screen(asked)

    def _ask_on_screen(self, asked: RatingAsked) -> None:
        if self._has_screen:
            self.screen_wanted.emit(asked)
        else:
            # a level without its reason is not a rating; the citizen can still rate by another channel
            self._miss()

    def _record(self, asked: RatingAsked, answer: RatingAnswer) -> None:
        self._asked = None
        self._pad.cancel()
        self.screen_done.emit()
        self._show(replace(self.state, stage=RatingStage.RATED, seconds_left=0, notice=NO_NOTICE))
        self._commands.run(
            ("record", asked.request_id),
            self.tr("正在保存"),
            lambda command_id: self._desk.record_rating(command_id, asked.request_id, answer),
            self._on_kept,
            self._fail,
        )

    def _miss(self) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        self._pad.cancel()
        self.screen_done.emit()
        self._show(replace(self.state, stage=RatingStage.NOT_RATED, seconds_left=0, notice=NO_NOTICE))
        self._commands.run(
            ("missed", asked.request_id),
            self.tr("正在保存"),
            lambda command_id: self._desk.rating_missed(command_id, asked.request_id),
            self._on_kept,
            self._fail,
        )

    def _on_kept(self, _result: None) -> None:
        self._show(replace(self.state, busy=""))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: RatingState) -> None:
        self.state = state
        self.state_changed.emit(state)
