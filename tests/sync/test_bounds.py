"""What a restore asks for and gives back stays within what one request and one transaction can carry."""

import itertools

import pytest
from sqlalchemy import insert, select

from hall.journal import schema
from sync import give_back, lost_places
from sync.core import Lane
from sync.wire import Receipt
from tests.sync.rig import NODE, Rig


def test_words_of_long_records_stand_close_enough_for_one_request(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(give_back, "MOST_BYTES", 20_000)
    rig.open(NODE, "d1")
    rig.run()
    for n in range(20):
        rig.note(NODE, "d1", f"{n} " + "长" * 1000)
        for _ in range(2):
            rig.exchange("w1", Lane.FEED)
        rig.now += 5
    r, t = schema.receipt.c, schema.record.c
    with rig["w1"].store.read() as conn:
        signed = conn.scalars(select(r.signed).where(r.origin == NODE))
        words = sorted(Receipt.model_validate_json(bytes(raw)).statement.seq for raw in signed)
        long = {seq: len(raw) for seq, raw in conn.execute(select(t.seq, t.raw).where(t.origin == NODE))}
    assert words[-1] == max(long)
    assert 4 < len(words) < 18, "some are forgotten, and not too many"
    for before, after in itertools.pairwise(words):
        assert sum(long[seq] for seq in range(before + 1, after + 1)) <= 20_000 + max(long.values())


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_a_place_that_nobody_can_have_written_is_not_waited_for(rig: Rig) -> None:
    """A record that names a place far out in a former chain of this machine."""
    rig.open("w1", "d1", "一")
    rig.run()
    store = rig["w1"].store
    inc = store.identity.inc

    def far(seq: int) -> dict[str, object]:
        return {
            "pos": 1000 + seq % 97, "origin": "w1", "inc": inc, "seq": seq, "id": f"far{seq}", "dossier": "d1",
            "n": 9, "token": "0.0.0.", "type": "test.note/1", "scope": "case", "wall_ms": 0, "h": b"h" * 32,
            "raw": b"far", "verdict": "held",
        }  # fmt: skip

    store.write(lambda ledger: ledger.conn.execute(insert(schema.record), [far(6), far(2**61)]))
    store.renew_incarnation()
    store.write(lost_places._declare)
    t = schema.record.c
    with store.read() as conn:
        lost = list(conn.scalars(select(t.seq).where(t.type == "", t.inc == inc).order_by(t.seq)))
    assert lost == [3, 4, 5]
