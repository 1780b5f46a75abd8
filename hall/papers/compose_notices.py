"""What an applicant is told before anything is handed in: one item's list, or a package's merged list."""

from dataclasses import dataclass

from hall.papers.blocks import Block, Space
from hall.papers.content import NoticeMaterial, OneTimeNotice, PackageChild, PackageNotice
from hall.papers.parts import (
    SMALL,
    SMALL_LEADING,
    banner_row,
    body,
    field_row,
    fields,
    masthead,
    note,
    numbered,
    table_row,
)
from hall.papers.table import Row, Table
from hall.papers.wording import chinese_date


def one_time_notice(paper: OneTimeNotice) -> list[Block]:
    """一次性告知清单 in the order of 昌吉市 附件2."""
    shares = (12.0, 36.0, 30.0, 22.0, 56.0)
    rows: list[Row] = [table_row(("序号", "材料名称", "形式和份数", "来源", "说明"), shares, header=True)]
    for number, material in enumerate(paper.materials, start=1):
        shown = (str(number), material.name, material.form, material.source, material.remark)
        rows.append(table_row(shown, shares))
    steps = numbered(paper.steps)
    limits = f"法定期限：{paper.legal_limit}\n承诺期限：{paper.promised_limit}"
    tail: list[Row] = [
        field_row("办事流程和时限", f"{steps}\n{limits}" if steps else limits),
        field_row("办理地点和时间", f"{paper.place}\n{paper.hours}"),
        field_row("咨询电话", paper.phone),
    ]
    if paper.fee:
        tail.append(field_row("收费", paper.fee))
    tail.append(field_row("裁量标准", numbered(paper.discretion)))
    if paper.forms:
        tail.append(field_row("规范表格", numbered(paper.forms)))
    if paper.samples:
        tail.append(field_row("示范文本", numbered(paper.samples)))
    tail.append(field_row("备　注", paper.remark))
    return [
        *masthead(paper.head, organ=False),
        fields(
            field_row("事项名称", paper.item_name),
            field_row("服务对象", paper.service_object),
            field_row("审批机关", paper.organ),
            field_row("申请条件", numbered(paper.conditions)),
            banner_row(f"材料清单（共{len(paper.materials)}项）"),
        ),
        Table(tuple(rows), SMALL, SMALL_LEADING, header_rows=1),
        fields(*tail),
        *_printed(paper.head.organ, chinese_date(paper.head.date), paper.head.contact),
    ]


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """A material of a package, asked for once, with the numbers of the items that use it (from 1)."""

    material: NoticeMaterial
    items: tuple[int, ...]


def merge_materials(children: tuple[PackageChild, ...]) -> tuple[MergedMaterial, ...]:
    """The children's materials, one row a name in order of first use; differing forms and remarks are all
    kept.
    """
    kept: dict[str, list[tuple[int, NoticeMaterial]]] = {}
    for number, child in enumerate(children, start=1):
        for material in child.materials:
            kept.setdefault(material.name.strip(), []).append((number, material))
    return tuple(
        MergedMaterial(
            NoticeMaterial(
                name,
                _joined([(number, material.form) for number, material in uses]),
                _joined([(number, material.source) for number, material in uses]),
                _joined([(number, material.remark) for number, material in uses]),
            ),
            tuple(dict.fromkeys(number for number, _ in uses)),
        )
        for name, uses in kept.items()
    )


def package_notice(paper: PackageNotice) -> list[Block]:
    """One list for a 一件事: its items, then every material once."""
    item_shares = (12.0, 60.0, 48.0, 36.0)
    items = [table_row(("序号", "包含事项", "办理部门", "时限和顺序"), item_shares, header=True)]
    for number, child in enumerate(paper.children, start=1):
        limit = f"{child.limit}\n须在“{child.after}”之后" if child.after else child.limit
        items.append(table_row((str(number), child.item_name, child.organ, limit), item_shares))
    shares = (12.0, 45.0, 33.0, 24.0, 22.0, 20.0)
    merged = merge_materials(paper.children)
    rows = [table_row(("序号", "材料名称", "形式和份数", "来源", "说明", "用于事项"), shares, header=True)]
    for number, entry in enumerate(merged, start=1):
        used = "、".join(map(str, entry.items))
        one = entry.material
        shown = (str(number), one.name, one.form, one.source, one.remark)
        rows.append(table_row((*shown, used), shares))
    conditions = tuple(
        f"{child.item_name}：{condition}" for child in paper.children for condition in child.conditions
    )
    return [
        *masthead(paper.head, organ=False),
        fields(
            field_row("套餐名称", paper.package_name),
            field_row("牵头部门", paper.lead_organ),
            field_row("服务对象", paper.service_object),
            field_row("申请条件", numbered(conditions)),
            banner_row(f"包含事项（共{len(paper.children)}项）"),
        ),
        Table(tuple(items), SMALL, SMALL_LEADING, header_rows=1),
        fields(banner_row(f"材料清单（合并后共{len(merged)}项，每项只需提交一次；“用于事项”为上表序号）")),
        Table(tuple(rows), SMALL, SMALL_LEADING, header_rows=1),
        fields(
            field_row("办事流程和时限", f"{numbered(paper.steps)}\n承诺期限：{paper.promised_limit}"),
            field_row("办理地点和时间", f"{paper.place}\n{paper.hours}"),
            field_row("咨询电话", paper.phone),
            field_row("备　注", paper.remark),
        ),
        *_printed(paper.head.organ, chinese_date(paper.head.date), paper.head.contact),
    ]


def _joined(values: list[tuple[int, str]]) -> str:
    """Equal texts once; differing ones each with the items they belong to."""
    texts: dict[str, list[int]] = {}
    for number, text in values:
        if text.strip():
            texts.setdefault(text.strip(), []).append(number)
    if len(texts) <= 1 and (not texts or len(next(iter(texts.values()))) == len(values)):
        return next(iter(texts), "")
    return "\n".join(f"{text}（事项{'、'.join(map(str, numbers))}）" for text, numbers in texts.items())


def _printed(organ: str, day: str, contact: str) -> list[Block]:
    told = f"本清单由{organ}于{day}出具，所需材料已一次告知。"
    blocks: list[Block] = [Space(8), body(told)]
    if contact:
        blocks.append(note(f"联系方式：{contact}"))
    return blocks
