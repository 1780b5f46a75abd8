"""Drivers for what the join file names. Heavy modules (fonts, PDF) are imported when first needed.

join.devices: ticket_printer, id_reader ("tcp://HOST:PORT", "serial:DEV@BAUD"); a4_printer ("cups:QUEUE",
"folder:PATH"); ticket_printer_paper_mm ("80", "58"); ticket_printer_completion ("process_id",
"paper_in_order", "none").
"""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from devices.id_reader.driver import SamvIdReader
from devices.transport import AddressError, open_transport, parse_address
from devices.voice.announcer import CallAnnouncer
from devices.voice.player import find_player
from hall.papers.content import OneTimeNotice
from hall.papers.slip import TicketSlip
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.card_reader import KioskReader, NoReader
from kiosk_app.ports import Slip, SlipState
from sync.join_file import BadJoinFile, JoinFile
from ui.resource_files import resource_path

if TYPE_CHECKING:
    from kiosk_app.backend.slip_printer import KioskPrinter

PAPERS_PX = {"80": 576, "58": 384}
COMPLETIONS = ("process_id", "paper_in_order", "none")
"""devices.ticket_printer.compose.Completion values, known here without loading fonts."""


class PrinterWhenNeeded:
    """Implements SlipPrinter; the driver with its fonts is made at the first slip. Any thread, one slip at a time."""

    def __init__(self, make: Callable[[], "KioskPrinter"]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._printer: KioskPrinter | None = None

    def print(self, slip: Slip) -> SlipState:
        return self._print(slip, seen=True)

    def print_unseen(self, slip: Slip) -> SlipState:
        """The slip of a number that nobody has seen: see KioskPrinter.print."""
        return self._print(slip, seen=False)

    def _print(self, slip: Slip, *, seen: bool) -> SlipState:
        with self._lock:
            if self._printer is None:
                self._printer = self._make()
            return self._printer.print(slip, seen=seen)


def slip_printer(
    bench: KioskBench,
    *,
    slip_of: Callable[[str], TicketSlip | None],
    notice: Callable[[str, date], OneTimeNotice | None],
) -> PrinterWhenNeeded:
    """Raises BadJoinFile for settings that cannot be right."""
    join = bench.join
    address = _address(join, "ticket_printer")
    paper = join.devices.get("ticket_printer_paper_mm", "80")
    completion = join.devices.get("ticket_printer_completion", "process_id")
    if paper not in PAPERS_PX or completion not in COMPLETIONS:
        words = "、".join(COMPLETIONS)
        raise BadJoinFile(f"接入文件里号票打印机的纸宽应为 80 或 58，完成方式应为 {words} 之一。")
    print_notice = notice_printer(join, notice, bench.day)

    def make() -> "KioskPrinter":
        from devices.ticket_printer.compose import Completion, PrinterProfile
        from devices.ticket_printer.driver import EscPosTicketPrinter
        from devices.ticket_printer.raster import TextRaster
        from kiosk_app.backend.slip_printer import KioskPrinter

        driver = None
        if address is not None:
            fonts = resource_path("fonts")
            raster = TextRaster(
                [fonts / "NotoSansSC-Regular.ttf", fonts / "NotoNaskhArabic-Regular.ttf"],
                [fonts / "NotoSansSC-Bold.ttf", fonts / "NotoNaskhArabic-Bold.ttf"],
            )
            profile = PrinterProfile(PAPERS_PX[paper], Completion(completion))
            driver = EscPosTicketPrinter("号票打印机", partial(open_transport, address), profile, raster)
        return KioskPrinter(bench, slip_of=slip_of, printer=driver, print_notice=print_notice)

    return PrinterWhenNeeded(make)


def notice_printer(
    join: JoinFile, notice: Callable[[str, date], OneTimeNotice | None], today: Callable[[], date]
) -> Callable[[str], bool] | None:
    """Prints the A4 notice of an item by name; None when the machine has no such printer."""
    address = join.devices.get("a4_printer")
    if address is None:
        return None
    from kiosk_app.backend.a4_spool import NoticeSpool

    def make_press() -> Callable[[OneTimeNotice], bytes]:
        from hall.papers.faces import FontSet
        from hall.papers.press import PaperPress

        return PaperPress(FontSet.in_folder(resource_path("fonts"))).render

    try:
        spool = NoticeSpool(address, notice=notice, today=today, make_press=make_press)
    except ValueError as exc:
        raise BadJoinFile("接入文件里 a4_printer 应写成 cups:队列名 或 folder:文件夹。") from exc
    return spool.print_notice


def card_reader(join: JoinFile) -> KioskReader | NoReader:
    """Opens no port: the link opens at the first look. Raises BadJoinFile."""
    address = _address(join, "id_reader")
    if address is None:
        return NoReader()
    return KioskReader(SamvIdReader("读卡器", partial(open_transport, address)))


def call_announcer(clips: Path) -> CallAnnouncer:
    """Starts the voice's thread; silent where this machine has no player."""
    return CallAnnouncer(clips, find_player())


def _address(join: JoinFile, kind: str) -> str | None:
    address = join.devices.get(kind)
    if not address:
        return None
    try:
        parse_address(address)
    except AddressError as exc:
        raise BadJoinFile(f"接入文件里 {kind} 的地址不对。{exc.hint}") from exc
    return address
