"""Builds the whole app over fakes, as `main.build` does in the hall."""

from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QEvent

from counter_app.main import CounterConfig, build
from counter_app.ports import Changes, CounterPorts
from counter_app.view_window import CounterWindow
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import Clock, FakeCamera, FakePad, FakePrinter, FakeReader, InlineRunner, new_id
from ui.runner import Runner

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 14, 5)
UNPRINTABLE = "𠮷"


@dataclass
class Bench:
    hall: FakeHall
    camera: FakeCamera
    reader: FakeReader
    pad: FakePad
    printer: FakePrinter
    clock: Clock
    changes: Changes
    window: CounterWindow


def make_bench(
    desk_runner: Runner | None = None,
    *,
    hall: FakeHall | None = None,
    printer_runner: Runner | None = None,
    lock_after_s: float = 300.0,
    look_s: float = 0.0,
) -> Bench:
    """`hall`: one that has already worked, as after a restart.

    `look_s` 0: whoever presses has looked, also where no window is shown.
    """
    hall = hall or FakeHall()
    camera, reader, pad, printer = FakeCamera(), FakeReader(), FakePad(), FakePrinter()
    clock, changes = Clock(), Changes()
    inline = InlineRunner()
    ports = CounterPorts(
        desk=hall,
        camera=camera,
        id_reader=reader,
        pad=pad,
        printer=printer,
        changes=changes,
        new_id=new_id,
        desk_runner=desk_runner or inline,
        camera_runner=inline,
        reader_runner=inline,
        pad_runner=inline,
        printer_runner=printer_runner or inline,
    )

    def by_hand_of(text: str) -> str:
        return "".join(f"{ch}要手写。" for ch in text if ch in UNPRINTABLE)

    config = CounterConfig(
        "昌吉市政务服务中心", lambda: TODAY, lambda: NOW, lock_after_s=lock_after_s, look_s=look_s,
        refresh_ms=3_600_000, clock=clock, by_hand=by_hand_of,
    )  # fmt: skip
    window = build(ports, config)
    if not look_s:
        visit = window.presenters.visit
        visit.state_changed.connect(visit.step_painted)
    return Bench(hall, camera, reader, pad, printer, clock, changes, window)


def close(made: Bench) -> None:
    made.window.close()
    for window in (made.window, made.window.citizen):
        if window is not None:
            window.deleteLater()
    # without a running loop nothing else deletes them, and every later theme would restyle them again
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
