"""Rules of review and decision. Pure."""

from hall.journal.refusal import Refusal

SPECIAL_KINDS = {
    "hearing": "听证",
    "bidding": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
}
"""The closed list of 许可法 45. 现场踏勘 and 技术审查 alone do not stop the clock (R9)."""


def check_special(kind: str, reason: str, need_days: int) -> None:
    """Raises Refusal for a procedure that does not stop the law's clock."""
    if kind not in SPECIAL_KINDS:
        raise Refusal(
            "not_special", "只有听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审的时间不计入期限。"
        )
    if not reason.strip() or not 1 <= need_days <= 365:
        raise Refusal("special_details", "请写明理由和所需时间（1至365个工作日），要书面告知申请人。")


def check_decision(*, granted: bool, reason: str, officer: str, intake_staff: str, immediate: bool) -> None:
    """A refusal gives reasons (许可法 38); who took in does not decide, except 即办件 (domain.md 7.2)."""
    if not granted and not reason.strip():
        raise Refusal("reason_missing", "不予许可必须说明理由，并告知复议、诉讼的权利。")
    if officer == intake_staff and not immediate:
        raise Refusal("same_person", "收件人不能审批同一办件。")
