"""Finding a matter in a long list by the pinyin initials of its name. No Qt."""

import unicodedata
from dataclasses import dataclass

from kiosk_app.ports import Matter

WORTH_SEARCHING = 12
"""A list that is not longer is read more quickly than searched."""


@dataclass(frozen=True, slots=True)
class LetterSearch:
    """What a person typed. `letters` None: the keys are not on the screen."""

    letters: str | None = None

    def found(self, matters: tuple[Matter, ...]) -> tuple[Matter, ...]:
        """Those whose initials begin with the letters, then those that have them further on or in the name."""
        wanted = "".join(unicodedata.normalize("NFKC", self.letters or "").split()).lower()
        if not wanted:
            return matters
        first = [m for m in matters if m.initials.startswith(wanted)]
        later = [m for m in matters if m not in first and (wanted in m.initials or wanted in m.name.lower())]
        return (*first, *later)

    def toggled(self) -> "LetterSearch":
        """The keys shown, or put away together with what was typed."""
        return LetterSearch("" if self.letters is None else None)
