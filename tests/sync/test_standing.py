"""Claims that a machine makes by itself."""

import pytest

from hall.journal.facts import OfferWithdrawn
from sync.core import Lane
from sync.wire import ClaimBody
from tests.sync.rig import CENTRE, NODE, Rig


def test_an_unsettled_machine_rests_between_two_tries(rig: Rig) -> None:
    rig.run()
    store, core = rig[NODE].store, rig[NODE].core
    assert core is not None
    store.renew_incarnation()
    assert not store.identity.settled
    # the parent cannot settle it yet
    core.facts._may_settle = lambda: False
    for _ in range(20):
        rig.exchange(NODE, Lane.FACTS)
        core.facts.look_for_claims()
        rig.now += 2.0
    while rig.exchange(NODE, Lane.FACTS):
        pass
    core.facts.look_for_claims()
    assert not core.facts._standing.waiting()
    assert core.due(Lane.FACTS, rig.now) > 0.0
    store.settle()
    assert core.facts._standing.waiting(), "what was asked for meanwhile is looked at now"


def test_an_offer_that_came_without_what_was_before_it_is_taken(rig: Rig) -> None:
    """An errand of another hall: its records lie behind the hall's place in the feed when it is offered."""
    rig.open(CENTRE, "d9", "来件", "材料")
    rig.run()
    assert rig.owner(NODE, "d9") is None, "another hall's is not shown"
    rig.offer(CENTRE, "d9", NODE)
    rig.run()
    assert rig.owner(NODE, "d9") == NODE
    assert rig.owner(CENTRE, "d9") == NODE
    assert rig.ids(NODE) == rig.ids(CENTRE)
    assert set(rig.verdicts(NODE).values()) == {"accepted"}


def test_an_offer_that_is_gone_is_asked_for_ever_more_rarely(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was withdrawn before the node asked, and nobody tells a hall of what is not for it."""
    rig.open(CENTRE, "d9", "来件")
    rig.run()
    rig.offer(CENTRE, "d9", NODE)
    rig.exchange(NODE, Lane.FEED)
    rig.append(CENTRE, "d9", OfferWithdrawn("不用了"))
    core = rig[NODE].core
    assert core is not None
    asked_at: list[float] = []
    refused = core.facts._standing.refused

    def noted(claim: ClaimBody, now: float) -> None:
        asked_at.append(now)
        refused(claim, now)

    monkeypatch.setattr(core.facts._standing, "refused", noted)
    for _ in range(4000):
        core.facts.look_for_claims()
        while rig.exchange(NODE, Lane.FACTS):
            pass
        rig.now += 2.0
    assert 4 <= len(asked_at) <= 10, "in two hours"
    assert asked_at[1] - asked_at[0] <= 40.0
