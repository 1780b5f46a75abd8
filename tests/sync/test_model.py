"""Hypothesis drives a hall by rules; the model is the set of facts that were committed."""

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hall.journal.refusal import NotOwner, UnknownDossier
from sync.core import Lane
from tests.hall.journal.flow import notes
from tests.sync.rig import CENTRE, NODE, Rig

MACHINES = st.sampled_from(["w1", "w2", NODE])
FAULTS = st.sampled_from(["", "", "", "lose", "reply", "twice", "late", "spoil", "html"])


class Hall(RuleBasedStateMachine):
    """No restores here: every committed fact must arrive, once, in the dossier it was written in."""

    @initialize()
    def begin(self) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.rig = Rig(Path(self.place.name), random.Random(1))
        self.written: dict[str, list[str]] = {}
        self.count = 0

    @rule(who=MACHINES)
    def open(self, who: str) -> None:
        dossier = f"d{len(self.written)}"
        self.written[dossier] = [f"{dossier} begins"]
        self.rig.open(who, dossier, f"{dossier} begins")

    @precondition(lambda self: self.written)
    @rule(who=MACHINES, data=st.data())
    def write(self, who: str, data: st.DataObject) -> None:
        dossier = data.draw(st.sampled_from(sorted(self.written)))
        self.count += 1
        if self.rig.owner(who, dossier) != who:
            return
        self.rig.note(who, dossier, f"{self.count}")
        self.written[dossier].append(f"{self.count}")

    @precondition(lambda self: self.written)
    @rule(who=MACHINES, desk=st.sampled_from(["hall", "民政@node", "民政@county"]), data=st.data())
    def offer(self, who: str, desk: str, data: st.DataObject) -> None:
        dossier = data.draw(st.sampled_from(sorted(self.written)))
        try:
            self.rig.offer(who, dossier, desk)
        except (NotOwner, UnknownDossier):
            assert self.rig.owner(who, dossier) != who

    @rule(who=MACHINES, lane=st.sampled_from([Lane.FACTS, Lane.FEED]), fault=FAULTS)
    def speak(self, who: str, lane: Lane, fault: str) -> None:
        self.rig.fault = lambda: fault
        self.rig.exchange(who, lane)
        self.rig.now += 3

    @rule(who=st.sampled_from(["w1", "w2", NODE, CENTRE]))
    def restart(self, who: str) -> None:
        self.rig.restart(who)

    @rule()
    def old_requests_arrive(self) -> None:
        self.rig.deliver_delayed()

    @invariant()
    def nobody_invents(self) -> None:
        if not hasattr(self, "rig"):
            return
        for dossier, words in self.written.items():
            assert set(notes(self.rig[CENTRE].store, dossier)) <= set(words)

    def teardown(self) -> None:
        if not hasattr(self, "rig"):
            return
        rig = self.rig
        rig.fault = lambda: ""
        rig.deliver_delayed()
        rig.now += 120
        rig.run(100, seconds=31)
        try:
            for name in rig.machines:
                for dossier, words in self.written.items():
                    assert notes(rig[name].store, dossier) == sorted(words), (name, dossier)
                assert rig.codes(name) == []
        finally:
            rig.close()
            self.place.cleanup()


TestHall = Hall.TestCase
TestHall.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
