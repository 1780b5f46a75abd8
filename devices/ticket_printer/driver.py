"""The ticket printer as the applications see it. Blocking; one thread owns it."""

import itertools
import logging
import time
from collections.abc import Callable
from enum import Enum
from typing import NoReturn, Protocol

from devices.errors import BadReply, DeviceNeedsPerson, DeviceOffline, OutcomeUnknown
from devices.ticket_printer import protocol
from devices.ticket_printer.compose import Completion, PrinterProfile, compose
from devices.ticket_printer.layout import TicketContent
from devices.ticket_printer.protocol import PrinterStatus
from devices.ticket_printer.raster import TextRaster
from devices.transport import Connect, Transport

log = logging.getLogger(__name__)

POLL_S = 0.5
"""Pause between two looks at the printer while it prints."""
READ_SIZE = 64
MAX_STALE_READS = 64

HINT_LOOK = "请到打印机前查看号票是否已经打出，再决定是否补打。"
HINT_LOOK_PAPER = "打印中途缺纸或开盖。处理好后打印机可能会接着打完，请看出纸口，再决定是否补打。"


class PrintOutcome(Enum):
    CONFIRMED = "confirmed"
    """The printer said that the ticket is out."""
    SENT_UNCONFIRMED = "sent_unconfirmed"
    """All was sent and the printer is well, but this model cannot say when a ticket is out."""


class PrintStopped(OutcomeUnknown):
    """Printing began and stopped for want of paper or by an open cover; the printer may yet finish it."""


class TicketPrinter(Protocol):
    """Prints tickets. Blocking. Every method may raise a DeviceError."""

    def status(self) -> PrinterStatus:
        """Ask the printer now. Safe to repeat."""

    def print_ticket(self, content: TicketContent) -> PrintOutcome:
        """Print once and wait until it is out. NOT safe to repeat after OutcomeUnknown.

        Raises DeviceOffline, BadReply or DeviceNeedsPerson when nothing was printed, OutcomeUnknown (or
        PrintStopped, which knows why) when something may have been, TicketTooLong (a ValueError) for content
        that is no ticket.
        """


