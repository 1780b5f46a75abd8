"""Machines found in a folder, checked and traced without being written."""

from pathlib import Path

import pytest

from hall.journal.blobs import BlobStore
from sync.join_file import NAME
from tests.yichuang.machines_on_disk import (
    Keys,
    Place,
    change_one_byte,
    issue,
    send_up,
    serve,
    set_up,
)
from yichuang.machines import BadData, find_machines, journal_of, time_text, trace_in, verify_machine


@pytest.fixture
def keys() -> Keys:
    return Keys.fresh()


@pytest.fixture
def node(tmp_path: Path, keys: Keys) -> Place:
    return set_up(tmp_path, "node", "node", keys)


def test_the_centre_comes_first_then_the_node_then_terminals(tmp_path: Path, keys: Keys) -> None:
    for name, kind in (
        ("a-counter", "counter"),
        ("b-node", "node"),
        ("z-centre", "centre"),
        ("c-kiosk", "kiosk"),
    ):
        set_up(tmp_path, name, kind, keys)
    assert [f.name for f in find_machines(tmp_path)] == ["z-centre", "b-node", "a-counter", "c-kiosk"]


def test_a_machines_own_folder_is_that_machine(node: Place) -> None:
    assert find_machines(node.folder) == (node.folder,)


def test_a_folder_without_machines_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"--data"):
        find_machines(tmp_path)
    with pytest.raises(BadData):
        find_machines(tmp_path / "nowhere")


def test_a_broken_join_file_names_the_machine(node: Place) -> None:
    (node.folder / NAME).write_text("{}", encoding="utf-8")
    with pytest.raises(BadData, match="node："):
        find_machines(node.folder.parent)


def test_a_machine_that_never_ran_has_no_journal(node: Place) -> None:
    with pytest.raises(BadData, match=r"journal\.db"):
        journal_of(node.folder)


def test_a_whole_journal_has_no_findings_and_stays_as_it_was(node: Place) -> None:
    store = node.open()
    serve(store, issue(store))
    store.close()
    before = (node.folder / "journal.db").read_bytes()
    assert verify_machine(node.folder) == []
    assert (node.folder / "journal.db").read_bytes() == before


def test_one_changed_byte_is_found_and_placed(node: Place) -> None:
    store = node.open()
    serve(store, issue(store))
    origin = store.identity.node_id
    store.close()
    change_one_byte(node, "ticket.issued/1")
    findings = verify_machine(node.folder)
    assert findings
    assert {f["machine"] for f in findings} == {"node"}
    assert any(f["place"].startswith(origin) and "摘要" in f["what"] for f in findings)


def test_one_changed_byte_of_a_picture_is_found(node: Place) -> None:
    node.open().close()
    blobs = BlobStore(node.folder / "blobs")
    kept, broken = blobs.put(b"sealed page"), blobs.put(b"another sealed page")
    assert verify_machine(node.folder) == []
    blobs.path(broken).write_bytes(b"another sealed pagf")
    findings = verify_machine(node.folder)
    assert [f["place"] for f in findings] == [f"blob {broken[:12]}"]
    assert kept[:12] not in str(findings)


def test_a_trace_is_read_at_the_highest_machine_that_knows_the_visit(tmp_path: Path, keys: Keys) -> None:
    node, centre = set_up(tmp_path, "node", "node", keys), set_up(tmp_path, "centre", "centre", keys)
    below, above = node.open(), centre.open()
    first = issue(below)
    serve(below, first)
    send_up(below, above)
    only_below = issue(below, "B")
    below.close()
    above.close()

    found = trace_in(tmp_path, first)
    assert found is not None
    assert found["read_at"] == "centre"
    assert found["unbroken"]
    assert found["ids"] == {"ticket": [first]}
    assert [line["type"] for line in found["lines"]][-1] == "ticket.done/1"
    assert {line["device"] for line in found["lines"]} == {"node"}

    lower = trace_in(tmp_path, only_below)
    assert lower is not None
    assert lower["read_at"] == "node"
    assert trace_in(tmp_path, "A999") is None


def test_a_trace_by_number_and_by_session_is_the_same(node: Place) -> None:
    store = node.open()
    ticket = issue(store)
    session = serve(store, ticket)
    store.close()
    by_number, by_session = trace_in(node.folder, "A001"), trace_in(node.folder, session)
    assert by_number is not None
    assert by_number == by_session


def test_a_changed_record_breaks_the_trace(node: Place) -> None:
    store = node.open()
    ticket = issue(store)
    serve(store, ticket)
    store.close()
    change_one_byte(node, "ticket.issued/1")
    found = trace_in(node.folder, ticket)
    assert found is not None
    assert not found["unbroken"]
    assert found["faults"]


def test_times_are_told_in_china() -> None:
    assert time_text(1_772_416_800_123) == "2026-03-02 10:00:00.123+08:00"
