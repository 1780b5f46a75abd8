"""What each page shows small and can be looked at large. No Qt."""

from collections.abc import Sequence

from counter_app.enlarge.state import Subject
from counter_app.outcome.state import OutcomeState
from counter_app.take_in.ports import PageRow
from counter_app.values import PaperRow


def outcome_paper(state: OutcomeState) -> Subject | None:
    """The draft or the issued paper of the outcome page, as soon as it has pages."""
    draft, paper, case = state.shown_draft, state.paper, state.case
    if draft is not None and draft.pages and case is not None:
        note = "样张：还没有出具，没有文号"
        note += "，正在更新" if draft.renewing else ""
        key = ("draft", case.case_id, draft.title)
        return Subject(key, draft.title, note, sample=True, pictures=draft.pages)
    if draft is None and paper is not None and state.pages:
        return Subject(paper.paper_id, paper.title, paper.number, pictures=state.pages)
    return None


def issued(paper: PaperRow | None) -> Subject | None:
    """A paper of which only the number stands on the page."""
    if paper is None:
        return None
    return Subject(paper.paper_id, paper.title, paper.number, paper=paper.paper_id)


def captured(name: str, pages: Sequence[PageRow], at: int) -> Subject | None:
    """The pages of a material, beginning with page `at`."""
    if not pages:
        return None
    ids = tuple(page.page_id for page in pages)
    return Subject(("pages", ids), name, pages=ids, at=min(at, len(ids) - 1))
