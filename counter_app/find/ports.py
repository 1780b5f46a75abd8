"""What Ctrl+K can find in the hall's data. Commands are found by the app itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FoundKind(StrEnum):
    COMMAND = "command"
    ITEM = "item"
    CASE = "case"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class FoundRow:
    """`key` is an action, item id, case number or person id, by `kind`. Names of people come masked."""

    kind: FoundKind
    key: str
    title: str
    detail: str = ""


class FindDesk(Protocol):
    def find(self, text: str) -> tuple[FoundRow, ...]:
        """At most 12 rows, best first, by code, hanzi or pinyin initials. Called on a worker thread."""
