"""A printer made of software: takes the same bytes, answers the same bytes, burns dots and cuts tickets.

Run it as a process:
    python -m devices.ticket_printer.simulator --port 9100 --out DIR [--width 576]
prints {"port": N, "control": M}, writes DIR/ticket-001.bin, ticket-001.png and tickets.jsonl, ends when its
standard input does.
Control commands, one JSON object a line: {"fault": NAME or null}, {"paper_mm": 2000}, {"status": true}.
"""

import argparse
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from PIL import Image

from devices.simulation import run_until_stdin_closes
from devices.ticket_printer.interpreter import (
    Cut,
    Interpreter,
    PaperQuestion,
    ProcessMark,
    RomFont,
    Rows,
    Step,
)

DOTS_PER_MM = 8
MID_PRINT_ROWS = 60
"""How far a ticket gets before a fault of the middle of a print strikes."""
LATE_S = 3.0
KEPT_TICKETS = 100


class PrinterFault(StrEnum):
    PAPER_OUT = "paper_out"
    PAPER_OUT_MID_PRINT = "paper_out_mid_print"
    NEAR_END = "near_end"
    COVER_OPEN = "cover_open"
    COVER_OPEN_MID_PRINT = "cover_open_mid_print"
    CUTTER_ERROR = "cutter_error"
    OVERHEATED = "overheated"
    OFFLINE = "offline"
    SILENT = "silent"
    SILENT_MID_PRINT = "silent_mid_print"
    GARBAGE = "garbage"
    LATE = "late"
    UNCONFIRMED = "unconfirmed"
    """The ticket comes out, the printer never says so."""
    CABLE_CUT = "cable_cut"
    CABLE_CUT_MID_PRINT = "cable_cut_mid_print"


_MID_PRINT = {
    PrinterFault.PAPER_OUT_MID_PRINT: PrinterFault.PAPER_OUT,
    PrinterFault.COVER_OPEN_MID_PRINT: PrinterFault.COVER_OPEN,
    PrinterFault.SILENT_MID_PRINT: PrinterFault.SILENT,
    PrinterFault.CABLE_CUT_MID_PRINT: PrinterFault.CABLE_CUT,
}


@dataclass(frozen=True)
class Ticket:
    """What fell out: the bytes that made it, and how it looks (mode L)."""

    raw: bytes
    image: Image.Image


