"""What `--cut` breaks in the middle of the demo, and how it heals."""

import threading
import time
from functools import partial
from pathlib import Path

from yichuang.demo.citizen import KioskVisitor, newest_code
from yichuang.demo.clerk import Clerk
from yichuang.demo.hall import DemoHall
from yichuang.demo.officer_work import OfficerWork
from yichuang.demo.transcript import Transcript
from yichuang.demo.visits import Visit, Visits
from yichuang.processes import ProcessFault


class Breaking:
    """One fault a run; nothing breaks without `--cut`."""

    def __init__(self, cut: str | None, hall: DemoHall, log: Transcript, all_came: threading.Event) -> None:
        """all_came: set when the last visitor has left the kiosk."""
        self._cut = cut
        self._hall = hall
        self._log = log
        self._all_came = all_came
        self._both_serving = threading.Barrier(2, timeout=60.0)
        self._node_back = threading.Event()
        self._kiosk: KioskVisitor | None = None
        self._away = ""

    # -- printer: out of paper in mid-print ------------------------------------------------------------

    def before_ticket(self, n: int) -> None:
        if self._cut == "printer" and n == 2:
            self._hall.printer({"fault": "paper_out_mid_print"})

    def after_ticket(self, n: int, kiosk: KioskVisitor, out: Path) -> None:
        if self._cut != "printer" or n != 2:
            return
        with self._log.step("自助机", "打印到一半没纸：号码保留在屏上，不会自动重打"):
            kiosk.slip("打到一半停了")
            kiosk.grab(out / "kiosk-no-paper.png")
        with self._log.step("自助机", "工作人员装纸，打印机接着打完；群众没看到，再打一次，票上注明补打"):
            self._hall.printer({"fault": None})
            self._hall.printer({"paper_mm": 20000})
            kiosk.reprint()

    # -- county link ---------------------------------------------------------------------------------------

    def county_down(self) -> None:
        if self._cut == "county" and self._hall.county_link is not None:
            with self._log.step("网络", "县中心线路断开，大厅照常办理"):
                self._hall.county_link.cut()

    def officer_waits(self, officer: OfficerWork, base: str, case_no: str) -> None:
        """While the line is down the centre's desk has not heard of the case."""
        if self._cut != "county" or str(self._hall.centre_port) not in base:
            return
        with self._log.step("部门", "线路断着，县里的席位还看不到这件，件在大厅等着"):
            officer.go(base)
            if officer.list_shows(case_no):
                raise ProcessFault("the case reached the centre over a cut line")

    def county_up(self) -> None:
        if self._cut == "county" and self._hall.county_link is not None:
            with self._log.step("网络", "县中心线路恢复，自动补传"):
                self._hall.county_link.heal()

    # -- node and camera -----------------------------------------------------------------------------------

    def at_window(
        self, n: int, count: int, clerk: Clerk, visits: Visits, kiosk: KioskVisitor, number: str
    ) -> None:
        """Before a visit begins at a window."""
        if self._cut == "camera" and count == 0:
            clerk.before_shot = partial(self._camera_stops, clerk, visits.out, frozen=n == 0)
        if self._cut == "node" and count == 0:
            clerk.node_was_cut = True
            self._kiosk = kiosk
            self._all_came.wait(60.0)
            self._both_serving.wait()
            if n == 0:
                with self._log.step("网络", "大厅节点断电（kill -9），两个窗口手上都有人"):
                    self._hall.kill(self._hall.site.node)
                self._number_without_node(visits)
            self._both_serving.wait()

    def _camera_stops(self, clerk: Clerk, out: Path, *, frozen: bool) -> None:
        what = "高拍仪画面冻结，连接还开着" if frozen else "高拍仪断开连接"
        with self._log.step(clerk.name, f"{what}：屏上说明，已拍的都在"):
            clerk.camera({"fault": "freeze" if frozen else "close"})
            clerk.wait("画面停住了" if frozen else "高拍仪断开了", timeout_s=20)
            clerk.grab(out / f"counter-camera-{'frozen' if frozen else 'closed'}.png")
        with self._log.step(clerk.name, "高拍仪恢复，接着拍"):
            clerk.camera({"fault": None})
            clerk.wait("实时", timeout_s=30)

    def _number_without_node(self, visits: Visits) -> None:
        kiosk = self._kiosk
        if kiosk is None:
            raise ProcessFault("no kiosk")
        person = visits.cast.people[6]
        with self._log.step("自助机", "节点不在，自助机用自己的号段出号"):
            number = kiosk.take(visits.cast.quick.name)
            kiosk.slip("已打印")
            kiosk.grab(visits.out / "kiosk-away.png")
            kiosk.leave()
            self._away = newest_code(visits.out / "printer")
            self._log.say("自助机", f"{person.name} 的号是 {number}")
        visits.by_number[number] = Visit("no_show", person, visits.cast.quick.name, number, served=True)

    def after_visit(self, n: int, count: int, clerk: Clerk, visits: Visits) -> None:
        """The second window serves the slip, then the node comes back."""
        if self._cut != "node" or count != 1:
            return
        if n == 1:
            away = next(v for v in visits.by_number.values() if v.person is visits.cast.people[6])
            with self._log.step(clerk.name, f"节点不在：凭号票 {away.number} 办理"):
                clerk.serve_slip(self._away)
                clerk.done("咨询")
            with self._log.step("网络", "大厅节点恢复供电"):
                self._hall.start_server(self._hall.site.node)
            self._node_back.set()
        if not self._node_back.wait(60.0):
            raise ProcessFault("the node did not come back")
        deadline = time.monotonic() + 70.0
        while clerk.can_see("连不上大厅节点"):
            if time.monotonic() > deadline:
                raise ProcessFault("the window does not find the node again")
            time.sleep(0.2)
