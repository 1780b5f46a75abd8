"""Make the call-voice clips of resources/voice/zh with espeak-ng and sox (both must be installed).

    python tools/make_voice_clips.py [FOLDER]

Each clip is a WAV of 16 kHz, 16 bit, mono, without silence at its ends. The same input gives the same bytes.
"""

import math
import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

RATE = 16_000
PHRASES = {
    "qing": "请", "hao": "号", "dao": "到", "chuangkou": "窗口", "shi": "十", "bai": "百",
    **{str(n): "零一二三四五六七八九"[n] for n in range(10)},
    **{chr(ord("a") + i): chr(ord("A") + i) for i in range(26)},
}  # fmt: skip
CHIME_NOTES = ((0.0, 880.0), (0.28, 659.26))
"""(start in s, Hz): a falling fourth, the usual call signal."""
CHIME_S = 1.0


def main() -> None:
    root = Path(__file__).parents[1]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "resources" / "voice" / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in PHRASES.items():
        speak(text, folder / f"{name}.wav")
    chime(folder / "chime.wav")
    total = sum(path.stat().st_size for path in folder.glob("*.wav"))
    print(f"{len(PHRASES) + 1} clips, {total / 1e6:.2f} MB in {folder}")


def speak(text: str, path: Path) -> None:
    """The voice `cmn` reads hanzi as English words in espeak-ng 1.51; `cmn-latn-pinyin` reads them right."""
    with tempfile.TemporaryDirectory() as temp:
        raw = Path(temp) / "raw.wav"
        subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-s", "150", "-w", str(raw), text], check=True)
        trim = ["silence", "1", "0.005", "0.4%", "reverse"]
        polish = ["fade", "0.003", "norm", "-3"]
        subprocess.run(
            ["sox", "-D", str(raw), *f"-r {RATE} -c 1 -b 16".split(), str(path), *trim, *trim, *polish],
            check=True,
        )


def struck(hz: float, t: float) -> float:
    """A note `t` seconds after it was struck, -1 to 1."""
    return math.sin(2 * math.pi * hz * t) * math.exp(-5 * t) * min(1, t / 0.005)


def chime(path: Path) -> None:
    """Two struck notes that die away."""
    frames = []
    for i in range(int(CHIME_S * RATE)):
        t = i / RATE
        level = sum(struck(hz, t - start) for start, hz in CHIME_NOTES if t >= start)
        fade = min(1.0, (CHIME_S - t) / 0.05)
        frames.append(round(12_000 * level * fade))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(frames)}h", *frames))


if __name__ == "__main__":
    main()
