"""Puts a real counter together: journal, sync, reference data, devices, screens."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from PySide6.QtCore import QTimer

from counter_app.backend import devices
from counter_app.backend.bench import Bench
from counter_app.backend.correction_desk import Corrections
from counter_app.backend.delivery_desk import Deliveries
from counter_app.backend.dispatch_desk import Dispatching
from counter_app.backend.exchange_desk import Exchange
from counter_app.backend.find_desk import Finding
from counter_app.backend.hall_desk import RealHallDesk
from counter_app.backend.intake_desk import Intake
from counter_app.backend.lost_case_desk import LostCases
from counter_app.backend.numbers import Numbers, OrganCodes
from counter_app.backend.outcome_desk import Outcomes, PaperShelf
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.pages import PageTray
from counter_app.backend.pins import PIN_FILE, TRIES_FILE, PinBook, PinTries
from counter_app.backend.print_book import PrintBook, RecordingPrinter
from counter_app.backend.queue_desk import Queueing
from counter_app.backend.rating_desk import Ratings
from counter_app.backend.sign_in_desk import SignIn
from counter_app.backend.stand_in_desk import StandIn
from counter_app.backend.status_desk import Status
from counter_app.backend.thumbs import Thumbs
from counter_app.main import CounterConfig, build
from counter_app.ports import Changes, CounterPorts
from counter_app.rating.ports import RatingLevelRow
from counter_app.values import CaseId
from counter_app.view_window import CounterWindow
from hall.calendar.opening import CHINA_TIME, business_day
from hall.journal.blobs import BlobStore
from hall.journal.projection import Recorded
from hall.journal.refusal import StoreFault
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress, by_hand
from hall.papers.preview import Previewer
from hall.reference import Reference, load_reference
from sync.folder_lock import FolderLock
from sync.home import Home
from sync.join_file import BadJoinFile, JoinFile, read_join_file
from sync.machine_folder import Journal, open_journal
from sync.room import free_bytes_of, room_for_scans
from sync.uplink import ChildUplink
from ui.resource_files import resource_path
from ui.runner import QtRunner

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunningCounter:
    """A started counter. `close` joins every thread; call it on the GUI thread after the last event."""

    window: CounterWindow
    close: Callable[[], None]


def start(data: Path, *, damaged: Callable[[StoreFault], None] = lambda _: None) -> RunningCounter:
    """`damaged`: told from another thread when the journal turns out to be damaged while the counter runs.

    Raises FolderInUse, BadJoinFile, StoreFault, OSError and the errors of the resource files: what
    sync.starting has words for.
    """
    join = read_join_file(data)
    if join.parent is None:
        raise BadJoinFile("接入文件里没有大厅节点（parent），请信息科重新接入本机。")
    lock = FolderLock(data, "窗口工作台")
    try:
        ref = load_reference(resource_path(), join.hall)
        journal = open_journal(join, data, damaged=damaged)
        try:
            return _run(data, join, ref, journal, lock)
        except BaseException:
            journal.close()
            raise
    except BaseException:
        lock.release()
        raise


def _run(data: Path, join: JoinFile, ref: Reference, journal: Journal, lock: FolderLock) -> RunningCounter:
    store = journal.store
    blobs = BlobStore(data / "blobs")
    home = Home(journal, join, data, scope="hall")
    thumbs = Thumbs(store, blobs)
    bench = Bench(
        store=store,
        up=ChildUplink(home),
        blobs=blobs,
        ref=ref,
        join=join,
        press=PaperPress(FontSet.in_folder(resource_path("fonts"))),
        data=data,
        thumbs=thumbs,
        verify_pin=PinBook(data / PIN_FILE, PinTries(data / TRIES_FILE, store.kernel.clock.now)).verify,
        free=free_bytes_of(data),
    )
    tray = PageTray(data / "tray", bytes.fromhex(join.db_key), partial(room_for_scans, bench.free))
    camera = devices.make_camera(join.devices.get("camera", "uvc:0"), tray, thumbs)
    reader = devices.make_reader(
        join.devices.get("id_reader", "serial:/dev/ttyS0@115200"), partial(_today, bench), time.sleep
    )
    pad = devices.make_pad(join.devices.get("pad"))
    desk, outcomes = make_desk(bench, home, tray, camera, reader, pad)
    spool = devices.SpoolPrinter(join.devices.get("a4_printer"), partial(outcomes.copies))
    printer = RecordingPrinter(spool, outcomes.prints)
    runners = [QtRunner(name) for name in ("desk", "camera", "reader", "pad", "printer")]
    changes = Changes()
    ports = CounterPorts(
        desk=desk, camera=camera, id_reader=reader, pad=pad, printer=printer, changes=changes, new_id=new_uuid,
        desk_runner=runners[0], camera_runner=runners[1], reader_runner=runners[2], pad_runner=runners[3],
        printer_runner=runners[4],
    )  # fmt: skip
    config = CounterConfig(
        hall_name=ref.profile.name, today=partial(_today, bench), now=partial(_hall_time, bench),
        by_hand=partial(_by_hand, bench.press),
    )  # fmt: skip
    window = build(ports, config)
    unsubscribe = store.subscribe(partial(_tell, changes))
    home.start()

    def close() -> None:
        for timer in window.findChildren(QTimer):
            timer.stop()
        window.presenters.slices.outcome.rest()
        unsubscribe()
        pad.cancel()
        camera.close()
        for runner in runners:
            runner.close()
        home.stop()
        journal.close()
        lock.release()

    return RunningCounter(window, close)


def make_desk(
    bench: Bench,
    home: Home,
    tray: PageTray,
    camera: devices.WindowCamera,
    reader: devices.WindowIdReader,
    pad: devices.WindowPad,
) -> tuple[RealHallDesk, Outcomes]:
    """All desks of a window over one bench."""
    packages = PackageDesk(bench)
    numbers = Numbers(bench, OrganCodes.load(resource_path(), bench.join.hall))
    outcomes = Outcomes(bench, packages, numbers, Previewer(), PaperShelf(), PrintBook(bench))
    health = (
        partial(devices.camera_health, camera),
        partial(devices.reader_health, reader),
        partial(devices.pad_health, pad),
    )
    stand_in, intake = StandIn(bench, home), Intake(bench, tray, packages)
    desk = RealHallDesk(
        SignIn(bench), Queueing(bench), intake, outcomes, Dispatching(bench, packages),
        Corrections(bench, tray, outcomes.prints), Deliveries(bench, numbers), Ratings(bench, rating_levels()),
        Status(bench, packages, health, stand_in.nodes), Finding(bench), Exchange(bench, stand_in.nodes), stand_in,
        LostCases(bench, intake),
    )  # fmt: skip
    return desk, outcomes


def rating_levels() -> tuple[RatingLevelRow, ...]:
    """The five levels, best first, with the reasons of the national table (code_tables.yaml)."""
    table: dict[str, Any] = yaml.safe_load(resource_path("code_tables.yaml").read_text(encoding="utf-8"))
    icons = {5: "mood-happy", 4: "mood-smile", 3: "mood-neutral", 2: "mood-sad", 1: "mood-angry"}
    rows = [
        RatingLevelRow(
            level=int(entry["stars"]),
            text=str(entry["zh"]),
            icon=icons[int(entry["stars"])],
            reasons=tuple(
                (int(code), str(text)) for code, text in table["rating_reasons"][int(entry["stars"])].items()
            ),
        )
        for entry in table["satisfaction"].values()
    ]
    return tuple(sorted(rows, key=lambda r: -r.level))


def new_uuid() -> UUID:
    return uuid4()


def _hall_time(bench: Bench) -> datetime:
    return bench.now().astimezone(CHINA_TIME)


def _today(bench: Bench) -> date:
    try:
        return bench.day()
    except Exception:
        log.exception("the business day cannot be read")
        return business_day(bench.now())


def _by_hand(press: PaperPress, text: str) -> str:
    return by_hand(press.lacking(text))


def _tell(changes: Changes, records: Sequence[Recorded]) -> None:
    """After a commit: which screens must read again. Called on the journal's writer thread."""
    kinds = {r.env.type.split(".")[0] for r in records}
    if kinds & {"ticket", "visit", "window", "dossier", "day"}:
        changes.queue_changed.emit()
    told = ("case", "material", "page", "dossier", "delivery")
    cases = {r.env.dossier for r in records if r.env.type.split(".")[0] in told}
    for case in cases:
        changes.case_changed.emit(CaseId(case))
