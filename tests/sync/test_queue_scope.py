"""What kiosks and displays read: numbers and machines, and nothing of any case."""

from hall.journal.machine import machine_dossier
from sync import feed, forks
from tests.hall.journal.world import NoteWritten
from tests.sync.hostile import Hostile
from tests.sync.rig import NODE, Rig
from tests.sync.test_claims import ask, take, told


def shown(rig: Rig) -> list[str]:
    parent, store = rig[NODE].parent, rig[NODE].store
    assert parent is not None
    me = store.identity
    with store.read() as conn:
        page = feed.page(
            conn, me=NODE, inc=me.inc, role="hall", scope=feed.QUEUE, subtree=frozenset({"kiosk"}),
            handle=feed.handle_of(me.inc, feed.QUEUE), pos=0, limit=1000, asks=[], sign=parent._signed_word,
            siblings=(),
        )  # fmt: skip
    return page.records


def test_the_answer_to_a_claim_is_not_among_it(rig: Rig) -> None:
    rig.open(NODE, "d1", "办件内容")
    rig.run()
    take(rig, "w1", told(ask(rig, "w1", "d1")))
    rig["w1"].store.write(
        lambda ledger: ledger.append(machine_dossier(ledger, actor="w1"), NoteWritten("打印"), actor="w1")
    )
    rig.run()
    text = "\n".join(shown(rig))
    assert "打印" in text, "what a machine did in the hall is"
    assert '"d1"' not in text
    assert "办件内容" not in text


def test_what_was_put_aside_is_not_among_it(rig: Rig) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write("d1", 1, "dossier.opened/1", {"kind": "case"})
    evil.push()
    twin = Hostile(rig, "w1", evil.prev, evil.seq)
    twin.write("d1", 2, NoteWritten.TYPE, {"words": "孪生机写的"})
    evil.write("d1", 2, NoteWritten.TYPE, {"words": "一"})
    evil.push()
    twin.push()
    assert forks.Forks(rig[NODE].store).tell() == 1
    assert shown(rig) == []
