"""What people choose from: the catalogue and the hall's profile as a kiosk shows them."""

from pathlib import Path
from uuid import uuid4

import pytest

from hall.queueing import handlers
from hall.queueing.commands import OpenWindow
from hall.reference import load_reference
from kiosk_app.backend.guides import Guides
from kiosk_app.backend.places import Places
from kiosk_app.backend.questions import QuestionsFileError, load_questions
from kiosk_app.backend.rating_table import rating_levels
from kiosk_app.ports import IssueRequest, Refused
from tests.kiosk_app.backend.rig import Rig
from ui.resource_files import resource_path

HALLS = ("changji", "heshuo", "kashi", "wushen", "zhaohua")


@pytest.mark.parametrize("hall", HALLS)
def test_every_hall_has_a_menu_whose_every_end_is_a_number(hall: str) -> None:
    ref = load_reference(resource_path(), hall)
    places = Places(ref)
    guides = Guides(ref, places)
    questions = load_questions(resource_path("kiosk", "questions.json"), places)
    zones = {z.no for z in places.zones({}, ())}
    assert len(questions) >= 8
    for question in questions:
        assert resource_path("icons", f"{question.icon}.svg").is_file()
        for item in question.item_ids:
            assert places.matter(item).zone_no in zones
    for matter in places.matters():
        assert matter.zone_no in zones, matter.name
        guide = guides.guide(matter.item_id)
        assert guide.materials or guide.blocks
        assert places.place(matter.zone_no).windows
    assert places.pick_up(ref.profile.hours.seasons[0]).window_text


def test_matters_begin_with_what_can_be_explained(rig: Rig) -> None:
    names = [m.name for m in rig.hall.matters()]
    assert names[0].endswith("一件事")
    household = rig.hall.matters("FH")
    assert {m.zone_name for m in household} == {"公安事务专区·户籍"}
    assert all(m.name for m in household)
    assert rig.hall.matters("F") != household


def test_zones_tell_how_busy_they_are_while_the_node_answers(rig: Rig) -> None:
    opened = OpenWindow("w1", 20, "20号窗口", "s1", "窗口员", ("FH",), ())
    rig.node.handle(opened, handlers.open_window)
    rig.hall.issue(IssueRequest(uuid4(), "FH", "p11-03"))
    rig.sync()
    zone = next(z for z in rig.hall.zones() if z.no == "FH")
    assert (zone.waiting, zone.open_windows) == (1, 1)
    rig.line.away = True
    zone = next(z for z in rig.hall.zones() if z.no == "FH")
    assert (zone.waiting, zone.open_windows) == (None, None)


def test_penalty_and_hotline_give_no_numbers(rig: Rig) -> None:
    assert "GF" not in {z.no for z in rig.hall.zones()}


def test_a_material_says_when_it_is_needed(rig: Rig) -> None:
    guide = rig.hall.guide("p06-03")
    notes = {m.name: m.note for m in guide.materials}
    assert notes["出生医学证明"] == ""
    assert notes["结婚证"] == "已登记结婚的需要"
    assert notes["亲子鉴定意见书"] == "未登记结婚，且随父亲的需要"
    assert dict((b.title, b.text) for b in guide.blocks)["收费标准"] == "不收费"
    assert guide.matter.sample


def test_an_item_without_a_guide_says_so(rig: Rig) -> None:
    guide = rig.hall.guide("cj06-01")
    assert guide.materials == ()
    assert "待补充" in guide.blocks[0].text


def test_a_package_asks_for_each_material_once(rig: Rig) -> None:
    names = [m.name for m in rig.hall.guide("package:6").materials]
    assert len(names) == len(set(names)) > 5


def test_a_packages_materials_say_for_which_answers(rig: Rig) -> None:
    guide = rig.hall.guide("package:7")
    assert guide.matter.sample
    notes = {m.name: m.note for m in guide.materials}
    assert notes["预防接种证"] == ""
    assert notes["不动产权证书或房屋买卖合同"] == "自有住房的需要"
    assert notes["房屋租赁合同及备案凭证"] == "租房的需要"
    assert notes["出卖单位营业执照"] == "自有住房，且出卖人是单位的需要"
    house = {m.name: m.note for m in rig.hall.guide("package:4").materials}
    assert house["营业执照"] == "买受人是单位的需要"
    assert house["不动产权证书"] == ""
    assert "契税完税凭证" not in house


def test_unknown_matters_are_refused(rig: Rig) -> None:
    for item in ("nothing", "package:999", ""):
        with pytest.raises(Refused):
            rig.hall.guide(item)


def test_priority_groups_and_pick_up_are_the_halls_own(rig: Rig) -> None:
    assert [g.text for g in rig.hall.priority_groups()] == [
        "老年人", "军人", "残疾人", "孕妇", "应急救援人员",
    ]  # fmt: skip
    place = rig.hall.pick_up_place()
    assert place.window_text == "无差别综合受理 97—99号窗口"
    assert "不动产发证" in place.where_text
    assert place.hours_text == "工作日 10:00—14:00，15:30—19:30"


def test_rating_levels_are_the_national_table() -> None:
    levels = rating_levels(resource_path("code_tables.yaml"))
    assert [level.key for level in levels] == ["5", "4", "3", "2", "1"]
    for level in levels:
        assert {str(r.code)[0] for r in level.reasons} == {level.key}
        assert len(level.reasons) == 8


def test_a_broken_questions_file_is_named(tmp_path: Path, rig: Rig) -> None:
    path = tmp_path / "questions.json"
    path.write_text('{"questions": [{"text": "x"}]}', encoding="utf-8")
    with pytest.raises(QuestionsFileError, match=r"questions\.json"):
        load_questions(path, rig.places)
