"""Keys of dossiers: whose wrap counts."""

import base64

import pytest
from sqlalchemy import select, update

from hall.journal import schema
from hall.journal.machine import machine_dossier
from hall.journal.sealing import Wraps, new_data_key
from sync.wire import WrapItem, wrap_item
from tests.hall.journal.flow import notes
from tests.hall.journal.world import note
from tests.sync.hostile import Hostile
from tests.sync.rig import CENTRE, NODE, Rig


def names(rig: Rig, machine: str) -> list[str | None]:
    with rig[machine].store.read() as conn:
        return list(conn.scalars(select(note.c.name)))


def wrong(rig: Rig, kind: str) -> WrapItem:
    if kind == "empty":
        return wrap_item("d9", Wraps(b"", b""))
    if kind == "broken":
        return wrap_item("d9", Wraps(b"x" * 92, b"x" * 92))
    return wrap_item("d9", rig.keys.ring("terminal").wraps(new_data_key()))


@pytest.mark.parametrize("kind", ["empty", "broken", "another key"])
@pytest.mark.parametrize("record", ["of its own", "held"])
def test_a_wrap_of_another_than_who_opened_it_shuts_nothing_out(rig: Rig, kind: str, record: str) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    if record == "held":
        evil.write("d9", 1, "test.note/1", {"words": "x"})
    else:
        evil.write("d1", 1, "dossier.opened/1", {"kind": "case"})
    evil.push(wrong(rig, kind))
    rig.open("w2", "d9", "机密")
    rig.run()
    assert names(rig, NODE) == names(rig, CENTRE) == ["买买提"]


def test_what_a_node_has_signed_and_lost_comes_back_with_a_key_that_opens_it(rig: Rig) -> None:
    rig.run()
    before = rig.backup(NODE)
    rig.open(NODE, "d1", "节点写的")
    rig.run()
    # this window gives back what it should, but for the key
    rig["w1"].store.write(
        lambda ledger: ledger.conn.exec_driver_sql(
            "update dossier_key set wrap_hall = ?, wrap_centre = ? where dossier = 'd1'",
            (base64.b64decode(wrong(rig, "another key").hall), b"x" * 92),
        )
    )
    rig[CENTRE].cut = rig["w2"].cut = True
    rig.restart(NODE, before)
    rig.run()
    assert notes(rig[NODE].store, "d1") == ["节点写的"]
    rig[CENTRE].cut = rig["w2"].cut = False
    rig.run()
    assert names(rig, NODE) == ["买买提"]


def test_of_an_erased_dossier_no_wrap_stays_anywhere(rig: Rig) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write("d9", 1, "dossier.opened/1", {"kind": "case"})
    good = rig.keys.ring("terminal").wraps(new_data_key())
    evil.push(wrap_item("d9", Wraps(b"x" + good.hall[1:], good.centre)))
    with rig[NODE].store.read() as conn:
        [parked] = conn.execute(select(schema.quarantine.c.code, schema.quarantine.c.raw)).all()
    assert parked.code == "wrap_broken:d9"
    assert bytes(parked.raw) not in good.hall + good.centre
    assert good.centre not in bytes(parked.raw)
    # as an older program left it
    rig[NODE].store.write(
        lambda ledger: ledger.conn.execute(update(schema.quarantine).values(raw=good.centre))
    )
    rig[NODE].store.write(lambda ledger: ledger.seize("d9", below={"w1"}, by="主任", reason="人不在"))
    rig[NODE].store.write(lambda ledger: ledger.erase("d9", by="主任", reason="期满"))
    rig.run()
    for machine in (NODE, CENTRE):
        assert rig.codes(machine) == []
        with rig[machine].store.read() as conn:
            keys = conn.execute(select(schema.dossier_key).where(schema.dossier_key.c.dossier == "d9")).one()
        assert (keys.wrap_hall, keys.wrap_centre, keys.data_key) == (b"", b"", None)


def test_a_key_under_the_name_of_another_machine_shuts_nothing_out(rig: Rig) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write("machine-w2", 1, "dossier.opened/1", {"kind": "machine"})
    wraps = rig.keys.ring("terminal").wraps(new_data_key())
    assert evil.push(wrap_item("machine-w2", wraps)) == ["quarantined"]
    rig["w2"].store.write(lambda ledger: machine_dossier(ledger, actor="w2"))
    rig.run()
    keys = []
    for machine in ("w2", NODE):
        with rig[machine].store.read() as conn:
            k = schema.dossier_key.c
            keys.append(conn.scalar(select(k.data_key).where(k.dossier == "machine-w2")))
    assert keys[0] == keys[1]
