"""The beginnings of a visit that several tests share."""

from dataclasses import replace

from counter_app.delivery.documents import DueDocument
from counter_app.delivery.ports import ResultRow
from counter_app.keys import Action
from counter_app.take_in.ports import OriginalPlace
from counter_app.values import DeliveryId, PaperId, PaperRow
from counter_app.view_window import Presenters
from hall.delivery.model import DocumentKind
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME, good_id

ID = good_id("65230119900307102")
CASE_NO = "652301012026112200017"
DECISION = PaperRow(PaperId("p-decision"), "准予决定书", "昌市市监决字〔2026〕第9号", 1, "盖章。")
DOCUMENTS = (
    DueDocument(DocumentKind.DECISION, DECISION.title, DECISION.number, "可按 F10 在本窗打印", DECISION),
    DueDocument(DocumentKind.RESULT, "食品经营许可证", "", "由部门送来"),
)
RESULT = ResultRow(
    DeliveryId("d1"), CASE_NO, "食品经营许可", "食品经营许可证", "买**·吐", "待领", "3号柜 12", DOCUMENTS
)


def serve(bench: Bench, number: str = "A018") -> Presenters:
    bench.hall.add_ticket(number)
    p = bench.window.presenters
    p.visit.act(Action.CALL_NEXT)
    p.visit.act(Action.START)
    return p


def to_materials(p: Presenters) -> None:
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    take_in.edit_applicant(replace(take_in.state.applicant, name=LONG_NAME, cert_no=ID, phone="13800001234"))
    take_in.press_main()
    take_in.press_answer("q1", "father")
    take_in.press_answer("q2", "yes")
    take_in.press_main()


def all_in_hand(p: Presenters) -> None:
    """The chosen result's documents, each looked at."""
    for _ in p.slices.delivery.state.documents:
        p.slices.delivery.press_in_hand()
    p.visit.act(Action.MAIN)


def check_all(p: Presenters) -> None:
    """Every original is kept, and right."""
    for _ in range(len(p.slices.materials.state.materials)):
        p.slices.materials.press_original_place(OriginalPlace.KEPT)
        p.slices.materials.press_ok()
