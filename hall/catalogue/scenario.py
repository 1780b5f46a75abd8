"""Scenario questions: which are asked, what the answers lead to, and the exact material list.

Conditions are small comparisons over question ids (`married == 'yes' and not place == 'home'`), evaluated
by simpleeval and checked when the catalogue is loaded: names, values, reachability, no dead ends.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from simpleeval import EvalWithCompoundTypes

from hall.catalogue.model import (
    FeeAmount,
    ItemGuide,
    MaterialRequirement,
    Option,
    ScenarioQuestion,
    ServiceItem,
)

Answers = Mapping[str, str]
_MOST_PATHS: Final = 20_000
_ALLOWED_NODES: Final = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.In,
    ast.NotIn,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Tuple,
    ast.List,
)


class ScenarioRefused(ValueError):
    """An expected refusal: an answer is missing, unknown, or says that this item is not the right one."""


class ConditionWrong(ValueError):
    """A condition of a catalogue file cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The answers show that the item is not the right one; `text` says where to go."""

    question: ScenarioQuestion
    text: str


def holds(condition: str | None, answers: Answers, questions: tuple[ScenarioQuestion, ...]) -> bool:
    """True when the condition holds for the answers so far; a question not asked compares as None."""
    if condition is None:
        return True
    names = {question.id: answers.get(question.id) for question in questions}
    return bool(EvalWithCompoundTypes(names=names, functions={}).eval(condition))


def next_question(guide: ItemGuide, answers: Answers) -> ScenarioQuestion | None:
    """The first question that must be asked and has no answer yet; None when all is answered."""
    for question in guide.questions:
        if question.id not in answers and holds(question.ask_if, answers, guide.questions):
            return question
    return None


def stop_of(guide: ItemGuide, answers: Answers) -> Stop | None:
    """The first answer that ends the scenario, if any."""
    for question in guide.questions:
        option = option_of(question, answers.get(question.id))
        if option is not None and option.stop is not None:
            return Stop(question, option.stop)
    return None


def materials_for(item: ServiceItem, answers: Answers) -> tuple[MaterialRequirement, ...]:
    """The exact materials for these answers, in the guide's order.

    Raises ScenarioRefused when the item has no guide, an answer is unknown or missing, or the answers stop
    it.
    """
    guide = item.guide
    if guide is None:
        raise ScenarioRefused(f"事项“{item.name}”的办事指南待补充，不能确定材料清单")
    known = {question.id: question for question in guide.questions}
    for name, value in answers.items():
        if name not in known:
            raise ScenarioRefused(f"事项“{item.name}”没有问题“{name}”")
        if option_of(known[name], value) is None:
            raise ScenarioRefused(f"问题“{known[name].text}”没有选项“{value}”")
    asked = _asked(guide, answers)
    stop = stop_of(guide, asked)
    if stop is not None:
        raise ScenarioRefused(stop.text)
    missing = next_question(guide, asked)
    if missing is not None:
        raise ScenarioRefused(f"请先回答：{missing.text}")
    return tuple(m for m in guide.materials if holds(m.required_if, asked, guide.questions))


def fee_for(item: ServiceItem, answers: Answers) -> FeeAmount | None:
    """What is due in this situation; None when nothing is. Raises ScenarioRefused for a fee without a
    basis.
    """
    if item.guide is None or not item.guide.fee.charged:
        return None
    if not (item.guide.fee.basis or "").strip():
        raise ScenarioRefused(f"事项“{item.name}”没有收费依据，不得收费")
    asked, questions = _asked(item.guide, answers), item.guide.questions
    amounts = (a for a in item.guide.fee.amounts if holds(a.required_if, asked, questions))
    due = next(amounts, None)
    return due if due is not None and due.amount_fen > 0 else None


def paths(guide: ItemGuide) -> Iterator[dict[str, str]]:
    """Every complete way through the questions, ended by a stop or by the last question."""
    open_paths: list[dict[str, str]] = [{}]
    while open_paths:
        answers = open_paths.pop()
        question = None if stop_of(guide, answers) else next_question(guide, answers)
        if question is None:
            yield answers
            continue
        open_paths.extend({**answers, question.id: option.value} for option in reversed(question.options))


def check_scenario(item: ServiceItem) -> None:
    """Raises ConditionWrong for a condition that cannot be used, a question never asked, a material never
    required, or a way that ends without any material.
    """
    guide = item.guide
    if guide is None:
        return
    _check_questions(guide.questions)
    for number, material in enumerate(guide.materials, start=1):
        if material.required_if is not None:
            _check_condition(material.required_if, guide.questions, f"第{number}项材料“{material.name}”")
    for amount in guide.fee.amounts:
        if amount.required_if is not None:
            _check_condition(amount.required_if, guide.questions, f"收费“{amount.label}”")
    every = list(islice(paths(guide), _MOST_PATHS + 1))
    if len(every) > _MOST_PATHS:
        raise ConditionWrong(f"情形组合超过{_MOST_PATHS}种，请拆分事项")
    _check_reachable(item, guide, every)


def _check_questions(questions: tuple[ScenarioQuestion, ...]) -> None:
    for number, question in enumerate(questions, start=1):
        place = f"第{number}个问题“{question.text}”"
        if not question.id.isidentifier() or question.id in {q.id for q in questions[: number - 1]}:
            raise ConditionWrong(f"{place}的编号“{question.id}”重复或不合规则")
        values = [option.value for option in question.options]
        if len(values) < 2 or len(set(values)) != len(values):
            raise ConditionWrong(f"{place}至少要有两个不同的选项")
        if question.ask_if is not None:
            _check_condition(question.ask_if, questions[: number - 1], place)


def _check_reachable(item: ServiceItem, guide: ItemGuide, every: list[dict[str, str]]) -> None:
    asked = {name for answers in every for name in answers}
    for question in guide.questions:
        if question.id not in asked:
            raise ConditionWrong(f"问题“{question.text}”永远不会被问到")
    required: set[str] = set()
    for answers in every:
        if stop_of(guide, answers):
            continue
        found = materials_for(item, answers)
        if not found:
            raise ConditionWrong(f"情形{_describe(guide, answers)}没有任何材料")
        required.update(material.id for material in found)
    for material in guide.materials:
        if material.id not in required:
            raise ConditionWrong(f"材料“{material.name}”在任何情形下都不需要")


def _check_condition(text: str, questions: tuple[ScenarioQuestion, ...], place: str) -> None:
    """Only comparisons of known questions with their own option values, joined by and, or, not."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ConditionWrong(f"{place}的条件“{text}”写法有误") from error
    options = {question.id: {option.value for option in question.options} for question in questions}
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED_NODES):
            raise ConditionWrong(f"{place}的条件“{text}”只能使用 == != in and or not")
        if isinstance(node, ast.Name) and node.id not in options:
            raise ConditionWrong(f"{place}的条件用到了不存在或更晚的问题“{node.id}”")
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            _check_comparison(node, options, text, place)
    if not any(isinstance(node, ast.Compare) for node in ast.walk(tree)):
        raise ConditionWrong(f"{place}的条件“{text}”没有比较任何问题")


