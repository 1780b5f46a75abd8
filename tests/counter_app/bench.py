"""Builds the whole app over fakes, as `main.build` does in the hall."""

from dataclasses import dataclass
from datetime import date

from counter_app.main import CounterConfig, build
from counter_app.ports import Changes, CounterPorts
from counter_app.view_window import CounterWindow
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import Clock, FakeCamera, FakePad, FakePrinter, FakeReader, InlineRunner, new_id
from ui.runner import Runner

TODAY = date(2026, 11, 22)


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


def make_bench(desk_runner: Runner | None = None, *, lock_after_s: float = 300.0) -> Bench:
    hall, camera, reader, pad, printer = FakeHall(), FakeCamera(), FakeReader(), FakePad(), FakePrinter()
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
        printer_runner=inline,
    )
    config = CounterConfig(
        "昌吉市政务服务中心", lambda: TODAY, lock_after_s=lock_after_s, refresh_ms=3_600_000, clock=clock
    )
    return Bench(hall, camera, reader, pad, printer, clock, changes, build(ports, config))
