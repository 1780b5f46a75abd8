"""Which clips say a call, and how clips become one WAV in memory. No sound is made here."""

import io
import re
import wave
from collections.abc import Iterable
from pathlib import Path

RATE_HZ = 16_000
SAMPLE_BYTES = 2
MAX_WINDOW = 999
GAP_S = 0.06
"""Between two clips of one phrase."""
REPEAT_GAP_S = 0.6
"""Between the first and the second time a call is said."""
CHIME = "chime"


class BadClip(ValueError):
    """A clip is missing or not 16 kHz mono 16-bit PCM. `hint` is Chinese, for IT staff."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"clip {name}: {why}")
        self.hint = f"语音文件 {name}.wav 缺失或格式不对（应为 16 kHz、16 位、单声道 WAV）。"


def clips_for(ticket_no: str, window: int) -> list[str]:
    """Clip names for one call: chime, 请 A 0 1 7 号 到 3 号 窗口.

    The ticket number is spelled, the window number is read as a number (12 = 十二). Raises ValueError for a
    ticket number that is not 1-12 letters and digits, or a window outside 1-999.
    """
    if not re.fullmatch(r"[A-Za-z0-9]{1,12}", ticket_no):
        raise ValueError(f"not a ticket number: {ticket_no!r}")
    spelled = list(ticket_no.lower())
    return [CHIME, "qing", *spelled, "hao", "dao", *number_clips(window), "hao", "chuangkou"]


def number_clips(number: int) -> list[str]:
    """1-999 as it is read: 12 十二, 20 二十, 105 一百零五, 110 一百一十. Raises ValueError outside."""
    if not 1 <= number <= MAX_WINDOW:
        raise ValueError(f"not a window number: {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out: list[str] = []
    if hundreds:
        out += [str(hundreds), "bai"]
        if rest and not tens:
            out.append("0")
    if tens:
        out += ["shi"] if tens == 1 and not hundreds else [str(tens), "shi"]
    if ones:
        out.append(str(ones))
    return out


def join_call(folder: Path, ticket_no: str, window: int) -> bytes:
    """The whole announcement as one WAV: chime, the call, a pause, the call again. Raises as its parts do."""
    call = clips_for(ticket_no, window)
    said = [_frames(folder, name) for name in call]
    gap, pause = _silence(GAP_S), _silence(REPEAT_GAP_S)
    phrase = gap.join(said[1:])
    return _wav(said[0] + gap + phrase + pause + phrase)


def join_clips(folder: Path, names: Iterable[str]) -> bytes:
    """Clips in a row as one WAV (16 kHz mono). Raises BadClip."""
    return _wav(_silence(GAP_S).join(_frames(folder, name) for name in names))


def duration_s(wav: bytes) -> float:
    """How long a WAV plays."""
    with wave.open(io.BytesIO(wav), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def _frames(folder: Path, name: str) -> bytes:
    try:
        with wave.open(str(folder / f"{name}.wav"), "rb") as clip:
            if (clip.getframerate(), clip.getsampwidth(), clip.getnchannels()) != (RATE_HZ, SAMPLE_BYTES, 1):
                raise BadClip(name, "not 16 kHz mono 16-bit")
            return clip.readframes(clip.getnframes())
    except (OSError, wave.Error, EOFError) as exc:
        raise BadClip(name, str(exc)) from exc


def _silence(seconds: float) -> bytes:
    return bytes(int(seconds * RATE_HZ) * SAMPLE_BYTES)


def _wav(frames: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(SAMPLE_BYTES)
        sound.setframerate(RATE_HZ)
        sound.writeframes(frames)
    return out.getvalue()
