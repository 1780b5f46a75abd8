"""What happened to the series of document numbers. No personal data."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class NumberDrawn:
    """A document number taken from a series of this machine; in the series' own dossier."""

    TYPE: ClassVar[str] = "number.drawn/1"
    organ: str
    kind: str
    year: int
    n: int
    text: str
    for_case: str


NUMBER_EVENTS = (NumberDrawn,)
