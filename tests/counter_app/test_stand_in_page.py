"""The page from which a manager has the standby take over: words, fields, the PIN, the order, how far it is."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from counter_app.backend.exchange_desk import Exchange
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.stand_in_desk import StandIn
from counter_app.backend.status_desk import Status
from counter_app.exchange.ports import Weight
from counter_app.keys import Action
from counter_app.stand_in.ports import Other, StandInBoard
from counter_app.stand_in.presenter import StandInPresenter
from counter_app.stand_in.view import StandInView
from counter_app.values import Refused
from counter_app.visit.state import Page
from hall.people.model import Role
from sync.home import Home, Pair
from sync.join_file import Parent
from sync.link_note import LinkFares, LinkNote
from sync.uplink import Link
from sync.wire import ModeAnswer
from tests.counter_app.bench import Bench, close, make_bench
from tests.counter_app.desk_rig import make_rig
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import InlineRunner, new_id

READY = StandInBoard(Other.READY, node_up=False, copied="10:42:05")


@pytest.fixture
def hall() -> FakeHall:
    found = FakeHall()
    found.pair = READY
    return found


def presenter_of(hall: FakeHall) -> StandInPresenter:
    presenter = StandInPresenter(desk=hall, runner=InlineRunner(), new_id=new_id)
    presenter.open()
    return presenter


def test_the_order_needs_a_number_a_pin_and_a_reason(hall: FakeHall) -> None:
    presenter = presenter_of(hall)
    presenter.press_main()
    assert "工号和 PIN" in presenter.state.notice.text
    presenter.edit("9001", "2468", "  ")
    presenter.press_main()
    assert "理由" in presenter.state.notice.text
    assert hall.orders == []
    presenter.edit(" 9001 ", "2468", "主机断电")
    presenter.press_main()
    assert hall.orders == [("9001", "主机断电")]
    assert presenter.state.board.other is Other.TAKING_OVER


def test_the_pin_is_in_no_state_and_is_forgotten(hall: FakeHall) -> None:
    presenter = presenter_of(hall)
    presenter.edit("9001", "1357", "主机断电")
    presenter.press_main()
    assert "PIN 不对" in presenter.state.notice.text
    assert "1357" not in str(asdict(presenter.state))
    presenter.close()
    presenter.open()
    presenter.press_main()
    assert "工号和 PIN" in presenter.state.notice.text, "nothing of the last person is left"


def test_a_second_press_while_it_takes_over_orders_nothing(hall: FakeHall) -> None:
    presenter = presenter_of(hall)
    presenter.edit("9001", "2468", "主机断电")
    presenter.press_main()
    presenter.edit("9001", "2468", "主机断电")
    presenter.press_main()
    assert len(hall.orders) == 1


def test_when_it_is_done_the_page_says_who_serves(hall: FakeHall) -> None:
    presenter = presenter_of(hall)
    presenter.edit("9001", "2468", "主机断电")
    presenter.press_main()
    hall.pair = StandInBoard(Other.AWAY, node_up=True, at_standby=True)
    presenter.tick()
    assert presenter.state.notice.text == "已由备用节点接着服务，叫号、取号、接件照常。"


def test_only_while_the_page_is_open_is_anything_read(hall: FakeHall) -> None:
    presenter = StandInPresenter(desk=hall, runner=InlineRunner(), new_id=new_id)
    presenter.tick()
    assert presenter.state.board == StandInBoard()


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (StandInBoard(), "只有一台节点"),
        (READY, "联系不上大厅节点。备用节点已就绪，记录抄到 10:42:05"),
        (StandInBoard(Other.READY, node_up=True, copied="10:42:05"), "只有检修换机才需要启用"),
        (StandInBoard(Other.READY, node_up=False, at_standby=True), "联系不上备用节点。大厅节点已就绪"),
        (StandInBoard(Other.AWAY, node_up=False), "都联系不上"),
        (StandInBoard(Other.AWAY, node_up=True, at_standby=True), "现在由备用节点服务。大厅节点联系不上"),
        (StandInBoard(Other.EMPTY, node_up=False), "还没有抄到"),
        (
            StandInBoard(Other.TAKING_OVER, heard=2, expected=5),
            "备用节点正在接替：已收到 2 台的记录，共 5 台",
        ),
    ],
)
def test_each_case_has_its_words(qtbot: QtBot, hall: FakeHall, board: StandInBoard, words: str) -> None:
    hall.pair = board
    presenter = presenter_of(hall)
    view = StandInView()
    qtbot.addWidget(view)
    view.show_state(presenter.state)
    notice = view._stands.notice()
    assert notice is not None
    assert words in notice.text
    assert view._form.isHidden() is (board.other is not Other.READY)


BACK = StandInBoard(Other.READY, node_up=True, at_standby=True, copied="10:42:05")


def test_going_back_is_told_the_other_way_round(qtbot: QtBot, hall: FakeHall) -> None:
    view = StandInView()
    qtbot.addWidget(view)
    said = {}
    for board in (READY, BACK):
        hall.pair = board
        presenter = presenter_of(hall)
        view.show_state(presenter.state)
        presenter.edit("9001", "2468", "")
        presenter.press_main()
        reason = presenter.state.notice.text
        presenter.edit("9001", "2468", "换")
        presenter.press_main()
        lines = "".join(line.text() for line in view._lines)
        said[board] = (lines, view.reason.line.placeholderText(), reason, presenter.state.notice.text)
    there, back = said[READY], said[BACK]
    assert "自动连到备用节点" in there[0]
    assert "大厅节点的叫号不再上屏" in there[0]
    assert "自动连到大厅节点" in back[0]
    assert "备用节点的叫号不再上屏" in back[0]
    assert "断电" in there[1]
    assert "断电" in there[2]
    assert "已修好" in back[1]
    assert "已修好" in back[2]
    assert "备用节点正在接替" in there[3]
    assert "大厅节点正在接替" in back[3]


@pytest.mark.parametrize(
    ("board", "main"),
    [
        (READY, "启用备用节点"),
        (BACK, "换回大厅节点"),
        (StandInBoard(Other.READY, node_up=True, copied="10:42:05"), ""),
    ],
)
def test_where_all_is_well_the_order_is_there_and_leads_nobody(
    bench: Bench, board: StandInBoard, main: str
) -> None:
    visit = bench.window.presenters.visit
    bench.hall.pair = board
    visit.act(Action.STAND_IN)
    step = visit.state.next_step
    assert step.main == main
    assert main or [hint.action for hint in step.hints] == [Action.BACK, Action.MAIN]
    view = bench.window.desk.stand_in
    for field, text in ((view.staff_no, "9001"), (view.pin, "2468"), (view.reason, "检修")):
        field.line.setText(text)
        field.line.textEdited.emit(text)
    visit.act(Action.MAIN)
    assert bench.hall.orders == [("9001", "检修")]


@pytest.fixture
def bench(qtbot: QtBot, hall: FakeHall) -> Iterator[Bench]:
    found = make_bench(hall=hall)
    found.window.presenters.sign_in.press_sign_in("0012", "246810")
    found.window.presenters.sign_in.press_open()
    yield found
    close(found)


def test_one_key_opens_the_page_and_f9_gives_the_order(bench: Bench) -> None:
    visit, view = bench.window.presenters.visit, bench.window.desk.stand_in
    visit.act(Action.STAND_IN)
    assert visit.state.page is Page.STAND_IN
    assert visit.state.next_step.main == "启用备用节点"
    for field, text in ((view.staff_no, "9001"), (view.pin, "2468"), (view.reason, "主机断电")):
        field.line.setText(text)
        field.line.textEdited.emit(text)
    visit.act(Action.MAIN)
    assert bench.hall.orders == [("9001", "主机断电")]
    assert view.pin.text() == "", "the PIN does not stay on the screen"
    visit.act(Action.BACK)
    assert visit.state.page is Page.HOME


# -- behind the page -----------------------------------------------------------------------------------------


class FakeHome:
    def __init__(self, told: ModeAnswer | None, *, up: bool = False) -> None:
        self.told, self.up = told, up
        self.moving = self.at_standby = False
        self.orders: list[tuple[str, str, str]] = []

    def pair(self) -> Pair:
        return Pair(self.at_standby, self.moving, self.told)

    def link_state(self) -> Any:
        return type("State", (), {"up": self.up, "connecting": False})()

    def order_take_over(self, order: str, by: str, reason: str) -> None:
        self.orders.append((order, by, reason))


def told(mode: Any, epoch: int = 1) -> ModeAnswer:
    return ModeAnswer(
        node="n2",
        mode=mode,
        epoch=epoch,
        serves="n1",
        nonce="n",
        copy_ms=1_763_778_125_000,
        heard=1,
        expected=2,
    )


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        (None, Other.AWAY),
        (told("standby"), Other.READY),
        (told("standby", 0), Other.EMPTY),
        (told("promoting", 2), Other.TAKING_OVER),
        (told("waiting"), Other.UNSURE),
    ],
)
def test_what_the_other_node_says_as_the_page_knows_it(
    tmp_path: Path, answer: ModeAnswer | None, other: Other
) -> None:
    rig = make_rig(tmp_path)
    board = StandIn(rig.bench, cast(Home, FakeHome(answer))).stand_in()
    rig.close()
    assert board.other is other
    if answer is not None:
        assert board.copied == "10:22:05"


def test_until_the_new_epoch_is_heard_of_it_is_still_taking_over(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)
    home = FakeHome(None, up=True)
    home.moving = True
    board = StandIn(rig.bench, cast(Home, home)).stand_in()
    rig.close()
    assert (board.other, board.at_standby) == (Other.TAKING_OVER, False)


def test_only_a_hall_manager_gives_the_order(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)
    home = FakeHome(told("standby"))
    rig.bench.verify_pin = lambda _no, pin: pin == "2468"
    desk = StandIn(rig.bench, cast(Home, home))
    staff = rig.bench.ref.people.staff
    manager = next(s for s in staff if Role.HALL_MANAGER in s.roles)
    clerk = next(s for s in staff if Role.HALL_MANAGER not in s.roles and Role.CENTRE_ADMIN not in s.roles)
    with pytest.raises(Refused, match="PIN 不对"):
        desk.take_over(uuid4(), manager.employee_no, "1357", "断电")
    with pytest.raises(Refused, match="只有大厅管理人员"):
        desk.take_over(uuid4(), clerk.employee_no, "2468", "断电")
    press = uuid4()
    desk.take_over(press, manager.employee_no, "2468", "断电")
    rig.close()
    assert home.orders == [(str(press), manager.id, "断电")]


def test_the_header_says_that_the_standby_could_take_over(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)
    rig.line.stands = Link(False, 0, "", None)
    home = FakeHome(told("standby"))
    nodes = StandIn(rig.bench, cast(Home, home)).nodes
    board = Status(rig.bench, PackageDesk(rig.bench), (), nodes).status()
    rig.close()
    node = next(row for row in board.rows if row.key == "node")
    assert "Ctrl+J" in node.hint


@pytest.mark.parametrize("at_standby", [False, True])
@pytest.mark.parametrize("up", [False, True])
def test_header_page_and_exchange_speak_of_the_same_machine(
    tmp_path: Path, at_standby: bool, up: bool
) -> None:
    here, other = ("备用节点", "大厅节点") if at_standby else ("大厅节点", "备用节点")
    rig = make_rig(tmp_path)
    parent = Parent(node_id="node-1", url="http://127.0.0.1:9", public="00" * 32)
    rig.bench.join = rig.bench.join.model_copy(update={"parent": parent})
    rig.line.stands = Link(up, 0, "", None)
    away = rig.bench.now() - timedelta(minutes=13)
    LinkNote(rig.bench.data, lambda: away).keep(LinkFares(up, away, away, ""))
    home = FakeHome(told("standby"), up=up)
    home.at_standby = at_standby
    desk = StandIn(rig.bench, cast(Home, home))
    header = next(
        r for r in Status(rig.bench, PackageDesk(rig.bench), (), desk.nodes).status().rows if r.key == "node"
    )
    exchange = Exchange(rig.bench, desk.nodes).exchange()
    rig.close()
    assert (header.name, header.word) == (here, "正常" if up else "断开")
    assert exchange.stations[1].name == here
    if not up:
        assert header.hint.startswith(f"{other}可以接替：请大厅管理人员按 Ctrl+J")
        (said,) = exchange.concerns
        assert said.what == f"与{here}的连接断开。"
        assert said.todo.startswith(f"{other}可以接替：请大厅管理人员按 Ctrl+J")
        assert said.weight is Weight.LOOK, "the page does not say that nothing needs doing"


def test_the_machine_that_takes_over_is_named_while_it_does(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)
    home = FakeHome(None)
    home.moving = True
    named = StandIn(rig.bench, cast(Home, home)).nodes()
    rig.close()
    assert (named.served_by, named.ready) == ("备用节点", "")
