"""The driver against the printer made of software: every named fault, over loopback and TCP."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import BadReply, DeviceNeedsPerson, DeviceOffline, OutcomeUnknown
from devices.ticket_printer.compose import Completion, PrinterProfile, TicketTooLong, compose
from devices.ticket_printer.driver import PrintOutcome
from devices.ticket_printer.layout import TicketFeed, TicketLine, TicketQr, TicketRule, TicketText
from devices.ticket_printer.simulator import PrinterFault, SimulatedPrinter
from devices.transport import LoopbackTransport, TcpTransport, Transport
from tests.devices.ticket_printer.rig import HandClock, Rig, hall_fonts, loopback_rig, rom, tcp_rig

TICKET: list[TicketLine] = [
    TicketText("A017", size=4),
    TicketText("请到3号窗口"),
    TicketRule(),
    TicketFeed(2),
]


@pytest.fixture(params=["loopback", "tcp"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "loopback":
        yield loopback_rig()
    else:
        with tcp_rig() as rig:
            yield rig


@pytest.mark.parametrize("completion", [Completion.PROCESS_ID, Completion.PAPER_IN_ORDER])
def test_confirmed_only_when_it_is_out(rig: Rig, completion: Completion) -> None:
    assert rig.printer(completion=completion).print_ticket(TICKET) is PrintOutcome.CONFIRMED
    assert len(rig.sim.tickets) == 1
    assert "请到3号窗口".encode("gb18030") in rig.sim.tickets[0].raw
    assert rig.sim.control({"status": True})["unknown"] == []


def test_a_model_that_cannot_say_is_sent_unconfirmed(rig: Rig) -> None:
    printer = rig.printer(completion=Completion.NONE)
    assert printer.print_ticket(TICKET) is PrintOutcome.SENT_UNCONFIRMED


def test_two_tickets_are_two_sessions(rig: Rig) -> None:
    printer = rig.printer()
    printer.print_ticket(TICKET)
    printer.print_ticket(TICKET)
    assert len(rig.sim.tickets) == 2


def test_the_roll_shrinks_and_near_end_still_prints(rig: Rig) -> None:
    rig.sim.control({"paper_mm": 1000})
    printer = rig.printer()
    assert printer.status().near_end
    assert printer.print_ticket(TICKET) is PrintOutcome.CONFIRMED
    assert rig.sim.control({"status": True})["paper_mm"] < 1000


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (PrinterFault.PAPER_OUT, "缺纸"),
        (PrinterFault.COVER_OPEN, "上盖"),
        (PrinterFault.CUTTER_ERROR, "切刀"),
        (PrinterFault.OVERHEATED, "过热"),
        (PrinterFault.OFFLINE, "脱机"),
    ],
)
def test_a_person_is_needed_and_nothing_is_sent(rig: Rig, fault: PrinterFault, hint: str) -> None:
    rig.sim.set_fault(fault)
    with pytest.raises(DeviceNeedsPerson) as caught:
        rig.printer().print_ticket(TICKET)
    assert hint in caught.value.hint
    rig.sim.set_fault(None)
    assert rig.printer().print_ticket(TICKET) is PrintOutcome.CONFIRMED
    assert len(rig.sim.tickets) == 1, "the refused ticket must not come out later"


def test_near_end_fault_is_told_and_printing_goes_on(rig: Rig) -> None:
    rig.sim.set_fault(PrinterFault.NEAR_END)
    assert rig.printer().status().near_end
    assert rig.printer().print_ticket(TICKET) is PrintOutcome.CONFIRMED


@pytest.mark.parametrize("fault", [PrinterFault.SILENT, PrinterFault.LATE, PrinterFault.CABLE_CUT])
def test_no_answer_before_printing_is_offline(rig: Rig, fault: PrinterFault) -> None:
    rig.sim.set_fault(fault)
    with pytest.raises(DeviceOffline):
        rig.printer().print_ticket(TICKET)
    rig.sim.set_fault(None)
    assert list(rig.sim.tickets) == []


def test_garbage_is_a_bad_reply(rig: Rig) -> None:
    rig.sim.set_fault(PrinterFault.GARBAGE)
    with pytest.raises(BadReply):
        rig.printer().status()


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (PrinterFault.PAPER_OUT_MID_PRINT, "缺纸"),
        (PrinterFault.COVER_OPEN_MID_PRINT, "开盖"),
        (PrinterFault.SILENT_MID_PRINT, "补打"),
        (PrinterFault.UNCONFIRMED, "补打"),
        (PrinterFault.CABLE_CUT_MID_PRINT, "补打"),
    ],
)
def test_trouble_while_printing_is_unknown_and_never_sent_again(
    rig: Rig, fault: PrinterFault, hint: str
) -> None:
    rig.sim.set_fault(fault)
    with pytest.raises(OutcomeUnknown) as caught:
        rig.printer().print_ticket(TICKET)
    assert hint in caught.value.hint
    rig.sim.set_fault(None)
    rig.printer().print_ticket([TicketText("B002")])
    assert [ticket.raw.count(b"A017") for ticket in rig.sim.tickets] == [1, 0]


def test_every_fault_has_a_test() -> None:
    """The lists above, together with near end and garbage, name them all."""
    before = set("paper_out cover_open cutter_error overheated offline silent late cable_cut".split())
    middle = {fault for fault in PrinterFault if fault.endswith("_mid_print")}
    assert set(PrinterFault) == before | middle | {"near_end", "garbage", "unconfirmed"}


def test_nobody_at_the_address_is_offline() -> None:
    def connect() -> Transport:
        return TcpTransport("127.0.0.1", 1, connect_timeout_s=0.5)

    with pytest.raises(DeviceOffline) as caught:
        Rig(loopback_rig().sim, connect).printer().status()
    assert "网线" in caught.value.hint


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    """On a serial line the answer to an old question may still lie in the buffer."""
    clock = HandClock()
    sim = SimulatedPrinter(rom(), clock=clock)
    link = LoopbackTransport(sim.feed, sim.late, clock=clock, pause=clock.pause)
    link.inject(bytes([0x1A, 0x7E]))
    assert Rig(sim, lambda: link, clock=clock).printer().status().online


def rig_with(on_job: Callable[[SimulatedPrinter, LoopbackTransport], None]) -> Rig:
    """Something happens at the moment the job has arrived."""
    clock = HandClock()
    sim = SimulatedPrinter(rom(), clock=clock)
    link = LoopbackTransport(sim.feed, sim.late, clock=clock, pause=clock.pause)
    write = link.write

    def write_then_happen(data: bytes) -> None:
        write(data)
        if b"A017" in data:
            on_job(sim, link)

    link.write = write_then_happen  # type: ignore[method-assign]
    return Rig(sim, lambda: link, clock=clock)


def test_a_stranger_s_completion_is_not_ours() -> None:
    """The answer to a job of an earlier run arrives while we wait for ours."""

    def stranger(sim: SimulatedPrinter, link: LoopbackTransport) -> None:
        sim.set_fault(PrinterFault.UNCONFIRMED)
        link.inject(bytes.fromhex("3722 2a2a2a2a 00"))

    with pytest.raises(OutcomeUnknown):
        rig_with(stranger).printer().print_ticket(TICKET)


def test_paper_end_told_by_gs_r_is_no_confirmation() -> None:
    rig = rig_with(lambda sim, link: link.inject(b"\x0f"))
    with pytest.raises(OutcomeUnknown) as caught:
        rig.printer(completion=Completion.PAPER_IN_ORDER).print_ticket(TICKET)
    assert "缺纸" in caught.value.hint


@pytest.mark.parametrize("fault", [PrinterFault.PAPER_OUT, PrinterFault.SILENT, PrinterFault.CABLE_CUT])
def test_a_model_that_cannot_say_must_still_be_well(fault: PrinterFault) -> None:
    rig = rig_with(lambda sim, link: sim.set_fault(fault))
    with pytest.raises(OutcomeUnknown):
        rig.printer(completion=Completion.NONE).print_ticket(TICKET)


def test_completion_comes_late_but_status_at_once() -> None:
    clock = HandClock()
    sim = SimulatedPrinter(rom(), clock=clock, rows_per_s=100)
    job = compose(TICKET, PrinterProfile(), hall_fonts())
    assert sim.feed(job + bytes.fromhex("1d284806003030 30303031 100401")) == b"\x12"
    clock.pause(0.5)
    assert sim.late() == b""
    assert sim.control({"status": True})["printing"]
    clock.pause(60)
    assert sim.late() == bytes.fromhex("3722 30303031 00")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_the_printer_takes_any_chunking(sizes: list[int]) -> None:
    content = [*TICKET, TicketText("𠮷㐂"), TicketQr("https://hall.example.cn/t/1")]
    job = compose(content, PrinterProfile(), hall_fonts()) + bytes.fromhex("100404 1d284806003030 30303031")
    clock = HandClock()
    sim = SimulatedPrinter(rom(), clock=clock)
    answers, at = b"", 0
    for size in [*sizes, len(job)]:
        answers += sim.feed(job[at : at + size])
        at += size
    clock.pause(60)
    assert (answers + sim.late()).hex() == "12" + "37223030303100"
    assert sim.tickets[0].raw == job[: job.index(b"\x1dVB\x00") + 4]
    whole = SimulatedPrinter(rom(), clock=clock)
    whole.feed(job)
    clock.pause(60)
    whole.late()
    assert whole.tickets[0].image.tobytes() == sim.tickets[0].image.tobytes()


def test_content_that_is_no_ticket_is_refused_before_anything_is_sent() -> None:
    rig = loopback_rig()
    with pytest.raises(TicketTooLong):
        rig.printer().print_ticket([TicketText("长" * 900, size=4)])
    assert list(rig.sim.tickets) == []
