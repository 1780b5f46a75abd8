"""What must be right before a guide is published and before a hall goes live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hall.catalogue.catalogue import HallCatalogue
from hall.catalogue.hall_profile import HallProfile
from hall.catalogue.model import PENDING_TEXT, CaseType, ItemGuide, ItemType, ServiceItem

# 兜底条款 and 模糊语言 that the plans ban from guides: nobody can bring what is not named
VAGUE_WORDS: Final = (
    "其他材料",
    "其它材料",
    "其他相关材料",
    "相关材料",
    "有关材料",
    "相关证明",
    "有关证明",
    "等材料",
    "其他有关",
    "其他证明",
    "需要的其他",
    "规定的其他",
)
STATUTORY_DAYS_MOST: Final = 45


@dataclass(frozen=True, slots=True)
class PublishProblem:
    """Why an item cannot be published, or (`stops` False) what should still be supplied by the hall."""

    item_id: str
    field: str
    text: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class GoLive:
    """Whether the hall may open with this catalogue, and every reason why not."""

    ok: bool
    reasons: tuple[str, ...]


def publish_problems(item: ServiceItem) -> tuple[PublishProblem, ...]:
    """Everything that is wrong with the item's guide; empty when it can be published as it is."""
    if item.guide is None:
        return (PublishProblem(item.id, "guide", f"“{item.name}”的办事指南待补充"),)
    found = [*_empty_fields(item, item.guide), *_vague(item, item.guide), *_limits(item, item.guide)]
    return tuple(found)


def can_publish(item: ServiceItem) -> bool:
    return not any(problem.stops for problem in publish_problems(item))


def can_go_live(profile: HallProfile, catalogue: HallCatalogue) -> GoLive:
    """Refuses while sample guides, demo windows or unnamed units are in the catalogue of a real hall."""
    reasons: list[str] = []
    samples = [item.name for item in catalogue.items if item.sample]
    if samples:
        reasons.append(f"仍有{len(samples)}个示例事项，示例事项不是现行政策：{_some(samples)}")
    pending = [item.name for item in catalogue.items if item.guide is None]
    if pending:
        reasons.append(f"仍有{len(pending)}个事项的办事指南待补充：{_some(pending)}")
    faulty = [item.name for item in catalogue.items if item.guide is not None and not can_publish(item)]
    if faulty:
        reasons.append(f"{len(faulty)}个事项未通过发布检查：{_some(faulty)}")
    unreachable = [item.name for item in catalogue.items if not catalogue.routes(item.id)]
    if unreachable:
        reasons.append(f"{len(unreachable)}个事项没有对应的窗口：{_some(unreachable)}")
    if profile.demo_layout:
        reasons.append("窗口编号和布局仍为演示布局，须由大厅确认")
    unnamed = sum(1 for department in profile.departments if department.to_be_named)
    if unnamed:
        reasons.append(f"仍有{unnamed}个单位名称待补充")
    untold = [
        name for name, text in (("地址", profile.address), ("咨询电话", profile.phone)) if _is_empty(text)
    ]
    if untold:
        reasons.append(f"大厅的{'和'.join(untold)}待补充，办事文书上不能没有")
    return GoLive(not reasons, tuple(reasons))


def _empty_fields(item: ServiceItem, guide: ItemGuide) -> Iterable[PublishProblem]:
    fields = {
        "事项类型": item.item_type.text if item.item_type else "",
        "办件类型": item.case_type.text if item.case_type else "",
        "服务对象": guide.objects_text,
        "办理依据": "".join(guide.basis),
        "受理条件": "".join(guide.conditions),
        "申报材料": "".join(m.name for m in guide.materials),
        "办理流程": "".join(step.name for step in guide.process),
        "裁量标准": guide.discretion,
        "承诺时限": guide.promised_limit.text,
        "法定时限": guide.statutory_limit.text if guide.statutory_limit else guide.statutory_note,
        "收费标准": guide.fee.text,
        "监督渠道": guide.supervision,
        "审批结果": guide.result_name,
    }
    for name, text in fields.items():
        if _is_empty(text):
            yield PublishProblem(item.id, name, f"“{item.name}”的{name}为空")
    if guide.fee.charged and _is_empty(guide.fee.basis or ""):
        yield PublishProblem(item.id, "收费依据", f"“{item.name}”收费但没有收费依据")
    if guide.fee.charged and not guide.fee.amounts:
        yield PublishProblem(item.id, "收费标准", f"“{item.name}”收费但没有列明金额")
    for material in guide.materials:
        if not material.review_points:
            yield PublishProblem(item.id, "审核要点", f"材料“{material.name}”没有审核要点")
        if _is_empty(material.sample):
            yield PublishProblem(item.id, "示范文本", f"材料“{material.name}”没有示范文本")
    for name, text in {"办理地点": guide.place, "办理时间": guide.time, "咨询电话": guide.phone}.items():
        if _is_empty(text):
            yield PublishProblem(item.id, name, f"“{item.name}”的{name}待本大厅补充", stops=False)


def _vague(item: ServiceItem, guide: ItemGuide) -> Iterable[PublishProblem]:
    for material in guide.materials:
        word = next((w for w in VAGUE_WORDS if w in material.name or w in material.content), None)
        if word is not None:
            text = f"材料“{material.name}”含模糊表述“{word}”，请逐项列明"
            yield PublishProblem(item.id, "申报材料", text)
    for condition in guide.conditions:
        word = next((w for w in VAGUE_WORDS if w in condition), None)
        if word is not None:
            yield PublishProblem(item.id, "受理条件", f"受理条件含模糊表述“{word}”：{condition}")


def _limits(item: ServiceItem, guide: ItemGuide) -> Iterable[PublishProblem]:
    statutory, promised = guide.statutory_limit, guide.promised_limit
    if statutory and statutory.unit is promised.unit and promised.n > statutory.n:
        yield PublishProblem(item.id, "承诺时限", f"承诺时限{promised.text}长于法定时限{statutory.text}")
    if item.case_type is CaseType.IMMEDIATE and promised.n > 1:
        yield PublishProblem(item.id, "承诺时限", "即办件应当场或当日办结")
    if item.item_type is ItemType.LICENCE and statutory and statutory.n > STATUTORY_DAYS_MOST:
        yield PublishProblem(item.id, "法定时限", f"法定时限{statutory.text}请核对所依据的法律", stops=False)


def _is_empty(text: str) -> bool:
    return not text.strip() or text.strip() == PENDING_TEXT


def _some(names: list[str]) -> str:
    shown = "、".join(names[:3])
    return f"{shown}等" if len(names) > 3 else shown
