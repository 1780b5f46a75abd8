"""The receipt of what was brought for a case says who does what next, and until when where the law counts days."""

from dataclasses import replace
from datetime import date

from hall.catalogue.loading import resources_dir
from hall.handouts import errand_receipt
from hall.intake import views
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.reference import load_reference
from tests.hall.builders import Machine
from tests.hall.papers.reading import FONTS, pdfium_text
from tests.hall.test_paperwork import received, says


def test_who_brings_a_correction_is_told_who_decides_and_until_when(hall: Machine) -> None:
    ref, press = load_reference(resources_dir(), "changji"), PaperPress(FontSet.in_folder(FONTS))
    hall.rules = ref.rules
    case = received(hall, ref)
    hall.correct(case)
    row = hall.case(case)
    licence = replace(row, item=replace(row.item, item_type="01"))
    errand = replace(hall.look(views.errand_by_id, hall.errand(row.case_no)), handed_in_on=date(2026, 11, 23))
    told = {
        "由本大厅综合窗口核对补正材料、决定是否受理，不迟于2026年11月30日书面告知申请人。": (errand, licence),
        "由本大厅综合窗口核对补正材料、决定是否受理，并告知申请人。": (
            errand, replace(row, item=replace(row.item, item_type="07"))
        ),
        "初审后决定是否受理，不迟于2026年11月30日书面告知申请人。": (
            errand, replace(licence, intake_mode="precheck_then_accept")
        ),
        "将转交原受理部门处理。": (errand, None),
        f"将转交{ref.unit_name(row.department)}处理。": (replace(errand, kind="withdrawal"), licence),
    }  # fmt: skip
    for words, (one, known) in told.items():
        with hall.store.read() as conn:
            made = errand_receipt(conn, ref, one, known)
        says(pdfium_text(press.render(made)), words)