def _check_comparison(node: ast.Compare, options: dict[str, set[str]], text: str, place: str) -> None:
    if not isinstance(node.left, ast.Name) or len(node.comparators) != 1:
        raise ConditionWrong(f"{place}的条件“{text}”应写成“问题 == '选项'”")
    right = node.comparators[0]
    constants = right.elts if isinstance(right, ast.Tuple | ast.List) else [right]
    for constant in constants:
        value = constant.value if isinstance(constant, ast.Constant) else None
        if not isinstance(value, str) or value not in options[node.left.id]:
            said = ast.unparse(constant)
            raise ConditionWrong(f"{place}的条件“{text}”中，问题“{node.left.id}”没有选项{said}")


def _asked(guide: ItemGuide, answers: Answers) -> dict[str, str]:
    """Answers to questions that are really asked: what an earlier answer made moot is dropped."""
    asked: dict[str, str] = {}
    for question in guide.questions:
        if question.id in answers and holds(question.ask_if, asked, guide.questions):
            asked[question.id] = answers[question.id]
    return asked


def option_of(question: ScenarioQuestion, value: str | None) -> Option | None:
    """The answer of that value; None for an unknown one."""
    return next((option for option in question.options if option.value == value), None)


def _describe(guide: ItemGuide, answers: Answers) -> str:
    parts = []
    for question in guide.questions:
        option = option_of(question, answers.get(question.id))
        if option is not None:
            parts.append(f"“{option.label}”")
    return "、".join(parts)
