"""Packages (一件事): which children an answer brings, in which order, and one set of materials for all of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hall.catalogue.model import MaterialRequirement, Package, PackageRow, ServiceItem
from hall.catalogue.scenario import Answers, materials_for


class PackageRefused(ValueError):
    """An expected refusal: a question of the package has no or a wrong answer."""


@dataclass(frozen=True, slots=True)
class PackageChild:
    """One case to open. `waits_for`: rows of this package whose result it needs before its clock starts."""

    row: int
    item_id: str
    name: str
    department: str
    waits_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SharedMaterial:
    """A material asked for once. `used_by`: ids of the items that need it; counts are the largest asked
    for.
    """

    requirement: MaterialRequirement
    original_n: int
    copy_n: int
    used_by: tuple[str, ...]
    review_points: tuple[str, ...]


def children_for(package: Package, answers: Mapping[str, str]) -> tuple[PackageChild, ...]:
    """The children that these answers bring, in the plan's order.

    `answers`: option value by question id. Raises PackageRefused for a missing, unknown or wrong answer.
    """
    chosen: dict[int, str] = {}
    in_question: set[int] = set()
    for question in package.questions:
        option = next((o for o in question.options if o.value == answers.get(question.id)), None)
        if option is None:
            raise PackageRefused(f"请先选择：{question.text}")
        in_question.update(o.row for o in question.options)
        chosen[option.row] = option.item_id
    unknown = set(answers) - {question.id for question in package.questions}
    if unknown:
        raise PackageRefused(f"“{package.name}”没有问题“{sorted(unknown)[0]}”")
    rows = [row for row in package.rows if row.no not in in_question or row.no in chosen]
    present = {row.no for row in rows}
    return tuple(_child(row, chosen.get(row.no, row.item_ids[0]), present) for row in rows)


def union_of_materials(
    items: Mapping[str, ServiceItem],
    children: tuple[PackageChild, ...],
    answers: Mapping[str, Answers],
) -> tuple[SharedMaterial, ...]:
    """Each material once, with the items that use it, in the order in which it first comes up.

    `answers`: scenario answers by item id. Raises ScenarioRefused when a child's scenario is not answered.
    """
    shared: dict[str, SharedMaterial] = {}
    for child in children:
        item = items[child.item_id]
        for material in materials_of(items, children, child, answers.get(item.id, {})):
            shared[material.name] = _joined(shared.get(material.name), material, item.id)
    return tuple(shared.values())


def materials_of(
    items: Mapping[str, ServiceItem],
    children: tuple[PackageChild, ...],
    child: PackageChild,
    answers: Answers,
) -> tuple[MaterialRequirement, ...]:
    """A child's exact list within its package, without results of the children that must be granted first: the
    hall hands them on itself. Raises ScenarioRefused.
    """
    by_row = {c.row: c for c in children}
    before, waiting = set[int](), list(child.waits_for)
    while waiting:
        row = waiting.pop()
        if row in by_row and row not in before:
            before.add(row)
            waiting.extend(by_row[row].waits_for)
    guides = (items[by_row[row].item_id].guide for row in before)
    results = {guide.result_name for guide in guides if guide is not None}
    return tuple(m for m in materials_for(items[child.item_id], answers) if m.name not in results)


def items_without_guide(
    items: Mapping[str, ServiceItem], children: tuple[PackageChild, ...]
) -> tuple[str, ...]:
    """Names of children whose guide is still to be supplied: their materials cannot be listed."""
    return tuple(items[c.item_id].name for c in children if items[c.item_id].guide is None)


def order_of_start(children: tuple[PackageChild, ...]) -> tuple[tuple[PackageChild, ...], ...]:
    """Children in rounds: each round can start when the one before has its results (串联 only where needed).

    Raises PackageRefused when children wait for each other in a circle.
    """
    rounds: list[tuple[PackageChild, ...]] = []
    left, done = list(children), set[int]()
    while left:
        ready = tuple(child for child in left if set(child.waits_for) <= done)
        if not ready:
            raise PackageRefused("套餐中的事项互为前置条件，无法办理")
        rounds.append(ready)
        done |= {child.row for child in ready}
        left = [child for child in left if child.row not in done]
    return tuple(rounds)


def _child(row: PackageRow, item_id: str, present: set[int]) -> PackageChild:
    name = row.name
    if row.alternatives:
        name = row.alternatives[row.item_ids.index(item_id)]
    return PackageChild(
        row.no, item_id, name, row.department, tuple(n for n in row.waits_for if n in present)
    )


def _joined(old: SharedMaterial | None, new: MaterialRequirement, item_id: str) -> SharedMaterial:
    if old is None:
        return SharedMaterial(new, new.original_n, new.copy_n, (item_id,), new.review_points)
    return SharedMaterial(
        old.requirement,
        max(old.original_n, new.original_n),
        max(old.copy_n, new.copy_n),
        (*old.used_by, item_id),
        tuple(dict.fromkeys((*old.review_points, *new.review_points))),
    )
