"""The page about the exchange: opened by one key, read again while it is looked at, in a clerk's words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counter_app.backend.exchange_desk import Exchange
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.status_desk import Status
from counter_app.exchange.ports import ConcernRow, ExchangeBoard, Leg, Station, Weight
from counter_app.exchange.presenter import ExchangeState
from counter_app.keys import Action
from counter_app.status.ports import Health
from counter_app.visit.state import Page
from sync.concerns import MANY_RECORDS
from sync.join_file import Parent
from sync.link_note import LinkFares, LinkNote
from sync.room import SCANS_STOP_BYTES, WARN_BYTES
from sync.uplink import Link
from tests.counter_app.bench import Bench
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.visit_steps import serve, to_materials
from ui.tokens import Tone

STATIONS = (
    Station("本机", "照常保存", Health.OK), Station("大厅节点", "断开，16:47 还通", Health.FAULT),
    Station("县中心", "未知", Health.UNKNOWN),
)  # fmt: skip
PARENT = Parent(node_id="node-1", url="http://127.0.0.1:9", public="00" * 32)
WAITS = ConcernRow("12 条记录存在本机，大厅节点还没有。", "连上后自动上传。", Weight.CALM, "3 分钟前")
GRAVE = ConcernRow("本机的记录缺第 7 条。", "请信息科从备份补回。", Weight.ACT)


def board(*concerns: ConcernRow) -> ExchangeBoard:
    return ExchangeBoard(STATIONS, (Leg("12 条", True), Leg("都已送到", False)), concerns)


def state(bench: Bench) -> ExchangeState:
    return bench.window.presenters.slices.exchange.state


def sign_in(bench: Bench) -> None:
    sign_in = bench.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()


def test_one_key_opens_it_and_esc_goes_back_to_the_case(bench: Bench, qtbot: QtBot) -> None:
    sign_in(bench)
    to_materials(serve(bench))
    bench.hall.exchange_board = board(WAITS)
    window = bench.window
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.presenters.visit.state.page is Page.EXCHANGE
    assert QApplication.focusWidget() is window.desk.exchange.rows
    assert [r.title for r in window.desk.exchange.rows.rows()] == [WAITS.what]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert window.presenters.visit.state.page is Page.TAKE_IN


@pytest.mark.parametrize(
    ("concerns", "tone", "words"),
    [
        ((WAITS,), Tone.INFO, "不用做什么"),
        ((GRAVE, WAITS), Tone.WRONG, "有 1 件事要有人处理"),
    ],
)
def test_one_line_says_whether_anything_must_be_done(
    bench: Bench, concerns: tuple[ConcernRow, ...], tone: Tone, words: str
) -> None:
    sign_in(bench)
    bench.hall.exchange_board = board(*concerns)
    bench.window.presenters.visit.act(Action.EXCHANGE)
    assert state(bench).summary.tone is tone
    assert words in state(bench).summary.text


UP = (Station("本机", "照常保存", Health.OK), Station("大厅节点", "已连接", Health.OK), STATIONS[2])
HERE, GONE = Leg("1 条\n在等", True), Leg("都已送到", False)


@pytest.mark.parametrize(
    ("stations", "legs", "tone", "words"),
    [
        (UP, (GONE, GONE), Tone.DONE, "都已送到"),
        (UP, (HERE, GONE), Tone.INFO, "正在送"),
        (UP, (GONE, HERE), Tone.INFO, "正在送"),
        (STATIONS, (GONE, GONE), Tone.ATTENTION, "大厅节点刚断开"),
        (STATIONS, (HERE, GONE), Tone.ATTENTION, "大厅节点刚断开"),
        (
            (UP[0], Station("大厅节点", "正在连接", Health.UNKNOWN), UP[2]),
            (GONE, GONE),
            Tone.INFO,
            "正在连接",
        ),
    ],
)
def test_with_an_empty_list_the_line_says_what_the_places_show(
    bench: Bench, stations: tuple[Station, ...], legs: tuple[Leg, ...], tone: Tone, words: str
) -> None:
    sign_in(bench)
    bench.hall.exchange_board = ExchangeBoard(stations, legs)
    bench.window.presenters.visit.act(Action.EXCHANGE)
    assert state(bench).summary.tone is tone
    assert words in state(bench).summary.text


def test_it_is_read_again_only_while_it_is_looked_at(bench: Bench) -> None:
    sign_in(bench)
    visit = bench.window.presenters.visit
    visit.act(Action.EXCHANGE)
    bench.hall.exchange_board = board(GRAVE)
    bench.window.refresh()
    assert state(bench).board == board(GRAVE)
    bench.hall.exchange_board = board(WAITS)
    visit.act(Action.MAIN)
    assert state(bench).board == board(WAITS), "F9 looks at once"
    visit.act(Action.BACK)
    bench.hall.exchange_board = board()
    bench.window.refresh()
    assert state(bench).board == board(WAITS)


def test_the_cursor_stays_in_the_list(bench: Bench) -> None:
    sign_in(bench)
    bench.hall.exchange_board = board(GRAVE, WAITS)
    bench.window.presenters.visit.act(Action.EXCHANGE)
    exchange = bench.window.presenters.slices.exchange
    for _ in range(4):
        exchange.move(1)
    assert exchange.state.at == 1
    bench.hall.exchange_board = board(WAITS)
    exchange.refresh()
    assert exchange.state.at == 0


def test_a_journal_that_cannot_be_read_is_said(bench: Bench) -> None:
    sign_in(bench)

    def fail() -> ExchangeBoard:
        raise OSError

    bench.hall.exchange = fail  # type: ignore[method-assign]
    bench.window.presenters.visit.act(Action.EXCHANGE)
    assert state(bench).summary.tone is Tone.WRONG


# -- what the real desk says ------------------------------------------------------------------------------


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return make_rig(tmp_path)


def noted(rig: Rig, fares: LinkFares) -> None:
    LinkNote(rig.bench.data, lambda: datetime.now(UTC)).keep(fares)


def desk(rig: Rig) -> ExchangeBoard:
    parent = rig.bench.join.model_copy(update={"parent": PARENT})
    rig.bench.join = parent
    found = Exchange(rig.bench).exchange()
    rig.close()
    return found


def test_cut_off_it_says_what_waits_here_and_since_when(rig: Rig) -> None:
    rig.pc.draft()
    rig.line.stands = Link(False, 3, "网络不通", None)
    away = rig.bench.now() - timedelta(minutes=13)
    noted(rig, LinkFares(False, away, away, "与上级的网络不通，本机照常办理，恢复后自动补传。"))
    found = desk(rig)
    assert [s.health for s in found.stations] == [Health.OK, Health.FAULT, Health.UNKNOWN]
    assert "还通" in found.stations[1].word
    assert found.legs[0].waiting
    whats = [c.what for c in found.concerns]
    assert any("连接断开" in what for what in whats)
    assert any("大厅节点还没有" in what for what in whats)
    assert found.concerns[0].since == "13 分钟前"


def test_with_the_county_away_the_hall_is_well(rig: Rig) -> None:
    rig.line.stands = Link(True, 0, "", False)
    noted(rig, LinkFares(True, rig.bench.now(), rig.bench.now()))
    found = desk(rig)
    assert [s.word for s in found.stations] == ["照常保存", "已连接", "断开"]
    assert [c.what for c in found.concerns] == ["大厅到县中心的连接断开。"]
    assert found.concerns[0].weight is Weight.CALM


def test_just_started_nothing_is_called_cut_off(rig: Rig) -> None:
    rig.line.stands = Link(False, 0, "", None, connecting=True)
    noted(rig, LinkFares(False, rig.bench.now(), None))
    found = desk(rig)
    assert found.stations[1].word == "正在连接"
    assert found.concerns == ()


def test_a_clone_is_grave(rig: Rig) -> None:
    rig.line.stands = Link(True, 0, "", True)
    rig.pc.store.renew_incarnation(suspect=True)
    found = desk(rig)
    assert found.stations[0].health is Health.FAULT
    assert found.concerns[0].weight is Weight.ACT


@pytest.mark.parametrize(
    ("free", "health"),
    [(WARN_BYTES, None), (WARN_BYTES - 1, Health.ATTENTION), (SCANS_STOP_BYTES - 1, Health.FAULT)],
)
def test_a_disk_that_fills_up_has_a_mark_in_the_header(rig: Rig, free: int, health: Health | None) -> None:
    rig.bench.free = lambda: free
    rows = {row.key: row for row in Status(rig.bench, PackageDesk(rig.bench), ()).status().rows}
    rig.close()
    assert (rows["disk"].health if "disk" in rows else None) is health


def test_very_much_that_waits_has_a_mark_in_the_header(rig: Rig) -> None:
    rig.line.stands = Link(False, MANY_RECORDS, "", None)
    rows = {row.key: row for row in Status(rig.bench, PackageDesk(rig.bench), ()).status().rows}
    rig.close()
    assert "U 盘" in rows["outbox"].hint
