"""A paper before it is issued: made by the real code from the facts that the act would write, and nothing is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from counter_app.outcome.ports import Act, Defect
from counter_app.values import CaseId, Refused
from hall.intake import views as intake
from hall.intake.model import CaseState, CaseType
from hall.journal import schema
from hall.journal.facts import DossierMoved, DossierOffered
from hall.papers.preview import Previewer
from hall.reference import Reference
from tests.counter_app.desk_rig import NODE, Rig, make_desks
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import checked, desk_of, opened
from tests.counter_app.test_numbers_at_the_window import NumberLine
from tests.hall.builders import item, machine
from tests.hall.papers.reading import page_texts, squeezed

REASON = "本事项依法不属于本机关职权范围，请向昌吉市公安局申请。"
WIDTH = 300


class Pages:
    """Stands before the real Previewer and keeps what it was given to draw."""

    def __init__(self) -> None:
        self.real = Previewer()
        self.pdfs: list[bytes] = []

    def page_count(self, pdf: bytes) -> int:
        self.pdfs.append(pdf)
        return self.real.page_count(pdf)

    def png(self, pdf: bytes, page: int, width_px: int) -> bytes:
        return self.real.png(pdf, page, width_px)

    def last(self) -> str:
        return "".join(page_texts(self.pdfs[-1]))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_desks(tmp_path, machine("window-1"), NumberLine())
    object.__setattr__(made.outcomes, "previewer", Pages())
    yield made
    made.close()


def pages_of(rig: Rig) -> Pages:
    pages: Any = rig.outcomes.previewer
    return pages  # type: ignore[no-any-return]


def received(rig: Rig, **answers: str) -> CaseId:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, **(answers or {"home": "local", "live": "rent"})))
    rig.outcomes.receive(new_id(), view.case_id)
    return CaseId(view.case_id)


def child(rig: Rig, package: CaseId, n: int = 0) -> CaseId:
    return CaseId(rig.outcomes.packages.children(package)[n])


def written(rig: Rig) -> tuple[int, int]:
    """Records, and the last position: what is rolled back gives its position free too."""
    with rig.pc.store.read() as conn:
        pos = schema.record.c.pos
        count, last = conn.execute(select(func.count(pos), func.max(pos))).one()
    return count, last


def missing_all(rig: Rig, case: CaseId) -> tuple[Defect, ...]:
    return tuple(Defect(m.facts.name, "看不清，请换清晰的") for m in rig.pc.look(intake.materials, case))


def same_but_for_the_number(draft: str, issued: str, number: str | None) -> bool:
    assert number is not None
    return draft.replace(squeezed("（出具时编号）"), squeezed(number)) == issued


@pytest.mark.parametrize(
    ("act", "text"), [(Act.CORRECT, ""), (Act.NOT_ACCEPT, REASON), (Act.UNNEEDED, "依法不需要许可。")]
)
def test_the_draft_is_what_the_act_prints_but_for_its_number(rig: Rig, act: Act, text: str) -> None:
    case = child(rig, received(rig))
    defects = missing_all(rig, case) if act is Act.CORRECT else ()
    before = written(rig)
    pictures = rig.outcomes.preview(case, act, text, defects, WIDTH)
    draft = pages_of(rig).last()
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert "（出具时编号）" in draft
    for _ in range(20):
        assert rig.outcomes.preview(case, act, text, defects, WIDTH) == pictures
    assert (written(rig), rig.line.asked) == (before, [])
    assert rig.pc.case(case).state is CaseState.RECEIVED
    if act is Act.CORRECT:
        done = rig.outcomes.correct(new_id(), case, defects)
    else:
        done = rig.outcomes.refuse(new_id(), case, act, text)
    issued = "".join(page_texts(rig.outcomes.pdf(done.papers[0].paper_id)))
    made = rig.pc.look(intake.acts, case)[-1]
    assert same_but_for_the_number(draft, issued, made.document_no)
    assert made.document_no.endswith("第1号"), "twenty drafts took no number"


def test_a_correction_asks_for_no_reason_that_its_paper_would_not_carry(rig: Rig) -> None:
    case = child(rig, received(rig))
    asked = {c.act: c.needs_text for c in rig.outcomes.acts(case)}
    assert asked == {Act.ACCEPT: False, Act.CORRECT: False, Act.NOT_ACCEPT: True, Act.UNNEEDED: True}


def test_a_refusal_on_the_spot_is_foreseen_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    # an invented item needs invented letters
    monkeypatch.setattr(Reference, "rules", property(lambda _ref: rig.pc.rules))
    case = CaseId(rig.pc.accepted(item=item(case_type=CaseType.IMMEDIATE)))
    before = written(rig)
    rig.outcomes.preview(case, Act.DENY, "经营场所不符合条件。", (), WIDTH)
    assert "经营场所不符合条件。" in pages_of(rig).last()
    assert (written(rig), rig.line.asked) == (before, [])
    assert rig.pc.case(case).state is CaseState.ACCEPTED


@pytest.mark.parametrize(
    ("act", "text", "defects", "told"),
    [
        (Act.NOT_ACCEPT, "不归我们管。", (), "请在理由中写明申请人应向哪个机关申请"),
        (Act.UNNEEDED, "长" * 2001, (), "最多 2000 个字"),
        (Act.CORRECT, "", (), "请逐项写明"),
        (Act.CORRECT, "", (Defect("户口簿", "长" * 501),), "最多 500 个字"),
        (Act.DENY, "不符合条件。", (), "没有可以出具这份文书的办件"),
    ],
)
def test_a_draft_is_refused_as_the_act_would_be(
    rig: Rig, act: Act, text: str, defects: tuple[Defect, ...], told: str
) -> None:
    case = child(rig, received(rig))
    with pytest.raises(Refused, match=told):
        rig.outcomes.preview(case, act, text, defects, WIDTH)


def test_a_package_shows_the_papers_of_its_children_one_after_another(rig: Rig) -> None:
    package = received(rig, home="resident", live="rent")
    cases = rig.outcomes.packages.children(package)
    assert len(cases) == 2
    defects = missing_all(rig, CaseId(cases[0]))
    pages_of(rig).pdfs.clear()
    pictures = rig.outcomes.preview(package, Act.CORRECT, "", defects, WIDTH)
    drafts = ["".join(page_texts(pdf)) for pdf in pages_of(rig).pdfs]
    assert [squeezed(rig.pc.case(c).item.name) in d for c, d in zip(cases, drafts, strict=True)] == [
        True,
        True,
    ]
    assert [squeezed(rig.pc.case(c).case_no) in d for c, d in zip(cases, drafts, strict=True)] == [True, True]
    assert len(pictures) >= 2


def test_what_lies_elsewhere_is_not_fetched_for_a_look(rig: Rig) -> None:
    case = child(rig, received(rig))
    rig.pc.append(case, DossierOffered(NODE))
    rig.outcomes.preview(case, Act.UNNEEDED, "依法不需要许可。", (), WIDTH)
    held = rig.pc.held(case)
    assert held is not None
    assert held.offered_to == NODE, "a look withdraws no offer"
    rig.pc.append(case, DossierMoved(NODE, "ask", False))
    with pytest.raises(Refused, match="取回之前没有样张"):
        rig.outcomes.preview(case, Act.UNNEEDED, "依法不需要许可。", (), WIDTH)
    assert rig.line.claimed == []
