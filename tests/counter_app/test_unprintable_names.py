"""A character that no font of the papers has: told while it is typed, told again when the paper is out."""

from dataclasses import replace
from pathlib import Path

from counter_app.device_ports import CardData
from counter_app.keys import Action
from counter_app.take_in.checks import FieldNote
from counter_app.take_in.state import Step
from counter_app.values import CaseId
from tests.counter_app.bench import UNPRINTABLE, Bench
from tests.counter_app.desk_rig import make_rig
from tests.counter_app.fakes import good_id
from tests.counter_app.test_papers_at_the_window import received_here
from tests.counter_app.visit_steps import ID, check_all, serve, to_materials
from ui.tokens import Tone

NAME = f"王{UNPRINTABLE}"
TOLD = f"{UNPRINTABLE}要手写。"


def note(field: str) -> FieldNote:
    return FieldNote(field, TOLD, blocks=False, at_once=True)


def test_it_is_told_while_it_is_typed_and_stops_nothing(bench: Bench) -> None:
    p = serve(bench)
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    take_in.edit_applicant(replace(take_in.state.applicant, name=NAME))
    assert take_in.state.notes == (note("name"),), "nothing else is remarked before F9"
    take_in.edit_applicant(replace(take_in.state.applicant, address=UNPRINTABLE, name="王某"))
    assert take_in.state.notes == (note("address"),)
    take_in.edit_applicant(replace(take_in.state.applicant, cert_no=ID, phone="13800001234"))
    take_in.press_main()
    assert take_in.state.step > Step.APPLICANT


def test_it_is_told_as_soon_as_the_card_is_read_for_an_agent_too(bench: Bench) -> None:
    p = serve(bench)
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    bench.reader.card = CardData(NAME, good_id("65230119900307102"))
    p.visit.act(Action.READ_CARD)
    assert take_in.state.notes == (note("name"),)
    p.visit.act(Action.AGENT)
    p.visit.act(Action.READ_CARD)
    assert take_in.state.notes == (note("name"), note("agent_name"))
    # another case in between, and back
    p.visit.act(Action.NEW_CASE)
    take_in.type_item("gtg")
    take_in.press_open_item()
    assert note("name") not in take_in.state.notes
    p.visit.act(Action.NEXT_CASE)
    assert take_in.state.notes == (note("name"), note("agent_name"))


def test_the_notice_of_a_paper_says_what_to_write_by_hand(bench: Bench) -> None:
    bench.hall.by_hand = TOLD
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    notice = p.slices.outcome.state.notice
    assert "已打印" in notice.text
    assert TOLD in notice.text
    assert notice.tone is Tone.ATTENTION


def test_a_paper_of_the_real_hall_knows_what_it_cannot_show(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)
    plain, rare = received_here(rig), received_here(rig, "王𠮷")
    assert [paper.by_hand for paper in rig.outcomes.papers_of(CaseId(plain))] == [""]
    (paper,) = rig.outcomes.papers_of(CaseId(rare))
    assert "「𠮷」打印不出来" in paper.by_hand
    rig.close()
