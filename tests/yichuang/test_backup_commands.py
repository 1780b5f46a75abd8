"""`yichuang backup make|check|restore` as IT staff give them."""

import errno
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sync.closed_note import keep_closed
from sync.folder_lock import NODE_SERVICE, FolderLock
from sync.machine_folder import JOURNAL, open_journal
from tests.yichuang.machines_on_disk import Keys, Place, issue, set_up
from yichuang.cli import make_app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(make_app(), [str(a) for a in arguments])


@pytest.fixture
def node(tmp_path: Path) -> Place:
    place = set_up(tmp_path / "data", "node", "node", Keys.fresh())
    journal = open_journal(place.join, place.folder)
    issue(journal.store)
    journal.close()
    return place


def test_backed_up_checked_and_put_back_on_a_new_pc(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = run("backup", "make", out, "--data", node.folder.parent)
    assert made.exit_code == 0, made.output
    assert "machine.json 请另存一份" in made.stdout
    checked = run("backup", "check", out, "--data", node.folder, "--deep")
    assert checked.exit_code == 0, checked.output
    assert "完好，可以用来恢复" in checked.stdout
    fresh = tmp_path / "new-pc"
    done = run("backup", "restore", out, "--data", fresh, "--join", node.folder / "machine.json")
    assert done.exit_code == 0, done.output
    assert "已恢复到" in done.stdout
    assert "请核对 officer list" in done.stdout
    assert "注意" not in done.stdout
    status = run("sync", "status", "--data", fresh)
    assert "正在取回，还没有恢复正常" in status.stdout


def test_a_machine_without_a_backup_keeps_no_other_from_being_checked(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("backup", "make", out, "--data", node.folder)
    set_up(node.folder.parent, "a-new-one", "node", Keys.fresh())
    checked = run("backup", "check", out, "--data", node.folder.parent)
    assert checked.exit_code == 1
    assert "没有“a-new-one”" in checked.stdout
    assert "完好，可以用来恢复" in checked.stdout


def test_who_restores_a_closed_machine_is_warned(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("backup", "make", out, "--data", node.folder)
    keep_closed(node.folder, node.join.node_id, "这台电脑已由李工停用。")
    warned = run("backup", "restore", out, "--data", node.folder)
    assert warned.exit_code == 0, warned.output
    assert "注意：这台电脑已由李工停用。" in warned.stdout


def test_the_join_file_kept_apart_may_have_any_name(node: Place, tmp_path: Path) -> None:
    out, fresh = tmp_path / "out", tmp_path / "new-pc"
    run("backup", "make", out, "--data", node.folder)
    kept = tmp_path / "大厅节点-接入文件.json"
    absent = run("backup", "restore", out, "--data", fresh, "--join", kept)
    assert (absent.exit_code, "没有文件" in absent.stderr) == (2, True)
    kept.write_bytes((node.folder / "machine.json").read_bytes())
    done = run("backup", "restore", out, "--data", fresh, "--join", kept)
    assert done.exit_code == 0, done.output


def test_a_spoilt_backup_is_exit_1_with_its_place(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("backup", "make", out, "--data", node.folder)
    (journal,) = out.glob(f"*/*/{JOURNAL}")
    raw = bytearray(journal.read_bytes())
    raw[5000] ^= 1
    journal.write_bytes(raw)
    checked = run("backup", "check", out, "--data", node.folder)
    assert checked.exit_code == 1
    assert "journal.db 被改动过" in checked.stdout


def test_nothing_is_put_back_under_a_running_program(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("backup", "make", out, "--data", node.folder)
    with FolderLock(node.folder, NODE_SERVICE):
        refused = run("backup", "restore", out, "--data", node.folder)
    assert refused.exit_code == 4
    assert "已经在运行" in refused.stderr


def test_no_backup_there_is_said(node: Place, tmp_path: Path) -> None:
    refused = run("backup", "restore", tmp_path / "nowhere", "--data", node.folder)
    assert refused.exit_code == 2
    assert "完整备份" in refused.stderr


def test_another_join_file_is_not_overwritten(node: Place, tmp_path: Path) -> None:
    other = set_up(tmp_path, "other", "node", Keys.fresh())
    refused = run("backup", "restore", tmp_path, "--data", node.folder, "--join", other.folder)
    assert "已有另一份 machine.json" in refused.stderr


def test_a_full_disk_is_said_in_words(node: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/backup")

    monkeypatch.setattr("sync.backup._copy", full)
    (node.folder / "pins.json").write_text("{}", "utf-8")
    refused = run("backup", "make", tmp_path / "out", "--data", node.folder)
    assert refused.exit_code == 2
    assert "备份没有做成：磁盘已满" in refused.stderr
    assert "没有受影响" in refused.stderr
