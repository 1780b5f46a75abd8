"""The steps of a clerk who takes in a package (入学一件事) over a rig's real desks."""

from counter_app.backend.intake_desk import Intake
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.pages import PageTray, StagedPage
from counter_app.take_in.ports import ApplicantForm, CaseView, OriginalPlace, Presented, Verdict
from counter_app.values import ItemId, PageId, TicketId
from tests.counter_app.desk_rig import Rig
from tests.counter_app.fakes import new_id

SCHOOL = ItemId("package:7")
WHO = ApplicantForm(name="示例甲", cert_no="652301199001011234", phone="13900000000")


def desk_of(rig: Rig) -> Intake:
    return Intake(rig.bench, PageTray(rig.bench.data / "tray", bytes(32)), PackageDesk(rig.bench))


def opened(desk: Intake, **answers: str) -> CaseView:
    view = desk.open_case(new_id(), TicketId("ticket-1"), SCHOOL)
    view = desk.set_applicant(new_id(), view.case_id, WHO, None)
    for question, option in answers.items():
        view = desk.set_answer(new_id(), view.case_id, question, option)
    return view


def checked(desk: Intake, view: CaseView) -> CaseView:
    for m in view.materials:
        place = OriginalPlace.RETURNED if m.identity else OriginalPlace.KEPT
        desk.present_material(
            new_id(), view.case_id, m.material_id, Presented.ORIGINAL, m.original_needed, place
        )
        if m.identity:
            page = desk.tray.put(StagedPage(b"a page", 2480, 3508, 300, "camera-1"))
            desk.attach_page(new_id(), view.case_id, m.material_id, PageId(page))
        view = desk.check_material(new_id(), view.case_id, m.material_id, Verdict.OK, "")
    return view
