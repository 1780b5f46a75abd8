"""`yichuang sync status|why|verify` on machines' folders, beside a running program and after its end."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner, Result

from hall.journal import schema
from hall.journal.store import sqlite_engine
from sync import outbox
from sync.closed_note import keep_closed
from sync.folder_lock import NODE_SERVICE, FolderLock
from sync.ingest import signed_receipt
from sync.join_file import Parent, write_join_file
from sync.machine_folder import open_journal
from sync.signing import new_signing_key
from sync.wire import Mark, Statement
from tests.yichuang.machines_on_disk import Keys, Place, issue, send_up, serve, set_up
from yichuang.cli import make_app

CENTRE_KEY = new_signing_key()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(make_app(), list(arguments))


def said(*arguments: str) -> Any:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def node(tmp_path: Path) -> Place:
    """A hall node below a centre that has never answered; one ticket was served."""
    place = set_up(tmp_path, "node", "node", Keys.fresh())
    parent = Parent(node_id="centre-1", url="http://127.0.0.1:9", public=CENTRE_KEY[1].hex())
    join = place.join.model_copy(update={"parent": parent})
    write_join_file(place.folder, join)
    return Place(place.folder, join)


def lived(place: Place) -> None:
    journal = open_journal(place.join, place.folder)
    serve(journal.store, issue(journal.store))
    journal.close()


def confirm(place: Place, *, key: bytes = CENTRE_KEY[0], below: int = 0, by: str = "centre-1") -> int:
    """The centre has said that it holds all but `below` of the node's chain; gives its head."""
    store = place.open()
    with store.read() as conn:
        c = schema.chain_head.c
        row = conn.execute(select(c.origin, c.inc, c.seq).where(c.origin == place.join.node_id)).one()
        held = row.seq - below
        h = outbox.hash_at(conn, (row.origin, row.inc), held)
    assert h is not None
    mark = Mark(origin=row.origin, inc=row.inc, held_parent=held, held_root=held)
    word = Statement(by=by, by_inc="x", origin=row.origin, inc=row.inc, seq=held, h=h.hex(), pos=held)
    store.write(lambda ledger: outbox.keep_marks(ledger, [mark], [signed_receipt(word, key)]))
    store.close()
    return int(row.seq)


def test_status_reads_beside_the_running_program_and_after_it(node: Place) -> None:
    journal = open_journal(node.join, node.folder)
    serve(journal.store, issue(journal.store))
    running = said("--data", str(node.folder), "sync", "status", "--json")
    journal.close()
    stopped = said("sync", "status", "--data", str(node.folder), "--json")
    assert running[0]["waiting"] == stopped[0]["waiting"] > 0
    assert stopped[0]["settled"] is True
    assert stopped[0]["concerns"][0]["kind"] == "facts"
    lines = run("sync", "status", "--data", str(node.folder)).stdout
    assert "县中心还没有" in lines
    assert "办法：连上后自动上传" in lines


def test_the_head_says_what_is_wrong_and_whether_the_program_runs(node: Place, tmp_path: Path) -> None:
    lived(node)
    where = ("--data", str(tmp_path))

    def head() -> str:
        return run("sync", "status", *where).stdout.splitlines()[0]

    assert head() == "■ node：正常，程序没有运行"
    with FolderLock(node.folder, NODE_SERVICE):
        assert head() == "■ node：正常"
    peer = Parent(node_id="n2", url="http://127.0.0.1:9", public=CENTRE_KEY[1].hex())
    paired = node.join.model_copy(update={"peer": peer, "stands_by": True})
    write_join_file(node.folder, paired.model_copy(update={"parent": None}))
    assert "是备用" in head()
    write_join_file(node.folder, node.join)
    store = node.open()
    store.write(lambda ledger: ledger.admit(b"no record", "w1"))
    store.close()
    assert "要留意" in head()
    keep_closed(node.folder, node.join.node_id, "已由李工停用")
    shown = run("sync", "status", *where).stdout
    assert "已停用" in shown.splitlines()[0]
    assert "已由李工停用" in shown


def test_a_machine_that_cannot_be_read_hides_no_other(node: Place, tmp_path: Path) -> None:
    lived(node)
    set_up(tmp_path, "another", "node", Keys.fresh())
    result = run("sync", "status", "--data", str(tmp_path))
    assert result.stdout.startswith("■ node")
    assert "another：没有日志文件" in str(result.exception)


def test_a_machine_that_never_ran_is_said_so(node: Place) -> None:
    result = run("sync", "status", "--data", str(node.folder))
    assert "没有日志文件" in str(result.exception)


def test_why_follows_a_number_from_machine_to_machine(node: Place, tmp_path: Path) -> None:
    lived(node)
    head = confirm(node, below=1)
    centre = set_up(tmp_path, "centre", "centre", Keys.fresh())
    below, above = node.open(), centre.open()
    send_up(below, above)
    below.close()
    above.close()
    found = said("sync", "why", "A001", "--data", str(tmp_path), "--json")
    assert [f["machine"] for f in found] == ["centre", "node"]
    records = found[1]["dossiers"][0]["records"]
    assert [r["n"] for r in records] == list(range(1, len(records) + 1))
    assert found[1]["dossiers"][0]["owned_here"] is True
    late = [r for d in found[1]["dossiers"] for r in d["records"] if r["seq"] == head]
    assert [(r["held_by_parent"], r["waits_for"]) for r in late] == [(False, "等上传到县中心，前面还有 0 条")]
    one = said("sync", "why", records[0]["id"], "--data", str(tmp_path), "--json")
    assert [r["id"] for f in one for d in f["dossiers"] for r in d["records"]] == [records[0]["id"]] * 2
    text = run("sync", "why", "A001", "--data", str(tmp_path)).stdout
    assert "由 node 持有" in text
    assert "已生效" in text
    assert "呼叫" in text
    assert "ticket.called" not in text


