"""Which cases of a visit would be left in the middle of their work, in words for the clerk. No widgets."""

from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.take_in.state import TakeInState

_LEFT = {
    CaseStage.DRAFT: "还没有收件",
    CaseStage.RECEIVED: "已收件，还没有作决定",
    CaseStage.TO_PRECHECK: "已收件，还没有送初审",
    CaseStage.ACCEPTED: "已受理，还没有派件",
}


def unfinished(cases: tuple[CaseView, ...], take_in: TakeInState) -> tuple[str, ...]:
    """「《食品经营许可》还没有收件」 for each; a draft that nobody has filled in is no case yet."""
    typed = take_in.case.case_id if take_in.case is not None and take_in.applicant.name.strip() else None
    return tuple(
        f"《{case.item.name}》{_LEFT[case.stage]}"
        for case in cases
        if case.stage in _LEFT
        and (case.stage is not CaseStage.DRAFT or case.case_id == typed or _filled(case))
    )


def _filled(case: CaseView) -> bool:
    return bool(case.applicant.name) or any(m.presented or m.pages for m in case.materials)
