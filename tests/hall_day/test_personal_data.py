"""Who a person is stands in no journal byte in clear, is unreadable without a key, and can be erased."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hall.intake import views
from hall.intake.model import CaseState
from hall.journal import schema
from hall.journal.refusal import Refusal
from hall.journal.verify import verify
from tests.hall.builders import (
    CERT,
    NAME,
    PHONE,
    HandClock,
    Machine,
    carry,
    differences_after_rebuild,
    machine,
    raws,
)
from tests.hall.journal.world import HallKeys
from tests.hall_day.whole_day import AGENT, AGENT_CERT, WORDS, live_through

PRIVATE = (NAME, CERT, PHONE, "示例路1号", AGENT, AGENT_CERT, WORDS)


@pytest.fixture
def keys() -> HallKeys:
    return HallKeys()


@pytest.fixture
def node(keys: HallKeys) -> Iterator[Machine]:
    one = machine("node-1", "hall", keys=keys)
    yield one
    one.store.close()


@pytest.fixture
def kiosk(keys: HallKeys) -> Iterator[Machine]:
    one = machine("kiosk-1", keys=keys, reads=False, clock=HandClock())
    yield one
    one.store.close()


def everything(m: Machine) -> str:
    """Every row of every table, as text."""
    with m.store.read() as conn:
        return "\n".join(
            repr(tuple(row)) for t in schema.metadata.sorted_tables for row in conn.execute(select(t))
        )


def test_no_record_of_a_whole_day_names_anybody(node: Machine) -> None:
    live_through(node)
    joined = b"\n".join(raws(node)).decode()
    assert [text for text in PRIVATE if text in joined] == []
    shown = everything(node)
    assert all(text in shown for text in (NAME, CERT, WORDS))  # the search itself works


def test_a_machine_without_the_halls_key_shows_nobody(node: Machine, kiosk: Machine) -> None:
    live_through(node)
    carry(node, kiosk)
    assert len(raws(kiosk)) == len(raws(node))
    shown = everything(kiosk)
    assert [text for text in PRIVATE if text in shown] == []
    with kiosk.store.read() as conn:
        assert set(conn.scalars(select(schema.dossier_key.c.data_key))) == {None}
    assert differences_after_rebuild(kiosk) == []


def test_what_a_kiosk_seals_only_the_hall_opens(node: Machine, kiosk: Machine) -> None:
    case = kiosk.draft(window=None)
    with pytest.raises(Refusal, match="无权读取"):
        kiosk.applicant(case)  # the key is gone with the transaction that opened the dossier

    def in_one_go(ledger):  # type: ignore[no-untyped-def]
        from hall.intake import events as ev

        ledger.open("filing-1", "errand", scope="case", actor="kiosk-1")
        opened = ev.ErrandOpened("withdrawal", "no-1", None, None, "kiosk-1", None, None)
        ledger.append("filing-1", opened, actor="kiosk-1")
        ledger.append("filing-1", ev.ErrandHandedIn(kiosk.day, "kiosk-1", WORDS), actor="kiosk-1")

    kiosk.write(in_one_go)
    assert kiosk.look(views.errand_by_id, "filing-1").reason is None
    carry(kiosk, node)
    assert node.look(views.errand_by_id, "filing-1").reason == WORDS


def test_erasing_a_person_leaves_the_chain_whole(node: Machine) -> None:
    case, other = node.reviewing(), node.received()
    before = raws(node)
    node.write(lambda ledger: ledger.erase(case, by="z1", reason="本人要求删除"))
    row = node.case(case)
    assert (row.applicant_name, row.cert_no, row.phone, row.state) == (None, None, None, CaseState.REVIEWING)
    assert node.case(other).applicant_name == NAME
    assert raws(node)[: len(before)] == before
    assert verify(node.store) == []
    assert differences_after_rebuild(node) == []
    with node.store.read() as conn:
        key = conn.execute(select(schema.dossier_key).where(schema.dossier_key.c.dossier == case)).one()
    assert (bytes(key.wrap_hall), bytes(key.wrap_centre), key.data_key) == (b"", b"", None)


def test_an_erasure_travels(node: Machine, keys: HallKeys) -> None:
    centre = machine("centre-1", "county", keys=keys)
    case = node.accepted()
    carry(node, centre)
    assert centre.case(case).applicant_name == NAME
    node.write(lambda ledger: ledger.erase(case, by="z1", reason="本人要求删除"))
    carry(node, centre)
    assert centre.case(case).applicant_name is None
    carry(node, centre)
    assert centre.case(case).applicant_name is None
    assert NAME not in everything(centre)
    centre.store.close()
