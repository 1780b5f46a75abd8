"""收件 of a real package over a real journal is one act: everything that the answers leave in, or nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from counter_app.take_in.ports import CaseStage
from counter_app.values import Refused, Unanswered
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.package_events import CaseLeftOut
from hall.journal.facts import DossierMoved, DossierOffered
from hall.journal.projection import Recorded
from hall.supervision.trace import trace
from tests.counter_app.desk_rig import NODE, Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import checked, desk_of, opened
from tests.hall.builders import differences_after_rebuild, raws

S = CaseState


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def states(rig: Rig, package: str) -> list[CaseState | None]:
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    return [k.state for k in row.children]


def child(rig: Rig, package: str, item: str) -> str:
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    return next(k.case for k in row.children if k.item_id == item)


def seen_commits(rig: Rig) -> list[Sequence[Recorded]]:
    """Grows by the records of every commit. Listeners only note: they run on the writer's thread, and all share
    the one connection of a journal in memory."""
    seen: list[Sequence[Recorded]] = []
    rig.pc.store.subscribe(seen.append)
    return seen


def all_told(rig: Rig) -> None:
    """Listeners are told after a command has its answer; what is written behind them waits until they are done."""
    rig.pc.write(lambda _ledger: None)


@pytest.mark.parametrize(
    ("home", "live", "after"),
    [
        ("local", "rent", [S.RECEIVED, S.VOIDED, S.VOIDED]),
        ("resident", "rent", [S.RECEIVED, S.RECEIVED, S.VOIDED]),
    ],
)
def test_no_commit_leaves_a_received_child_beside_a_draft(
    rig: Rig, home: str, live: str, after: list[CaseState]
) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home=home, live=live))
    seen = seen_commits(rig)
    done = rig.outcomes.receive(new_id(), view.case_id)
    all_told(rig)
    # one commit: a power cut leaves all of it or nothing
    assert len(seen) == 1
    assert states(rig, view.case_id) == after
    assert done.case.stage is CaseStage.RECEIVED
    assert [p.title for p in done.papers] == ["收件凭证"] * after.count(S.RECEIVED)


def test_what_is_needless_is_left_out_by_the_clerk_with_the_answers_as_the_reason(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    commits = seen_commits(rig)
    rig.outcomes.receive(new_id(), view.case_id)
    all_told(rig)
    seen = [r.event for commit in commits for r in commit]
    out = [e for e in seen if isinstance(e, CaseLeftOut)]
    assert [(e.package, e.staff) for e in out] == [(view.case_id, rig.bench.staff.id)] * 2
    assert [[(a.question, a.option) for a in e.answers] for e in out] == [
        [("home", "local")],
        [("live", "rent")],
    ]
    assert [e.why for e in out] == [
        "儿童户籍在哪里？本县（市、区、旗）户籍",
        "一家人在本地住在哪里？租房",
    ]
    assert seen.count(DossierOffered("hall")) == 2, "nobody works on them here any more"
    # whoever has read a part of this commit has not read a receipt beside a draft either
    assert all(isinstance(e, CaseLeftOut | DossierOffered) for e in seen[:4])


def test_the_trace_and_the_acts_know_it_and_the_tables_are_made_again_alike(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    rig.outcomes.receive(new_id(), view.case_id)
    case = child(rig, view.case_id, "p07-02")
    with rig.pc.store.read() as conn:
        found = trace(conn, view.case_no)
        acts = intake.acts(conn, case)
    assert found.unbroken
    lines = [(line.stage, line.actor) for line in found.lines if line.type == "case.left_out/1"]
    assert lines == [("受理", rig.bench.staff.id)] * 2
    assert [(a.kind, a.on_day, a.detail["why"]) for a in acts] == [
        ("left_out", rig.bench.day(), "儿童户籍在哪里？本县（市、区、旗）户籍")
    ]
    assert differences_after_rebuild(rig.pc) == []


def test_one_child_that_cannot_be_received_is_named_and_nothing_changes(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    # the answer brings a second child, for which nothing was handed in
    view = desk.set_answer(new_id(), view.case_id, "home", "resident")
    before = raws(rig.pc)
    with pytest.raises(Refused, match="流动人口暂住登记：还没有收到任何材料"):
        rig.outcomes.receive(new_id(), view.case_id)
    assert raws(rig.pc) == before
    assert states(rig, view.case_id) == [S.DRAFT, S.DRAFT, S.DRAFT]


def test_a_needless_child_that_cannot_be_fetched_back_keeps_all_as_it_was(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    case = child(rig, view.case_id, "p07-02")
    away = DossierMoved(NODE, "ask-1", offer_stands=True)
    rig.pc.append(case, away)
    with pytest.raises(Unanswered):
        rig.outcomes.receive(new_id(), view.case_id)
    assert rig.line.claimed == [case]
    assert states(rig, view.case_id) == [S.DRAFT, S.DRAFT, S.DRAFT]


def test_a_repeated_press_has_one_effect(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    command = new_id()
    first = rig.outcomes.receive(command, view.case_id)
    before = raws(rig.pc)
    assert rig.outcomes.receive(command, view.case_id) == first
    with pytest.raises(Refused, match="这个套餐已经收件"):
        rig.outcomes.receive(new_id(), view.case_id)
    assert raws(rig.pc) == before
