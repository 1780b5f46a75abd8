"""Notices and decisions addressed to an applicant: the papers that bind."""

from hall.papers.blocks import Block, SignatureLine, Space, Together
from hall.papers.content import (
    Acceptance,
    CorrectionNotice,
    Decision,
    ExtensionNotice,
    NotAccepted,
    NotNeeded,
    SpecialProcedureNotice,
    ToleranceNotice,
)
from hall.papers.lines import Span
from hall.papers.parts import (
    BODY,
    BODY_LIST_LEADING,
    FIELD,
    SMALL,
    SMALL_LEADING,
    addressee,
    applicant_rows,
    body,
    body_of,
    day,
    field_row,
    fields,
    identity,
    masthead,
    pair_row,
    remedies_text,
    sealed,
    table_row,
    you,
)
from hall.papers.table import Table
from hall.papers.wording import PROVISIONAL


def acceptance(paper: Acceptance) -> list[Block]:
    """受理通知书: what was accepted, when, by when it will be decided, what does not count."""
    head = paper.head
    limit = f"不迟于{day(paper.decide_by)}" + (PROVISIONAL if paper.provisional else "")
    excluded = "\n".join(f"{time.procedure}：{time.length}" for time in paper.excluded)
    rows = [
        *applicant_rows(paper.applicant),
        field_row("事项名称", paper.item_name),
        field_row("示例编码" if head.sample else "事项编码", paper.item_code),
        pair_row("申请日期", day(paper.applied_on), "受理日期", day(paper.accepted_on)),
        pair_row("法定期限", paper.legal_limit, "承诺期限", paper.promised_limit),
        field_row("作出决定", limit),
        field_row("不计入期限的程序", excluded),
        field_row("收费", paper.fee),
        field_row("进度查询", paper.progress_query),
        field_row("结果送达", paper.delivery_way),
    ]
    if paper.supplements:
        listed = "\n".join(f"{item.name}（不迟于{day(item.due)}补交）" for item in paper.supplements)
        rows.insert(-4, field_row("容缺材料", listed))
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(_accepted_because(paper)),
        Space(8),
        fields(*rows),
        Space(6),
        *sealed(head, body("特此通知。本通知书一式两份，一份送达申请人，一份存档。"), signed=True),
    ]


def _accepted_because(paper: Acceptance) -> str:
    asked = f"{you(paper.applicant)}于{day(paper.applied_on)}提出的“{paper.item_name}”申请，"
    if paper.deemed:
        return (
            f"本机关在收到申请材料之日起五日内未告知需要补正的内容，依据{paper.basis}的规定，"
            f"{asked}自收到申请材料之日即{day(paper.accepted_on)}起视为受理。"
        )
    if paper.supplements:
        return (
            f"{asked}属于本机关职权范围，主要申请材料齐全、符合法定形式，下列次要材料可以在期限内补交。"
            f"依据{paper.basis}的规定和申请人的书面承诺，本机关决定自{day(paper.accepted_on)}起予以容缺受理。"
        )
    return (
        f"{asked}属于本机关职权范围，申请材料齐全、符合法定形式。"
        f"依据{paper.basis}的规定，本机关决定自{day(paper.accepted_on)}起予以受理。"
    )


_TWO_COPIES = "特此告知。本告知书一式两份，一份送达申请人，一份存档。"


def correction(paper: CorrectionNotice) -> list[Block]:
    """补正告知书: the complete list of defects, with what would be right."""
    head = paper.head
    by_item = any(defect.item_name for defect in paper.defects)
    shares = (14.0, 32.0, 38.0, 44.0, 28.0) if by_item else (14.0, 38.0, 42.0, 62.0)
    titles = ("序号", "材料名称", "存在的问题", "补正要求")
    rows = [table_row((*titles, "涉及事项") if by_item else titles, shares, header=True)]
    for number, defect in enumerate(paper.defects, start=1):
        shown = (str(number), defect.material, defect.problem, defect.remedy)
        rows.append(table_row((*shown, defect.item_name) if by_item else shown, shares))
    term = [Span("请"), Span(f"不迟于{day(paper.return_by)}", bold=True)] if paper.return_by else [Span("请")]
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}申请办理的“{paper.item_name}”，本机关于{day(paper.received_on)}收到申请材料。"
            f"经审查，申请材料不齐全或者不符合法定形式。依据{paper.basis}的规定，"
            f"现将需要补正的全部内容（共{len(paper.defects)}项）一次告知如下："
        ),
        Space(8),
        Table(tuple(rows), BODY, BODY_LIST_LEADING, header_rows=1),
        Space(6),
        body_of(*term, Span(f"将补正材料交到{paper.return_to}。{paper.limit_basis}")),
        *sealed(head, body(f"{paper.when_complete}{paper.consequence}"), body(_TWO_COPIES), signed=True),
    ]


