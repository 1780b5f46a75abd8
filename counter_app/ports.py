"""Everything the counter app needs from outside, as one bundle. Adapters over hall, sync and devices fill it."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from counter_app.corrections.ports import CorrectionDesk
from counter_app.delivery.ports import DeliveryDesk
from counter_app.device_ports import A4Printer, Camera, IdReader, Pad
from counter_app.dispatch.ports import DispatchDesk
from counter_app.exchange.ports import ExchangeDesk
from counter_app.find.ports import FindDesk
from counter_app.lost_case.ports import LostCaseDesk
from counter_app.outcome.ports import OutcomeDesk
from counter_app.queue_panel.ports import QueueDesk
from counter_app.rating.ports import RatingDesk
from counter_app.sign_in.ports import SignInDesk
from counter_app.stand_in.ports import StandInDesk
from counter_app.status.ports import StatusDesk
from counter_app.take_in.ports import IntakeDesk
from counter_app.values import NewId
from ui.runner import Runner


class HallDesk(
    SignInDesk,
    QueueDesk,
    IntakeDesk,
    OutcomeDesk,
    DispatchDesk,
    CorrectionDesk,
    DeliveryDesk,
    RatingDesk,
    StatusDesk,
    FindDesk,
    ExchangeDesk,
    StandInDesk,
    LostCaseDesk,
    Protocol,
):
    """The hall, as one window sees it. Each slice's `ports.py` says what it promises."""


class Changes(QObject):
    """Tells the screens what changed outside. Emit from any thread: slots run on the GUI thread.

    Signals:
        queue_changed: the board must be read again.
        case_changed: a CaseId whose view must be read again.
        status_changed: devices or links.
        scanned: a code (str) from a scanner that is not a keyboard.
    """

    queue_changed = Signal()
    case_changed = Signal(object)
    status_changed = Signal()
    scanned = Signal(str)


@dataclass(frozen=True)
class CounterPorts:
    """What `build()` takes. `desk_runner` owns the database thread; each device has a runner of its own."""

    desk: HallDesk
    camera: Camera
    id_reader: IdReader
    pad: Pad
    printer: A4Printer
    changes: Changes
    new_id: NewId
    desk_runner: Runner
    camera_runner: Runner
    reader_runner: Runner
    pad_runner: Runner
    printer_runner: Runner
