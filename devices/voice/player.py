"""Getting a WAV out of the loudspeaker, or staying silent where there is none."""

import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from devices.voice.clips import duration_s

log = logging.getLogger(__name__)

LINUX_PLAYERS = (("aplay", "-q"), ("pw-play",))
GRACE_S = 5.0
"""A player that takes this much longer than the sound hangs, and is killed."""


class Player(Protocol):
    """Plays one sound at a time. Blocking; the announcer's thread owns it."""

    def play(self, wav: bytes) -> bool:
        """Until the sound has ended; False when nothing could be heard, which is no error."""


class ChildPlayer:
    """Plays by a program of the system, in a child process that is killed when it hangs.

    `commands` are tried in order; each gets the name of a WAV file as its last argument. The file holds a
    ticket number and a window, no personal data, and is removed at once.
    """

    def __init__(self, commands: Sequence[Sequence[str]], *, grace_s: float = GRACE_S) -> None:
        self._commands = [list(command) for command in commands]
        self._grace_s = grace_s

    def play(self, wav: bytes) -> bool:
        limit_s = duration_s(wav) + self._grace_s
        with tempfile.TemporaryDirectory(prefix="yichuang-voice-") as folder:
            path = Path(folder) / "call.wav"
            path.write_bytes(wav)
            return any(self._run([*command, str(path)], limit_s) for command in self._commands)

    @staticmethod
    def _run(command: list[str], limit_s: float) -> bool:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=limit_s,
            )
        except (OSError, subprocess.TimeoutExpired) as exc:
            log.warning("%s does not play: %s", command[0], exc)
            return False
        if done.returncode != 0:
            log.warning("%s does not play: exit code %d", command[0], done.returncode)
        return done.returncode == 0


class WindowsPlayer:
    """winsound, from memory. Blocking, which is why the announcer has a thread."""

    def __init__(self, play_memory: Callable[[bytes], None]) -> None:
        self._play_memory = play_memory

    def play(self, wav: bytes) -> bool:
        try:
            self._play_memory(wav)
        except RuntimeError as exc:  # what winsound raises without a sound device
            log.warning("winsound does not play: %s", exc)
            return False
        return True


class SilentPlayer:
    """No loudspeaker: calls are on the screens only."""

    def play(self, wav: bytes) -> bool:
        return False


def find_player() -> Player:
    """What this machine can play with. Opens no device: whether it can be heard, `play` tells."""
    if sys.platform == "win32":
        import winsound

        def play_memory(wav: bytes) -> None:
            winsound.PlaySound(wav, winsound.SND_MEMORY | winsound.SND_NODEFAULT)

        return WindowsPlayer(play_memory)
    commands = [command for command in LINUX_PLAYERS if shutil.which(command[0])]
    return ChildPlayer(commands) if commands else SilentPlayer()
