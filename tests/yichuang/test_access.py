"""`yichuang pin` and `yichuang officer` as the hall's IT uses them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from counter_app.backend.pins import MOST_TRIES, PIN_FILE, TRIES_FILE, PinBook, PinTries
from hall.journal.refusal import Refusal
from server_app.accounts import manage
from sync.folder_lock import FolderLock
from sync.machine_folder import open_journal
from tests.yichuang.machines_on_disk import Keys, Place, set_up
from yichuang.cli import make_app

CLERK = "652301001"
OTHER = "652301002"
PIN = "482915"
PASSWORD = "a-long-one-7"


def run(place: Place, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(make_app(), ["--data", str(place.folder), *words], input=typed)


@pytest.fixture
def counter(tmp_path: Path) -> Place:
    return set_up(tmp_path, "counter", "counter", Keys.fresh())


@pytest.fixture
def node(tmp_path: Path) -> Place:
    return set_up(tmp_path, "node", "node", Keys.fresh())


def book(place: Place) -> PinBook:
    return PinBook(place.folder / PIN_FILE, PinTries(place.folder / TRIES_FILE, lambda: datetime.now(UTC)))


def test_a_pin_is_set_and_another_keeps_hers(counter: Place) -> None:
    assert run(counter, "pin", OTHER, typed="739164\n").exit_code == 0
    done = run(counter, "pin", CLERK, typed=f"{PIN}\n")
    assert (done.exit_code, CLERK in done.stdout) == (0, True), done.output
    assert book(counter).verify(CLERK, PIN)
    assert book(counter).verify(OTHER, "739164")
    assert PIN not in (counter.folder / PIN_FILE).read_text("utf-8")


def test_a_new_pin_unlocks_a_locked_number(counter: Place) -> None:
    run(counter, "pin", CLERK, typed=f"{PIN}\n")
    for _ in range(MOST_TRIES - 1):
        assert not book(counter).verify(CLERK, "000001")
    with pytest.raises(Refusal, match="已锁定"):
        book(counter).verify(CLERK, "000001")
    with pytest.raises(Refusal, match="已锁定"):
        book(counter).verify(CLERK, PIN)
    run(counter, "pin", CLERK, typed="590318\n")
    assert book(counter).verify(CLERK, "590318")


@pytest.mark.parametrize(
    "poor", ["", "12345", "123456", "654321", "777777", "48291a", "４８２９１５", "4" * 13]
)
def test_a_poor_pin_changes_nothing(counter: Place, poor: str) -> None:
    run(counter, "pin", CLERK, typed=f"{PIN}\n")
    done = run(counter, "pin", CLERK, typed=f"{poor}\n")
    assert (done.exit_code, "PIN" in done.stderr) == (2, True)
    assert book(counter).verify(CLERK, PIN)


def test_what_a_pin_cannot_be_given_to(counter: Place, node: Place) -> None:
    unknown = run(counter, "pin", "000000001", typed=f"{PIN}\n")
    assert (unknown.exit_code, "没有工号" in unknown.stderr) == (2, True)
    elsewhere = run(node, "pin", CLERK, typed=f"{PIN}\n")
    assert (elsewhere.exit_code, "只用于窗口" in elsewhere.stderr) == (2, True)
    (counter.folder / PIN_FILE).write_text('{"652301002": "$arg', "utf-8")
    torn = run(counter, "pin", CLERK, typed=f"{PIN}\n")
    assert (torn.exit_code, "读不出来" in torn.stderr) == (2, True)
    assert (counter.folder / PIN_FILE).read_text("utf-8") == '{"652301002": "$arg'


def add(place: Place, login: str = "zhang.san", desk: str = "市公安局", typed: str = PASSWORD) -> Result:
    options = ("--name", "张三", "--role", "审查", "--role", "审批", "--desk", desk)
    return run(place, "officer", "add", login, *options, typed=f"{typed}\n")


def test_an_officer_is_added_listed_and_switched_off(node: Place) -> None:
    done = add(node)
    assert (done.exit_code, "zhang.san" in done.stdout) == (0, True), done.output
    assert "审批、审查　市公安局　在用" in run(node, "officer", "list").stdout
    assert add(node).exit_code == 2
    assert run(node, "officer", "off", "zhang.san").exit_code == 0
    assert "已停用" in run(node, "officer", "list").stdout
    assert run(node, "officer", "on", "zhang.san").exit_code == 0
    assert run(node, "officer", "password", "zhang.san", typed="another-one-8\n").exit_code == 0
    journal = open_journal(node.join, node.folder)
    try:
        with journal.store.read() as conn:
            (row,) = manage.accounts(conn)
    finally:
        journal.close()
    assert (row.officer.desks, row.active) == (("市公安局@node",), True)


def test_what_is_no_account_is_refused_in_words(node: Place, counter: Place) -> None:
    assert "可选" in add(node, desk="不存在的局").stderr
    assert "密码应为" in add(node, typed="short").stderr
    assert "登录名" in add(node, login="张三").stderr
    assert "没有这个账号" in run(node, "officer", "off", "nobody").stderr
    assert "大厅节点或县中心" in add(counter).stderr
    role = run(node, "officer", "add", "li.si", "--name", "李四", "--role", "局长", typed=f"{PASSWORD}\n")
    assert (role.exit_code, "没有角色" in role.stderr) == (2, True)
    assert run(node, "officer", "list").stdout.strip() == "还没有账号。"


def test_accounts_wait_while_another_program_has_the_folder(node: Place) -> None:
    with FolderLock(node.folder, "演示"):
        done = add(node)
    assert (done.exit_code, "已经有一个" in done.stderr) == (4, True)


def test_no_password_is_kept_readable(node: Place) -> None:
    add(node)
    whole = b"".join(p.read_bytes() for p in node.folder.rglob("*") if p.is_file())
    assert PASSWORD.encode() not in whole
    assert json.dumps(PASSWORD).encode() not in whole
