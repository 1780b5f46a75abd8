"""One presenter's commands: one at a time, the second press ignored, other presses kept for after, ids reused.

No Qt here: results come back on whichever thread the runner delivers (the GUI thread in the app).
"""

import logging
from collections.abc import Callable, Hashable
from typing import TypeVar
from uuid import UUID

from counter_app.device_ports import DeviceTrouble
from counter_app.values import NewId, NothingThere, Refused, Unanswered
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

T = TypeVar("T")
log = logging.getLogger(__name__)

NO_ANSWER = "这一步没有得到答复。已录入的内容都在，请再按一次；重复按不会重复办理。"
_MAX_KEPT = 4


class Commands:
    """Runs commands through a runner and remembers their ids.

    An id belongs to an intent (`key`: name and arguments). It is forgotten when the hall has answered, with
    success or refusal; after silence (also silence that comes in words: Unanswered) the next press of the same
    intent reuses it, so it has one effect.
    """

    def __init__(self, *, runner: Runner, new_id: NewId) -> None:
        self._runner = runner
        self._new_id = new_id
        self._ids: dict[Hashable, UUID] = {}
        self._running: tuple[Callable[..., None], tuple[object, ...]] | None = None
        self._asked: tuple[Callable[..., None], tuple[object, ...]] | None = None
        self._kept: list[tuple[Callable[..., None], tuple[object, ...]]] = []
        self.busy = ""

    def ready(self, press: Callable[..., None], *args: object) -> bool:
        """May `press` act now? While something runs: the same press is ignored, another is kept and pressed
        again after it (type-ahead is never lost, at most four)."""
        if not self.busy:
            self._asked = (press, args)
            return True
        if (press, args) != self._running and (press, args) not in self._kept and len(self._kept) < _MAX_KEPT:
            self._kept.append((press, args))
        return False

    def run(
        self,
        key: Hashable,
        busy: str,
        work: Callable[[UUID], T],
        done: Callable[[T], None],
        failed: Callable[[Notice], None],
    ) -> None:
        """Start `work(command_id)`. `busy` is the word shown meanwhile; `failed` gets a notice for the clerk."""
        command_id = self._ids.setdefault(key, self._new_id())
        self.busy = busy
        self._running, self._asked = self._asked, None

        def on_done(result: T) -> None:
            self._ids.pop(key, None)
            self._end()
            done(result)
            self._press_kept()

        def on_failed(error: Exception) -> None:
            self._end()
            self._kept.clear()
            if isinstance(error, Refused) and not isinstance(error, Unanswered):
                self._ids.pop(key, None)
            failed(notice_of(error))

        self._runner.submit(lambda: work(command_id), on_done, on_failed)

    def _end(self) -> None:
        self.busy = ""
        self._running = None

    def _press_kept(self) -> None:
        while self._kept and not self.busy:
            press, args = self._kept.pop(0)
            press(*args)


def notice_of(error: Exception) -> Notice:
    """An error as one line for the clerk. Unknown errors are logged by class only: texts may hold personal data."""
    if isinstance(error, NothingThere):
        return Notice(error.text, Tone.PLAIN)
    if isinstance(error, Refused):
        return Notice(error.text, Tone.ATTENTION)
    if isinstance(error, DeviceTrouble):
        return Notice(error.hint, Tone.WRONG)
    log.error("command got no answer: %s", type(error).__name__)
    return Notice(NO_ANSWER, Tone.WRONG)
