"""A text for people, as a value that presenters can hold (no widgets)."""

from dataclasses import dataclass

from ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, what is safe, what to do. action: the verb of the one thing they can press, or ""."""

    text: str
    tone: Tone = Tone.INFO
    action: str = ""
