"""The questions of a package, asked once, and what its answers lead to. Pure.

Flat answers are option values by key: a shared question's id, or `<item>:<question>` for one that a single
child asks. Each child keeps its own scenario answers, from which the flat ones follow again: there is no
second copy that could differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from hall.catalogue.model import Option, Package, ScenarioQuestion, ServiceItem, SharedOption, SharedQuestion
from hall.catalogue.packages import PackageChild, SharedMaterial, union_of_materials
from hall.catalogue.scenario import Answers, ConditionWrong, ScenarioRefused, holds, option_of

Items = Mapping[str, ServiceItem]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the package as it is asked now. `answer` None: still open."""

    key: str
    text: str
    options: tuple[Option, ...]
    answer: str | None


def child_answers(package: Package, item: ServiceItem, flat: Answers) -> dict[str, str]:
    """A child's own answers: what the package settles, what a shared question says, what was answered."""
    given: dict[str, str] = {}
    if item.guide is None:
        return given
    decided = _decided(package, item.id, flat)
    for question in item.guide.questions:
        value = decided.get(question.id, flat.get(f"{item.id}:{question.id}"))
        if value is not None and holds(question.ask_if, given, item.guide.questions):
            given[question.id] = value
    return given


def flat_answers(package: Package, by_item: Mapping[str, Answers]) -> dict[str, str]:
    """The other way round: what was answered, from the children's own answers."""
    flat: dict[str, str] = {}
    for shared in package.shared:
        option = next((o for o in shared.options if _given(o, by_item)), None)
        if option is not None:
            flat[shared.id] = option.value
    for item_id, answers in by_item.items():
        decided = _decided(package, item_id, flat)
        shared_here = _read_back(package, item_id)
        for question, value in answers.items():
            if question not in decided and question not in shared_here:
                flat[f"{item_id}:{question}"] = value
    return flat


def needed(package: Package, children: tuple[PackageChild, ...], flat: Answers) -> tuple[PackageChild, ...]:
    """The children that these answers leave in; their prerequisites only where those are in, too."""
    out = {row for option in _chosen(package, flat) for row in option.leaves_out}
    return tuple(
        PackageChild(c.row, c.item_id, c.name, c.department, tuple(r for r in c.waits_for if r not in out))
        for c in children
        if c.row not in out
    )


def reasons_out(
    package: Package, rows: Collection[int], flat: Answers
) -> tuple[tuple[SharedQuestion, SharedOption], ...]:
    """The questions and their answers that leave out one of these rows; none where all are in."""
    return tuple(
        (q, o)
        for q in package.shared
        for o in q.options
        if flat.get(q.id) == o.value and not set(o.leaves_out).isdisjoint(rows)
    )


def asked(
    package: Package, items: Items, children: tuple[PackageChild, ...], flat: Answers
) -> tuple[Asked, ...]:
    """Questions asked so far and the next open one of each child; shared ones first, each once."""
    shown = [
        Asked(q.id, q.text, tuple(Option(o.value, o.label) for o in q.options), flat.get(q.id))
        for q in package.shared
    ]
    if any(q.answer is None for q in shown):
        return tuple(shown)
    for child in needed(package, children, flat):
        item = items[child.item_id]
        shown += _own(package, item, flat)
    return tuple(shown)


def stop_text(package: Package, items: Items, key: str, value: str) -> str | None:
    """Why the package is not the right one after this answer. Raises ScenarioRefused for no such answer."""
    shared = next((q for q in package.shared if q.id == key), None)
    if shared is not None:
        if all(o.value != value for o in shared.options):
            raise ScenarioRefused(f"问题“{shared.text}”没有选项“{value}”")
        return None
    item_id, _, name = key.partition(":")
    item = items.get(item_id)
    guide = item.guide if item is not None and item_id in package.item_ids() else None
    question = next((q for q in guide.questions if q.id == name), None) if guide is not None else None
    option = None if question is None else option_of(question, value)
    if option is None:
        raise ScenarioRefused(f"套餐“{package.name}”没有问题“{key}”或选项“{value}”")
    return option.stop


