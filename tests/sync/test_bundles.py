"""Bundles on a stick: from a hall that is cut off to the centre and back, and everything that must not be taken in."""

import stat
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from hall.assembly import event_types, projections
from hall.journal import schema
from hall.journal.facts import DossierOffered
from hall.journal.store import Store
from hall.journal.verify import verify
from hall.journal.works import Works
from server_app.sync_routes.children import children_of
from sync import claims
from sync.bundle_file import BadBundle, BundleReader
from sync.bundle_in import open_bundle
from sync.bundle_steps import Step
from sync.ingest import STEP
from sync.join_file import Child
from sync.signing import new_signing_key
from tests.hall.journal.world import EVERYBODY
from tests.sync.stick import Trip
from tests.yichuang.machines_on_disk import Keys, Place, issue, serve, set_up


@pytest.fixture
def trip(tmp_path: Path) -> Any:
    made = Trip(tmp_path)
    yield made
    made.close()


def scan(trip: Trip, place: Place, sealed: bytes) -> str:
    """A scan that a counted record names."""
    digest = place.blobs.put(sealed)
    trip.store(place).write(
        lambda ledger: ledger.conn.execute(insert(schema.blob_ref).values(digest=digest, dossier="d"))
    )
    return digest


def test_records_and_scans_go_up_and_receipts_come_home(trip: Trip) -> None:
    serve(trip.store(trip.node), issue(trip.store(trip.node)))
    digest = scan(trip, trip.node, b"a sealed page" * 200_000)
    path, told = trip.export(trip.node)
    assert (told.records, told.blobs, told.left_blobs) == (len(trip.ids(trip.node)), 1, 0)
    up = trip.bring_in(trip.centre, path)
    assert up.words["accepted"] == told.records
    assert up.blobs_held == [digest]
    assert trip.centre.blobs.sound(digest)
    assert trip.ids(trip.centre) == trip.ids(trip.node)
    assert trip.waiting(trip.node)[1] == 1
    trip.bring_in(trip.node, path.with_name(path.name + ".back"))
    assert trip.waiting(trip.node) == (0, 0)
    with trip.store(trip.node).read() as conn:
        assert conn.execute(select(schema.receipt)).all(), "the centre has signed for it"
    assert verify(trip.store(trip.centre)) == []
    assert trip.export(trip.node)[1].records == 0


