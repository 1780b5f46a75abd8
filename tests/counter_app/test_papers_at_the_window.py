"""Papers as a window makes them: whose copies, and what a correction names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter_app.backend.correction_desk import Corrections
from counter_app.backend.pages import PageTray
from counter_app.outcome.ports import Defect
from counter_app.values import CaseId
from hall.catalogue.scenario import paths, stop_of
from hall.intake import views as intake
from hall.journal.refusal import Refusal
from hall.paperwork import COPIES
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.hall.builders import NAME
from tests.hall.papers.reading import page_texts, squeezed

ITEM = "p02-01"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def received_here(rig: Rig, name: str = NAME) -> str:
    """A case of the real catalogue with its first material in, at a window that may accept it."""
    ref, bench = rig.bench.ref, rig.bench
    item = ref.catalogue.item(ITEM)
    assert item.guide is not None
    guide = item.guide
    answers = next(a for a in paths(guide) if stop_of(guide, a) is None)
    bench.seat.window = next(w for w in ref.profile.windows if covers(rig, w.no, item.department))
    case = rig.pc.draft(item=ref.item_facts(item), materials=ref.exact_materials(item, answers))
    rig.pc.applicant(case, name=name)
    rig.pc.present(case, rig.pc.look(intake.materials, case)[0].id)
    rig.pc.receive(case)
    return case


def covers(rig: Rig, window: int, department: str) -> bool:
    try:
        rig.bench.ref.rules.authority.covers(
            window=window, item=ITEM, department=department, power="ACCEPT", day=rig.bench.day()
        )
    except Refusal:
        return False
    return True


def test_a_correction_names_materials_by_id_though_a_clerk_names_them_by_name(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with the line cut, the paper goes out without a number
    monkeypatch.setattr(rig.line, "up", lambda: False)
    case = received_here(rig)
    brought, absent, *_ = rig.pc.look(intake.materials, case)
    defects = (Defect(brought.facts.name, "没有签名"), Defect(absent.facts.name, "没有提交"))
    done = rig.outcomes.correct(new_id(), CaseId(case), defects)
    act = rig.pc.look(intake.acts, case)[-1]
    assert [(d["material"], d["missing"]) for d in act.detail["defects"]] == [
        (brought.id, False),
        (absent.id, True),
    ]
    (paper,) = done.papers
    text = "".join(page_texts(rig.outcomes.pdf(paper.paper_id)))
    assert squeezed(brought.facts.name) in text
    assert "请补交：" in text
    told = Corrections(rig.bench, PageTray(rig.bench.data / "tray", bytes(32)), rig.outcomes.prints)
    row = rig.pc.case(case)
    assert row.return_by is not None
    due = f"不迟于{row.return_by.month}月{row.return_by.day}日"
    assert told.find_correction(row.case_no).due_text == f"{due}补正", "in the words of the paper"
    assert due.removeprefix("不迟于") in text
    assert "请不迟于" in text


def test_the_printer_gets_both_copies_and_the_screen_one(rig: Rig) -> None:
    case = received_here(rig)
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    seen, printed = (
        page_texts(rig.outcomes.pdf(paper.paper_id)),
        page_texts(rig.outcomes.copies(paper.paper_id)),
    )
    assert len(printed) == 2 * len(seen)
    assert [squeezed(label) in page for label, page in zip(COPIES, printed[:: len(seen)], strict=True)] == [
        True,
        True,
    ]
    assert not any(squeezed(label) in page for label in COPIES for page in seen)
    assert "一式两份" in paper.seal_text
