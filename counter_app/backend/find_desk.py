"""Ctrl+K over the hall's items and cases."""

from dataclasses import dataclass
from unicodedata import normalize

from counter_app.backend.bench import Bench, refusing
from counter_app.find.ports import FoundKind, FoundRow
from hall.identity.masking import mask_name
from hall.intake import views as intake
from hall.intake.model import STATE_ZH
from hall.journal.typed_text import visible

MOST = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """Implements FindDesk."""

    bench: Bench

    @refusing
    def find(self, text: str) -> tuple[FoundRow, ...]:
        # what is pasted may hold marks that nobody sees, and that no name was kept with
        query = visible(text).strip()
        number = "".join(normalize("NFKC", query).split())
        if number.isdecimal():
            # papers print the case number in groups of four, and an input method may type full-width digits
            query = number
        if not query:
            return ()
        b = self.bench
        with b.store.read() as conn:
            cases = intake.search_cases(conn, query, MOST)
        rows = [
            FoundRow(
                FoundKind.CASE,
                c.case_no,
                c.item.name,
                f"{mask_name(c.applicant_name or '')} · {STATE_ZH[c.state]} · {c.case_no}",
            )
            for c in cases
        ]
        items = b.ref.catalogue.search(query, MOST)
        rows += [FoundRow(FoundKind.ITEM, i.id, i.name, i.department) for i in items]
        return tuple(rows[:MOST])
