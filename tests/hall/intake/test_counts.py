"""As many as the list asks for must be registered before a material is found right."""

from dataclasses import replace

import pytest

from hall.intake import commands as cmd
from hall.intake import drafting, views
from hall.intake.model import CheckResult, MaterialState
from hall.journal.refusal import Refusal
from tests.hall.builders import MATERIALS, Machine, fresh, page


def of_two(hall: Machine) -> tuple[str, str]:
    """A case whose first material is asked for in two originals."""
    first, *others = MATERIALS
    case = hall.draft(materials=(replace(first, original_n=2, copy_n=0), *others))
    hall.applicant(case)
    return case, hall.look(views.materials, case)[0].id


def state(hall: Machine, case: str, material: str) -> MaterialState:
    return next(m.state for m in hall.look(views.materials, case) if m.id == material)


@pytest.mark.parametrize("captured", [True, False])
def test_one_where_two_are_asked_for_is_not_found_right(hall: Machine, captured: bool) -> None:
    case, material = of_two(hall)
    if captured:
        shot = cmd.AttachPage(fresh("c"), case, material, page(fresh("p")), "w1")
        hall.do(shot, drafting.attach_page)
    else:
        hall.present(case, material)
    with pytest.raises(Refusal, match="份数"):
        hall.check(case, material, CheckResult.OK)
    hall.do(
        cmd.PresentMaterial(fresh("c"), case, material, "original", 2, "kept", "w1"),
        drafting.present_material,
    )
    hall.check(case, material, CheckResult.OK)
    assert state(hall, case, material) is MaterialState.CHECKED_OK


def test_too_few_can_be_called_wrong(hall: Machine) -> None:
    case, material = of_two(hall)
    hall.present(case, material)
    hall.check(case, material, CheckResult.DEFECTIVE, "只交来一份，请补一份")
    assert state(hall, case, material) is MaterialState.DEFECTIVE
