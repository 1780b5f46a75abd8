"""What the camera shoots for from the page that stands there: a case's material or an errand's. No Qt."""

from collections.abc import Callable

from counter_app.capture.slots import CasePages, ErrandPages, PageTarget
from counter_app.ports import HallDesk
from counter_app.take_in.ports import CaseView
from counter_app.values import MaterialId
from counter_app.visit.slices import Slices
from counter_app.visit.state import Page


def shot_from(
    page: Page, case: CaseView | None, s: Slices, desk: HallDesk, case_in: Callable[[CaseView], None]
) -> tuple[PageTarget, MaterialId | None] | None:
    """The target and the material to begin with; None where nothing can be shot. `case_in`: on a worker thread."""
    errand = s.corrections.state.errand
    if page is Page.CORRECTIONS and errand is not None and s.corrections.state.receipt is None:
        at = s.corrections.state.at
        material = errand.materials[at].material_id if at < len(errand.materials) else None
        return ErrandPages(desk=desk, errand=errand, seen=s.corrections.errand_seen), material
    if page is Page.TAKE_IN and case is not None and case.materials:
        current = s.materials.state.current
        pages = CasePages(desk=desk, case_id=case.case_id, seen=case_in)
        return pages, current.material_id if current is not None else None
    return None
