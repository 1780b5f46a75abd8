"""The only place that builds the counter app: presenters, views, timers, keys. `build()` takes the ports."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from counter_app.capture.presenter import CapturePresenter
from counter_app.citizen_screen.presenter import CitizenPresenter
from counter_app.corrections.presenter import CorrectionsPresenter
from counter_app.delivery.presenter import DeliveryPresenter
from counter_app.dispatch.presenter import DispatchPresenter
from counter_app.enlarge.presenter import EnlargePresenter
from counter_app.exchange.presenter import ExchangePresenter
from counter_app.find.presenter import FindPresenter
from counter_app.lost_case.presenter import LostCasePresenter
from counter_app.outcome.presenter import OutcomePresenter
from counter_app.ports import CounterPorts
from counter_app.queue_panel.presenter import QueuePresenter
from counter_app.rating.presenter import RatingPresenter
from counter_app.sign_in.presenter import SignInPresenter
from counter_app.stand_in.presenter import StandInPresenter
from counter_app.status.presenter import StatusPresenter
from counter_app.take_in.checks import PeopleCheck
from counter_app.take_in.materials import MaterialsPresenter
from counter_app.take_in.presenter import TakeInPresenter
from counter_app.values import TicketId
from counter_app.view_window import CounterWindow, Presenters
from counter_app.visit.open_cases import OpenCases
from counter_app.visit.presenter import VisitPresenter
from counter_app.visit.slices import Slices
from counter_app.visit.step_guard import LEAST_S, StepGuard
from ui.theme import apply_theme
from ui.tokens import Theme, counter_theme


@dataclass(frozen=True)
class CounterConfig:
    """What differs between PCs. Times in seconds and ms; `today` gives the legal day (Asia/Shanghai)."""

    hall_name: str
    today: Callable[[], date]
    now: Callable[[], datetime]
    """Local time of the hall."""
    by_hand: Callable[[str], str]
    """What a clerk is told of characters that papers cannot show; empty: all can be printed."""
    citizen_screen: bool = True
    """Show the second window; it goes to the second monitor where there is one."""
    lock_after_s: float = 300.0
    look_s: float = LEAST_S
    """So long a step is seen before the press that opened it may pass it."""
    refresh_ms: int = 3000
    theme: Theme | None = None
    clock: Callable[[], float] = time.monotonic


def build(ports: CounterPorts, config: CounterConfig) -> CounterWindow:
    """Build everything on the GUI thread; show nothing yet. Needs a QApplication."""
    theme = config.theme or counter_theme()
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, theme)
    presenters = _presenters(ports, config)
    window = CounterWindow(
        presenters=presenters,
        changes=ports.changes,
        theme=theme,
        hall_name=config.hall_name,
        citizen_screen=config.citizen_screen,
        clock=config.clock,
    )
    _timers(window, presenters, config)
    return window


def _presenters(ports: CounterPorts, config: CounterConfig) -> Presenters:
    desk, new_id, runner = ports.desk, ports.new_id, ports.desk_runner
    cases = OpenCases()
    # the slices ask for the ticket of the visit, which is built last
    visits: list[VisitPresenter] = []

    def ticket() -> TicketId | None:
        return visits[0].ticket_id() if visits else None

    queue = QueuePresenter(desk=desk, runner=runner, new_id=new_id)
    take_in = TakeInPresenter(
        desk=desk,
        reader=ports.id_reader,
        cases=cases,
        runner=runner,
        reader_runner=ports.reader_runner,
        new_id=new_id,
        check=PeopleCheck(config.today, config.by_hand),
    )
    materials = MaterialsPresenter(desk=desk, cases=cases, runner=runner, new_id=new_id)
    capture = CapturePresenter(
        camera=ports.camera,
        camera_runner=ports.camera_runner,
        runner=runner,
        new_id=new_id,
        clock=config.clock,
    )
    outcome = OutcomePresenter(
        desk=desk,
        printer=ports.printer,
        cases=cases,
        runner=runner,
        printer_runner=ports.printer_runner,
        new_id=new_id,
    )
    corrections = CorrectionsPresenter(
        desk=desk,
        printer=ports.printer,
        ticket=ticket,
        runner=runner,
        printer_runner=ports.printer_runner,
        new_id=new_id,
    )
    delivery = DeliveryPresenter(
        desk=desk,
        reader=ports.id_reader,
        printer=ports.printer,
        runner=runner,
        reader_runner=ports.reader_runner,
        printer_runner=ports.printer_runner,
        new_id=new_id,
        today=config.today,
        now=config.now,
        has_screen=config.citizen_screen,
    )
    rating = RatingPresenter(
        desk=desk,
        pad=ports.pad,
        ticket=ticket,
        runner=runner,
        pad_runner=ports.pad_runner,
        new_id=new_id,
        clock=config.clock,
        has_screen=config.citizen_screen,
    )
    slices = Slices(
        queue=queue,
        take_in=take_in,
        materials=materials,
        capture=capture,
        outcome=outcome,
        dispatch=DispatchPresenter(desk=desk, cases=cases, runner=runner, new_id=new_id),
        corrections=corrections,
        delivery=delivery,
        rating=rating,
        citizen=CitizenPresenter(),
        find=FindPresenter(desk=desk, runner=runner),
        enlarge=EnlargePresenter(desk=desk, runner=runner),
        exchange=ExchangePresenter(desk=desk, runner=runner),
        stand_in=StandInPresenter(desk=desk, runner=runner, new_id=new_id),
        lost_case=LostCasePresenter(desk=desk, cases=cases, runner=runner, new_id=new_id),
    )
    guard = StepGuard(clock=config.clock, least_s=config.look_s)
    visit = VisitPresenter(slices=slices, desk=desk, cases=cases, runner=runner, guard=guard)
    visits.append(visit)
    visit.state_changed.connect(slices.enlarge.follow_visit)
    visit.state_changed.connect(slices.exchange.follow_visit)
    corrections.case_back.connect(visit.show_known)
    outcome.state_changed.connect(slices.enlarge.follow_outcome)
    sign_in = SignInPresenter(
        desk=desk, runner=runner, new_id=new_id, clock=config.clock, lock_after_s=config.lock_after_s
    )
    status = StatusPresenter(desk=desk, cases=cases, runner=runner)
    return Presenters(sign_in, visit, slices, status)


def _timers(window: CounterWindow, presenters: Presenters, config: CounterConfig) -> None:
    seconds = QTimer(window)
    seconds.setInterval(1000)
    seconds.timeout.connect(presenters.sign_in.tick)
    seconds.timeout.connect(presenters.slices.rating.tick)
    seconds.timeout.connect(presenters.slices.capture.tick)
    seconds.timeout.connect(presenters.slices.stand_in.tick)
    refresh = QTimer(window)
    refresh.setInterval(config.refresh_ms)
    refresh.timeout.connect(window.refresh)
    for timer in (seconds, refresh):
        timer.start()
