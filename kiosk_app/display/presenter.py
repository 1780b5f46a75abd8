"""What the call display shows: the newest call, the last eight, who waits where. QtCore only."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk_app.ports import Call, DisplayHall, DisplaySnapshot, Voice, Zone
from ui.runner import Runner

log = logging.getLogger(__name__)

POLL_MS = 700
SHOW_NEWEST_S = 10.0
LAST_CALLS = 8
LOST_AFTER_S = 15.0


@dataclass(frozen=True, slots=True)
class DisplayState:
    """Everything the view draws.

    newest: full width, None after its ten seconds. last: newest first, one line a number. connecting: just
    switched on, the node has not answered yet. lost_s: seconds since it answered (or since the switching on),
    None while it does. old_epoch: a node that has been replaced is talking. clock_off: how far this screen's
    clock is from the node's. void: which numbers are void and what to do.
    """

    newest: Call | None = None
    void: str = ""
    last: tuple[Call, ...] = ()
    zones: tuple[Zone, ...] = ()
    notices: tuple[str, ...] = ()
    clock_off: str = ""
    connecting: bool = True
    lost_s: int | None = None
    old_epoch: bool = False


class DisplayPresenter(QObject):
    """Follows one queue, and only its newest epoch: an old node that returns is not listened to.

    Signals:
        state_changed: the new DisplayState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        hall: DisplayHall,
        runner: Runner,
        voice: Voice,
        now_s: Callable[[], float],
        seen_epoch: int,
        remember_epoch: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        """seen_epoch: the highest one of earlier runs, 0 at first; remember_epoch keeps it durably."""
        super().__init__(parent)
        self._hall = hall
        self._runner = runner
        self._voice = voice
        self._now_s = now_s
        self._epoch = seen_epoch
        self._remember_epoch = remember_epoch
        self._seen_call = -1
        self._first = True
        self._asking = False
        self._heard_s = now_s()
        self._waiting: deque[Call] = deque()
        self._until_s = 0.0
        self.state = DisplayState()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Begin to poll."""
        self._timer.start()
        self.tick()

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    @Slot()
    def tick(self) -> None:
        """Ask the node once, end the newest call's time, count the silence."""
        if not self._asking:
            self._asking = True
            self._runner.submit(self._hall.snapshot, self._heard, self._silent)
        self._advance()
        silent_s = self._now_s() - self._heard_s
        lost = int(silent_s) if silent_s >= LOST_AFTER_S else None
        if lost != self.state.lost_s:
            self._show(replace(self.state, lost_s=lost, connecting=self.state.connecting and lost is None))

    def _heard(self, snapshot: DisplaySnapshot) -> None:
        self._asking = False
        if snapshot.epoch < self._epoch:
            if not self.state.old_epoch:
                log.warning("queue epoch %d refused, %d was seen", snapshot.epoch, self._epoch)
                self._show(replace(self.state, old_epoch=True, connecting=False))
            return
        if snapshot.epoch > self._epoch:
            # first written down, then shown: after a restart the old node must still be refused
            self._remember_epoch(snapshot.epoch)
            self._epoch = snapshot.epoch
            self._seen_call = -1
            self._first = self._first or not self.state.last
        self._heard_s = self._now_s()
        fresh = [call for call in snapshot.calls if call.call_id > self._seen_call]
        if fresh:
            self._seen_call = max(call.call_id for call in fresh)
            self._add(fresh)
        self._first = False
        self._strike(snapshot.void)
        self._show(
            replace(
                self.state,
                void=snapshot.void_words,
                zones=snapshot.zones,
                notices=snapshot.notices,
                clock_off=snapshot.clock_off,
                connecting=False,
                lost_s=None,
                old_epoch=False,
            )
        )
        self._advance()

    def _silent(self, error: Exception) -> None:
        self._asking = False
        log.debug("call display: %s", type(error).__name__)

    def _add(self, fresh: list[Call]) -> None:
        if self._first:
            # a display that has just been switched on does not shout old calls
            self._remember_last(fresh)
            return
        known = {(call.number, call.window_text) for call in self._waiting}
        for call in fresh:
            if (call.number, call.window_text) not in known:
                self._waiting.append(call)
        # called together, shown together: the one whose turn on the whole screen comes next stands in the strip
        self._remember_last(fresh)

    def _strike(self, void: tuple[str, ...]) -> None:
        """Their call sends nobody anywhere any more, neither the one on the whole screen nor one before it."""
        self._waiting = deque(call for call in self._waiting if call.number not in void)
        newest = self.state.newest
        if newest is not None and newest.number in void:
            newest = None
        last = tuple(call for call in self.state.last if call.number not in void)
        self._show(replace(self.state, newest=newest, last=last))

    def _advance(self) -> None:
        now = self._now_s()
        if self.state.newest is not None and (now < self._until_s and not self._waiting_long()):
            return
        if self._waiting:
            call = self._waiting.popleft()
            self._until_s = now + SHOW_NEWEST_S
            self._remember_last([call])
            self._show(replace(self.state, newest=call))
            text = self.tr("请 {0} 号到 {1}")
            self._voice.say(text.format(call.number, call.window_text))
        elif self.state.newest is not None and now >= self._until_s:
            self._show(replace(self.state, newest=None))

    def _waiting_long(self) -> bool:
        """With several calls at once each stays three seconds at least, so that none is late."""
        return bool(self._waiting) and self._now_s() >= self._until_s - SHOW_NEWEST_S + 3.0

    def _remember_last(self, calls: list[Call]) -> None:
        last = list(self.state.last)
        for call in calls:
            last = [call, *(old for old in last if old.number != call.number)]
        self._show(replace(self.state, last=tuple(last[:LAST_CALLS])))

    def _show(self, state: DisplayState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
