"""The page for cases of a lost PC: what it asks for, what it says, that no PIN stays, that the real hall does it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from counter_app.backend.lost_case_desk import LostCases, _day
from counter_app.backend.package_desk import PackageDesk
from counter_app.keys import Action
from counter_app.lost_case.presenter import LostCasePresenter, Way
from counter_app.lost_case.view import LostCaseView
from counter_app.values import Refused
from counter_app.visit.open_cases import OpenCases
from counter_app.visit.state import Page
from hall.journal.refusal import Refusal
from hall.people.model import Role
from tests.counter_app.bench import close, make_bench
from tests.counter_app.desk_rig import make_rig
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import InlineRunner, new_id

OLD = "652301012026030200700018"


def presenter_of(hall: FakeHall, cases: OpenCases | None = None) -> LostCasePresenter:
    presenter = LostCasePresenter(desk=hall, cases=cases or OpenCases(), runner=InlineRunner(), new_id=new_id)
    presenter.open()
    return presenter


def with_draft(hall: FakeHall) -> OpenCases:
    cases = OpenCases()
    row = hall.search_items("")[0]
    ticket = hall.call_next(uuid4())
    cases.put(hall.open_case(uuid4(), ticket.ticket_id, row.item_id), select=True)
    return cases


def test_the_open_draft_is_marked_as_what_the_paper_says() -> None:
    hall = FakeHall()
    cases = with_draft(hall)
    presenter = presenter_of(hall, cases)
    assert presenter.state.way is Way.REENTER
    current = cases.current
    assert current is not None
    assert current.case_no in presenter.state.case
    presenter.press_main()
    assert "原编号和凭证上的日期" in presenter.state.notice.text
    presenter.edit_paper("123", "2026-03-02")
    presenter.press_main()
    assert "24位数字" in presenter.state.notice.text
    presenter.edit_paper(f" {OLD} ", "2026-03-02")
    presenter.press_main()
    assert hall.reentered == [(current.case_id, OLD, "2026-03-02")]
    assert "已标为补录" in presenter.state.notice.text
    presenter.press_main()
    assert len(hall.reentered) == 1, "the fields are empty after it"


def test_without_a_draft_it_says_what_comes_first() -> None:
    hall = FakeHall()
    presenter = presenter_of(hall)
    assert presenter.state.way is Way.TAKE_BACK
    presenter.choose(Way.REENTER)
    presenter.edit_paper(OLD, "2026-03-02")
    presenter.press_main()
    assert "选好事项开一件" in presenter.state.notice.text
    assert hall.reentered == []


def test_a_manager_takes_a_case_back_and_no_pin_stays() -> None:
    hall = FakeHall()
    presenter = presenter_of(hall)
    for typed, words in (
        (("", "", "", ""), "办件编号"),
        ((OLD, "", "", ""), "工号和 PIN"),
        ((OLD, "9001", "2468", " "), "理由"),
        ((OLD, "9001", "1357", "死机"), "PIN 不对"),
    ):
        presenter.edit_order(*typed)
        presenter.press_main()
        assert words in presenter.state.notice.text
        assert "1357" not in str(asdict(presenter.state))
    presenter.edit_order(OLD, "9001", "2468", "死机")
    presenter.press_main()
    assert hall.taken_back == [(OLD, "9001", "死机")]
    assert "已收回到大厅节点" in presenter.state.notice.text
    presenter.edit_order(OLD, "9001", "2468", "死机")
    presenter.close()
    presenter.press_main()
    assert len(hall.taken_back) == 1


def test_the_page_shows_one_form_at_a_time(qtbot: QtBot) -> None:
    hall = FakeHall()
    presenter, view = presenter_of(hall, with_draft(hall)), LostCaseView()
    qtbot.addWidget(view)
    view.show_state(presenter.state)
    assert view._order.isHidden()
    presenter.choose(Way.TAKE_BACK)
    view.show_state(presenter.state)
    assert view._paper.isHidden()
    assert not view._order.isHidden()


def test_the_key_opens_it_and_locking_forgets(qtbot: QtBot) -> None:
    rig = make_rig(qtbot)
    rig.window.presenters.visit.act(Action.LOST_CASE)
    assert rig.window.presenters.visit.state.page is Page.LOST_CASE


@pytest.mark.parametrize(
    "text", ["2026-03-02", "20260302", "2026年3月2日", "２０２６－０３－０２", " 2026.3.2 "]
)
def test_a_date_may_be_written_as_on_the_paper(text: str) -> None:
    assert _day(text).isoformat() == "2026-03-02"


def test_what_is_no_date_is_refused() -> None:
    for text in ("", "3月2日", "2026-13-02"):
        with pytest.raises(Refusal, match="照凭证输入日期"):
            _day(text)


def test_only_a_manager_with_the_right_pin_asks_the_node(tmp_path: Path) -> None:
    bench = make_bench(tmp_path)
    try:
        asked: list[tuple[str, dict[str, Any]]] = []
        bench.up.call = lambda path, body, **_: asked.append((path, body)) or {}  # type: ignore[method-assign, func-returns-value]
        desk = LostCases(bench, PackageDesk(bench))
        head = next(s for s in bench.ref.people.staff if Role.HALL_MANAGER in s.roles)
        clerk = next(s for s in bench.ref.people.staff if Role.HALL_MANAGER not in s.roles)
        bench.verify_pin = lambda _no, pin: pin == "2468"
        for number, pin, words in (
            (head.employee_no, "1", "PIN 不对"),
            (clerk.employee_no, "2468", "只有大厅管理人员"),
        ):
            with pytest.raises(Refused, match=words):
                desk.take_back(uuid4(), OLD, number, pin, "死机")
        assert asked == []
        desk.take_back(uuid4(), f"{OLD[:4]} {OLD[4:]}", head.employee_no, "2468", "死机")
        ((path, body),) = asked
        assert (path, body["case_no"], body["by"]) == ("/v1/machines/seize", OLD, head.id)
    finally:
        close(bench)
