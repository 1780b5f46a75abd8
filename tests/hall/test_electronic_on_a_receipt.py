"""What was only shown on a phone counts on the receipt like any other material."""

from hall.catalogue.loading import resources_dir
from hall.intake import commands as cmd
from hall.intake import drafting, views
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.reference import load_reference
from tests.hall.builders import Machine, fresh
from tests.hall.papers.reading import FONTS
from tests.hall.test_paperwork import draft, says, text_of


def test_an_electronic_licence_is_one_and_no_paper_was_taken(hall: Machine) -> None:
    ref = load_reference(resources_dir(), "changji")
    hall.rules = ref.rules
    case = draft(hall, ref)
    paper, licence, *_ = hall.look(views.materials, case)
    hall.present(case, paper.id)
    # a window counts no sheets of what was only shown
    shown = cmd.PresentMaterial(fresh("c"), case, licence.id, "electronic", 0, "none", "w1")
    hall.do(shown, drafting.present_material)
    hall.receive(case)
    text = text_of(hall, ref, PaperPress(FontSet.in_folder(FONTS)), case, "received")
    says(
        text, f"{licence.facts.name}电子证照1—没有纸质原件", "共 2 项，2 份（其中电子证照 1 份），已扫描 0 页"
    )