class EscPosTicketPrinter:
    """TicketPrinter over ESC/POS. Opens a session for each call: such printers serve one client at a time.

    Near end of paper is told by `status` and does not stop printing. Never sends a ticket twice by itself.
    """

    def __init__(
        self,
        device_id: str,
        connect: Connect,
        profile: PrinterProfile,
        fonts: TextRaster,
        *,
        reply_timeout_s: float = 1.0,
        print_timeout_s: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._id = device_id
        self._connect = connect
        self._profile = profile
        self._fonts = fonts
        self._reply_timeout_s = reply_timeout_s
        self._print_timeout_s = print_timeout_s
        self._clock = clock
        # Starts anywhere, so that an answer to a job of an earlier run is not taken for ours.
        start = time.time_ns() % 9999
        self._process_ids = (f"{(start + i) % 9999 + 1:04d}".encode() for i in itertools.count())

    def status(self) -> PrinterStatus:
        link = self._open()
        try:
            return self._ask_all(link)
        finally:
            link.close()

    def print_ticket(self, content: TicketContent) -> PrintOutcome:
        job = compose(content, self._profile, self._fonts)
        link = self._open()
        try:
            self._require_ready(self._ask_all(link))
            return self._print(link, job)
        finally:
            link.close()

    def _open(self) -> Transport:
        try:
            return self._connect()
        except OSError as exc:
            raise DeviceOffline(
                self._id, "cannot be reached", hint="连不上打印机，请检查电源、网线和地址设置。"
            ) from exc

    def _require_ready(self, status: PrinterStatus) -> None:
        needs = needed_action(status)
        if needs is not None:
            raise DeviceNeedsPerson(self._id, needs[0], hint=needs[1])

    # --- before anything is printed: a fault here means that nothing happened

    def _ask_all(self, link: Transport) -> PrinterStatus:
        self._drop_stale(link)
        numbers = (protocol.PRINTER, protocol.OFFLINE_CAUSE, protocol.ERROR_CAUSE, protocol.PAPER)
        return PrinterStatus.from_bytes(*(self._ask(link, n) for n in numbers))

    def _drop_stale(self, link: Transport) -> None:
        """Throw away late answers to older questions (a serial line keeps them)."""
        try:
            for _ in range(MAX_STALE_READS):
                stale = link.read(READ_SIZE, 0)
                if not stale:
                    return
                log.warning("%s dropped %d stale bytes", self._id, len(stale))
        except OSError as exc:
            raise DeviceOffline(self._id, "link lost") from exc
        raise BadReply(self._id, "sends without being asked")

    def _ask(self, link: Transport, n: int) -> int:
        deadline = self._clock() + self._reply_timeout_s
        heard, rest = False, b""
        try:
            link.write(protocol.ask_status(n))
            while (left_s := deadline - self._clock()) > 0:
                data = link.read(READ_SIZE, left_s)
                if not data:
                    break
                heard = True
                replies, rest = protocol.split_replies(rest + data)
                for reply in replies:
                    if isinstance(reply, protocol.StatusByte):
                        return reply.value
        except OSError as exc:
            raise DeviceOffline(self._id, "link lost") from exc
        if heard:
            raise BadReply(self._id, f"no status in the answer to DLE EOT {n}")
        raise DeviceOffline(self._id, f"no answer to DLE EOT {n}")

    # --- from the first byte of the job on: a fault means that the outcome is unknown

    def _print(self, link: Transport, job: bytes) -> PrintOutcome:
        process_id = next(self._process_ids)
        question = {
            Completion.PROCESS_ID: protocol.ask_process_done(process_id),
            Completion.PAPER_IN_ORDER: protocol.ASK_PAPER_IN_ORDER,
            Completion.NONE: b"",
        }[self._profile.completion]
        try:
            link.write(job + question)
            if self._profile.completion is Completion.NONE:
                return self._look_once(link)
            return self._wait(link, process_id)
        except OSError as exc:
            raise OutcomeUnknown(self._id, "link lost while printing", hint=HINT_LOOK) from exc

    def _look_once(self, link: Transport) -> PrintOutcome:
        """For a model that confirms nothing: at least it must still be well."""
        try:
            status = self._ask_all(link)
        except (DeviceOffline, BadReply) as exc:
            raise OutcomeUnknown(self._id, "no answer after printing", hint=HINT_LOOK) from exc
        needs = needed_action(status)
        if needs is not None:
            self._trouble(needs[0])
        return PrintOutcome.SENT_UNCONFIRMED

    def _wait(self, link: Transport, process_id: bytes) -> PrintOutcome:
        """Until the printer says that it is done; asks on the way how it is, because it may never be."""
        now = self._clock()
        deadline, next_poll = now + self._print_timeout_s, now + POLL_S
        questions = itertools.cycle((protocol.OFFLINE_CAUSE, protocol.PAPER))
        asked: int | None = None
        trouble, rest = "", b""
        while (now := self._clock()) < deadline:
            if asked is None and now >= next_poll and not trouble:
                asked, next_poll = next(questions), now + POLL_S
                link.write(protocol.ask_status(asked))
            data = link.read(READ_SIZE, min(POLL_S, deadline - now))
            replies, rest = protocol.split_replies(rest + data)
            for reply in replies:
                if self._is_done(reply, process_id):
                    return PrintOutcome.CONFIRMED
                if isinstance(reply, protocol.StatusByte) and asked is not None:
                    if stopped := _stopped_by(asked, reply.value):
                        # "Done" may be on its way: the paper may have ended right behind the ticket.
                        trouble = stopped
                        deadline = min(deadline, now + self._reply_timeout_s)
                    asked = None
        if trouble:
            self._trouble(trouble)
        raise OutcomeUnknown(self._id, "no word that the ticket is out", hint=HINT_LOOK)

    def _is_done(self, reply: protocol.Reply, process_id: bytes) -> bool:
        if self._profile.completion is Completion.PROCESS_ID:
            return reply == protocol.ProcessDone(process_id)
        if not isinstance(reply, protocol.PaperByte):
            return False
        if reply.paper_out:
            self._trouble("paper ended")
        return True

    def _trouble(self, what: str) -> NoReturn:
        raise PrintStopped(self._id, f"{what} while printing", hint=HINT_LOOK_PAPER)


def _stopped_by(n: int, byte: int) -> str:
    """What the answer to DLE EOT `n` says stopped the printing; "" for nothing."""
    offline, paper = (byte, 0) if n == protocol.OFFLINE_CAUSE else (0, byte)
    if offline & 0x04:
        return "cover opened"
    if offline & 0x20 or paper & 0x60:
        return "paper ended"
    return "error" if offline & 0x40 else ""


def needed_action(status: PrinterStatus) -> tuple[str, str] | None:
    """Why a ticket cannot be printed now (for the log) and what staff should do; None when it can."""
    causes = (
        (status.cover_open, "cover open", "打印机上盖没有合好，请合上盖子。"),
        (status.paper_out or status.stopped_by_paper_end, "out of paper", "打印机缺纸，请装入新纸卷。"),
        (status.cutter_error, "cutter error", "打印机切刀卡住，请关电源、清除卡纸后重新开机。"),
        (status.unrecoverable_error, "unrecoverable error", "打印机故障，请关机再开机；仍不正常请报修。"),
        (status.overheated, "head too hot", "打印头过热，请等几分钟再打印。"),
        (status.recoverable_error or status.error, "error", "打印机报错，请按打印机上的提示处理后重试。"),
        (not status.online, "offline", "打印机处于脱机状态，请按联机键，或松开走纸键。"),
    )
    return next(((what, hint) for holds, what, hint in causes if holds), None)
