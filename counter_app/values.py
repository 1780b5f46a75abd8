"""Values that several slices of the counter share. Plain data: no Qt, no hall, no devices."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

from ui.notice import Notice

TicketId = NewType("TicketId", str)
CaseId = NewType("CaseId", str)
MaterialId = NewType("MaterialId", str)
PageId = NewType("PageId", str)
PaperId = NewType("PaperId", str)
ErrandId = NewType("ErrandId", str)
DeliveryId = NewType("DeliveryId", str)
ItemId = NewType("ItemId", str)

NewId = Callable[[], UUID]


class Refused(Exception):
    """An expected refusal. `text` is Chinese, for the clerk: what happened, what is safe, what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NothingThere(Refused):
    """Nothing is wrong and nothing is forbidden: there is just nothing to do it with. Shown plainly, no warning."""


class Unanswered(Refused):
    """No answer came, or the disk failed: the effect may stand. Shown as a refusal; repeat with the same id."""


NO_NOTICE = Notice("")
"""Nothing to say: the notice line takes no room."""


class Mark(StrEnum):
    """Has a fact arrived there?"""

    ARRIVED = "arrived"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SyncMarks:
    """Where everything that this window knows of a case has arrived: this PC, hall node, county centre."""

    here: Mark = Mark.UNKNOWN
    hall: Mark = Mark.UNKNOWN
    centre: Mark = Mark.UNKNOWN


class PrintMark(StrEnum):
    """What a list says of a paper that is not known to have come out of the printer."""

    NONE = "none"
    SENT = "sent"
    """A spooler took it over and does not tell more."""
    UNSURE = "unsure"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """An official paper that exists (committed, perhaps not yet numbered or sealed)."""

    paper_id: PaperId
    title: str
    number: str
    """Document number, or the case number when no number block reached this window."""
    page_count: int
    seal_text: str = ""
    """What a clerk does with it once printed, e.g. 「一式两份，每份都到盖章处加盖专用章…」."""
    by_hand: str = ""
    """Which characters the paper cannot show and what to do about them; empty: all are there."""
    mark: PrintMark = PrintMark.NONE


@dataclass(frozen=True, slots=True)
class Signature:
    """A citizen's handwriting. `png` is at least 300 px wide, dark on white; `strokes` are (x, y, t_ms)."""

    png: bytes
    strokes: tuple[tuple[tuple[float, float, int], ...], ...]


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One line of an inline choice. `key` goes into the command, `text` is shown."""

    key: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question asked inside the page (never a dialog): digits or arrows, Enter, Esc."""

    title: str
    options: tuple[ChoiceOption, ...]
    at: int = 0

    def moved(self, step: int) -> "Choice":
        """The same choice with the cursor moved, staying inside the list."""
        last = max(len(self.options) - 1, 0)
        return Choice(self.title, self.options, min(max(self.at + step, 0), last))

    def placed(self, at: int) -> "Choice":
        """The same choice with the cursor on line `at` (0-based); out of range changes nothing."""
        return Choice(self.title, self.options, at) if 0 <= at < len(self.options) else self

    @property
    def chosen(self) -> ChoiceOption | None:
        return self.options[self.at] if self.options else None
