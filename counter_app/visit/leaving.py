"""F12 and Ctrl+T: which cases and papers would stay in the middle of their work. QtCore only; GUI thread."""

import logging
from collections.abc import Callable

from counter_app.take_in.ports import CaseView, IntakeDesk
from counter_app.values import TicketId
from counter_app.visit.open_cases import OpenCases
from counter_app.visit.slices import Slices
from counter_app.visit.unfinished import unfinished
from ui.runner import Runner

log = logging.getLogger(__name__)


class Leaving:
    """Asks the open cases while they are the whole visit, else the journal first: after a restart the visit's cases
    may not be on the screen yet, and one that nobody is asked about would be left behind unseen."""

    def __init__(
        self,
        desk: IntakeDesk,
        cases: OpenCases,
        slices: Slices,
        runner: Runner,
        ticket: Callable[[], TicketId | None],
    ) -> None:
        self._desk = desk
        self._cases = cases
        self._slices = slices
        self._runner = runner
        self._ticket = ticket

    def press(self, leave: Callable[[tuple[str, ...]], None]) -> None:
        """`leave` gets the unfinished cases in words."""
        ticket = self._ticket()
        if ticket is None or self._cases.whole:
            leave(self.left())
            return

        def done(found: tuple[CaseView, ...]) -> None:
            if ticket == self._ticket():
                self._cases.complete(found)
                leave(self.left())

        def failed(error: Exception) -> None:
            # the end of the visit is written to the same journal and will say for itself what is wrong
            log.warning("cases of the visit not read: %s", type(error).__name__)
            if ticket == self._ticket():
                leave(self.left())

        self._runner.submit(lambda: self._desk.cases_of(ticket), done, failed)

    def left(self) -> tuple[str, ...]:
        """What the open cases say now, in words, and papers that the citizen has not got."""
        s = self._slices
        return (*unfinished(self._cases.all, s.take_in.state), *s.outcome.unprinted())