def exact_materials(
    package: Package, items: Items, children: tuple[PackageChild, ...], flat: Answers
) -> tuple[SharedMaterial, ...]:
    """The package's exact list. Raises ScenarioRefused while a question is open or an answer stops it."""
    left = needed(package, children, flat)
    answers = {c.item_id: child_answers(package, items[c.item_id], flat) for c in left}
    return union_of_materials(items, left, answers)


def ways(package: Package, items: Items, children: tuple[PackageChild, ...]) -> Iterator[dict[str, str]]:
    """Every complete way through the package's questions that no answer stops."""
    open_ways: list[dict[str, str]] = [{}]
    while open_ways:
        flat = open_ways.pop()
        question = next((q for q in asked(package, items, children, flat) if q.answer is None), None)
        if question is None:
            yield flat
            continue
        going_on = [o for o in question.options if o.stop is None]
        open_ways.extend({**flat, question.key: option.value} for option in reversed(going_on))


def check_shared(package: Package, items: Items) -> None:
    """Raises ConditionWrong where settled or shared answers name what is not there, or could not be read back."""
    rows = {row.no: row for row in package.rows}
    named = [*package.settled, *(a for q in package.shared for o in q.options for a in o.answers)]
    ids = set(package.item_ids())
    for a in named:
        guide = items[a.item_id].guide if a.item_id in ids and a.item_id in items else None
        question = next((q for q in guide.questions if q.id == a.question), None) if guide else None
        if question is None or option_of(question, a.option) is None:
            raise ConditionWrong(f"{a.item_id} 没有问题“{a.question}”或选项“{a.option}”")
    for shared in package.shared:
        if ":" in shared.id or len(shared.options) < 2 or not all(o.answers for o in shared.options):
            raise ConditionWrong(f"合并问题“{shared.text}”的编号或选项不合规则")
        keys = [o.answers[0] for o in shared.options]
        if len({(k.item_id, k.question) for k in keys}) != 1 or len({k.option for k in keys}) != len(keys):
            raise ConditionWrong(f"合并问题“{shared.text}”的各选项须先回答同一子问题，且答案不同")
        out = {row for o in shared.options for row in o.leaves_out}
        if not out <= set(rows) or any(keys[0].item_id in rows[row].item_ids for row in out):
            raise ConditionWrong(f"合并问题“{shared.text}”不能排除第{sorted(out)}行")
    if named and not package.answers_basis:
        raise ConditionWrong("合并或既定的答案没有写明依据")


def _own(package: Package, item: ServiceItem, flat: Answers) -> Iterator[Asked]:
    """A child's questions that nothing else answers, up to its first open one."""
    if item.guide is None:
        return
    decided, given = _decided(package, item.id, flat), child_answers(package, item, flat)
    for question in item.guide.questions:
        if question.id in decided or not holds(question.ask_if, given, item.guide.questions):
            continue
        yield _ask(item, question, given.get(question.id))
        if question.id not in given:
            return


def _ask(item: ServiceItem, question: ScenarioQuestion, answer: str | None) -> Asked:
    return Asked(f"{item.id}:{question.id}", f"{item.name}：{question.text}", question.options, answer)


def _chosen(package: Package, flat: Answers) -> tuple[SharedOption, ...]:
    return tuple(o for q in package.shared for o in q.options if flat.get(q.id) == o.value)


def _decided(package: Package, item_id: str, flat: Answers) -> dict[str, str]:
    """Answers of a child that the package settles or that the shared answers bring."""
    rows = [*package.settled, *(a for o in _chosen(package, flat) for a in o.answers)]
    return {a.question: a.option for a in rows if a.item_id == item_id}


def _read_back(package: Package, item_id: str) -> set[str]:
    """Questions of a child from which shared answers are read back."""
    firsts = [q.options[0].answers[0] for q in package.shared]
    return {a.question for a in firsts if a.item_id == item_id}


def _given(option: SharedOption, by_item: Mapping[str, Answers]) -> bool:
    """A shared answer is read back from the child's answer that each option names first (see check_shared)."""
    key = option.answers[0]
    return by_item.get(key.item_id, {}).get(key.question) == key.option
