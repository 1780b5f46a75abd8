import pytest

from hall.catalogue.model import Fee, FeeAmount
from hall.catalogue.scenario import (
    ConditionWrong,
    ScenarioRefused,
    check_scenario,
    fee_for,
    materials_for,
    next_question,
    paths,
    stop_of,
)
from tests.hall.catalogue.values import guide, item, material, question

MARRIED = guide(
    questions=(
        question("married", "yes", "no"),
        question("side", "father", "mother", ask_if="married == 'no'"),
    ),
    materials=(
        material("form"),
        material("certificate", required_if="married == 'yes'"),
        material("test", required_if="married == 'no' and side == 'father'"),
        material("note", required_if="not married in ('yes',)"),
    ),
)
ITEM = item(guide=MARRIED)


def names(**answers: str) -> list[str]:
    return [m.id for m in materials_for(ITEM, answers)]


def test_answers_give_the_exact_list() -> None:
    assert names(married="yes") == ["form", "certificate"]
    assert names(married="no", side="father") == ["form", "test", "note"]
    assert names(married="no", side="mother") == ["form", "note"]


def test_an_answer_made_moot_by_an_earlier_one_is_dropped() -> None:
    assert names(married="yes", side="father") == ["form", "certificate"]


def test_questions_come_one_by_one() -> None:
    first = next_question(MARRIED, {})
    assert first is not None
    assert first.id == "married"
    second = next_question(MARRIED, {"married": "no"})
    assert second is not None
    assert second.id == "side"
    assert next_question(MARRIED, {"married": "yes"}) is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "请先回答：问married"),
        ({"married": "no"}, "请先回答：问side"),
        ({"married": "maybe"}, "没有选项“maybe”"),
        ({"age": "9"}, "没有问题“age”"),
    ],
)
def test_missing_and_unknown_answers_are_refused(answers: dict[str, str], said: str) -> None:
    with pytest.raises(ScenarioRefused, match=said):
        materials_for(ITEM, answers)


def test_an_item_without_a_guide_has_no_list() -> None:
    with pytest.raises(ScenarioRefused, match="待补充"):
        materials_for(item(guide=None), {})


def test_a_stop_says_where_to_go() -> None:
    stopping = item(guide=guide(questions=(question("where", "here", "abroad", stop="请到别处"),)))
    assert materials_for(stopping, {"where": "here"})
    with pytest.raises(ScenarioRefused, match="请到别处"):
        materials_for(stopping, {"where": "abroad"})
    assert stopping.guide is not None
    found = stop_of(stopping.guide, {"where": "abroad"})
    assert found is not None
    assert found.text == "请到别处"


def test_every_way_through_is_found() -> None:
    assert sorted(tuple(sorted(p.items())) for p in paths(MARRIED)) == [
        (("married", "no"), ("side", "father")),
        (("married", "no"), ("side", "mother")),
        (("married", "yes"),),
    ]
    check_scenario(ITEM)


@pytest.mark.parametrize(
    "condition",
    [
        "maried == 'yes'",
        "married == 'ja'",
        "married == 1",
        "married",
        "'yes' == married",
        "married == 'yes' == 'yes'",
        "married.upper() == 'YES'",
        "__import__('os').system('true')",
        "married == 'yes' if 1 else 0",
        "[x for x in married]",
        "married == ",
        "married in ('yes', 'ja')",
        "9**9**9 == married",
        "",
    ],
)
def test_a_condition_that_cannot_be_used_is_refused_when_loaded(condition: str) -> None:
    wrong = item(
        guide=guide(
            questions=(question("married", "yes", "no"),),
            materials=(material("form"), material("more", required_if=condition)),
        )
    )
    with pytest.raises(ConditionWrong):
        check_scenario(wrong)


def test_dead_ends_and_things_never_reached_are_refused() -> None:
    a_or_b = question("q", "a", "b")
    nothing = guide(questions=(a_or_b,), materials=(material("m", required_if="q == 'a'"),))
    with pytest.raises(ConditionWrong, match="没有任何材料"):
        check_scenario(item(guide=nothing))
    never = guide(
        questions=(a_or_b,),
        materials=(material("form"), material("m", required_if="q == 'a' and q == 'b'")),
    )
    with pytest.raises(ConditionWrong, match="任何情形下都不需要"):
        check_scenario(item(guide=never))
    unasked = guide(questions=(a_or_b, question("r", "a", "b", ask_if="q == 'a' and q == 'b'")))
    with pytest.raises(ConditionWrong, match="永远不会被问到"):
        check_scenario(item(guide=unasked))
    later = guide(questions=(question("r", "a", "b", ask_if="q == 'a'"), a_or_b))
    with pytest.raises(ConditionWrong, match="不存在或更晚"):
        check_scenario(item(guide=later))
    single = guide(questions=(question("q", "a"),))
    with pytest.raises(ConditionWrong, match="两个不同"):
        check_scenario(item(guide=single))


def test_the_fee_follows_the_situation_and_needs_a_basis() -> None:
    amounts = (FeeAmount("首次", 0, "why == 'first'"), FeeAmount("补领", 4000))
    priced = guide(questions=(question("why", "first", "lost"),), fee=Fee(True, "40元", "某文", amounts))
    assert fee_for(item(guide=priced), {"why": "first"}) is None
    lost = fee_for(item(guide=priced), {"why": "lost"})
    assert lost is not None
    assert lost.amount_fen == 4000
    assert fee_for(ITEM, {"married": "yes"}) is None
    with pytest.raises(ScenarioRefused, match="没有收费依据"):
        fee_for(item(guide=guide(fee=Fee(True, "40元", None, amounts[1:]))), {})
