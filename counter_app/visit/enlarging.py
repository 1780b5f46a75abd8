"""What Ctrl+O opens on the page that stands there. No widgets."""

from counter_app.capture.slots import PageTarget
from counter_app.enlarge.state import Subject
from counter_app.enlarge.subjects import captured, issued, outcome_paper
from counter_app.ports import HallDesk
from counter_app.take_in.ports import CaseView
from counter_app.take_in.state import Step
from counter_app.visit.shooting import shot_from
from counter_app.visit.slices import Slices
from counter_app.visit.state import Page


def subject_on(page: Page, s: Slices) -> Subject | None:
    """The paper or the captured pages that the page shows; None: nothing to enlarge."""
    match page:
        case Page.TAKE_IN if s.take_in.state.step is Step.OUTCOME:
            return outcome_paper(s.outcome.state)
        case Page.TAKE_IN if s.take_in.state.step is Step.MATERIALS:
            row = s.materials.state.current
            # the small picture there is the last page
            return captured(row.name, row.pages, len(row.pages) - 1) if row is not None else None
        case Page.CAPTURE:
            slot = s.capture.state.slot
            return captured(slot.name, slot.pages, s.capture.state.page_at) if slot is not None else None
        case Page.CORRECTIONS:
            return _on_corrections(s)
        case Page.DELIVERY:
            return issued(s.delivery.state.proof)
    return None


def open_large(page: Page, case: CaseView | None, s: Slices, desk: HallDesk) -> None:
    """Opens it, if there is something."""
    subject = subject_on(page, s)
    if subject is not None:
        target = _target(page, case, s, desk) if subject.pages else None
        s.enlarge.open(subject, target.picture if target is not None else None)


def _on_corrections(s: Slices) -> Subject | None:
    state = s.corrections.state
    if state.receipt is not None or state.errand is None:
        return issued(state.paper)
    if not state.at < len(state.errand.materials):
        return None
    row = state.errand.materials[state.at]
    return captured(row.name, row.pages, 0)


def _target(page: Page, case: CaseView | None, s: Slices, desk: HallDesk) -> PageTarget | None:
    if page is Page.CAPTURE:
        return s.capture.target
    shot = shot_from(page, case, s, desk, _unheard)
    return shot[0] if shot is not None else None


def _unheard(_case: CaseView) -> None:
    """Only pictures are asked for; they bring no new case."""