def not_accepted(paper: NotAccepted) -> list[Block]:
    """不予受理决定书."""
    head = paper.head
    where = f"请向{paper.competent_organ}提出申请。" if paper.competent_organ else ""
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}于{day(paper.applied_on)}提出的“{paper.item_name}”申请收悉。经审查，{paper.facts}"
        ),
        body(f"依据{paper.basis}的规定，本机关决定对该申请不予受理。{where}"),
        *sealed(head, body(remedies_text(paper.remedies, "决定")), signed=True),
    ]


def not_needed(paper: NotNeeded) -> list[Block]:
    """不受理告知书: no licence is needed."""
    head = paper.head
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}于{day(paper.applied_on)}提出的“{paper.item_name}”申请收悉。经审查，{paper.facts}"
        ),
        body(f"依据{paper.basis}的规定，该事项依法不需要取得许可，本机关不受理该申请。{paper.advice}"),
        *sealed(head, body("特此告知。"), signed=True),
    ]


def decision(paper: Decision) -> list[Block]:
    """准予 or 不予 … 决定书."""
    head = paper.head
    verb = "准予" if paper.granted else "不予"
    text: list[Block] = [
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}提出的“{paper.item_name}”申请，"
            f"本机关于{day(paper.accepted_on)}受理。经审查，{paper.facts}"
        )
    ]
    if paper.reasons:
        text.append(body(f"理由：{paper.reasons}"))
    text.append(body(f"依据{paper.basis}的规定，本机关决定{verb}{paper.content}"))
    if paper.licence_name:
        number = f"，编号：{paper.licence_no}" if paper.licence_no else ""
        fetched = f"，{paper.collect}" if paper.collect else ""
        text.append(body(f"颁发证件：{paper.licence_name}{number}{fetched}。"))
    if paper.validity:
        text.append(body(f"有效期：{paper.validity}。"))
    last = body(remedies_text(paper.remedies, "决定")) if paper.remedies else body("特此决定。")
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        *text,
        *sealed(head, last, signed=True),
    ]


def special_procedure(paper: SpecialProcedureNotice) -> list[Block]:
    """特别程序告知书: the time needed is told in writing (许可法 45)."""
    head = paper.head
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}提出的“{paper.item_name}”申请，本机关已于{day(paper.accepted_on)}受理。"
            f"因{paper.reason}，需要进行{paper.procedure}，自{day(paper.starts_on)}起，所需时间为{paper.length}。"
        ),
        body(f"依据{paper.basis}的规定，上述所需时间不计算在办理期限内。"),
        *sealed(head, body("特此告知。"), signed=True),
    ]


def extension(paper: ExtensionNotice) -> list[Block]:
    """延期决定通知书: once, with its reason, by the head of the organ."""
    head = paper.head
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}提出的“{paper.item_name}”申请，本机关已于{day(paper.accepted_on)}受理，"
            f"原应不迟于{day(paper.old_date)}作出决定。因{paper.reason}，在上述期限内不能作出决定。"
        ),
        body(
            f"依据{paper.basis}的规定，经{paper.approver}批准，延长{paper.days}个工作日，"
            f"本机关将不迟于{day(paper.new_date)}作出决定。"
        ),
        *sealed(head, body("特此通知。"), signed=True),
    ]


def tolerance(paper: ToleranceNotice) -> list[Block]:
    """容缺受理告知书, then the promise that the applicant signs of their own will."""
    head = paper.head
    shares = (12.0, 94.0, 50.0)
    rows = [table_row(("序号", "暂缺材料", "补交期限"), shares, header=True)]
    for number, item in enumerate(paper.supplements, start=1):
        rows.append(table_row((str(number), item.name, f"不迟于{day(item.due)}"), shares))
    return [
        *masthead(head),
        addressee(paper.applicant.name),
        body(
            f"{you(paper.applicant)}{identity(paper.applicant)}申请办理的“{paper.item_name}”，主要申请材料齐全且符合法定形式，"
            f"下列次要材料暂缺。经{you(paper.applicant)}自愿申请并作出书面承诺，可以先予受理："
        ),
        Space(8),
        Table(tuple(rows), SMALL, SMALL_LEADING, header_rows=1),
        Space(6),
        body(f"补交方式：{paper.supply_how}"),
        *sealed(head, body(paper.consequence)),
        Space(16),
        Together(
            (
                body(
                    "申请人承诺：已知悉上述内容，自愿选择容缺受理，保证在期限内补交全部暂缺材料，"
                    "补交的材料真实、有效，并承担未按期补交的后果。本告知书一式两份，双方各执一份。"
                ),
                Space(12),
                SignatureLine(("申请人（代理人）签字：", "日期："), FIELD),
            )
        ),
    ]
