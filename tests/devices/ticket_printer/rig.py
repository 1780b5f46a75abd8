"""A driver, a printer made of software, and a wire between them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from devices.simulation import SimulatorServer
from devices.ticket_printer.compose import Completion, PrinterProfile
from devices.ticket_printer.driver import EscPosTicketPrinter
from devices.ticket_printer.interpreter import RomFont
from devices.ticket_printer.raster import TextRaster
from devices.ticket_printer.simulator import SimulatedPrinter
from devices.transport import LoopbackTransport, TcpTransport, Transport

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


@cache
def rom() -> RomFont:
    return RomFont(FONTS / "NotoSansSC-Regular.ttf")


def hall_fonts() -> TextRaster:
    return TextRaster(
        [FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoNaskhArabic-Regular.ttf"],
        [FONTS / "NotoSansSC-Bold.ttf", FONTS / "NotoNaskhArabic-Bold.ttf"],
    )


class HandClock:
    """Time that passes only when someone waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


class Rig:
    def __init__(self, sim: SimulatedPrinter, connect: Callable[[], Transport], **driver: object) -> None:
        self.sim = sim
        self._connect = connect
        self._driver = driver

    def printer(
        self, *, width_px: int = 576, completion: Completion = Completion.PROCESS_ID, native_qr: bool = True
    ) -> EscPosTicketPrinter:
        profile = PrinterProfile(width_px=width_px, completion=completion, native_qr=native_qr)
        return EscPosTicketPrinter("kiosk-1", self._connect, profile, hall_fonts(), **self._driver)  # type: ignore[arg-type]


def loopback_rig(width_px: int = 576) -> Rig:
    clock = HandClock()
    sim = SimulatedPrinter(rom(), width_px=width_px, clock=clock)

    def connect() -> Transport:
        return LoopbackTransport(sim.feed, sim.late, clock=clock, pause=clock.pause)

    return Rig(sim, connect, clock=clock)


@contextmanager
def tcp_rig() -> Iterator[Rig]:
    sim = SimulatedPrinter(rom(), rows_per_s=20_000)
    with SimulatorServer(sim.feed, sim.late) as server:
        yield Rig(
            sim, lambda: TcpTransport("127.0.0.1", server.port), reply_timeout_s=0.8, print_timeout_s=2.5
        )
