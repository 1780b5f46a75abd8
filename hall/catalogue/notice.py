"""The one-time notice (一次性告知清单): nine fields of 昌吉's annex 2, and what its text demands besides."""

from __future__ import annotations

from dataclasses import dataclass

from hall.catalogue.model import PENDING_TEXT, MaterialRequirement, ServiceItem
from hall.catalogue.scenario import Answers, materials_for


@dataclass(frozen=True, slots=True)
class NoticeMaterial:
    """A line of 材料清单."""

    name: str
    counts: str
    accepted: str
    """原件或电子证照: every form in which it is taken."""
    issuer: str
    content: str
    review_points: tuple[str, ...]
    may_come_later: bool
    blank_form: str
    sample: str


@dataclass(frozen=True, slots=True)
class OneTimeNotice:
    """Everything the notice prints. The first nine are the fields of the form, in its order."""

    item_name: str
    objects: str
    organ: str
    conditions: tuple[str, ...]
    materials: tuple[NoticeMaterial, ...]
    process_and_limit: tuple[str, ...]
    place_and_time: str
    phone: str
    remark: str
    discretion: str
    promised_limit: str
    statutory_limit: str
    fee: str
    basis: tuple[str, ...]
    supervision: str
    sample_note: str

    @property
    def title(self) -> str:
        return f"{self.item_name}一次性告知清单"


def notice_for(item: ServiceItem, answers: Answers, *, organ: str | None = None) -> OneTimeNotice:
    """The notice for these answers. `organ`: the hall's own name of the department.

    An item without a guide gives 待补充 in every field: better a visible gap than an invented rule. Raises
    ScenarioRefused as materials_for does.
    """
    guide = item.guide
    if guide is None:
        gap = (PENDING_TEXT,)
        p = PENDING_TEXT
        return OneTimeNotice(
            item.name, p, organ or item.department, gap, (), gap, p, p, p, p, p, p, p, gap, p, ""
        )
    steps = [f"{n}. {s.name}（{s.actor}，{s.limit}）" for n, s in enumerate(guide.process, start=1)]
    statutory = guide.statutory_limit.text if guide.statutory_limit else "无法定时限"
    return OneTimeNotice(
        item_name=item.name,
        objects=guide.objects_text,
        organ=organ or item.department,
        conditions=guide.conditions,
        materials=tuple(_line(m) for m in materials_for(item, answers)),
        process_and_limit=(*steps, f"法定时限：{statutory}；承诺时限：{guide.promised_limit.text}"),
        place_and_time=f"{guide.place}；{guide.time}",
        phone=guide.phone,
        remark=guide.note,
        discretion=guide.discretion,
        promised_limit=guide.promised_limit.text,
        statutory_limit=statutory,
        fee=guide.fee.text,
        basis=guide.basis,
        supervision=guide.supervision,
        sample_note=item.sample_note,
    )


def _line(material: MaterialRequirement) -> NoticeMaterial:
    return NoticeMaterial(
        material.name,
        counts_text(material),
        accepted_text(material),
        material.issuer,
        material.content,
        material.review_points,
        not material.principal,
        material.blank_form or "",
        material.sample,
    )


def counts_text(material: MaterialRequirement) -> str:
    """原件1份, 复印件2份; 电子证照 where nothing on paper is asked for."""
    if material.original_n:
        scanned = "（复印件由窗口扫描代替）" if material.copy_n else ""
        return f"原件{material.original_n}份{scanned}"
    return f"复印件{material.copies_asked}份" if material.copies_asked else "电子证照"


def accepted_text(material: MaterialRequirement) -> str:
    """Every form that the window takes: 原件或电子证照, 原件, 电子证照."""
    forms = ["原件"] if material.original_n else ["复印件"] if material.copies_asked else []
    if material.electronic_ok or not forms:
        forms.append("电子证照")
    return "或".join(forms)
