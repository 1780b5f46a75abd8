"""The filing in plain words, for the citizen's own screen. Pure."""

from counter_app.citizen_screen.presenter import Filing, FilingLine
from counter_app.take_in.ports import CaseStage, CaseView, MaterialRow, MaterialState

_WORDS = {
    MaterialState.REQUIRED: "请出示",
    MaterialState.PRESENTED: "正在核对",
    MaterialState.CHECKED_OK: "已收好",
    MaterialState.DEFECTIVE: "需要补正",
    MaterialState.TOLERATED: "可以以后补",
    MaterialState.WAIVED: "不用提交",
}

_STEPS = {
    CaseStage.DRAFT: "正在收材料",
    CaseStage.RECEIVED: "材料已收下，还没有受理",
    CaseStage.TO_PRECHECK: "材料已收下，等部门初审",
    CaseStage.CORRECTION: "需要补正，请看告知书",
    CaseStage.ACCEPTED: "已受理",
    CaseStage.DISPATCHED: "已受理，已交承办部门",
    CaseStage.REFUSED: "没有受理，请看告知书",
    CaseStage.DECIDED: "已办好",
    CaseStage.ELSEWHERE: "正在办理",
}


def filing_of(case: CaseView) -> Filing:
    """What the citizen sees of a case: their own name in full, since only they sit there."""
    lines = tuple(FilingLine(row.name, _material_words(row), _settled(row)) for row in case.materials)
    return Filing(case.item.name, case.applicant.name, lines, _STEPS[case.stage])


def _material_words(row: MaterialRow) -> str:
    if row.state is MaterialState.DEFECTIVE and row.defect:
        return f"需要补正：{row.defect}"
    return _WORDS[row.state]


def _settled(row: MaterialRow) -> bool:
    return row.state in (MaterialState.CHECKED_OK, MaterialState.TOLERATED, MaterialState.WAIVED)
