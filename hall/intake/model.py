"""The case's state machine (domain.md 7.2), whole, and the rules of taking in. Pure.

The slices above (review, delivery) move the same machine on; it stands here so that it is written once.
"""

from enum import Enum

from hall.identity.identity_paper import IdentityPaper
from hall.journal.refusal import Refusal


class CaseState(Enum):
    """办件状态."""

    DRAFT = "draft"
    RECEIVED = "received"
    PRECHECK = "precheck"
    CORRECTION = "correction"
    REFUSED_UNNEEDED = "refused_unneeded"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    REVIEWING = "reviewing"
    SUSPENDED = "suspended"
    GRANTED = "granted"
    DENIED = "denied"
    RESULT_READY = "result_ready"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    VOIDED = "voided"
    SENT_UP = "sent_up"
    FORWARDED = "forwarded"
    ARCHIVED = "archived"


class CaseAct(Enum):
    """What can be done with a case."""

    RECEIVE = "receive"
    ASK_PRECHECK = "ask_precheck"
    PRECHECK_OK = "precheck_ok"
    CORRECT = "correct"
    RETURN_MATERIALS = "return_materials"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    REFUSE_UNNEEDED = "refuse_unneeded"
    FORWARD = "forward"
    DISPATCH = "dispatch"
    TAKE = "take"
    SEND_BACK = "send_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    SEND_UP = "send_up"
    GRANT = "grant"
    DENY = "deny"
    RESULT_READY = "result_ready"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    VOID = "void"
    LEAVE_OUT = "leave_out"
    ARCHIVE = "archive"


_S, _A = CaseState, CaseAct
_CLOSED = (
    _S.REFUSED_UNNEEDED, _S.NOT_ACCEPTED, _S.DELIVERED, _S.WITHDRAWN, _S.TERMINATED, _S.VOIDED, _S.SENT_UP,
    _S.FORWARDED,
)  # fmt: skip
BEFORE_DECISION = (
    _S.DRAFT, _S.RECEIVED, _S.PRECHECK, _S.CORRECTION, _S.ACCEPTED, _S.DISPATCHED, _S.REVIEWING,
    _S.SUSPENDED,
)  # fmt: skip

TRANSITIONS: dict[tuple[CaseState, CaseAct], CaseState] = {
    (_S.DRAFT, _A.RECEIVE): _S.RECEIVED,
    (_S.RECEIVED, _A.ASK_PRECHECK): _S.PRECHECK,
    (_S.PRECHECK, _A.PRECHECK_OK): _S.RECEIVED,
    (_S.PRECHECK, _A.CORRECT): _S.CORRECTION,
    (_S.PRECHECK, _A.NOT_ACCEPT): _S.NOT_ACCEPTED,
    (_S.PRECHECK, _A.ACCEPT): _S.ACCEPTED,
    (_S.RECEIVED, _A.CORRECT): _S.CORRECTION,
    (_S.CORRECTION, _A.RETURN_MATERIALS): _S.RECEIVED,
    (_S.CORRECTION, _A.TERMINATE): _S.TERMINATED,
    (_S.RECEIVED, _A.ACCEPT): _S.ACCEPTED,
    (_S.RECEIVED, _A.NOT_ACCEPT): _S.NOT_ACCEPTED,
    (_S.RECEIVED, _A.REFUSE_UNNEEDED): _S.REFUSED_UNNEEDED,
    (_S.RECEIVED, _A.FORWARD): _S.FORWARDED,
    (_S.ACCEPTED, _A.DISPATCH): _S.DISPATCHED,
    (_S.ACCEPTED, _A.GRANT): _S.GRANTED,
    (_S.ACCEPTED, _A.DENY): _S.DENIED,
    (_S.ACCEPTED, _A.TERMINATE): _S.TERMINATED,
    (_S.DISPATCHED, _A.TAKE): _S.REVIEWING,
    # sent back or called back: dispatched again (退回重分)
    (_S.DISPATCHED, _A.DISPATCH): _S.DISPATCHED,
    (_S.REVIEWING, _A.SUSPEND): _S.SUSPENDED,
    (_S.SUSPENDED, _A.RESUME): _S.REVIEWING,
    (_S.REVIEWING, _A.EXTEND): _S.REVIEWING,
    (_S.REVIEWING, _A.SEND_BACK): _S.DISPATCHED,
    (_S.REVIEWING, _A.SEND_UP): _S.SENT_UP,
    (_S.REVIEWING, _A.GRANT): _S.GRANTED,
    (_S.REVIEWING, _A.DENY): _S.DENIED,
    (_S.GRANTED, _A.RESULT_READY): _S.RESULT_READY,
    (_S.DENIED, _A.RESULT_READY): _S.RESULT_READY,
    (_S.RESULT_READY, _A.DELIVER): _S.DELIVERED,
    **{
        (s, _A.WITHDRAW): _S.WITHDRAWN
        for s in (
            _S.RECEIVED,
            _S.PRECHECK,
            _S.CORRECTION,
            _S.ACCEPTED,
            _S.DISPATCHED,
            _S.REVIEWING,
            _S.SUSPENDED,
        )
    },
    **{(s, _A.VOID): _S.VOIDED for s in BEFORE_DECISION},
    # a child that its package turned out not to need (decision 0018)
    (_S.DRAFT, _A.LEAVE_OUT): _S.VOIDED,
    **{(s, _A.ARCHIVE): _S.ARCHIVED for s in _CLOSED},
}

