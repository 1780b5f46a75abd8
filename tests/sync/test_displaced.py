"""A record that gave way to the parent's line was not lost with a disk."""

from sqlalchemy import select

from hall.journal import schema
from hall.journal.store import Who
from sync.core import Lane
from tests.hall.journal.world import NoteWritten, memory_store
from tests.sync.rig import CENTRE, NODE, Rig


def displaced(rig: Rig) -> None:
    """The centre has another line of w1 than the node had acknowledged."""
    rig.open("w1", "d1", "一")
    rig.run()
    disk = rig.backup("w1")
    rig.note("w1", "d1", "二")
    rig.note("w1", "d1", "三")
    rig.run()
    twin = memory_store(Who("w1", "terminal", "H1"), rig.keys, disk, made=True)
    twin.write(lambda ledger: ledger.append("d1", NoteWritten("另一"), actor="w1"))
    newest = select(schema.record.c.raw).order_by(schema.record.c.pos.desc())
    with twin.read() as conn:
        raw = bytes(conn.scalars(newest).first() or b"")
    twin.close()
    rig[CENTRE].cut = True
    rig[NODE].store.write(lambda ledger: ledger.admit(raw, CENTRE, from_above=True))


def greeted(rig: Rig, child: str) -> None:
    core = rig[child].core
    assert core is not None
    core.facts.greet_again()
    for _ in range(3):
        rig.exchange(child, Lane.FACTS)
        rig.now += 3


def test_a_displaced_record_is_no_proof_of_a_restore(rig: Rig) -> None:
    displaced(rig)
    before = rig[NODE].store.identity
    greeted(rig, "w1")
    assert rig[NODE].store.identity == before


def test_what_a_restore_has_lost_is(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    disk = rig.backup(NODE)
    rig.note("w1", "d1", "二")
    rig.run()
    rig[CENTRE].cut = True
    rig.restart(NODE, disk)
    before = rig[NODE].store.identity
    greeted(rig, "w1")
    assert rig[NODE].store.identity.inc != before.inc
