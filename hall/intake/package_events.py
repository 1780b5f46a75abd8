"""What happened to a package (一件事), and to a child that it turned out not to need. Scope "case"."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.intake.events import Answer, DefectLine
from hall.journal.marking import personal


@dataclass(frozen=True, slots=True)
class PackageChild:
    item: str
    name: str
    case: str
    department: str
    waits_for: tuple[str, ...] = ()
    """Item ids that must be granted first; its clock has not started."""


@dataclass(frozen=True, slots=True)
class PackageOpened:
    TYPE: ClassVar[str] = "package.opened/1"
    package_no: int
    version: int
    name: str
    lead: str
    case_no: str
    children: tuple[PackageChild, ...]
    answers: tuple[Answer, ...]
    staff: str
    test: bool = False


@dataclass(frozen=True, slots=True)
class PackageDefectsFiled:
    """A child's owner says what is wrong, or that nothing is."""

    TYPE: ClassVar[str] = "package.defects_filed/1"
    case: str
    department: str
    defects: tuple[DefectLine, ...] | None = personal()


@dataclass(frozen=True, slots=True)
class RoundOpinionGiven:
    """In the child's dossier: its owner's opinion for the merged round, wherever the package lies."""

    TYPE: ClassVar[str] = "case.round_opinion/1"
    package: str
    department: str
    defects: tuple[DefectLine, ...] | None = personal()


@dataclass(frozen=True, slots=True)
class PackageRoundClosed:
    """The lead sends the one merged notice; later defects are refused."""

    TYPE: ClassVar[str] = "package.round_closed/1"
    lead_officer: str
    document_no: str | None
    on: date


@dataclass(frozen=True, slots=True)
class CaseLeftOut:
    """In the child's dossier: the citizen's answers make it needless, and who takes the package in drops it.

    Not `CaseVoided`: nothing was entered wrong, and no supervisor decides.
    """

    TYPE: ClassVar[str] = "case.left_out/1"
    package: str
    answers: tuple[Answer, ...]
    """The package's answers that leave it out."""
    why: str
    """The same in the words in which they were asked; the catalogue may say it otherwise later."""
    on: date
    staff: str


PACKAGE_EVENTS = (PackageOpened, PackageDefectsFiled, RoundOpinionGiven, PackageRoundClosed, CaseLeftOut)
