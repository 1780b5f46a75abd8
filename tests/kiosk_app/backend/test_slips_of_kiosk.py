"""Slips through the unchanged driver to a printer made of software, over TCP; and what is written down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from pypdfium2 import PdfDocument

from devices.simulation import SimulatorServer
from devices.ticket_printer.compose import PrinterProfile
from devices.ticket_printer.driver import EscPosTicketPrinter
from devices.ticket_printer.simulator import PrinterFault, SimulatedPrinter
from devices.transport import TcpTransport
from hall.journal.refusal import StoreFault
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.queueing import views as queue
from hall.queueing.model import read_slip_code
from kiosk_app.backend.a4_spool import NoticeSpool
from kiosk_app.backend.slip_printer import KioskPrinter, shortened
from kiosk_app.ports import IssuedTicket, IssueRequest, Slip, SlipState
from kiosk_app.take_ticket.slip import guide_slip, ticket_slip
from tests.devices.ticket_printer.rig import hall_fonts, rom
from tests.kiosk_app.backend.rig import Rig
from ui.resource_files import resource_path

HALL = "昌吉市政务中心"


class Desk:
    """A kiosk's printer on a wire."""

    def __init__(self, rig: Rig, sim: SimulatedPrinter, port: int) -> None:
        self.rig, self.sim = rig, sim
        driver = EscPosTicketPrinter(
            "号票打印机", lambda: TcpTransport("127.0.0.1", port), PrinterProfile(), hall_fonts(),
            reply_timeout_s=0.8, print_timeout_s=2.5,
        )  # fmt: skip
        self.printer = KioskPrinter(rig.bench, slip_of=rig.ticketing.slip_of, printer=driver)

    def ticket(self, item: str = "p11-03", priority: str = "") -> IssuedTicket:
        zone = self.rig.hall.guide(item).matter.zone_no
        return self.rig.hall.issue(IssueRequest(uuid4(), zone, item, priority))

    def print(self, ticket: IssuedTicket, *, reprint: bool = False) -> SlipState:
        return self.printer.print(ticket_slip(ticket, HALL, reprint=reprint))

    def results(self, ticket: IssuedTicket) -> tuple[tuple[str, bool], ...]:
        named = read_slip_code(ticket.code)
        assert named is not None
        with self.rig.store.read() as conn:
            return queue.slip_results(conn, named[0])

    def words(self, which: int = -1) -> str:
        """What the printer was sent as text (GB 18030)."""
        return self.sim.tickets[which].raw.decode("gb18030", "ignore")


@pytest.fixture
def desk(rig: Rig) -> Iterator[Desk]:
    sim = SimulatedPrinter(rom(), rows_per_s=20_000)
    with SimulatorServer(sim.feed, sim.late) as server:
        yield Desk(rig, sim, server.port)


def test_a_printed_slip_is_written_down_as_confirmed(desk: Desk) -> None:
    desk.ticket()
    ticket = desk.ticket(priority="elder")
    assert desk.print(ticket) is SlipState.PRINTED
    assert desk.results(ticket) == (("confirmed", False),)
    words = desk.words()
    for part in (HALL, "FH002", "核发居民身份证", "户籍", "前面等候：0", "老年人", ticket.code):
        assert part in words
    assert "补打" not in words


def test_paper_out_keeps_the_number_and_the_second_try_is_no_reprint(desk: Desk) -> None:
    desk.sim.set_fault(PrinterFault.PAPER_OUT)
    ticket = desk.ticket()
    assert desk.print(ticket) is SlipState.NO_PAPER
    desk.sim.set_fault(None)
    assert desk.print(ticket, reprint=True) is SlipState.PRINTED
    assert desk.results(ticket) == (("no_paper", False), ("confirmed", False))
    assert "补打" not in desk.words(), "no slip had come out before"


def test_without_confirmation_the_next_slip_is_a_reprint(desk: Desk) -> None:
    desk.sim.set_fault(PrinterFault.UNCONFIRMED)
    ticket = desk.ticket()
    assert desk.print(ticket) is SlipState.UNCONFIRMED
    desk.sim.set_fault(None)
    assert desk.print(ticket, reprint=True) is SlipState.PRINTED
    assert desk.results(ticket) == (("unknown", False), ("confirmed", True))
    assert "补打" in desk.words()
    assert ticket.number in desk.words()


