"""Where finished results are handed out: to which window to go."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from kiosk_app.asking import Asker
from kiosk_app.ports import KioskHall, PickUpPlace
from ui.notice import Notice
from ui.runner import Runner


@dataclass(frozen=True, slots=True)
class PickUpState:
    """Everything the view draws."""

    loading: bool = False
    notice: Notice | None = None
    place: PickUpPlace | None = None


class PickUpPresenter(QObject):
    """Asks the hall where the delivery window is.

    Signals:
        state_changed: the new PickUpState.
    """

    state_changed = Signal(object)

    def __init__(self, *, hall: KioskHall, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hall = hall
        self._asker = Asker(runner, self._failed)
        self.state = PickUpState()

    def enter(self) -> None:
        """Load the place."""
        self._show(PickUpState(loading=True))
        self._asker.ask(self._hall.pick_up_place, lambda place: self._show(PickUpState(place=place)))

    def back(self) -> bool:
        """There is only one page."""
        return False

    def reset(self) -> None:
        """Back to the start."""
        self._asker.forget()
        self._show(PickUpState())

    def _failed(self, notice: Notice) -> None:
        self._show(replace(self.state, loading=False, notice=notice))

    def _show(self, state: PickUpState) -> None:
        self.state = state
        self.state_changed.emit(state)
