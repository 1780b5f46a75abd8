"""Papers of an item that is done on the spot and is no licence: 退役报到, from the notice to the decision."""

from collections.abc import Iterator

import pytest

from hall.catalogue.loading import resources_dir
from hall.delivery import handlers as delivery
from hall.handouts import one_time_notice
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake.model import AcceptMode
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.reference import Reference, load_reference
from hall.review import commands as review_cmd
from tests.hall.builders import DAY, Machine, fresh, machine
from tests.hall.papers.reading import FONTS, pdfium_text, squeezed
from tests.hall.test_paperwork import says, text_of


@pytest.fixture(scope="module")
def press() -> PaperPress:
    return PaperPress(FontSet.in_folder(FONTS))


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resources_dir(), "changji")


@pytest.fixture
def hall(ref: Reference) -> Iterator[Machine]:
    one = machine("node-1", "hall")
    one.rules = ref.rules
    yield one
    one.store.close()


def on_the_spot(hall: Machine, ref: Reference) -> str:
    """退役报到, taken in: decided at the window the same day."""
    item = ref.catalogue.item("p11-01")
    case = hall.draft(item=ref.item_facts(item), materials=ref.exact_materials(item, {}))
    hall.applicant(case)
    hall.check_all(case)
    hall.receive(case)
    return case


def test_a_receipt_of_what_is_done_on_the_spot_speaks_of_no_five_days(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = on_the_spot(hall, ref)
    text = text_of(hall, ref, press, case, "received")
    says(text, "即办件", "当场办结")
    assert "五个工作日" not in text


def test_acceptance_and_decision_rest_on_the_items_own_basis(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = on_the_spot(hall, ref)
    hall.ruled(
        cmd.AcceptCase(fresh("c"), case, AcceptMode.NORMAL, 97, "w1", DAY, None), receiving.accept_case
    )
    decide = review_cmd.DecideCase(
        fresh("c"), case, True, "", "o1", DAY, None, "退役军人报到登记回执", None, fresh("d"), 97
    )
    hall.ruled(decide, delivery.decide)
    law = "《中华人民共和国退役军人保障法》第十四条"
    says(text_of(hall, ref, press, case, "accepted"), f"依据{law}的规定", "窗口领取")
    assert "邮寄" not in text_of(hall, ref, press, case, "accepted")
    says(text_of(hall, ref, press, case, "granted"), f"依据{law}的规定", "当场在", "领取")


def test_a_notice_tells_the_halls_hours_and_repeats_nothing(ref: Reference, press: PaperPress) -> None:
    made = one_time_notice(ref, ref.catalogue.item("p11-01"), {}, DAY)
    text = pdfium_text(press.render(made))
    for fact in ("夏季（5月1日起）10:00—14:00、16:00—20:00", "冬季（10月1日起）", "复印件由窗口扫描代替"):
        assert squeezed(fact) in text
    assert "大厅对外办公时间" not in text
    assert "行政关系介绍信：行政关系介绍信" not in text
    assert made.samples
    assert all(name != shown for name, _, shown in (x.partition("：") for x in made.samples))
