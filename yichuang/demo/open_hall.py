"""`./run demo` on a real display: the hall's windows open and stay until somebody ends it."""

import os
import signal
import sys
import threading
from pathlib import Path

from hall.catalogue.loading import resources_dir
from hall.reference import load_reference
from yichuang.demo.cast import Cast, plan_cast
from yichuang.demo.hall import ROOT, DemoHall
from yichuang.demo.site import DEMO_PASSWORD, DEMO_PIN
from yichuang.demo.transcript import Transcript
from yichuang.processes import Lines


def manager_line(cast: Cast) -> str:
    """For the pages at which a window asks for a manager's number."""
    return f"大厅管理人员工号 {cast.manager.employee_no}，PIN {DEMO_PIN}：Ctrl+J 备用节点、Ctrl+Y 补录和收回"


def open_windows(hall_code: str, out: Path, *, standby: bool = False) -> int:
    """Opens centre, node, kiosk, display and two counters; ends with Ctrl+C. Returns the exit status."""
    import random

    ref = load_reference(resources_dir(), hall_code)
    cast = plan_cast(ref, random.Random(1))
    log = Transcript(sys.stdout)
    ended = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    with DemoHall(out, ref, log, standby=standby) as hall:
        apps: list[Lines] = []
        for machine, module, more in (
            (hall.site.kiosk, "kiosk_app", ()),
            (hall.site.display, "kiosk_app", ("--display",)),
            *((m, "counter_app", ()) for m in hall.site.counters),
        ):
            apps.append(
                Lines(
                    machine.name, ["-m", module, "--data", str(machine.folder), "--windowed", *more],
                    cwd=ROOT, log=hall.logs / f"{machine.name}.log",
                )
            )  # fmt: skip
        hall.servers_ready()
        log.title("大厅已打开：县中心、大厅节点、自助机、叫号屏、两个窗口（设备为模拟）。")
        log.say("窗口", f"工号 {cast.clerk_a.employee_no} 或 {cast.clerk_b.employee_no}，PIN {DEMO_PIN}，"
                f"窗口 {cast.window_a.no} 或 {cast.window_b.no}")  # fmt: skip
        log.say("窗口", manager_line(cast))
        log.say("部门", f"http://127.0.0.1:{hall.node_port}/login（大厅）")
        log.say("部门", f"http://127.0.0.1:{hall.centre_port}/login（县中心），officer / {DEMO_PASSWORD}")
        if standby:
            pid = hall.pid(hall.site.node)
            log.say("网络", f"看接替：结束大厅节点（进程 {pid}），再在窗口按 Ctrl+J，用管理人员的工号")
        log.say("", f"数据和日志在 {out}；按 Ctrl+C 关门。")
        while not ended.wait(0.5):
            if not any(app.alive for app in apps):
                break
        for app in apps:
            app.kill() if os.name == "nt" else app.end(3.0)
    return 0
