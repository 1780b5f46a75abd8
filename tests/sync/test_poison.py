"""A record that a database does not take holds nobody up, whatever database it is."""

import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.journal import envelope
from hall.journal.book import Book
from hall.journal.envelope import BadRecord, Envelope
from hall.journal.ledger import Ledger
from tests.hall.journal.flow import notes
from tests.hall.journal.world import NoteWritten
from tests.postgres import Databases
from tests.sync.hostile import Hostile
from tests.sync.rig import CENTRE, NODE, Rig

OPENED, NOTE = "dossier.opened/1", NoteWritten.TYPE
_chance = random.Random(3)
LONG = "".join(chr(_chance.randrange(0x4E00, 0x9000)) for _ in range(6000))


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.parametrize(
    ("word", "poison"),
    [
        ("U+0000", {"dossier": "d\0x"}),
        ("U+0000", {"data": {"kind": "ca\0se"}}),
        ("U+0000", {"data": {"kind": "case", "later": [{"a\0": 1}]}}),
        ("U+0000", {"causes": ["cmd:\0"]}),
        ("cause too long", {"causes": ["cmd:" + LONG]}),
    ],
)
def test_what_not_every_database_takes_is_refused_with_its_reason(
    rig: Rig, word: str, poison: dict[str, Any]
) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write(**{"dossier": "dx", "n": 1, "type_name": OPENED, "data": {"kind": "case"}, **poison})
    evil.write("good", 1, OPENED, {"kind": "case"})
    assert (evil.push(), rig.codes(NODE)) == (["quarantined", "accepted"], [f"bad_record: {word}"])
    rig.open("w2", "d2", "别人的事")
    rig.run()
    assert [rig.owner(CENTRE, d) for d in ("good", "d2")] == ["w1", "w2"]
    assert rig.codes(NODE) == rig.codes(CENTRE) == [f"bad_record: {word}"]


def test_a_backslash_before_u0000_is_a_text_like_any_other() -> None:
    raw = b'{"a":"\\\\u0000"}'
    assert not envelope.canonical.holds_nul(raw)
    assert envelope.canonical.holds_nul(b'{"a":"\\u0000"}')


def test_own_programs_write_it_without(rig: Rig) -> None:
    rig.open("w1", "d1", "一\0二")
    rig.append("w1", "d1", NoteWritten("三", name="买\0买提"))
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["一二", "三"]
    assert rig.codes(NODE) == rig.codes(CENTRE) == []


def test_a_long_command_has_one_effect(rig: Rig) -> None:
    store = rig["w1"].store
    rig.open("w1", "d1")

    def once(ledger: Ledger) -> bool:
        if ledger.done_before("c" * 500) is not None:
            return False
        ledger.append("d1", NoteWritten("一"), actor="w1")
        return True

    assert [store.submit(once, "c" * 500).result() for _ in range(2)] == [True, False]
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["一"]


@pytest.fixture(params=["sqlite", "postgresql"])
def lenient(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """Machines that read what comes as what lies here, so that only the database itself refuses."""
    monkeypatch.setattr(envelope, "coming", envelope.parse)
    databases: Databases | None = None
    if request.param == "postgresql":
        databases = request.getfixturevalue("pg_databases")
    with Rig(tmp_path, random.Random(7), databases=databases) as made:
        yield made


@pytest.mark.parametrize("poison", [{"dossier": "d\0x"}, {"causes": ["cmd:" + LONG]}])
def test_a_record_that_the_database_refuses_is_put_aside_alone(
    lenient: Rig, monkeypatch: pytest.MonkeyPatch, poison: dict[str, Any]
) -> None:
    if lenient[CENTRE].engine.dialect.name == "sqlite":
        # it takes nearly everything: this stands for what it does not
        true = Book.store

        def store(book: Book, env: Envelope) -> object:
            if env.seq == 2 and env.inc == "evil" and book._kernel.identity.role == "county":
                raise OverflowError
            return true(book, env)

        monkeypatch.setattr(Book, "store", store)
    lenient.run()
    evil = Hostile(lenient, "w1")
    evil.write("before", 1, OPENED, {"kind": "case"})
    evil.write(**{"dossier": "dx", "n": 1, "type_name": OPENED, "data": {"kind": "case"}, **poison})
    evil.write("behind", 1, OPENED, {"kind": "case"})
    evil.write("behind", 2, NOTE, {"words": "二"})
    assert evil.push() == ["accepted"] * 4
    lenient.open("w2", "d2", "别人的事")
    lenient.run()
    assert [lenient.owner(CENTRE, d) for d in ("before", "behind", "d2")] == ["w1", "w1", "w2"]
    assert notes(lenient[CENTRE].store, "behind") == ["二"]
    [code] = lenient.codes(CENTRE)
    assert code.startswith("not_stored: ")
    # the place is known to be taken: the node asks no more
    with lenient[NODE].store.read() as conn:
        lacking = conn.exec_driver_sql("select origin, held_parent from watermark where inc = 'evil'").all()
    assert lacking == [("w1", 4)]


def test_a_record_that_was_stored_before_stays_readable() -> None:
    raw = (
        b'{"actor":"a","alg":"sha256","boot":"b","causes":[],"data":{"words":"\\u0000"},"dossier":"d","enc":{},'
        b'"id":"i","inc":"x","mono":0,"n":1,"origin":"w","prev":"'
        + b"0"
        * 64
        + b'","scope":"case","seq":1,"sv":1,'
        b'"token":[0,0,0,""],"type":"test.note","v":1,"wall":0}'
    )
    assert envelope.parse(raw).data == {"words": "\0"}
    with pytest.raises(BadRecord, match=r"U\+0000"):
        envelope.coming(raw)
