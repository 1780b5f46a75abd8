"""What is looked at large. No Qt."""

from collections.abc import Hashable
from dataclasses import dataclass

from counter_app.values import PageId, PaperId


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page as PNG or JPEG. `told`: in words, why there is no picture (yet)."""

    picture: bytes = b""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page in the middle shows small. Exactly one of `pictures`, `paper`, `pages` says where its pages are."""

    key: Hashable
    """Names it: a draft that is made anew stays the same one."""
    title: str
    note: str = ""
    sample: bool = False
    """A draft: it carries 样张 across."""
    pictures: tuple[bytes, ...] = ()
    paper: PaperId | None = None
    pages: tuple[PageId, ...] = ()
    at: int = 0
    """The page to begin with."""


@dataclass(frozen=True, slots=True)
class EnlargedState:
    """Everything the view draws. `subject` None: closed."""

    subject: Subject | None = None
    leaves: tuple[Leaf, ...] = ()
    held: bool = False
    """A key was pressed that does nothing here."""
