"""A document number is drawn for an act that the hall will do, and for one paper once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from counter_app.outcome.ports import Act, Defect
from counter_app.values import CaseId, Refused
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import AcceptMode, CaseState, CheckResult
from hall.journal.refusal import Refusal
from tests.counter_app.desk_rig import HandLine, Rig, make_desks
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import checked, desk_of, opened
from tests.hall.builders import fresh, machine

LONG = "本事项依法不属于本机关职权范围。" * 20
"""320 characters."""


@dataclass
class NumberLine(HandLine):
    """A node that numbers as the real one does: the same request again gets the same number."""

    meanwhile: Callable[[], None] = lambda: None
    """Done once, while the next number is on its way."""

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        assert path == "/v1/papers/number"
        self.asked.append(body)
        self.meanwhile()
        self.meanwhile = lambda: None
        ids = list(dict.fromkeys(b["command_id"] for b in self.asked))
        return {"text": f"{body['organ']}{body['kind']}〔2026〕第{ids.index(body['command_id']) + 1}号"}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_desks(tmp_path, machine("window-1"), NumberLine())
    yield made
    made.close()


def received(rig: Rig) -> CaseId:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    rig.outcomes.receive(new_id(), view.case_id)
    return CaseId(rig.outcomes.packages.children(view.case_id)[0])


def number_of(rig: Rig, case: str, kind: str) -> str | None:
    found: str | None = next(a.document_no for a in rig.pc.look(intake.acts, case) if a.kind == kind)
    return found


def test_a_long_reason_names_its_organ_and_takes_one_number(rig: Rig) -> None:
    case = received(rig)
    rig.outcomes.refuse(new_id(), case, Act.NOT_ACCEPT, LONG + "请向昌吉市公安局提出申请。")
    row = rig.pc.case(case)
    act = next(a for a in rig.pc.look(intake.acts, case) if a.kind == "not_accepted")
    assert (row.state, act.detail["organ"]) == (CaseState.NOT_ACCEPTED, "昌吉市公安局")
    assert act.document_no is not None
    assert act.document_no.endswith("第1号")


@pytest.mark.parametrize("reason", [LONG, "请向" + "某" * 80 + "申请", "请向　　　　申请"])
def test_without_an_organ_the_clerk_is_told_what_to_write_and_no_number_is_drawn(
    rig: Rig, reason: str
) -> None:
    case = received(rig)
    with pytest.raises(Refused, match="请在理由中写明申请人应向哪个机关申请"):
        rig.outcomes.refuse(new_id(), case, Act.NOT_ACCEPT, reason)
    assert rig.line.asked == []


def test_what_is_refused_draws_no_number(rig: Rig) -> None:
    case = received(rig)
    for press in (
        lambda: rig.outcomes.refuse(new_id(), case, Act.UNNEEDED, "长" * 2001),
        lambda: rig.outcomes.correct(new_id(), case, (Defect("户口簿", "长" * 501),)),
        lambda: rig.outcomes.correct(new_id(), case, ()),
    ):
        with pytest.raises(Refused):
            press()
    rig.outcomes.accept(new_id(), case, tolerant=False)
    with pytest.raises(Refused, match="不能受理"):
        rig.outcomes.accept(new_id(), case, tolerant=False)
    assert len(rig.line.asked) == 1


def test_a_repeated_press_after_the_act_draws_nothing_more(rig: Rig) -> None:
    case, command = received(rig), new_id()
    rig.outcomes.accept(command, case, tolerant=False)
    rig.outcomes.accept(command, case, tolerant=False)
    assert len(rig.line.asked) == 1


def test_a_number_drawn_for_an_act_that_failed_is_the_next_tries(rig: Rig) -> None:
    """What the case needs changes while the node numbers; the press's id is dropped with the refusal."""
    case = received(rig)
    first = rig.pc.look(intake.materials, case)[0].id

    def spoil() -> None:
        rig.pc.check(case, first, CheckResult.DEFECTIVE, "看不清")

    rig.line.meanwhile = spoil  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="还差"):
        rig.outcomes.accept(new_id(), case, tolerant=False)
    rig.pc.check(case, first, CheckResult.OK)
    rig.outcomes.accept(new_id(), case, tolerant=False)
    assert len(rig.line.asked) == 2
    number = number_of(rig, case, "accepted")
    assert number is not None
    assert number.endswith("受字〔2026〕第1号")


def test_a_rehearsal_keeps_nothing_and_knows_what_was_done(rig: Rig) -> None:
    case, handler = rig.pc.received(), partial(receiving.accept_case, rules=rig.pc.rules)
    command = cmd.AcceptCase(fresh("c"), case, AcceptMode.NORMAL, 1, "w1", rig.pc.day, None)
    assert rig.pc.store.rehearse(command, handler)
    assert rig.pc.case(case).state is CaseState.RECEIVED
    rig.pc.do(command, handler)
    assert not rig.pc.store.rehearse(command, handler)
    with pytest.raises(Refusal, match="不能受理"):
        rig.pc.store.rehearse(replace(command, command_id=fresh("c")), handler)
