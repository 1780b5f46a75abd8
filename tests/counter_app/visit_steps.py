"""The beginnings of a visit that several tests share."""

from dataclasses import replace

from counter_app.keys import Action
from counter_app.view_window import Presenters
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME, good_id

ID = good_id("65230119900307102")


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


def check_all(p: Presenters) -> None:
    for _ in range(len(p.slices.materials.state.materials)):
        p.slices.materials.press_ok()
