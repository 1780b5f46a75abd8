"""Every key once; initials as pypinyin has them; Ctrl+K finds commands and the hall's rows."""

import pytest
from pypinyin import Style, lazy_pinyin

from counter_app.find.ports import FoundKind, FoundRow
from counter_app.find.presenter import FindPresenter, matching_commands
from counter_app.keys import KEYS, Action, KeyRow
from counter_app.take_in.ports import CaseView
from counter_app.values import Refused
from tests.counter_app.bench import Bench
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import HeldRunner, InlineRunner
from tests.counter_app.visit_steps import serve


def test_every_action_and_every_key_once() -> None:
    assert {row.action for row in KEYS} == set(Action) - {Action.SAVE}
    assert len({row.key for row in KEYS}) == len(KEYS)


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.action.value)
def test_initials_are_those_of_the_words(row: KeyRow) -> None:
    hanzi = "".join(c for c in row.text if "一" <= c <= "鿿")
    assert row.initials == "".join(lazy_pinyin(hanzi, style=Style.FIRST_LETTER))


def test_commands_by_initials_hanzi_and_key() -> None:
    assert matching_commands("hjx")[0].key == Action.CALL_NEXT
    assert matching_commands("一次性")[0].key == Action.NOTICE
    assert [row.key for row in matching_commands("f12")] == [Action.DONE]
    assert matching_commands("什么也不是") == ()


def test_rows_of_an_older_text_do_not_replace_the_newer() -> None:
    runner = HeldRunner()
    find = FindPresenter(desk=FakeHall(), runner=runner)
    find.open()
    find.edit_text("xse")
    find.edit_text("gtg")
    runner.jobs.reverse()
    runner.run()
    assert [row.title for row in find.state.rows] == ["个体工商户设立登记"]


def test_choosing_closes_and_tells_the_row() -> None:
    find = FindPresenter(desk=FakeHall(), runner=InlineRunner())
    chosen: list[object] = []
    find.chosen.connect(chosen.append)
    find.open()
    find.edit_text("新生儿")
    find.move(5)
    find.press_choose()
    assert not find.state.open
    assert getattr(chosen[0], "key") == "birth"  # noqa: B009  (Signal(object))


def test_a_case_that_cannot_be_opened_says_why(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    p = bench.window.presenters
    serve(bench)

    def refused(_case_no: str) -> CaseView:
        raise Refused("这个套餐没有可办的事项。")

    monkeypatch.setattr(bench.hall, "find_case", refused)
    p.slices.find.chosen.emit(FoundRow(FoundKind.CASE, "6523", "新生儿出生", "张**"))
    assert p.slices.queue.state.notice.text == "这个套餐没有可办的事项。"