STATE_ZH = {
    _S.DRAFT: "草稿",
    _S.RECEIVED: "已收件",
    _S.PRECHECK: "部门初审",
    _S.CORRECTION: "补正中",
    _S.REFUSED_UNNEEDED: "不受理",
    _S.NOT_ACCEPTED: "不予受理",
    _S.ACCEPTED: "已受理",
    _S.DISPATCHED: "已分派",
    _S.REVIEWING: "审查中",
    _S.SUSPENDED: "特别程序中",
    _S.GRANTED: "准予",
    _S.DENIED: "不予许可",
    _S.RESULT_READY: "待出件",
    _S.DELIVERED: "已出件",
    _S.WITHDRAWN: "已撤回",
    _S.TERMINATED: "已终止",
    _S.VOIDED: "已作废",
    _S.SENT_UP: "已转报",
    _S.FORWARDED: "已转办",
    _S.ARCHIVED: "已归档",
}

ACT_ZH = {
    _A.RECEIVE: "收件",
    _A.ASK_PRECHECK: "送部门初审",
    _A.PRECHECK_OK: "通过初审",
    _A.CORRECT: "要求补正",
    _A.RETURN_MATERIALS: "接收补正材料",
    _A.ACCEPT: "受理",
    _A.NOT_ACCEPT: "不予受理",
    _A.REFUSE_UNNEEDED: "告知不受理",
    _A.FORWARD: "转办",
    _A.DISPATCH: "分派",
    _A.TAKE: "接件",
    _A.SEND_BACK: "退回重分",
    _A.SUSPEND: "启动特别程序",
    _A.RESUME: "结束特别程序",
    _A.EXTEND: "延期",
    _A.SEND_UP: "转报",
    _A.GRANT: "准予",
    _A.DENY: "不予许可",
    _A.RESULT_READY: "点收结果",
    _A.DELIVER: "出件",
    _A.WITHDRAW: "撤回",
    _A.TERMINATE: "终止",
    _A.VOID: "作废",
    _A.LEAVE_OUT: "按情形不办",
    _A.ARCHIVE: "归档",
}


class AcceptMode(Enum):
    """受理方式."""

    NORMAL = "normal"
    DEEMED = "deemed"
    TOLERANT = "tolerant"
    COMMITMENT = "commitment"


class CaseType(Enum):
    """办件类型 (GB/T 39046 A.6)."""

    IMMEDIATE = "immediate"
    COMMITTED = "committed"


class MaterialState(Enum):
    """材料状态 (domain.md 7.4)."""

    REQUIRED = "required"
    PRESENTED = "presented"
    CHECKED_OK = "checked_ok"
    DEFECTIVE = "defective"
    TOLERATED = "tolerated"
    WAIVED = "waived"
    CORRECTED = "corrected"
    SUPPLIED = "supplied"
    LAPSED = "lapsed"


class CheckResult(Enum):
    OK = "ok"
    DEFECTIVE = "defective"
    TOLERATED = "tolerated"
    WAIVED = "waived"


CHECKED: dict[CheckResult, MaterialState] = {
    CheckResult.OK: MaterialState.CHECKED_OK,
    CheckResult.DEFECTIVE: MaterialState.DEFECTIVE,
    CheckResult.TOLERATED: MaterialState.TOLERATED,
    CheckResult.WAIVED: MaterialState.WAIVED,
}


