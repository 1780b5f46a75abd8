"""The presenters that a visit joins."""

from dataclasses import dataclass

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
from counter_app.queue_panel.presenter import QueuePresenter
from counter_app.rating.presenter import RatingPresenter
from counter_app.stand_in.presenter import StandInPresenter
from counter_app.take_in.materials import MaterialsPresenter
from counter_app.take_in.presenter import TakeInPresenter


@dataclass(frozen=True)
class Slices:
    """The presenters that a visit joins."""

    queue: QueuePresenter
    take_in: TakeInPresenter
    materials: MaterialsPresenter
    capture: CapturePresenter
    outcome: OutcomePresenter
    dispatch: DispatchPresenter
    corrections: CorrectionsPresenter
    delivery: DeliveryPresenter
    rating: RatingPresenter
    citizen: CitizenPresenter
    find: FindPresenter
    enlarge: EnlargePresenter
    exchange: ExchangePresenter
    stand_in: StandInPresenter
    lost_case: LostCasePresenter
