"""The page for cases of a lost PC: what it asks for, what it says, that no PIN stays, that the real hall does it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from counter_app.backend.intake_desk import Intake
from counter_app.backend.lost_case_desk import LostCases, _day
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.pages import PageTray
from counter_app.keys import Action
from counter_app.lost_case.presenter import LostCasePresenter, Way
from counter_app.lost_case.view import LostCaseView
from counter_app.values import Refused, TicketId
from counter_app.visit.open_cases import OpenCases
from counter_app.visit.state import Page
from hall.journal.refusal import Refusal
from hall.people.model import Role
from tests.counter_app.bench import Bench, close, make_bench
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
    cases.put(hall.open_case(uuid4(), TicketId("t1"), row.item_id), select=True)
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


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    found = make_bench()
    found.window.presenters.sign_in.press_sign_in("0012", "246810")
    found.window.presenters.sign_in.press_open()
    yield found
    close(found)


def test_one_key_opens_the_page_and_f9_does_it(bench: Bench) -> None:
    visit, view = bench.window.presenters.visit, bench.window.desk.lost_case
    visit.act(Action.LOST_CASE)
    assert visit.state.page is Page.LOST_CASE
    assert visit.state.next_step.main == "收回到大厅节点"
    fields = ((view.case_no, OLD), (view.staff_no, "9001"), (view.pin, "2468"), (view.reason, "死机"))
    for field, text in fields:
        field.line.setText(text)
        field.line.textEdited.emit(text)
    visit.act(Action.MAIN)
    assert bench.hall.taken_back == [(OLD, "9001", "死机")]
    assert view.pin.text() == "", "the PIN does not stay on the screen"
    view._ways[Way.REENTER].click()
    assert visit.state.next_step.main == "标为补录"
    visit.act(Action.BACK)
    assert visit.state.page is Page.HOME


@pytest.mark.parametrize(
    "text", ["2026-03-02", "20260302", "2026年3月2日", "２０２６－０３－０２", " 2026.3.2 "]
)
def test_a_date_may_be_written_as_on_the_paper(text: str) -> None:
    assert _day(text).isoformat() == "2026-03-02"


def test_what_is_no_date_is_refused() -> None:
    for text in ("", "3月2日", "2026-13-02"):
        with pytest.raises(Refusal, match="照凭证输入日期"):
            _day(text)


def test_only_a_manager_with_the_right_pin_asks_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(tmp_path)
    asked: list[tuple[str, dict[str, Any]]] = []

    def call(path: str, body: dict[str, Any]) -> dict[str, Any]:
        asked.append((path, body))
        return {}

    monkeypatch.setattr(rig.line, "call", call)
    rig.bench.verify_pin = lambda _no, pin: pin == "2468"
    desk = LostCases(rig.bench, Intake(rig.bench, PageTray(tmp_path, bytes(32)), PackageDesk(rig.bench)))
    staff = rig.bench.ref.people.staff
    head = next(s for s in staff if Role.HALL_MANAGER in s.roles)
    clerk = next(s for s in staff if Role.HALL_MANAGER not in s.roles and Role.CENTRE_ADMIN not in s.roles)
    with pytest.raises(Refused, match="PIN 不对"):
        desk.take_back(uuid4(), OLD, head.employee_no, "1357", "死机")
    with pytest.raises(Refused, match="只有大厅管理人员"):
        desk.take_back(uuid4(), OLD, clerk.employee_no, "2468", "死机")
    assert asked == []
    desk.take_back(uuid4(), f"{OLD[:4]} {OLD[4:]}", head.employee_no, "2468", "死机")
    rig.close()
    ((path, body),) = asked
    assert (path, body["case_no"], body["by"]) == ("/v1/machines/seize", OLD, head.id)
