"""Ask the hall off the GUI thread, and drop answers that belong to a person who has left."""

import logging
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from kiosk_app.ports import HallUnreachable, Refused
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

log = logging.getLogger(__name__)

T = TypeVar("T")


class Asker:
    """One page's questions to the hall; an answer is delivered only while the session that asked runs."""

    def __init__(self, runner: Runner, failed: Callable[[Notice], None]) -> None:
        """failed: shows the notice and ends the busy state."""
        self._runner = runner
        self._failed = failed
        self._session = 0

    def ask(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run work, then done with its result, or failed with a notice."""
        session = self._session

        def deliver(result: T) -> None:
            if session == self._session:
                done(result)

        def fail(error: Exception) -> None:
            if session == self._session:
                self._failed(notice_for(error))

        self._runner.submit(work, deliver, fail)

    def forget(self) -> None:
        """The session is over: answers still under way are dropped."""
        self._session += 1


def notice_for(error: Exception) -> Notice:
    """The words for a failure; logs what is our own fault."""
    if isinstance(error, Refused):
        return Notice(str(error), Tone.ATTENTION)
    if isinstance(error, HallUnreachable):
        text = QCoreApplication.translate(
            "Asker", "现在联系不上大厅主机，查不到这一项。请稍后再试，或到咨询台询问；您没有丢失任何东西。"
        )
        return Notice(text, Tone.ATTENTION)
    log.error("kiosk request failed", exc_info=error)
    text = QCoreApplication.translate(
        "Asker", "刚才这一步没有完成。请再试一次；仍不行，请按下方「叫工作人员帮忙」。"
    )
    return Notice(text, Tone.WRONG)