def test_why_of_nothing_known_is_exit_2(node: Place) -> None:
    lived(node)
    result = run("sync", "why", "Z999", "--data", str(node.folder))
    assert result.exit_code == 2
    assert "Z999" in result.stderr


def test_why_says_what_a_held_record_waits_for(node: Place, tmp_path: Path) -> None:
    lived(node)
    centre = set_up(tmp_path, "centre", "centre", Keys.fresh())
    below, above = node.open(), centre.open()
    with below.read() as conn:
        t = schema.record.c
        raw = bytes(conn.scalar(select(t.raw).where(t.type == "ticket.called/1")))
    above.write(lambda ledger: ledger.admit(raw, "node"))
    below.close()
    above.close()
    with_key = said("sync", "why", json.loads(raw)["dossier"], "--data", str(centre.folder), "--json")
    record = with_key[0]["dossiers"][0]["records"][0]
    assert (record["verdict"], record["waits_for"]) == (
        "held", "等这份卷宗的第 1 条记录到达，到了自动生效",
    )  # fmt: skip


def change(place: Place, *statements: Any) -> None:
    """As a person with the key and a database tool would."""
    engine = sqlite_engine(place.folder / "journal.db", bytes.fromhex(place.join.db_key))
    with engine.connect() as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()
    engine.dispose()


def test_a_whole_journal_is_proven(node: Place) -> None:
    lived(node)
    confirm(node)
    assert said("sync", "verify", "--data", str(node.folder), "--json")["ok"] is True


def found_by(place: Place) -> str:
    result = run("sync", "verify", "--data", str(place.folder))
    assert result.exit_code == 1, result.output
    return result.stdout


def test_a_tail_that_was_cut_off_is_shown_by_the_receipt(node: Place) -> None:
    lived(node)
    head = confirm(node)
    before = node.folder.with_name("node.marker")
    before.unlink()
    t, h = schema.record.c, schema.chain_head.c
    store = node.open()
    with store.read() as conn:
        last = bytes(conn.scalar(select(t.h).where(t.seq == head - 1)))
    store.close()
    change(
        node,
        delete(schema.record).where(t.seq == head),
        update(schema.chain_head).where(h.seq == head).values(seq=head - 1, h=last),
    )
    assert "上级确认持有的记录在本机缺失" in found_by(node)


def test_a_tail_that_was_cut_off_and_written_anew_is_shown_by_the_receipt(node: Place) -> None:
    lived(node)
    head = confirm(node)
    node.folder.with_name("node.marker").unlink()
    t, h = schema.record.c, schema.chain_head.c
    store = node.open()
    with store.read() as conn:
        last = bytes(conn.scalar(select(t.h).where(t.seq == head - 1)))
    store.close()
    change(
        node,
        delete(schema.record).where(t.seq == head),
        update(schema.chain_head).where(h.seq == head).values(seq=head - 1, h=last),
    )
    store = node.open()
    issue(store)
    store.close()
    assert "记录与上级回执不符" in found_by(node)


def test_a_receipt_that_somebody_else_signed_is_shown(node: Place) -> None:
    lived(node)
    confirm(node, key=new_signing_key()[0])
    assert "回执不是上级签的" in found_by(node)


def test_a_receipt_of_either_node_of_the_hall_is_good(node: Place) -> None:
    lived(node)
    confirm(node, key=new_signing_key()[0])
    assert "回执不是上级签的" in found_by(node)
    standby = new_signing_key()
    confirm(node, key=standby[0], by="standby-1")
    other = Parent(node_id="standby-1", url="http://127.0.0.1:9", public=standby[1].hex())
    write_join_file(node.folder, node.join.model_copy(update={"standby": other}))
    assert said("sync", "verify", "--data", str(node.folder), "--json")["ok"] is True


def test_an_older_database_is_shown_by_the_marker(node: Place, tmp_path: Path) -> None:
    lived(node)
    kept = (node.folder / "journal.db").read_bytes()
    lived(node)
    (node.folder / "journal.db").write_bytes(kept)
    assert "放回过旧备份，或末尾被删" in found_by(node)


def test_the_database_of_another_machine_is_shown(node: Place) -> None:
    lived(node)
    change(node, update(schema.machine).values(node_id="another"))
    assert "另一台机器" in found_by(node)


def test_what_somebody_has_gone_through_alarms_no_more_and_stays(node: Place) -> None:
    lived(node)
    store = node.open()
    store.write(lambda ledger: ledger.admit(b"no record", "w1"))
    store.close()
    where = ("--data", str(node.folder))

    def kinds() -> set[str]:
        return {c["kind"] for c in said("sync", "status", *where, "--json")[0]["concerns"]}

    assert "quarantine" in kinds()
    assert run("sync", "reviewed", "--by", " ", "--note", "x", *where).exit_code == 2
    done = run("sync", "reviewed", "--by", "示例甲", "--note", "已另办一笔", *where)
    assert "核对了 1 条" in done.stdout
    assert "quarantine" not in kinds()
    assert "有 1 条已由人核对过" in run("sync", "status", *where).stdout
    assert "没有新的" in run("sync", "reviewed", "--by", "示例甲", "--note", "再看", *where).stderr
    store = node.open()
    store.write(lambda ledger: ledger.admit(b"another", "w1"))
    store.close()
    assert said("sync", "status", *where, "--json")[0]["quarantine"] == {"bad_record": 1}
    (node.folder / "journal.db-reviewed").write_text("[", "utf-8")
    assert said("sync", "status", *where, "--json")[0]["quarantine"] == {"bad_record": 2}