def advance(state: CaseState, act: CaseAct) -> CaseState:
    """The state after `act`. Raises Refusal with the reason."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refusal("case_state", f"办件{STATE_ZH[state]}，不能{ACT_ZH[act]}。") from None


def leave_out(state: CaseState, package: str | None) -> CaseState:
    """The state of a child that its package does not need. Raises Refusal for anything but a draft of a package."""
    if package is None:
        raise Refusal("no_child", "只有套餐中的事项可以按情形不办。")
    return advance(state, CaseAct.LEAVE_OUT)


def may_present(state: MaterialState) -> MaterialState:
    """The state of a material that the person hands in (again)."""
    after = {
        MaterialState.DEFECTIVE: MaterialState.CORRECTED,
        MaterialState.TOLERATED: MaterialState.SUPPLIED,
    }
    if state is MaterialState.LAPSED:
        raise Refusal("material_lapsed", "容缺材料逾期未补，不能再收。")
    return after.get(state, MaterialState.PRESENTED)


HALL_HOLDS = ("kept", "sent_on")
"""Places of an original (原件留存、转交部门) that stay open to whoever looks later."""


def keeping_refused(kind: IdentityPaper | None, original_place: str, name: str) -> str:
    """Why this original may not go there; empty: it may. 居民身份证法 art. 15: nobody may hold one back.

    What a department has to write into (a household register at the police) may be sent there.
    """
    refused = {IdentityPaper.CARD: HALL_HOLDS, IdentityPaper.BOOK: ("kept",), None: ()}
    if original_place not in refused[kind]:
        return ""
    return f"《{name}》是身份证件，不得扣留，核验后当场还给本人。要留底请拍摄页面，或登记复印件。"


def leaves_a_trace(form: str | None, original_place: str | None, pages: int) -> bool:
    """Can somebody who was not at the window see what was checked there?

    By a captured page, an e-licence, or the original itself, which the hall keeps or sends on with the case.
    """
    return pages > 0 or form == "electronic" or (form == "original" and original_place in HALL_HOLDS)


NO_PAPER_ORIGINAL = "电子证照，没有纸质原件"


def unseen_text(form: str | None, original_place: str | None, pages: int, window: int | None) -> str:
    """Where a material that was handed in lies when no page shows it; empty when one does, or none came."""
    if pages or form is None:
        return ""
    if form == "electronic":
        return NO_PAPER_ORIGINAL
    if form == "original" and original_place == "kept":
        return f"原件留{window}号窗口，未拍摄" if window else "原件留存窗口，未拍摄"
    if form == "original" and original_place == "sent_on":
        return "原件随件转交，未拍摄"
    return "未拍摄"


def counted(copies: int) -> int:
    """How many were handed in: a page that was captured shows one, whose number nobody typed."""
    return max(copies, 1)


def needed(form: str | None, original_n: int, copy_n: int) -> int:
    """How many the list asks for in the form in which the material was handed in; 0 asks for no number."""
    return {"original": original_n, "copy": copy_n or original_n}.get(form or "", 0)


def may_check(
    result: CheckResult, *, presented: bool, traced: bool, short: bool, tolerable: bool, waivable: bool,
    defect: str,
) -> MaterialState:  # fmt: skip
    """The state after a check. Raises Refusal when the result is not open to this material.

    `traced`: `leaves_a_trace` of it. `short`: fewer were handed in than the list asks for.
    """
    if result is CheckResult.OK and not presented:
        raise Refusal("not_presented", "材料还没有提交，不能核对通过。")
    if result is CheckResult.OK and not traced:
        raise Refusal(
            "no_page", "材料还没有拍摄，不能核对通过。请先拍摄；原件留存或转交部门的，先登记原件去向。"
        )
    if result is CheckResult.OK and short:
        raise Refusal(
            "too_few", "登记的份数少于要求的份数，不能核对通过。收齐了请加份数，没收齐请记为不符或容缺。"
        )
    if result is CheckResult.DEFECTIVE and not defect.strip():
        raise Refusal("defect_missing", "请写明哪里不对、怎样改，申请人要照着补。")
    if result is CheckResult.TOLERATED and not tolerable:
        raise Refusal("not_tolerable", "这是主要材料，不在容缺清单内，不能容缺。")
    if result is CheckResult.WAIVED and not waivable:
        raise Refusal("not_waivable", "这份材料不能免交。")
    return CHECKED[result]
