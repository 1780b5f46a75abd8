"""What a person must bring and know, from the catalogue; and the A4 notice of the same matter.

A kiosk asks no scenario questions: it lists every material and says for which answers one is needed. The
exact list is made at the window from the person's own answers.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice, product

from hall.catalogue.model import ItemGuide, MaterialRequirement, Option, Package, ServiceItem, Tag
from hall.catalogue.package_scenario import asked, exact_materials
from hall.catalogue.package_scenario import ways as package_ways
from hall.catalogue.packages import SharedMaterial, children_for
from hall.catalogue.scenario import holds, paths, stop_of
from hall.hall_words import opening_text
from hall.handouts import one_time_notice
from hall.papers.content import OneTimeNotice
from hall.reference import Reference
from kiosk_app.backend.places import Places
from kiosk_app.ports import Guide, GuideBlock, MaterialLine, Refused

_MOST_PATHS = 2000
_SOMETIMES = "部分情形需要"


class Guides:
    """Guides of matters and packages. Only reads; any thread."""

    def __init__(self, ref: Reference, places: Places) -> None:
        self._ref = ref
        self._places = places

    def guide(self, item_id: str) -> Guide:
        """Raises Refused for an unknown id."""
        matter = self._places.matter(item_id)
        package = self._places.package(item_id)
        if package is not None:
            return Guide(matter, self._union(package), self._package_blocks(package, matter.zone_no))
        item = self._ref.catalogue.by_id[item_id]
        if item.guide is None:
            text = "这个事项的材料清单待补充，请取号后到窗口询问，或到咨询台询问。"
            return Guide(matter, (), (GuideBlock("办事指南", text),))
        lines = tuple(_line(item, m) for m in item.guide.materials)
        return Guide(matter, lines, self._blocks(item, item.guide, matter.zone_no))

    def notice(self, matter_name: str, day: date) -> OneTimeNotice | None:
        """一次性告知清单 of the one item of that name; None where there is none or only a package."""
        found = [i for i in self._ref.catalogue.items if i.name == matter_name and i.guide is not None]
        if len(found) != 1 or found[0].guide is None:
            return None
        item, guide = found[0], found[0].guide
        going_on = [answers for answers in _ways(guide) if stop_of(guide, answers) is None]
        if not going_on:
            return None
        # the form's other fields do not depend on the answers; the materials become all with their cases
        made = one_time_notice(self._ref, item, going_on[0], day)
        every = replace(item, guide=replace(guide, questions=(), materials=_unconditional(guide)))
        return replace(made, materials=one_time_notice(self._ref, every, {}, day).materials)

    def _union(self, package: Package) -> tuple[MaterialLine, ...]:
        """Each material once with the largest counts asked for and the answers that it hangs on."""
        by_id = self._ref.catalogue.by_id
        lists: list[tuple[dict[str, str], tuple[SharedMaterial, ...]]] = []
        questions: dict[str, tuple[str, tuple[Option, ...]]] = {}
        for chosen in product(*(q.options for q in package.questions)):
            choice = {q.id: o.value for q, o in zip(package.questions, chosen, strict=True)}
            children = children_for(package, choice)
            for flat in islice(package_ways(package, by_id, children), _MOST_PATHS):
                lists.append((choice | flat, exact_materials(package, by_id, children, flat)))
                asked_now = asked(package, by_id, children, flat)
                questions |= {q.key: (q.text, q.options) for q in asked_now}
        questions |= {
            q.id: (q.text, tuple(Option(o.value, o.label) for o in q.options)) for q in package.questions
        }
        ways = [way for way, _ in lists]
        found: dict[str, list[SharedMaterial]] = {}
        needed: dict[str, list[dict[str, str]]] = {}
        for way, materials in lists:
            for m in materials:
                found.setdefault(m.requirement.name, []).append(m)
                needed.setdefault(m.requirement.name, []).append(way)
        return tuple(
            MaterialLine(
                name,
                max(m.original_n for m in each),
                # the window scans an original: nobody brings a photocopy beside one
                0 if any(m.original_n for m in each) else max(m.copy_n for m in each),
                can_follow=all(self._can_follow(i, name) for m in each for i in m.used_by),
                note=_when(ways, needed[name], questions),
            )
            for name, each in found.items()
        )

    def _can_follow(self, item_id: str, name: str) -> bool:
        item = self._ref.catalogue.by_id[item_id]
        asked_for = [m for m in item.guide.materials if m.name == name] if item.guide else []
        return all(_line(item, m).can_follow for m in asked_for)

    def _package_blocks(self, package: Package, series: str) -> tuple[GuideBlock, ...]:
        rows = "；".join(f"{row.no}. {row.name}（{row.department}）" for row in package.rows)
        return (
            GuideBlock("一次申请，一并办理", rows),
            GuideBlock("办理地点", self._places.place(series).hint),
            GuideBlock("材料", "相同的材料只交一份；清单按您的情况在窗口确定。"),
        )

    def _blocks(self, item: ServiceItem, guide: ItemGuide, series: str) -> tuple[GuideBlock, ...]:
        where = self._places.place(series).hint if series else guide.place
        statutory = guide.statutory_limit.text if guide.statutory_limit else guide.statutory_note
        steps = " → ".join(f"{s.name}（{s.limit}）" for s in guide.process)
        rows = (
            ("办理地点", where),
            ("办理时限", f"承诺时限：{guide.promised_limit.text}；法定时限：{statutory}"),
            ("收费标准", guide.fee.text),
            ("办理条件", "；".join(guide.conditions)),
            ("办理程序", steps),
            ("办理依据", "；".join(guide.basis)),
            ("办理时间", opening_text(self._ref, guide.time)),
            ("咨询电话", guide.phone),
            ("监督渠道", guide.supervision),
        )
        return tuple(GuideBlock(title, text) for title, text in rows if text)


def _line(item: ServiceItem, material: MaterialRequirement) -> MaterialLine:
    if item.guide is None:
        raise Refused("这个事项的材料清单待补充。")
    return MaterialLine(
        material.name,
        material.original_n,
        material.copies_asked,
        can_follow=Tag.TOLERANT in item.tags and not material.principal,
        note=_case(item.guide, material),
    )


def _case(guide: ItemGuide, material: MaterialRequirement) -> str:
    """「未登记结婚，且随父亲的需要」 where some answers decide, else that it depends."""
    if material.required_if is None:
        return ""
    ways = [a for a in _ways(guide) if stop_of(guide, a) is None]
    needed = [a for a in ways if holds(material.required_if, a, guide.questions)]
    return _when(ways, needed, {q.id: (q.text, q.options) for q in guide.questions})


def _when(
    ways: list[dict[str, str]],
    needed: list[dict[str, str]],
    questions: dict[str, tuple[str, tuple[Option, ...]]],
) -> str:
    """The answers that `needed` has in common against all `ways`; empty where it is all of them."""
    if len(needed) == len(ways):
        return ""
    deciding: dict[str, set[str | None]] = {}
    for key in questions:
        values = {a.get(key) for a in needed}
        # None is "not asked": what another answer has made moot decides nothing by itself
        if set() < values - {None} < {a.get(key) for a in ways} - {None}:
            deciding[key] = values
    said = [a for a in ways if all(a.get(q) in values for q, values in deciding.items())]
    if said != needed or any(None in values for values in deciding.values()):
        return _SOMETIMES
    every = Counter(o.label for _, options in questions.values() for o in options)
    twice = {label for label, n in every.items() if n > 1}
    parts = [_labels(*questions[key], deciding[key], twice) for key in deciding]
    return f"{'，且'.join(parts)}的需要"


def _labels(text: str, options: tuple[Option, ...], values: set[str | None], twice: set[str]) -> str:
    """「买卖转移登记或继承转移登记」; with the question where the answers alone say nothing (是, 否) or several
    questions have them (`twice`).
    """
    labels = [o.label for o in options if o.value in values]
    words = "或".join(labels)
    if all(len(label) > 1 and label not in twice for label in labels):
        return words
    return f"“{text}”答“{words}”"


def _unconditional(guide: ItemGuide) -> tuple[MaterialRequirement, ...]:
    """Every material, the case in which it is needed behind its name."""
    rows = []
    for material in guide.materials:
        case = _case(guide, material)
        name = f"{material.name}（{case}）" if case else material.name
        rows.append(replace(material, name=name, required_if=None))
    return tuple(rows)


def _ways(guide: ItemGuide) -> Iterator[dict[str, str]]:
    return islice(paths(guide), _MOST_PATHS)
