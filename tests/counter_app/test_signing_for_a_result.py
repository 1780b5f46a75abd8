"""Who fetches a result signs for it before it leaves the window."""

from counter_app.delivery.state import DeliveryStep
from counter_app.keys import Action
from counter_app.values import Signature
from counter_app.view_window import Presenters
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import RESULT, all_in_hand, serve


def at_signing(bench: Bench) -> Presenters:
    bench.hall.results_list = (RESULT,)
    p = serve(bench)
    p.visit.act(Action.DELIVERY)
    p.visit.act(Action.MAIN)
    all_in_hand(p)
    p.visit.act(Action.READ_CARD)
    p.visit.act(Action.MAIN)
    assert p.slices.delivery.state.step is DeliveryStep.SIGN
    return p


def test_a_signature_by_hand_needs_the_printed_proof_first(bench: Bench) -> None:
    p = at_signing(bench)
    delivery = p.slices.delivery
    assert p.visit.state.next_step.main == "打印送达回证，请领取人签字"
    bench.printer.trouble = "打印机没有纸了。"
    p.visit.act(Action.MAIN)
    assert (bench.hall.handed, delivery.state.step) == ([], DeliveryStep.SIGN)
    assert "没有打印" in delivery.state.notice.text
    bench.printer.trouble = ""
    p.visit.act(Action.PRINT)
    assert (bench.hall.handed, bench.printer.printed) == ([], ["p-d1"])
    assert "看到签字后按 F9 完成交付" in delivery.state.notice.text
    assert p.visit.state.next_step.main == "回证已签字，完成交付"
    p.visit.act(Action.MAIN)
    assert [(d, s) for d, _, s in bench.hall.handed] == [("d1", None)]
    assert delivery.state.step is DeliveryStep.DONE
    assert bench.printer.printed == ["p-d1"]


def test_without_a_printer_the_proof_is_written_by_hand(bench: Bench) -> None:
    p = at_signing(bench)
    bench.printer.trouble = "打印机没有纸了。"
    p.visit.act(Action.MAIN)
    assert p.slices.delivery.state.proof is not None
    assert f"写上编号 {p.slices.delivery.state.proof.number}" in p.slices.delivery.state.notice.text
    assert p.visit.state.next_step.main == "手写回证已签字，完成交付"
    p.visit.act(Action.MAIN)
    assert [(d, s) for d, _, s in bench.hall.handed] == [("d1", None)]
    assert p.slices.delivery.state.step is DeliveryStep.DONE


def test_who_comes_after_somebody_else_signs_for_himself(bench: Bench) -> None:
    p = at_signing(bench)
    p.visit.act(Action.CITIZEN_SIGN)
    p.slices.citizen.press_signed(Signature(b"ink", (((0.0, 0.0, 0), (1.0, 1.0, 9)),)))
    p.visit.act(Action.BACK)
    state = p.slices.delivery.state
    assert (state.step, state.signature, state.signed_by) == (DeliveryStep.IDENTITY, None, "")
