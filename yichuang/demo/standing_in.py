"""What `--standby` shows: the node dies in mid-day, a manager has the standby take over, the node comes back."""

import threading
import time
from pathlib import Path

from yichuang.demo.cast import Cast
from yichuang.demo.citizen import KioskVisitor
from yichuang.demo.clerk import Clerk
from yichuang.demo.hall import DemoHall
from yichuang.demo.site import DEMO_PIN
from yichuang.demo.transcript import Transcript
from yichuang.demo.visits import Visit, Visits
from yichuang.processes import ProcessFault

TAKES_S = 60.0
_PAGE, _ORDERED = "Ctrl+J", "已由备用节点接着服务"


class StandingIn:
    """Nothing happens in a hall that has no standby."""

    def __init__(self, hall: DemoHall, cast: Cast, log: Transcript, all_came: threading.Event) -> None:
        self._hall, self._cast, self._log = hall, cast, log
        self._all_came = all_came
        self._both_serving = threading.Barrier(2, timeout=2 * TAKES_S)

    def at_window(self, n: int, count: int, clerk: Clerk, visits: Visits, kiosk: KioskVisitor) -> None:
        """Before the first visits, when both windows have called somebody."""
        if self._hall.site.standby is None or count:
            return
        clerk.node_was_cut = True
        self._all_came.wait(TAKES_S)
        self._both_serving.wait()
        if n == 0:
            self._take_over(clerk, visits.out)
            self._number_of_the_standby(visits, kiosk)
        self._both_serving.wait()

    def _take_over(self, clerk: Clerk, out: Path) -> None:
        with self._log.step(clerk.name, "按 Ctrl+J：大厅节点在服务，备用节点已就绪"):
            clerk.press(_PAGE)
            clerk.wait("已就绪", timeout_s=TAKES_S)
            clerk.grab(out / "counter-standby-ready.png")
        with self._log.step("网络", "大厅节点断电（kill -9），两个窗口手上都有人"):
            self._hall.kill(self._hall.site.node)
            clerk.wait("可以由大厅管理人员启用", timeout_s=TAKES_S)
        began = time.monotonic()
        with self._log.step(clerk.name, "大厅管理人员输入工号、PIN、理由，按 F9 启用备用节点"):
            ask = clerk.hands.ask
            ask("type", name="大厅管理人员工号", text=self._cast.manager.employee_no)
            ask("type", name="管理人员 PIN", text=DEMO_PIN)
            ask("type", name="理由（会记入日志）", text="大厅节点主机断电")
            clerk.press("F9")
            clerk.wait(_ORDERED, timeout_s=TAKES_S)
            clerk.grab(out / "counter-standby.png")
        self._hall.node_replaced()
        self._log.say(clerk.name, f"从输入工号到备用节点接着服务 {time.monotonic() - began:.1f} 秒")
        clerk.press("Esc")

    def _number_of_the_standby(self, visits: Visits, kiosk: KioskVisitor) -> None:
        person, item = self._cast.people[6], self._cast.quick.name
        with self._log.step("自助机", "备用节点接着发号，换一段编，不与已发的号重复"):
            kiosk.connected()
            number = kiosk.take(item)
            kiosk.slip("已打印")
            kiosk.leave()
            if number in visits.by_number:
                raise ProcessFault(f"{number} was given before")
            self._log.say("自助机", f"{person.name} 的号是 {number}")
        visits.by_number[number] = Visit("quick", person, item, number)

    def returns(self, clerk: Clerk, out: Path) -> None:
        """In the evening: the first node is switched on and finds itself replaced."""
        if self._hall.site.standby is None:
            return
        with self._log.step("网络", "原来的大厅节点恢复供电，认出已被接替，交出没送到的记录，改作备用"):
            self._hall.start_server(self._hall.site.node)
            clerk.press(_PAGE)
            clerk.wait("大厅节点已就绪", timeout_s=TAKES_S)
            clerk.grab(out / "counter-standby-back.png")
            clerk.press("Esc")
