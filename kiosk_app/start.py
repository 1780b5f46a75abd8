"""Puts a real kiosk or call display together: journal, sync, reference data, devices, screen."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from hall.calendar.opening import china_time
from hall.journal.projection import Recorded
from hall.journal.refusal import StoreFault
from hall.queueing import views as queue
from hall.reference import load_reference
from kiosk_app.backend import equipment
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.display import CallVoice, RealDisplayHall, SilentVoice, standing_notices
from kiosk_app.backend.hall import RealKioskHall
from kiosk_app.backend.places import Places
from kiosk_app.backend.questions import load_questions
from kiosk_app.backend.rating_table import rating_levels
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.backend.twin_watch import TwinWatch
from kiosk_app.backend.unfinished import Unfinished
from kiosk_app.main import DisplayWindow, KioskConfig, KioskWindow, Runners
from sync.clocks import ClockWatch
from sync.folder_lock import FolderLock
from sync.home import Home
from sync.join_file import BadJoinFile, read_join_file
from sync.machine_folder import Journal, open_journal
from sync.room import free_bytes_of
from sync.uplink import ChildUplink
from ui.resource_files import resource_path
from ui.runner import QtRunner

log = logging.getLogger(__name__)
SCOPE = "queue"
"""A kiosk and a display are fed with the queue only: no case data lies on a machine in the public hall."""


@dataclass(frozen=True)
class RunningKiosk:
    """A started machine. `close` joins every thread; call it on the GUI thread, once, after the last event."""

    window: QMainWindow
    close: Callable[[], None]


@dataclass(frozen=True)
class Machine:
    """What a kiosk and a display have in common."""

    bench: KioskBench
    home: Home
    data: Path
    journal: Journal
    lock: FolderLock

    def close(self) -> None:
        self.home.stop()
        self.journal.close()
        self.lock.release()


class Committed(QObject):
    """Carries the news of a commit from the journal's writer thread to the GUI thread.

    Signals:
        queue_changed: something about tickets or windows was recorded.
    """

    queue_changed = Signal()

    def told(self, records: Sequence[Recorded]) -> None:
        """Any thread."""
        if any(r.env.type.split(".")[0] in ("ticket", "visit", "window", "day") for r in records):
            self.queue_changed.emit()


def start(
    data: Path,
    *,
    display: bool = False,
    size_px: tuple[int, int] | None = None,
    damaged: Callable[[StoreFault], None] = lambda _: None,
) -> RunningKiosk:
    """Needs a QApplication. size_px: of the screen, by default the primary one's.

    `damaged`: told from another thread when the journal turns out to be damaged while the machine runs. Raises
    QuestionsFileError and what sync.starting has words for.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("a QApplication is needed")
    if size_px is None:
        area = app.primaryScreen().geometry()
        size_px = area.width(), area.height()
    machine = open_machine(data, "叫号屏" if display else "自助机", damaged)
    try:
        return (start_display if display else start_kiosk)(app, machine, size_px)
    except BaseException:
        machine.close()
        raise


def build_from(data: Path, *, display: bool = False) -> tuple[QMainWindow, Callable[[], None]]:
    """For a process that drives the app: (window, close)."""
    running = start(data, display=display)
    return running.window, running.close


def open_machine(data: Path, program: str, damaged: Callable[[StoreFault], None] = lambda _: None) -> Machine:
    """Journal and sync of this machine; nothing runs yet but the journal's writer."""
    join = read_join_file(data)
    if join.parent is None:
        raise BadJoinFile("接入文件里没有大厅节点（parent），请信息科重新接入本机。")
    lock = FolderLock(data, program)
    try:
        ref = load_reference(resource_path(), join.hall)
        journal = open_journal(join, data, damaged=damaged)
    except BaseException:
        lock.release()
        raise
    home = Home(journal, join, data, scope=SCOPE)
    return Machine(
        KioskBench(journal.store, ChildUplink(home), ref, join, free_bytes_of(data)),
        home,
        data,
        journal,
        lock,
    )


def start_kiosk(app: QApplication, machine: Machine, size_px: tuple[int, int]) -> RunningKiosk:
    bench = machine.bench
    places = Places(bench.ref)
    questions = load_questions(resource_path("kiosk", "questions.json"), places)
    ticketing = Ticketing(bench, places)
    clocks = ClockWatch(bench.up, bench.now)
    hall = RealKioskHall(bench, places, questions, ticketing, machine.home.link_state, clocks)
    printer = equipment.slip_printer(bench, slip_of=ticketing.slip_of, notice=hall.notice)
    reader = equipment.card_reader(bench.join)
    twins = TwinWatch(bench)
    runners = [QtRunner(name) for name in ("kiosk-hall", "kiosk-printer", "kiosk-reader")]
    window = KioskWindow(
        KioskConfig(bench.ref.profile.name, *size_px, rating_levels(resource_path("code_tables.yaml"))),
        app=app,
        hall=hall,
        printer=printer,
        reader=reader,
        voice=SilentVoice(),
        runners=Runners(*runners),
        now=partial(_hall_time, bench),
    )
    # before Qt's loop runs, so before anybody can ask for a number
    unfinished = Unfinished(bench, ticketing, printer.print_unseen, in_use=lambda: window.shell.in_session)
    machine.home.start()
    twins.start()
    unfinished.start()

    def close() -> None:
        window.close()
        for runner in runners:
            runner.close()
        reader.close()
        unfinished.stop()
        twins.stop()
        machine.close()

    return RunningKiosk(window, close)


def start_display(app: QApplication, machine: Machine, size_px: tuple[int, int]) -> RunningKiosk:
    bench = machine.bench
    clocks = ClockWatch(bench.up, bench.now)
    hall = RealDisplayHall(bench, machine.home.link_state, clocks, standing_notices(bench.ref))
    announcer = equipment.call_announcer(resource_path("voice", "zh"))
    runner = QtRunner("display-hall")
    with bench.store.read() as conn:
        seen = queue.queue_epoch(conn)
    window = DisplayWindow(
        hall_name=bench.ref.profile.name,
        width_px=size_px[0],
        height_px=size_px[1],
        app=app,
        hall=hall,
        voice=CallVoice(announcer, hall.window_of),
        runner=runner,
        seen_epoch=seen,
        remember_epoch=_in_the_journal,
        now=partial(_hall_time, bench),
    )
    committed = Committed(window)
    committed.queue_changed.connect(window.presenter.tick, Qt.ConnectionType.QueuedConnection)
    unsubscribe = bench.store.subscribe(committed.told)
    machine.home.start()

    def close() -> None:
        unsubscribe()
        window.close()
        runner.close()
        announcer.close()
        machine.close()

    return RunningKiosk(window, close)


def _hall_time(bench: KioskBench) -> datetime:
    """China's time, whatever zone this machine is set to: the same as on slips and papers."""
    return china_time(bench.now())


def _in_the_journal(epoch: int) -> None:
    """Nothing to write: the epoch came from a record that was committed before it was shown."""
    log.info("queue epoch %d", epoch)
