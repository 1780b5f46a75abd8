"""Claims that a machine makes by itself."""

from sync.core import Lane
from tests.sync.rig import NODE, Rig


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
