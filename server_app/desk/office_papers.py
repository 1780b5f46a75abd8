"""A case's papers for an officer's browser, made from its facts as at the window."""

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from hall.intake.views import CaseRow
from hall.journal.refusal import Refusal
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.paperwork import make_paper, papers_of
from hall.reference import Reference, load_reference
from server_app.halls import Halls


class OfficePapers:
    """Fonts and each hall's reference are opened when first wanted: a centre serves every hall. Thread-safe."""

    def __init__(self, resources: Path, halls: Halls) -> None:
        self._resources = resources
        self._halls = halls
        self._lock = Lock()
        self._press: PaperPress | None = None
        self._references: dict[str, Reference] = {}

    def pdf(self, conn: Connection, row: CaseRow, paper: str) -> bytes:
        """The paper of this name. Raises Refusal when the case has none such, or is of an unknown hall."""
        name = next((n for n in papers_of(conn, row) if n.id == paper), None)
        if name is None:
            raise Refusal("page_unknown", "没有这份文书。")
        press, ref = self._opened(self._halls.of(row).profile.code)
        return press.render(make_paper(conn, ref, row, name))

    def _opened(self, hall: str) -> tuple[PaperPress, Reference]:
        with self._lock:
            if self._press is None:
                self._press = PaperPress(FontSet.in_folder(self._resources / "fonts"))
            if hall not in self._references:
                self._references[hall] = load_reference(self._resources, hall)
            return self._press, self._references[hall]
