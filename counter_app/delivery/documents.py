"""The documents of a result: which of them lie in the clerk's hand. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from counter_app.values import PaperRow
from hall.delivery.model import DocumentKind


@dataclass(frozen=True, slots=True)
class DueDocument:
    """One document that goes over the counter. `source`: where the clerk gets it from, in words."""

    kind: DocumentKind
    title: str
    number: str = ""
    source: str = ""
    paper: PaperRow | None = None
    """It can be printed at this window."""
    in_hand: bool = False
    """The clerk has said so, for this hand-over."""

    @property
    def takes_number(self) -> bool:
        """Its number stands on it and nowhere else; a decision's is the hall's own."""
        return self.kind is DocumentKind.RESULT


@dataclass(frozen=True, slots=True)
class InHand:
    """What the clerk has seen: kinds of document, and the number on the result (empty where it has none)."""

    kinds: tuple[DocumentKind, ...]
    result_no: str


def in_hand(documents: Sequence[DueDocument]) -> InHand:
    number = next((d.number.strip() for d in documents if d.takes_number), "")
    return InHand(tuple(d.kind for d in documents if d.in_hand), number)


def missing(documents: Sequence[DueDocument]) -> tuple[DueDocument, ...]:
    return tuple(d for d in documents if not d.in_hand)


def toggled(documents: tuple[DueDocument, ...], at: int) -> tuple[DueDocument, ...]:
    return tuple(replace(d, in_hand=not d.in_hand) if n == at else d for n, d in enumerate(documents))


def numbered(documents: tuple[DueDocument, ...], number: str) -> tuple[DueDocument, ...]:
    return tuple(replace(d, number=number) if d.takes_number else d for d in documents)
