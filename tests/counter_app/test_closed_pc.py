"""A PC that was given up for lost and is switched on again: it says so, and asks nobody to sign in."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.sign_in_desk import SignIn
from counter_app.backend.status_desk import Status
from counter_app.sign_in.presenter import Stage
from counter_app.sign_in.view import SignInView
from counter_app.status.ports import Health
from hall.journal.refusal import StoreFault
from sync.closed_note import keep_closed
from sync.join_file import Parent
from sync.uplink import Link
from tests.counter_app.bench import Bench, close, make_bench
from tests.counter_app.desk_rig import Rig, make_rig
from ui.buttons import BigButton
from ui.tokens import Tone

WORDS = "这台电脑（1号窗口）已于 11月22日 10:00 由王主任停用：主机烧毁。"


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    found = make_bench()
    yield found
    close(found)


@pytest.mark.parametrize("choosing", [False, True])
def test_nobody_signs_in_and_the_page_says_why(bench: Bench, qtbot: QtBot, choosing: bool) -> None:
    sign_in = bench.window.presenters.sign_in
    bench.window.show()
    if choosing:
        sign_in.press_sign_in("0012", "246810")
    bench.hall.closed_words = WORDS
    sign_in.tick()
    qtbot.wait(1)
    assert sign_in.state.stage is Stage.CLOSED
    assert (sign_in.state.notice.text, sign_in.state.notice.tone) == (WORDS, Tone.WRONG)
    page = bench.window.findChild(SignInView)
    assert page is not None
    assert page.isVisible()
    acts = (*page.findChildren(QLineEdit), *page.findChildren(BigButton))
    assert not [act for act in acts if act.isVisible()]


def test_whoever_sits_there_sees_what_is_on_the_screen_and_may_leave(bench: Bench) -> None:
    sign_in = bench.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    bench.hall.closed_words = WORDS
    sign_in.tick()
    assert sign_in.state.stage is Stage.OPEN
    sign_in.press_lock()
    sign_in.press_sign_out()
    sign_in.tick()
    assert sign_in.state.stage is Stage.CLOSED


def test_a_pc_that_is_set_up_anew_works_again(bench: Bench) -> None:
    sign_in = bench.window.presenters.sign_in
    bench.hall.closed_words = WORDS
    sign_in.tick()
    bench.hall.closed_words = ""
    sign_in.tick()
    assert sign_in.state.stage is Stage.WHO


# -- behind the page -----------------------------------------------------------------------------------------


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    found = make_rig(tmp_path)
    parent = Parent(node_id="node-1", url="http://127.0.0.1:9", public="00" * 32)
    found.bench.join = found.bench.join.model_copy(update={"parent": parent})
    yield found
    found.close()


def close_it(rig: Rig) -> None:
    keep_closed(rig.bench.data, rig.bench.node_id, WORDS)
    rig.pc.store.stop_writing(StoreFault(WORDS))
    rig.line.stands = Link(False, 0, WORDS, None)


def test_it_says_what_of_its_records_is_not_delivered(rig: Rig) -> None:
    desk = SignIn(rig.bench)
    assert desk.closed() == ""
    close_it(rig)
    assert desk.closed() == WORDS + "本机的记录都已送到，不用导出。"


def test_undelivered_records_are_counted(rig: Rig) -> None:
    rig.pc.draft()
    close_it(rig)
    said = SignIn(rig.bench).closed()
    assert said.startswith(WORDS + "本机还有 ")
    assert "条记录没有送到" in said


def test_leaving_writes_nothing_more(rig: Rig) -> None:
    close_it(rig)
    SignIn(rig.bench).sign_out(uuid4())
    assert rig.bench.seat is None


def test_the_header_names_the_pc_and_not_the_line(rig: Rig) -> None:
    close_it(rig)
    rows = {row.name: row for row in Status(rig.bench, PackageDesk(rig.bench), ()).status().rows}
    assert (rows["本机"].word, rows["本机"].health, rows["本机"].hint) == ("已停用", Health.FAULT, WORDS)
    assert "大厅节点" not in rows
