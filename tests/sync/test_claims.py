"""Taking dossiers: once, by the right one, with proof, also when replies are lost."""

import pytest

from hall.journal.facts import OfferWithdrawn
from hall.journal.refusal import NotOwner, Refusal
from hall.journal.verify import verify
from sync import claims, wire
from sync.access import ChildAccess
from sync.claims import desk_level, offer_stands
from sync.message import Answer
from sync.signing import BadSignature
from sync.wire import AskItem, ClaimAnswer, ClaimBody
from tests.hall.journal.flow import notes
from tests.sync.rig import CENTRE, NODE, Rig


def ask(rig: Rig, child: str, dossier: str, req_id: str = "q1", have_n: int = 0) -> Answer:
    m = rig[child]
    above = rig[NODE if m.role == "terminal" else CENTRE]
    assert m.core is not None
    assert above.parent is not None
    body, headers = wire.encode(ClaimBody(req_id=req_id, dossier=dossier, actor=child, have_n=have_n))
    return rig.serve(above.parent, m.core.link.request("POST", "/v1/claims", headers, body))


def told(answer: Answer) -> ClaimAnswer:
    assert answer.status == 200, answer
    return wire.decode(ClaimAnswer, answer.body, answer.headers, 10**7)


def refusal(answer: Answer) -> tuple[str, str | None]:
    error = wire.decode(wire.ErrorAnswer, answer.body, answer.headers, 10**6)
    assert answer.status == 409
    return error.code, error.owner


def take(rig: Rig, child: str, given: ClaimAnswer, owner: str = NODE) -> None:
    rig[child].store.write(lambda ledger: claims.take(ledger, given, owner, rig[owner].key[1], child))


@pytest.fixture
def resting(rig: Rig) -> Rig:
    """d1 rests at the node."""
    rig.open("w1", "d1", "受理")
    rig.offer("w1", "d1", "hall")
    rig.run()
    assert rig.owner(NODE, "d1") == NODE
    return rig


def test_a_claim_survives_any_number_of_lost_replies(resting: Rig) -> None:
    rig = resting
    first = told(ask(rig, "w2", "d1"))
    before = rig.ids(NODE)
    assert told(ask(rig, "w2", "d1")).moved == first.moved
    assert told(ask(rig, "w2", "d1", "q2", 3)).moved == first.moved
    assert rig.ids(NODE) == before
    take(rig, "w2", first)
    take(rig, "w2", first)
    rig.note("w2", "d1", "补正")
    rig.run()
    assert {rig.owner(m, "d1") for m in rig.machines} == {"w2"}
    assert notes(rig[CENTRE].store, "d1") == ["受理", "补正"]
    for name in rig.machines:
        assert verify(rig[name].store) == []


def test_two_windows_one_dossier(resting: Rig) -> None:
    rig = resting
    take(rig, "w2", told(ask(rig, "w2", "d1")))
    assert refusal(ask(rig, "w1", "d1")) == ("owned_elsewhere", "w2")
    with pytest.raises(NotOwner):
        rig.note("w1", "d1", "不行")


def test_a_lost_reply_is_made_good_by_the_feed(resting: Rig) -> None:
    """The asker died before it stored the answer: the feed brings the move."""
    rig = resting
    told(ask(rig, "w2", "d1"))
    rig.run()
    rig.note("w2", "d1", "接着办")
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["受理", "接着办"]


def test_what_is_offered_to_a_department_is_not_for_windows(rig: Rig) -> None:
    rig.open("w1", "d1", "受理")
    rig.offer("w1", "d1", "民政@county")
    rig.run()
    assert refusal(ask(rig, "w2", "d1")) == ("offered_elsewhere", None)
    rig.append(NODE, "d1", OfferWithdrawn("群众补材料"))
    take(rig, "w2", told(ask(rig, "w2", "d1")))


def test_machine_dossiers_and_unknown_ones_do_not_move(resting: Rig) -> None:
    rig = resting
    take(rig, "w2", told(ask(rig, "w2", "d1")))
    rig.run()
    assert refusal(ask(rig, "w1", "nothing")) == ("unknown_dossier", None)
    assert refusal(ask(rig, "w1", "kept-w2")) == ("owned_elsewhere", "w2")