@pytest.mark.parametrize(
    ("fault", "result", "state"),
    [
        (PrinterFault.COVER_OPEN, "needs_person", SlipState.FAULT),
        (PrinterFault.SILENT, "offline", SlipState.FAULT),
        (PrinterFault.GARBAGE, "fault", SlipState.FAULT),
        (PrinterFault.CABLE_CUT_MID_PRINT, "unknown", SlipState.UNCONFIRMED),
        (PrinterFault.PAPER_OUT_MID_PRINT, "stopped", SlipState.STOPPED),
        (PrinterFault.COVER_OPEN_MID_PRINT, "stopped", SlipState.STOPPED),
    ],
)
def test_faults(desk: Desk, fault: PrinterFault, result: str, state: SlipState) -> None:
    ticket = desk.ticket()
    desk.sim.set_fault(fault)
    assert desk.print(ticket) is state
    assert desk.results(ticket) == ((result, False),)


def test_an_own_number_says_where_to_queue_and_nothing_it_does_not_know(desk: Desk) -> None:
    desk.rig.line.away = True
    ticket = desk.ticket()
    assert desk.print(ticket) is SlipState.PRINTED
    assert "V001" in desk.words()
    assert "请到综合窗口出示本号" in desk.words()
    assert "前面等候" not in desk.words()


def test_a_slip_no_longer_remembered_is_printed_from_its_text(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.rig.ticketing._slips.clear()
    assert desk.print(ticket) is SlipState.PRINTED
    assert ticket.number in desk.words()
    assert ticket.code in desk.words()


def test_a_full_disk_does_not_turn_a_printed_slip_into_a_lie(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = desk.ticket()

    def full(*_: object) -> None:
        raise StoreFault("磁盘已满")

    monkeypatch.setattr(desk.rig.store, "handle", full)
    assert desk.print(ticket) is SlipState.PRINTED


def test_without_a_printer_it_is_a_fault(rig: Rig) -> None:
    printer = KioskPrinter(rig.bench, slip_of=rig.ticketing.slip_of, printer=None)
    assert printer.print(Slip(HALL, "", ("户口迁移",))) is SlipState.FAULT


def test_a_guide_goes_on_a_slip_shortened_when_it_is_too_long(desk: Desk) -> None:
    guide = desk.rig.hall.guide("p06-03")
    assert desk.printer.print(guide_slip(guide, HALL)) is SlipState.PRINTED
    assert "出生医学证明" in desk.words()
    long = replace(guide, blocks=tuple(replace(guide.blocks[0], text="很长的话。" * 150) for _ in range(9)))
    assert desk.printer.print(guide_slip(long, HALL)) is SlipState.PRINTED
    assert "其余内容请看自助机屏幕" in desk.words()
    assert "很长的话" not in desk.words()


def test_shortened_keeps_the_materials() -> None:
    slip = Slip(HALL, "", ("户口迁移", "要带的材料：", "1. 身份证", "【依据】", "……"))
    assert shortened(slip).lines[:3] == slip.lines[:3]
    assert not any(line.startswith("【") for line in shortened(slip).lines)


def spool(rig: Rig, folder: Path) -> NoticeSpool:
    press = PaperPress(FontSet.in_folder(resource_path("fonts")))
    return NoticeSpool(
        f"folder:{folder}",
        notice=rig.hall.notice,
        today=lambda: date(2026, 11, 23),
        make_press=lambda: press.render,
    )


def test_a_guide_goes_to_a4_where_there_is_one(desk: Desk, tmp_path: Path) -> None:
    notices = spool(desk.rig, tmp_path / "a4")
    printer = KioskPrinter(
        desk.rig.bench, slip_of=desk.rig.ticketing.slip_of, printer=None, print_notice=notices.print_notice
    )
    guide = desk.rig.hall.guide("p06-03")
    assert printer.print(guide_slip(guide, HALL)) is SlipState.PRINTED
    (pdf,) = (tmp_path / "a4").iterdir()
    document = PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    flat = "".join(text.split())
    assert "一次性告知清单" in flat
    assert "结婚证（已登记结婚的需要）" in flat
    assert not desk.sim.tickets


def test_a_package_has_no_notice_and_goes_on_a_slip(desk: Desk, tmp_path: Path) -> None:
    assert (
        spool(desk.rig, tmp_path / "a4").print_notice(desk.rig.hall.guide("package:6").matter.name) is False
    )


def test_a_spool_address_is_checked() -> None:
    for address in ("", "cups:", "lpt1", "folder"):
        with pytest.raises(ValueError, match="a4_printer"):
            NoticeSpool(address, notice=lambda *_: None, today=date.today, make_press=lambda: lambda _: b"")
