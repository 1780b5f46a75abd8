"""Says calls one after the other on a thread of its own."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devices.voice.clips import BadClip, clips_for, join_call
from devices.voice.player import Player
from devices.voice.queue import Call, CallQueue

log = logging.getLogger(__name__)


class CallAnnouncer:
    """Announces calls: chime, then twice 请A017号到3号窗口. Owns one thread; call it from any.

    `clips` is a folder of WAV clips (resources/voice/zh or a hall's own recordings). `said` is told after
    each call whether it could be heard; it runs on the announcer's thread.
    """

    def __init__(
        self,
        clips: Path,
        player: Player,
        *,
        clock: Callable[[], float] = time.monotonic,
        said: Callable[[Call, bool], None] = lambda call, heard: None,
    ) -> None:
        self._clips = clips
        self._player = player
        self._clock = clock
        self._said = said
        self._queue = CallQueue()
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="call-voice", daemon=True)
        self._thread.start()

    def announce(self, ticket_no: str, window: int, priority: int = 0) -> bool:
        """Queue a call and return at once; False when the same call was asked for less than 3 s ago.

        Raises ValueError for a ticket number or window that cannot be said.
        """
        clips_for(ticket_no, window)
        with self._changed:
            new = self._queue.push(Call(ticket_no, window, priority), self._clock())
            self._changed.notify()
            return new

    def close(self) -> None:
        """Finish the call that is being said, forget the rest."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or len(self._queue) > 0)
                if self._closing:
                    return
                call = self._queue.pop()
            if call is not None:
                self._said(call, self._say(call))

    def _say(self, call: Call) -> bool:
        try:
            sound = join_call(self._clips, call.ticket_no, call.window)
        except BadClip as exc:
            log.error("call voice: %s", exc)  # the call still stands on the screens
            return False
        return self._player.play(sound)