def test_the_answer_is_proof_and_cannot_be_altered(resting: Rig) -> None:
    rig = resting
    given = told(ask(rig, "w2", "d1"))
    for changed in (
        given.model_copy(update={"ask": "q9"}),
        given.model_copy(update={"dossier": "d9"}),
        given.model_copy(update={"moved": given.moved.replace("w2", "w1")}),
        given.model_copy(update={"signature": "A" * 86 + "=="}),
    ):
        with pytest.raises(BadSignature):
            take(rig, "w2", changed)
    assert "kept-w2" not in str(rig.verdicts("w2"))
    with pytest.raises(Refusal):
        # the true answer in the hands of another window
        take(rig, "w1", given)


def test_only_what_is_lacking_travels(resting: Rig) -> None:
    whole, tail = told(ask(resting, "w2", "d1")), told(ask(resting, "w2", "d1", "q1", 3))
    assert (len(whole.records), len(tail.records)) == (5, 2)


def test_the_centre_gives_what_it_offers_to_the_hall_without_being_pressed(rig: Rig) -> None:
    rig.open("w1", "d1", "受理")
    rig.offer("w1", "d1", "民政@county")
    rig.run()
    centre = rig[CENTRE].parent
    assert centre is not None
    centre.want("a1", "d1", "officer")
    rig.run()
    assert rig.owner(CENTRE, "d1") == CENTRE
    assert refusal(ask(rig, NODE, "d1"))[0] == "not_offered"
    rig.offer(CENTRE, "d1", "hall")
    rig.run()
    assert {rig.owner(m, "d1") for m in rig.machines} == {NODE}


def test_what_the_node_offered_to_its_own_hall_stays_at_the_window_that_takes_it(resting: Rig) -> None:
    rig = resting
    rig.offer(NODE, "d1", "hall")  # a desk on the node has done its part, e.g. 初审通过
    take(rig, "w2", told(ask(rig, "w2", "d1")))
    rig.run()
    assert rig.owner("w2", "d1") == "w2"
    rig.note("w2", "d1", "审核")


def test_asks_that_do_not_fit_are_passed_over(rig: Rig) -> None:
    rig.open("w1", "d1", "受理")
    item = AskItem(id="a", dossier="d1", asker_node=NODE, actor="hall")

    def answer(ask_item: AskItem, role: str = "hall") -> int:
        return rig["w1"].store.write(lambda led: claims.answer_asks(led, [ask_item], NODE, role))

    assert answer(item) == 0  # not offered
    rig.offer("w1", "d1", "民政@node")
    assert answer(item, "county") == 0  # not a county desk
    assert answer(item.model_copy(update={"dossier": "d2"})) == 0
    assert answer(item.model_copy(update={"asker_node": "w2"})) == 0
    assert answer(item) == 1
    assert answer(item) == 0  # told twice


@pytest.mark.parametrize(
    ("desk", "level", "stands_at_hall"),
    [("window", 0, True), ("hall", 1, False), ("民政@node", 1, False), ("民政@county", 2, True)],
)
def test_desks(desk: str, level: int, stands_at_hall: bool) -> None:
    assert desk_level(desk) == level
    assert offer_stands(desk, "hall") is stands_at_hall


def test_what_is_offered_to_another_hall_by_name_is_not_taken_back(rig: Rig) -> None:
    """An errand handed in here for a case of another hall: this hall has written in it, so it sees the offer."""
    rig.children[CENTRE]["n2"] = ChildAccess("n2", b"", "hall", frozenset({"hall"}), frozenset({"n2"}))
    rig.open(NODE, "e1", "来件")
    rig.offer(NODE, "e1", "county")
    rig.run()
    rig[CENTRE].store.write(lambda ledger: claims.want(ledger, "ask-1", "e1", "hall"))
    rig.run()
    assert rig.owner(CENTRE, "e1") == CENTRE
    rig.offer(CENTRE, "e1", "n2")
    rig.run()
    assert rig.owner(CENTRE, "e1") == CENTRE
    assert refusal(ask(rig, NODE, "e1"))[0] == "offered_elsewhere"
