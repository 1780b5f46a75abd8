"""The demo's course: a hall opens, six people come, something breaks and heals, results are handed over."""

import functools
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from yichuang.browser import Officer
from yichuang.demo.breaking import Breaking
from yichuang.demo.cast import Cast
from yichuang.demo.citizen import KioskVisitor
from yichuang.demo.clerk import Clerk
from yichuang.demo.hall import DemoHall, officer_url
from yichuang.demo.officer_work import OfficerWork
from yichuang.demo.settling import all_arrived
from yichuang.demo.standing_in import StandingIn
from yichuang.demo.transcript import Transcript
from yichuang.demo.visits import Visit, Visits
from yichuang.processes import AppHands, ProcessFault

FIRST_COME = 3
"""So many take a number before the windows begin; the others come meanwhile."""


class Play:
    """Runs once. Everything happens through screens, pages and simulated wires."""

    def __init__(
        self, hall: DemoHall, cast: Cast, officer: Officer, log: Transcript, out: Path, cut: str | None
    ) -> None:
        self.hall = hall
        self.cast = cast
        self.log = log
        self.out = out
        self.officer = OfficerWork(officer)
        precheck = hall.ref.profile.intake_mode.value == "precheck_then_accept"
        self.visits = Visits(cast, log, out, precheck, seed=len(cast.people[0].id_number))
        self._all_came = threading.Event()
        self._correction_brought = threading.Event()
        self._early = not precheck and cut not in ("county", "node") and hall.site.standby is None
        """Departments work while the windows do; not where a cut must last through all the visits."""
        self.breaking = Breaking(cut, hall, log, self._all_came)
        self.standing_in = StandingIn(hall, cast, log, self._all_came)
        people = cast.people
        self._visitors = (
            (Visit("quick", people[0], cast.quick.name), 2, False),
            (Visit("slow", people[1], cast.slow.name), 1, False),
            (Visit("correction", people[2], cast.slow.name), 1, True),
            (Visit("no_show", people[3], cast.quick.name), 1, False),
            (Visit("package", people[4], cast.package.name), 1, False),
            (Visit("quick", people[5], cast.quick.name), 1, False),
        )

    def run(self) -> None:
        """Raises ProcessFault, PageFault at the first step that does not happen."""
        self._open()
        self._serve_all()
        if self.visits.precheck:
            # the pre-checked case comes back to a window: first one, then the other
            self._at_the_windows_again()
            self._departments()
        else:
            self._together(
                [self._at_the_windows_again, *([] if self._early else [self._departments])], "窗口和部门"
            )
        self._hand_over()
        self._look_up()
        self._close()

    # -- morning ------------------------------------------------------------------------------------------

    def _open(self) -> None:
        hall, site = self.hall, self.hall.site
        with self.log.step("大厅", "县中心、大厅节点、自助机、叫号屏和两个窗口都已开机"):
            kiosk = hall.begin_app(site.kiosk, "kiosk", "1080x1920")
            counters = [hall.begin_app(m, "counter", "1366x768") for m in site.counters]
            display = hall.begin_app(site.display, "display", "1920x1080")
            hall.servers_ready()
            self.kiosk = KioskVisitor(hall.ready(kiosk), hall.printer)
            self.clerks = [
                Clerk(hall.ready(p), f"{w.no}号窗", d.camera, d.reader, d.pad)
                for p, w, d in zip(
                    counters, (self.cast.window_a, self.cast.window_b), hall.devices, strict=True
                )
            ]
            self.display: AppHands = hall.ready(display)
            self.kiosk.connected()
        self.kiosk.grab(self.out / "kiosk-home.png")
        self._both(
            lambda n: self.clerks[n].sign_in(
                (self.cast.clerk_a, self.cast.clerk_b)[n].employee_no,
                (self.cast.window_a, self.cast.window_b)[n].no,
            ),
            "登录开窗",
            lambda: self._numbers(self._plan()[:FIRST_COME], 0),
        )

    def _plan(self) -> tuple[tuple[Visit, int, bool], ...]:
        """(visit, how often the button is touched, of an older person) in the order in which they come."""
        return self._visitors

    def _numbers(self, plan: tuple[tuple[Visit, int, bool], ...], first: int) -> None:
        for n, (visit, touches, elder) in enumerate(plan, first):
            notes = ["连按两下只出一个号"] if touches > 1 else []
            notes += ["老年人优先"] if elder else []
            with self.log.step(
                "自助机", f"取号：{visit.item}" + (f"（{'、'.join(notes)}）" if notes else "")
            ):
                self.breaking.before_ticket(n)
                visit.number = self.kiosk.take(visit.item, touches=touches, elder=elder)
                self.breaking.after_ticket(n, self.kiosk, self.out)
                self.kiosk.slip("已打印")
                if n == 0:
                    self.kiosk.grab(self.out / "kiosk-number.png")
                self.kiosk.leave()
            self.visits.by_number[visit.number] = visit
            self.log.say("自助机", f"{visit.person.name} 的号是 {visit.number}")

    # -- at the windows -----------------------------------------------------------------------------------

    def _serve_all(self) -> None:
        self.breaking.county_down()
        called: list[str] = ["", ""]
        with self.log.step("窗口", "两个窗口同时按“呼叫下一位”，叫到的不是同一个号"):
            for clerk in self.clerks:
                clerk.begin_call_next()
            for n, clerk in enumerate(self.clerks):
                called[n] = clerk.called()
            numbers = [number for number in called if number]
            if len(numbers) != len(set(numbers)) or not numbers:
                raise ProcessFault(f"called: {called}")
            self.log.say("窗口", f"叫到 {' 和 '.join(numbers)}")
            time.sleep(0.3)
            self.display.ask("grab", path=str(self.out / "display-call.png"))
        self._both(lambda n: self._serve_line(n, called[n]), "窗口办理", self._late_comers)

    def _late_comers(self) -> None:
        """The others take their numbers while the windows already serve."""
        try:
            self._numbers(self._plan()[FIRST_COME:], FIRST_COME)
        finally:
            self._all_came.set()
        if self._early:
            self._until("slow", ("dispatched", "reviewing"))
            self._departments()

    def _until(self, kind: str, states: tuple[str, ...]) -> None:
        """A visit's case stands so at the node. Raises ProcessFault."""
        deadline = time.monotonic() + 90.0
        while self.state_at_node(self._visit(kind).case_no) not in states:
            if time.monotonic() > deadline:
                raise ProcessFault(f"the case of {kind} is not {' or '.join(states)}")
            time.sleep(0.3)

    def _serve_line(self, n: int, first: str) -> None:
        """One window until nobody waits for it."""
        clerk, number, count = self.clerks[n], first, 0
        while number:
            self.breaking.at_window(n, count, clerk, self.visits, self.kiosk, number)
            self.standing_in.at_window(n, count, clerk, self.visits, self.kiosk)
            self.visits.serve(clerk, self.visits.by_number[number])
            count += 1
            self.breaking.after_visit(n, count, clerk, self.visits)
            number = clerk.call_next()
            if not number and not self._all_came.is_set():
                self._all_came.wait(60.0)
                number = clerk.call_next()
        self.log.say(clerk.name, "没有人等候了")
        if self._early and self._visit("correction").window not in ("", clerk.name):
            # this window is free: the other may still have somebody
            self._until("correction", ("correction",))
            self._correction_brought.set()
            self._correction_elsewhere()

    def _at_the_windows_again(self) -> None:
        works = [self._no_show_returns]
        if not self._correction_brought.is_set():
            works.append(self._correction_elsewhere)
        if self._visit("no_show").window == self._visit("correction").window:
            self._together(works, "窗口")
        else:
            # both at one window
            for work in works:
                work()

    def _no_show_returns(self) -> None:
        visit = self._visit("no_show")
        clerk = self._clerk_at(visit.window)
        with self.log.step(clerk.name, f"{visit.number} 回来了，恢复排队，再叫到"):
            clerk.reactivate(visit.number)
            number = clerk.call_until(10.0)
            if number != visit.number:
                raise ProcessFault(f"{number} was called instead of {visit.number}")
        self.visits.serve(clerk, visit)

    def _correction_elsewhere(self) -> None:
        visit = self._visit("correction")
        other = next(c for c in self.clerks if c.name != visit.window)
        with self.log.step(other.name, "补正材料交到另一个窗口，出凭证"):
            sheet = self.visits.sheets(visit, self.cast.slow, 3)[2]
            other.take_errand(visit.case_no, sheet)
            other.grab(self.out / "counter-errand.png")
            other.home()
        with self.log.step("大厅", "节点收到补正材料，办件回到已收件"):
            deadline = time.monotonic() + 15.0
            while not self.state_at_node(visit.case_no) == "received":
                if time.monotonic() > deadline:
                    raise ProcessFault(f"the case is {self.state_at_node(visit.case_no)}")
                time.sleep(0.2)

        if self.visits.precheck:
            return
        with self.log.step(other.name, f"{visit.number} 补来的材料核对无误，受理"):
            other.open_case(visit.case_no)
            other.wait("待核 1 项")
            other.wait("去确认材料")
            other.press("End")
            other.press("Space")
            other.wait("已核")
            other.main_act("去确认材料", "看办理结果")
            other.main_act("看办理结果", "受理并打印通知书")
            other.main_act("受理并打印通知书", "已受理")
            other.press("Esc")
            other.wait(visit.case_no, gone=True)

    # -- departments and results --------------------------------------------------------------------------

    def _departments(self) -> None:
        visit = self._visit("slow")
        base = officer_url(self.hall, self.hall.ref.desk(self.cast.slow.department))
        if self.visits.precheck:
            with self.log.step("部门", f"{visit.number} 初审通过，交回大厅"):
                self.officer.go(base)
                self.officer.pass_precheck(visit.case_no)
                self.officer.shot(self.out / "centre-precheck.png")
            self._accept_after_precheck(visit)
        self.breaking.officer_waits(self.officer, base, visit.case_no)
        self.breaking.county_up()
        with self.log.step("部门", f"{visit.number} 审批员接件"):
            self.officer.go(base)
            self.officer.shot(self.out / "centre-list.png")
            self.officer.take(visit.case_no)
            self.officer.shot(self.out / "centre-case.png")
        with self.log.step("部门", f"{visit.number} 审查扫描件，作出准予决定"):
            self.officer.grant()
            self.officer.shot(self.out / "centre-decided.png")

    def _accept_after_precheck(self, visit: Visit) -> None:
        clerk = self._clerk_at(visit.window)
        with self.log.step(clerk.name, f"{visit.number} 初审通过后受理并派件"):
            clerk.open_case(visit.case_no)
            clerk.main_act("受理并打印通知书", "已受理")
            clerk.dispatch()
            clerk.home()

    def _hand_over(self) -> None:
        visit = self._visit("slow")
        clerk = self.clerks[1]
        if not self.cast.may_hand_over:
            with self.log.step(clerk.name, "出件：授权书没有授予颁发权，窗口不能交付，屏上说明理由"):
                clerk.may_not_hand_out(visit.case_no)
                clerk.grab(self.out / "counter-delivery.png")
                clerk.home()
            return
        with self.log.step(clerk.name, "出件：打印决定书，核对原件，读身份证，签字交付，出送达回证"):
            clerk.have_in_hand(visit.case_no)
            clerk.grab(self.out / "counter-originals.png")
            clerk.hand_out(visit.person.card())
            clerk.grab(self.out / "counter-delivery.png")
            clerk.home()

    def _look_up(self) -> None:
        visit = self._visit("slow")
        with self.log.step("自助机", "凭办件编号查进度，姓名遮盖"):
            self.kiosk.progress(visit.case_no)
            self.kiosk.grab(self.out / "kiosk-progress.png")

    # -- evening ------------------------------------------------------------------------------------------

    def _close(self) -> None:
        self.standing_in.returns(self.clerks[0], self.out)
        with self.log.step("大厅", "所有事实和图像都到了县中心"):
            all_arrived(self.hall, 40.0)
        with self.log.step("大厅", "关机"):
            self.hall.end_apps()

    def _both(
        self, work: Callable[[int], None], what: str, beside: Callable[[], None] = lambda: None
    ) -> None:
        """Both windows at the same time, and something beside them; the first fault is raised."""
        self._together([beside, *(functools.partial(work, n) for n in range(len(self.clerks)))], what)

    @staticmethod
    def _together(works: Sequence[Callable[[], None]], what: str) -> None:
        """All at the same time, the first on this thread; the first fault is raised when all have ended."""
        faults: list[BaseException] = []

        def run(work: Callable[[], None]) -> None:
            try:
                work()
            except BaseException as exc:
                faults.append(exc)

        threads = [
            threading.Thread(target=run, args=(work,), name=f"{what}-{n}") for n, work in enumerate(works[1:])
        ]
        for thread in threads:
            thread.start()
        run(works[0])
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]

    def _visit(self, kind: str) -> Visit:
        return next(v for v in self.visits.by_number.values() if v.kind == kind)

    def _clerk_at(self, name: str) -> Clerk:
        return next((c for c in self.clerks if c.name == name), self.clerks[0])

    def state_at_node(self, case_no: str) -> str:
        """What the node's tables say of a case."""
        from yichuang.demo.settling import case_state

        return case_state(self.hall.serving.folder, case_no)
