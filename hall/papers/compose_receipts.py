"""Papers that prove a hand-over: materials in, documents out."""

from datetime import date, datetime

from hall.papers.blocks import Block, SignatureLine, Space
from hall.papers.content import DeliveryProof, ErrandReceipt, Receipt
from hall.papers.parts import (
    FIELD,
    applicant_rows,
    blank_row,
    body,
    day,
    field_row,
    fields,
    masthead,
    package_rows,
    received_table,
    sealed,
)
from hall.papers.wording import RECEIPT_IS_NOT_ACCEPTANCE, chinese_moment, grouped


def receipt(paper: Receipt) -> list[Block]:
    """收件凭证（材料接收清单）."""
    head = paper.head
    return [
        *masthead(head),
        fields(
            *applicant_rows(paper.applicant),
            field_row("申请事项", paper.item_name),
            field_row("办件编号", grouped(head.case_no)),
            *([] if paper.former is None else [field_row("原凭证", _former(*paper.former))]),
            *package_rows(head),
            field_row("收到时间", _received(paper.received_at, paper.counted_from)),
            field_row("收件窗口", paper.place),
        ),
        Space(8),
        received_table(paper.materials),
        Space(6),
        body(f"{RECEIPT_IS_NOT_ACCEPTANCE}。本凭证只证明已收到上列材料，不表示申请已被受理。", bold=True),
        body(f"受理结果：{paper.result_told}"),
        body(f"查询方式：{paper.query_how}。"),
        *sealed(head, *_handed_over(paper.receiver)),
    ]


def errand_receipt(paper: ErrandReceipt) -> list[Block]:
    """补正材料接收凭证: taken in for a case that lies elsewhere."""
    head = paper.head
    return [
        *masthead(head),
        fields(
            *applicant_rows(paper.applicant),
            field_row("申请事项", paper.item_name),
            field_row("办件编号", grouped(head.case_no)),
            field_row("提交内容", paper.errand),
            field_row("收到时间", _received(paper.received_at, paper.counted_from)),
            field_row("接收窗口", paper.place),
            field_row("承办单位", paper.held_by),
        ),
        Space(8),
        *([received_table(paper.materials)] if paper.materials else []),
        Space(6),
        body(
            f"本窗口已收到上列内容，{paper.next_told}"
            "本凭证只证明收到，不表示材料已符合要求或者请求已获同意。",
            bold=True,
        ),
        body(f"查询方式：{paper.query_how}。"),
        *sealed(head, *_handed_over(paper.receiver)),
    ]


def delivery_proof(paper: DeliveryProof) -> list[Block]:
    """送达回证: the recipient's signature and date are written by hand."""
    head = paper.head
    documents = "\n".join(f"《{name}》{number}" for name, number in paper.documents)
    return [
        *masthead(head),
        fields(
            field_row("送达文书及文号", documents),
            field_row("办件编号", grouped(head.case_no)),
            field_row("受送达人", paper.recipient),
            field_row("送达地点", paper.place),
            field_row("送达方式", paper.way.value),
            field_row("送达人", "、".join(paper.servers)),
            blank_row("送达人签名", 2),
            blank_row("受送达人签名或者盖章", 2),
            field_row("收到日期", "　　　　年　　　月　　　日　　　时"),
            blank_row("代收人签名及与受送达人关系", 2),
            field_row("备注", paper.remark),
        ),
        *sealed(head),
    ]


def _received(received_at: datetime | date, counted_from: date | None) -> str:
    text = chinese_moment(received_at) if isinstance(received_at, datetime) else day(received_at)
    if counted_from is None:
        return text
    return f"{text}（非工作时间提交）\n办理期限自{day(counted_from)}起算"


def _former(old_no: str, old_date: date) -> str:
    return f"{grouped(old_no)}（{day(old_date)}开具）\n原办件已丢失，本件为补录，今后凭本凭证的编号办理"


def _handed_over(receiver: str) -> list[Block]:
    return [
        Space(8),
        SignatureLine((f"接收人（{receiver}）签字：", "申请人（代理人）签字："), FIELD),
    ]
