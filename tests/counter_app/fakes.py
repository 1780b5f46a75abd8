"""A small hall that works: tickets, cases, papers, results in memory. Names and numbers are invented."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from counter_app.device_ports import (
    CameraFeed,
    CameraFrame,
    CapturedPage,
    CardData,
    DeviceTrouble,
    PadAnswer,
    PrintOutcome,
)
from counter_app.queue_panel.ports import QueueBoard, QueueChoice, TicketOutcome, TicketRow, TicketState
from counter_app.sign_in.ports import StaffOnDuty, WindowChoice, WindowSession
from counter_app.values import ItemId, NothingThere, PageId, PaperId, Refused, TicketId

T = TypeVar("T")
LONG_NAME = "古丽娜尔·阿不都热依木·买买提江"
GOOD_ID = "652301199001010031"


def good_id(first_17: str) -> str:
    """A full number with its GB 11643 check character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(first_17, weights, strict=True))
    return first_17 + "10X98765432"[total % 11]


def png(width: int, height: int, colour: str = "#F7F4EC") -> bytes:
    """A flat picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class InlineRunner:
    """Runs at once, on the test's thread."""

    def submit(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)


class HeldRunner:
    """Keeps jobs until `run()`: what the screen shows in between can be looked at."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def submit(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        self.jobs.append(lambda: InlineRunner().submit(work, done, failed))

    def run(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


class FakeQueue:
    """SignInDesk and QueueDesk. Commands are idempotent by id; `silent` loses answers after the effect."""

    def __init__(self) -> None:
        self.pin = "246810"
        self.tickets: dict[str, TicketRow] = {}
        self.answers: dict[UUID, object] = {}
        self.effects: list[tuple[object, ...]] = []
        self.silent = 0
        self.cut_off = False
        self.locked = False
        self.closed_words = ""

    def add_ticket(self, number: str, business: str = "户籍", **more: object) -> TicketRow:
        row = TicketRow(TicketId(f"t-{number}"), number, business, TicketState.WAITING, 3)
        row = replace(row, **more)  # type: ignore[arg-type]
        self.tickets[row.ticket_id] = row
        return row

    def once(self, command_id: UUID, effect: Callable[[], T]) -> T:
        if command_id not in self.answers:
            self.answers[command_id] = effect()
        if self.silent:
            self.silent -= 1
            raise TimeoutError("answer lost")
        return self.answers[command_id]  # type: ignore[return-value]

    # sign in
    def closed(self) -> str:
        return self.closed_words

    def sign_in(self, command_id: UUID, staff_no: str, pin: str) -> StaffOnDuty:
        if pin != self.pin:
            raise Refused("工号或 PIN 不对，还可以再试 4 次。")
        windows = (
            WindowChoice("w3", "3号窗口", "综合受理", "民生专区"),
            WindowChoice(
                "w4", "4号窗口", "不动产登记", "不动产专区", "您没有不动产专区的考核合格证，不能开这个窗口。"
            ),
        )
        return StaffOnDuty("s1", "张敏", "行政审批局", windows)

    def open_window(self, command_id: UUID, staff_id: str, window_id: str) -> WindowSession:
        return WindowSession(
            staff_id,
            "张敏",
            window_id,
            "3",
            "综合受理",
            "昌吉市政务服务中心",
            ("可受理", "可办理", "可颁发"),
            "11月22日 周日",
        )

    def lock(self, command_id: UUID) -> None:
        self.locked = True

    def unlock(self, command_id: UUID, staff_id: str, pin: str) -> None:
        if pin != self.pin:
            raise Refused("PIN 不对，还可以再试 4 次。")
        self.locked = False

    def sign_out(self, command_id: UUID) -> None:
        self.locked = False

    # queue
    def board(self) -> QueueBoard:
        if self.cut_off:
            return QueueBoard(current=self._current(), cut_off=True)
        by = {state: [t for t in self.tickets.values() if t.state is state] for state in TicketState}
        return QueueBoard(
            tuple(by[TicketState.WAITING]),
            tuple(by[TicketState.HELD]),
            tuple(by[TicketState.MISSED]),
            self._current(),
            6,
        )

    def queues(self) -> tuple[QueueChoice, ...]:
        return (QueueChoice("q2", "社保医保", 5), QueueChoice("q3", "出件", 0))

    def call_next(self, command_id: UUID) -> TicketRow:
        def effect() -> TicketRow:
            waiting = [t for t in self.tickets.values() if t.state is TicketState.WAITING]
            if not waiting:
                raise NothingThere("现在没有人等候。")
            return self._set(waiting[0].ticket_id, "call", state=TicketState.CALLED, calls=1)

        return self.once(command_id, effect)

    def recall(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        calls = self.tickets[ticket_id].calls + 1
        return self.once(command_id, lambda: self._set(ticket_id, "recall", calls=calls))

    def miss(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None:
        self.once(command_id, lambda: self._set(ticket_id, "miss", state=TicketState.MISSED, note=reason))

    def start(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        return self.once(command_id, lambda: self._set(ticket_id, "start", state=TicketState.SERVING))

    def hold(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None:
        self.once(command_id, lambda: self._set(ticket_id, "hold", state=TicketState.HELD, note=reason))

    def resume(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        return self.once(command_id, lambda: self._set(ticket_id, "resume", state=TicketState.CALLED))

    def reactivate(self, command_id: UUID, ticket_id: TicketId) -> None:
        self.once(command_id, lambda: self._set(ticket_id, "reactivate", state=TicketState.WAITING))

    def transfer(self, command_id: UUID, ticket_id: TicketId, queue_id: str) -> None:
        self.once(command_id, lambda: self._gone(ticket_id, "transfer", queue_id))

    def done(self, command_id: UUID, ticket_id: TicketId, outcome: TicketOutcome) -> None:
        self.once(command_id, lambda: self._gone(ticket_id, "done", outcome))

    def serve_slip(self, command_id: UUID, code: str) -> TicketRow:
        code = code.upper()

        def effect() -> TicketRow:
            for row in self.tickets.values():
                if row.number == code:
                    return self._set(row.ticket_id, "slip", state=TicketState.SERVING)
            if not self.cut_off:
                raise Refused("今天没有这个号，请核对号票。")
            row = self.add_ticket(code, "号票接待")
            return self._set(row.ticket_id, "slip", state=TicketState.SERVING)

        return self.once(command_id, effect)

    def _current(self) -> TicketRow | None:
        states = (TicketState.CALLED, TicketState.SERVING)
        return next((t for t in self.tickets.values() if t.state in states), None)

    def _set(self, ticket_id: str, what: str, **changes: object) -> TicketRow:
        row = replace(self.tickets[ticket_id], **changes)  # type: ignore[arg-type]
        self.tickets[ticket_id] = row
        self.effects.append((what, row.number))
        return row

    def _gone(self, ticket_id: str, what: str, how: object) -> None:
        row = self.tickets.pop(ticket_id)
        self.effects.append((what, row.number, how))


class FakeCamera:
    def __init__(self) -> None:
        self.on_frame: Callable[[CameraFrame], None] | None = None
        self.on_lost: Callable[[CameraFeed], None] | None = None
        self.shots = 0
        self.trouble = ""

    def watch(self, on_frame: Callable[[CameraFrame], None], on_lost: Callable[[CameraFeed], None]) -> None:
        self.on_frame, self.on_lost = on_frame, on_lost

    def stop(self) -> None:
        self.on_frame = self.on_lost = None

    def shoot(self) -> CapturedPage:
        if self.trouble:
            raise DeviceTrouble(self.trouble)
        self.shots += 1
        return CapturedPage(PageId(f"page-{self.shots}"), png(84, 112))


class FakeReader:
    def __init__(self) -> None:
        self.card: CardData | None = CardData(LONG_NAME, good_id("65230119900307102"), "昌吉市延安北路 1 号")

    def read(self, timeout_s: float) -> CardData | None:
        return self.card


class FakePad:
    def __init__(self) -> None:
        self.level: int | None = 5
        self.present = False
        self.cancelled = 0
        self.trouble = ""

    def ask(self, timeout_s: float) -> PadAnswer:
        if self.trouble:
            raise DeviceTrouble(self.trouble)
        return PadAnswer(self.level)

    def cancel(self) -> None:
        self.cancelled += 1


class FakePrinter:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.printed: list[str] = []
        self.trouble = ""
        self.troubles: dict[str, str] = {}
        """By paper."""
        self.outcome = PrintOutcome.PRINTED

    def print_paper(self, command_id: UUID, paper_id: PaperId, copies: int) -> PrintOutcome:
        self.asked.append(paper_id)
        trouble = self.trouble or self.troubles.get(paper_id)
        if trouble:
            raise DeviceTrouble(trouble)
        self.printed.append(paper_id)
        return self.outcome


class Clock:
    """Monotonic seconds that move only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def new_id() -> UUID:
    return uuid4()


ITEM_BIRTH = ItemId("item-birth")
