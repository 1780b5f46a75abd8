"""Signing in, opening and closing a window."""

import logging
from uuid import UUID

from counter_app.backend.bench import Bench, Seat, refusing, text_id
from counter_app.sign_in.ports import StaffOnDuty, WindowChoice, WindowSession
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.receiving import give_back
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.people.model import cannot_open
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue
from sync.closed_note import closed_words
from sync.reviewed import reviewed_up_to
from sync.stand import stand_of

log = logging.getLogger(__name__)
_WEEK = "一二三四五六日"
_POWER_ZH = {"ACCEPT": "可受理", "HANDLE": "可办理", "ISSUE": "可颁发", "SEAL": "可用印"}
_OPEN = (CaseState.DRAFT, CaseState.RECEIVED, CaseState.CORRECTION, CaseState.ACCEPTED)


class SignIn:
    """Implements SignInDesk."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @refusing
    def closed(self) -> str:
        b = self._bench
        words = closed_words(b.data, b.node_id)
        if not words:
            return ""
        with b.store.read() as conn:
            stand = stand_of(conn, b.join, b.blobs, reviewed_up_to(b.data))
        if not (stand.waiting or stand.blobs_waiting):
            return f"{words}本机的记录都已送到，不用导出。"
        scans = f"、{stand.blobs_waiting} 份扫描件" if stand.blobs_waiting else ""
        return f"{words}本机还有 {stand.waiting} 条记录{scans}没有送到，请不要格式化、不要重装。"

    @refusing
    def sign_in(self, command_id: UUID, staff_no: str, pin: str) -> StaffOnDuty:
        b = self._bench
        staff = b.ref.staff_by_no(staff_no.strip())
        # also for a number that nobody has: it must not be told apart by an answer that comes sooner
        right = b.verify_pin(staff_no.strip(), pin)
        if staff is None or not right:
            raise Refusal("wrong_pin", "工号或 PIN 不对，请重新输入。")
        day = b.day()
        with b.store.read() as conn:
            taken = {w.window: w for w in queue.windows(conn) if w.state != "closed"}
        choices = []
        for w in b.ref.profile.windows:
            blocked = cannot_open(staff, w.zone_code, day) or ""
            other = taken.get(w.no)
            if not blocked and other is not None and other.terminal != b.node_id:
                blocked = f"{other.staff_name}已在别的电脑开了这个窗口"
            zone = b.ref.profile.zone(w.zone_code).name
            choices.append(WindowChoice(w.id, str(w.no), w.title, zone, blocked))
        # the reasons of ninety other windows help nobody; without any open one they say what is missing
        choices = [c for c in choices if not c.blocked] or choices
        with b.lock:
            b.seat = Seat(staff)
        return StaffOnDuty(staff.id, staff.name, staff.home_unit, tuple(choices))

    @refusing
    def open_window(self, command_id: UUID, staff_id: str, window_id: str) -> WindowSession:
        b = self._bench
        staff = b.staff
        window = b.ref.profile.window(window_id)
        day = b.day()
        reason = cannot_open(staff, window.zone_code, day)
        if reason or staff.id != staff_id:
            raise Refusal("may_not_open", (reason or "请重新登录") + "。")
        opened = cmd.OpenWindow(
            text_id(command_id), window.no, f"{window.no}号窗口", staff.id, staff.name, window.series, ()
        )
        b.handle(opened, handlers.open_window)
        with b.lock:
            b.seat = Seat(staff, window)
        held: set[str] = set()
        for item in b.ref.catalogue.items_at_window(window):
            held |= {p.value for p in b.ref.powers(window, item, day)}
        return WindowSession(
            staff_id=staff.id,
            staff_name=staff.name,
            window_id=window.id,
            window_number=str(window.no),
            window_name=window.title,
            hall_name=b.ref.profile.name,
            powers=tuple(zh for power, zh in _POWER_ZH.items() if power in held),
            business_day=f"{day.month}月{day.day}日 周{_WEEK[day.weekday()]}",
        )

    @refusing
    def lock(self, command_id: UUID) -> None:
        self._give_all_back()

    @refusing
    def unlock(self, command_id: UUID, staff_id: str, pin: str) -> None:
        b = self._bench
        if b.staff.id != staff_id or not b.verify_pin(b.staff.employee_no, pin):
            raise Refusal("wrong_pin", "PIN 不对，请重新输入。")

    @refusing
    def sign_out(self, command_id: UUID) -> None:
        b = self._bench
        with b.lock:
            seat = b.seat
        # a closed machine writes nothing more: its manager has taken back what it held, and whoever sits here may go
        works = not closed_words(b.data, b.node_id)
        if works:
            self._give_all_back()
        if works and seat is not None and seat.window is not None:
            closed = cmd.CloseWindow(text_id(command_id), seat.window.no, seat.staff.id)
            b.handle(closed, handlers.close_window)
        with b.lock:
            b.seat = None

    def _give_all_back(self) -> None:
        """A terminal holds a case only while someone works on it."""
        b = self._bench
        with b.lock:
            if b.seat is None:
                return
            actor = b.seat.staff.id

        def work(ledger: Ledger) -> None:
            for row in intake.cases_in(ledger.conn, _OPEN, owner=b.node_id):
                if row.offered_to is None:
                    give_back(ledger, row.id, actor)

        b.store.write(work)