class SimulatedPrinter:
    """State and faults of one printer. Thread-safe. `clock` in seconds; paper moves only when time does."""

    def __init__(
        self,
        rom: RomFont,
        *,
        width_px: int = 576,
        paper_mm: float = 30_000,
        near_end_mm: float = 2_000,
        rows_per_s: float = 800,
        clock: Callable[[], float] = time.monotonic,
        on_ticket: Callable[[Ticket], None] = lambda ticket: None,
    ) -> None:
        self.width_px = width_px
        self.paper_mm = paper_mm
        self.tickets: deque[Ticket] = deque(maxlen=KEPT_TICKETS)
        self._near_end_mm = near_end_mm
        self._rows_per_s = rows_per_s
        self._clock = clock
        self._on_ticket = on_ticket
        self._interpreter = Interpreter(width_px, rom)
        self._lock = threading.RLock()
        self._fault: PrinterFault | None = None
        self._steps: deque[Step] = deque()
        self._bands: list[Image.Image] = []
        self._rows_done = 0
        self._credit_rows = 0.0
        self._moved_at = clock()
        self._tail = b""
        self._answers: deque[tuple[float, bytes]] = deque()

    # --- the wire

    def feed(self, data: bytes) -> bytes:
        with self._lock:
            self._advance()
            self._refuse_if_cut()
            for n in self._real_time_questions(data):
                self._say(self._status_byte(n), LATE_S if self._fault is PrinterFault.LATE else 0)
            self._steps.extend(self._interpreter.feed(data))
            return self._due()

    def late(self) -> bytes:
        """What is to be said now without being asked."""
        with self._lock:
            self._advance()
            self._refuse_if_cut()
            return self._due()

    def _refuse_if_cut(self) -> None:
        if self._fault is PrinterFault.CABLE_CUT:
            self._answers.clear()
            raise ConnectionError("cable cut")

    def _real_time_questions(self, data: bytes) -> Iterator[int]:
        """DLE EOT n wherever it stands, inside pictures too: the receive interrupt knows no commands."""
        seen = self._tail + data
        self._tail = seen[-2:]
        for i in range(len(seen) - 2):
            if seen[i : i + 2] == b"\x10\x04" and 1 <= seen[i + 2] <= 4:
                yield seen[i + 2]

    def _say(self, answer: bytes, delay_s: float = 0) -> None:
        if self._fault is PrinterFault.SILENT:
            return
        if self._fault is PrinterFault.GARBAGE:
            answer = b"\xff" * len(answer)
        self._answers.append((self._clock() + delay_s, answer))

    def _due(self) -> bytes:
        out = b""
        while self._answers and self._answers[0][0] <= self._clock():
            out += self._answers.popleft()[1]
        return out

    # --- what it is like now

    @property
    def paper_out(self) -> bool:
        return self.paper_mm <= 0 or self._fault is PrinterFault.PAPER_OUT

    @property
    def near_end(self) -> bool:
        return self.paper_mm < self._near_end_mm or self.paper_out or self._fault is PrinterFault.NEAR_END

    def _blocked(self) -> bool:
        stopping = (PrinterFault.COVER_OPEN, PrinterFault.CUTTER_ERROR, PrinterFault.OVERHEATED)
        return self.paper_out or self._fault in stopping or self._fault is PrinterFault.OFFLINE

    def _status_byte(self, n: int) -> bytes:
        is_ = self._fault
        cover, cutter = is_ is PrinterFault.COVER_OPEN, is_ is PrinterFault.CUTTER_ERROR
        hot = is_ is PrinterFault.OVERHEATED
        bits = {
            1: 0x08 * self._blocked(),
            2: 0x04 * cover + 0x20 * self.paper_out + 0x40 * (cutter or hot),
            3: 0x08 * cutter + 0x40 * hot,
            4: 0x0C * self.near_end + 0x60 * self.paper_out,
        }[n]
        return bytes([0x12 | bits])

    # --- the mechanism

    def _advance(self) -> None:
        """Let the paper move for the time that has passed."""
        now = self._clock()
        self._credit_rows += (now - self._moved_at) * self._rows_per_s
        self._moved_at = now
        while self._steps and not self._blocked():
            if not self._perform(self._steps[0]):
                return
            self._steps.popleft()
        self._credit_rows = 0.0

    def _perform(self, step: Step) -> bool:
        """Do as much of a step as there is time for; True when it is done."""
        match step:
            case Rows(image=image):
                return self._burn(image)
            case Cut(raw=raw):
                self._drop_ticket(raw)
            case ProcessMark(process_id=process_id):
                self._confirm(b"\x37\x22" + process_id + b"\x00")
            case PaperQuestion():
                self._confirm(bytes([0x03 * self.near_end + 0x0C * self.paper_out]))
        return True

    def _burn(self, image: Image.Image) -> bool:
        rows = min(image.height, int(self._credit_rows), int(self.paper_mm * DOTS_PER_MM))
        later = _MID_PRINT.get(self._fault) if self._fault else None
        if later:
            rows = min(rows, max(0, MID_PRINT_ROWS - self._rows_done))
        if rows:
            self._bands.append(image.crop((0, 0, image.width, rows)))
            self._credit_rows -= rows
            self._rows_done += rows
            self.paper_mm -= rows / DOTS_PER_MM
        if later and self._rows_done >= MID_PRINT_ROWS:
            self._fault = later
        if rows == image.height:
            return True
        if rows:
            self._steps[0] = Rows(image.crop((0, rows, image.width, image.height)))
        return False

    def _confirm(self, answer: bytes) -> None:
        if self._fault is not PrinterFault.UNCONFIRMED:
            self._say(answer)

    def _drop_ticket(self, raw: bytes) -> None:
        image = Image.new("L", (self.width_px, max(1, self._rows_done)), 255)
        y = 0
        for band in self._bands:
            image.paste(band, (0, y))
            y += band.height
        self._bands.clear()
        self._rows_done = 0
        ticket = Ticket(raw, image)
        self.tickets.append(ticket)
        self._on_ticket(ticket)

    # --- the tester's hand

    def set_fault(self, fault: PrinterFault | None) -> None:
        """One fault at a time; None repairs it (a stopped print goes on, as it would)."""
        with self._lock:
            self._advance()
            self._fault = fault

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """One control command; see the module. Raises ValueError for what it does not understand."""
        if not command or set(command) - {"fault", "paper_mm", "status"}:
            raise ValueError('known: {"fault": NAME or null}, {"paper_mm": N}, {"status": true}')
        fault, paper_mm = command.get("fault"), command.get("paper_mm")
        if paper_mm is not None and (isinstance(paper_mm, bool) or not isinstance(paper_mm, int | float)):
            raise ValueError("paper_mm is a number of millimetres")
        if "fault" in command:
            self.set_fault(None if fault is None else PrinterFault(fault))
        with self._lock:
            self._advance()
            if paper_mm is not None:
                self.paper_mm = paper_mm
            return {
                "fault": self._fault,
                "paper_mm": round(self.paper_mm, 1),
                "near_end": self.near_end,
                "printing": bool(self._steps),
                "tickets": len(self.tickets),
                "unknown": [item.hex() for item in self._interpreter.unknown],
            }


class TicketFolder:
    """Keeps every ticket on disk, numbered from 001."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, ticket: Ticket) -> None:
        self._count += 1
        name = f"ticket-{self._count:03d}"
        (self._folder / f"{name}.bin").write_bytes(ticket.raw)
        ticket.image.save(self._folder / f"{name}.png")
        row = {"ticket": name, "at": datetime.now(UTC).isoformat(), "bytes": len(ticket.raw),
               "height_px": ticket.image.height}  # fmt: skip
        with (self._folder / "tickets.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")


def main() -> None:
    fonts = Path(__file__).parents[2] / "resources" / "fonts"
    parser = argparse.ArgumentParser(description="A ticket printer made of software")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, default=576, choices=(384, 512, 576))
    parser.add_argument("--paper-mm", type=float, default=30_000)
    parser.add_argument("--rows-per-s", type=float, default=800)
    parser.add_argument("--font", type=Path, default=fonts / "NotoSansSC-Regular.ttf")
    args = parser.parse_args()
    printer = SimulatedPrinter(
        RomFont(args.font),
        width_px=args.width,
        paper_mm=args.paper_mm,
        rows_per_s=args.rows_per_s,
        on_ticket=TicketFolder(args.out).keep,
    )
    run_until_stdin_closes(
        printer.feed, printer.late, printer.control, port=args.port, control_port=args.control
    )


if __name__ == "__main__":
    main()