def test_a_push_that_makes_way_for_a_window_is_taken_in_whole(
    trip: Trip, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(60):
        issue(trip.store(trip.node))
    path, told = trip.export(trip.node)
    monkeypatch.setattr(Works, "short_waits", lambda _: True)
    assert trip.bring_in(trip.centre, path).words["accepted"] == told.records > 3 * STEP
    assert trip.ids(trip.centre) == trip.ids(trip.node)


def test_what_the_centre_wrote_comes_home(trip: Trip) -> None:
    ticket = issue(trip.store(trip.node))
    trip.there_and_back()
    trip.store(trip.centre).write(
        lambda ledger: ledger.seize(ticket, below=EVERYBODY, by="示例甲", reason="演练")
    )
    trip.there_and_back()
    with trip.store(trip.node).read() as conn:
        owner = conn.scalar(select(schema.dossier.c.owner).where(schema.dossier.c.id == ticket))
    assert owner == trip.centre.join.node_id


def offer(trip: Trip, place: Place, dossier: str, to: str) -> None:
    trip.store(place).write(lambda ledger: ledger.append(dossier, DossierOffered(to), actor="w1"))


def owners(trip: Trip, dossier: str) -> set[str]:
    found = set()
    for place in (trip.centre, trip.node):
        with trip.store(place).read() as conn:
            found.add(conn.scalar(select(schema.dossier.c.owner).where(schema.dossier.c.id == dossier)))
    return found


def test_a_dossier_moves_to_the_centre_and_home_by_stick(trip: Trip) -> None:
    ticket = issue(trip.store(trip.node))
    offer(trip, trip.node, ticket, "示例局@county")
    trip.there_and_back()
    trip.store(trip.centre).write(lambda ledger: claims.want(ledger, "ask-1", ticket, "officer"))
    _, home = trip.there_and_back()
    assert home.words["moved"] == 1, "the officer's wish came with the answer"
    trip.there_and_back()
    assert owners(trip, ticket) == {trip.centre.join.node_id}
    offer(trip, trip.centre, ticket, "hall")
    _, home = trip.there_and_back()
    assert home.words["taken"] == 1
    assert owners(trip, ticket) == {trip.node.join.node_id}
    with trip.store(trip.node).read() as conn:
        answered = conn.scalars(
            select(schema.record.c.id).where(schema.record.c.type == "claim.answered/1")
        ).all()
    assert len(answered) == 1, "written down before it counts, for a centre that is restored"


def test_an_answer_that_was_lost_on_the_way_is_given_again(trip: Trip) -> None:
    ticket = issue(trip.store(trip.node))
    trip.there_and_back()
    trip.store(trip.centre).write(
        lambda ledger: ledger.seize(ticket, below=EVERYBODY, by="示例甲", reason="演练")
    )
    offer(trip, trip.centre, ticket, "hall")
    path, _ = trip.export(trip.node)
    assert trip.bring_in(trip.centre, path).given
    path.with_name(path.name + ".back").unlink()
    trip.there_and_back()
    assert owners(trip, ticket) == {trip.node.join.node_id}


def test_twice_has_no_effect(trip: Trip) -> None:
    issue(trip.store(trip.node))
    scan(trip, trip.node, b"a page")
    path, _ = trip.export(trip.node)
    back = path.with_name(path.name + ".back")
    trip.bring_in(trip.centre, path)
    trip.bring_in(trip.node, back)
    before = trip.picture(trip.centre), trip.picture(trip.node)
    again = trip.bring_in(trip.centre, path)
    assert set(again.words) == {"duplicate"}
    assert again.blobs_new == 0
    trip.bring_in(trip.node, back)
    assert (trip.picture(trip.centre), trip.picture(trip.node)) == before


def test_an_import_that_was_cut_off_goes_on(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.outbox.MAX_RECORDS", 3)
    monkeypatch.setattr("sync.outbox.next_batch.__defaults__", ((), 3, 10_000))
    for _ in range(5):
        issue(trip.store(trip.node))
    scan(trip, trip.node, b"a page")
    path, _ = trip.export(trip.node)
    left = [2]

    def cut(_: Step) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        trip.bring_in(trip.centre, path, cut)
    assert 0 < len(trip.ids(trip.centre)) < len(trip.ids(trip.node))
    done = trip.bring_in(trip.centre, path)
    assert done.words["duplicate"] == 6
    assert trip.ids(trip.centre) == trip.ids(trip.node)


def test_a_gap_stores_nothing_and_the_answer_puts_it_right(trip: Trip) -> None:
    issue(trip.store(trip.node))
    trip.there_and_back()
    lost = set_up(trip.centre.folder.parent, "centre-2", "centre", Keys.fresh())
    lost.join = trip.centre.join
    trip.stores[lost.folder] = Store.sqlite(
        lost.folder / "journal.db", bytes.fromhex(lost.join.db_key), lost.join.who, event_types(), projections(),
        lost.join.keys,
    )  # fmt: skip
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    done = trip.bring_in(lost, path)
    assert done.gap
    assert trip.ids(lost) == set()
    trip.bring_in(trip.node, path.with_name(path.name + ".back"))
    path, _ = trip.export(trip.node)
    assert not trip.bring_in(lost, path).gap
    assert trip.ids(lost) == trip.ids(trip.node)


def test_a_kiosk_without_the_halls_key_sends_and_hears(trip: Trip) -> None:
    issue(trip.store(trip.kiosk), "V")
    path, told = trip.export(trip.kiosk)
    assert told.records
    trip.bring_in(trip.node, path)
    home = trip.bring_in(trip.kiosk, path.with_name(path.name + ".back"))
    assert home.words["moved"] == 1, "the node asks for what lies at a kiosk"
    path, _ = trip.export(trip.kiosk)
    trip.bring_in(trip.node, path)
    trip.bring_in(trip.kiosk, path.with_name(path.name + ".back"))
    assert trip.waiting(trip.kiosk) == (0, 0)
    assert trip.ids(trip.kiosk) <= trip.ids(trip.node)


def test_an_older_answer_does_not_put_the_newer_out_of_the_way(trip: Trip) -> None:
    backs = []
    for _ in range(2):
        issue(trip.store(trip.node))
        path, _ = trip.export(trip.node)
        trip.bring_in(trip.centre, path)
        backs.append(path.with_name(path.name + ".back"))
        trip.bring_in(trip.node, backs[-1])
    before = trip.picture(trip.node)
    assert trip.bring_in(trip.node, backs[0]).passed_over
    assert trip.picture(trip.node) == before


def test_the_file_is_its_owners_and_shows_nothing(trip: Trip) -> None:
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "综合受理".encode() not in path.read_bytes()
    assert list(trip.stick.glob("*.part")) == []


def refused(trip: Trip, path: Path, place: Place) -> str:
    before = trip.picture(place)
    with pytest.raises(BadBundle) as caught:
        trip.bring_in(place, path)
    assert trip.picture(place) == before
    assert "没有" in caught.value.text or "不完整" in caught.value.text
    return caught.value.code


def test_every_changed_byte_is_found_and_nothing_is_taken_in(trip: Trip) -> None:
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    good = path.read_bytes()
    for at in (*range(0, 700, 7), *range(700, len(good), 61), len(good) - 1):
        spoilt = bytearray(good)
        spoilt[at] ^= 4
        path.write_bytes(spoilt)
        with pytest.raises(BadBundle):
            open_bundle(path, trip.centre.join, children_of(trip.centre.join.children))
    path.write_bytes(good)
    assert trip.bring_in(trip.centre, path).words["accepted"]


def test_a_cut_file_and_one_with_more_at_its_end_are_refused(trip: Trip) -> None:
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    good = path.read_bytes()
    for length in (20, 300, len(good) - 100, len(good) - 1):
        path.write_bytes(good[:length])
        assert refused(trip, path, trip.centre) == "cut"
    path.write_bytes(good + b"x")
    assert refused(trip, path, trip.centre) == "changed"
    path.write_bytes(b"PK\x03\x04 a zip")
    assert refused(trip, path, trip.centre) == "not_a_bundle"


def test_pieces_of_two_bundles_cannot_be_mixed(trip: Trip) -> None:
    issue(trip.store(trip.node))
    one, two = trip.export(trip.node)[0], trip.export(trip.node)[0]
    head = len(one.read_bytes()) - len(one.read_bytes().partition(b'"pos":0}')[2])
    mixed = one.read_bytes()[:head] + two.read_bytes()[head:]
    one.write_bytes(mixed)
    assert refused(trip, one, trip.centre) == "changed"


def test_a_bundle_for_another_machine_and_of_an_unknown_one_are_refused(trip: Trip) -> None:
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    assert refused(trip, path, trip.node) == "not_for_us"
    trip.centre.rejoin(children=())
    assert refused(trip, path, trip.centre) == "unknown_sender"


def test_a_bundle_signed_with_another_key_is_refused(trip: Trip) -> None:
    issue(trip.store(trip.node))
    trip.node.rejoin(sign_private=new_signing_key()[0].hex())
    path, _ = trip.export(trip.node)
    assert refused(trip, path, trip.centre) == "changed"


def test_an_answer_of_somebody_else_is_refused(trip: Trip) -> None:
    issue(trip.store(trip.node))
    path, _ = trip.export(trip.node)
    trip.bring_in(trip.centre, path)
    back = path.with_name(path.name + ".back")
    assert BundleReader(back).header.to == trip.node.join.node_id
    assert trip.node.join.parent is not None
    trip.node.rejoin(parent=trip.node.join.parent.model_copy(update={"node_id": "another"}))
    assert refused(trip, back, trip.node) == "unknown_sender"


def test_a_large_scan_goes_through_little_memory(trip: Trip) -> None:
    scan(trip, trip.node, bytes(48 * 1024 * 1024))
    tracemalloc.start()
    try:
        path, _ = trip.export(trip.node)
        trip.bring_in(trip.centre, path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_what_has_no_room_waits_for_the_next_bundle(trip: Trip) -> None:
    issue(trip.store(trip.node))
    for n in range(3):
        scan(trip, trip.node, bytes([n]) * 400_000)
    path, told = trip.export(trip.node, most_bytes=1_000_000)
    assert (told.blobs, told.left_blobs, told.left_records) == (2, 1, False)
    trip.bring_in(trip.centre, path)
    trip.bring_in(trip.node, path.with_name(path.name + ".back"))
    assert trip.export(trip.node)[1].blobs == 1


def test_what_is_offered_to_a_hall_by_name_goes_home_with_its_stick_and_no_other(trip: Trip) -> None:
    """An errand from another hall: nothing in it was written by the hall that it is for."""
    theirs = issue(trip.store(trip.node))
    offer(trip, trip.node, theirs, "county")
    trip.there_and_back()
    store = trip.store(trip.centre)
    store.write(lambda ledger: claims.want(ledger, "ask-1", theirs, "hall"))
    trip.there_and_back()
    trip.there_and_back()
    assert owners(trip, theirs) == {trip.centre.join.node_id}
    other = Child(node_id="n2", public="22" * 32, kind="node")
    trip.centre.rejoin(children=(*trip.centre.join.children, other))
    store.write(lambda ledger: ledger.open("e1", "errand", scope="case", actor="hall"))
    offer(trip, trip.centre, "e1", trip.node.join.node_id)
    offer(trip, trip.centre, theirs, "n2")
    trip.there_and_back()
    assert owners(trip, "e1") == {trip.node.join.node_id}
    assert owners(trip, theirs) == {trip.centre.join.node_id}
