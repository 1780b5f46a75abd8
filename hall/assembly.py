"""All rooms of the hall put together: event types and projections for a Store."""

from hall.delivery.events import DELIVERY_EVENTS
from hall.delivery.tables import DELIVERY_PROJECTORS, DELIVERY_TABLES
from hall.feedback.events import FEEDBACK_EVENTS
from hall.feedback.tables import FEEDBACK_PROJECTORS, FEEDBACK_TABLES
from hall.intake.events import CASE_EVENTS, ERRAND_EVENTS
from hall.intake.number_events import NUMBER_EVENTS
from hall.intake.package_events import PACKAGE_EVENTS
from hall.intake.print_events import PRINT_EVENTS
from hall.intake.projecting import INTAKE_PROJECTORS
from hall.intake.reentry import REENTRY_EVENTS, REENTRY_PROJECTORS
from hall.intake.tables import INTAKE_TABLES
from hall.journal.codec import EventTypes
from hall.journal.facts import KERNEL_EVENTS
from hall.journal.projection import Projections
from hall.queueing.events import QUEUE_EVENTS
from hall.queueing.tables import QUEUE_PROJECTORS, QUEUE_TABLES
from hall.review.events import REVIEW_EVENTS
from hall.review.tables import REVIEW_PROJECTORS, REVIEW_TABLES


def event_types() -> EventTypes:
    """Every event class of every room."""
    return EventTypes(
        (
            *KERNEL_EVENTS, *QUEUE_EVENTS, *CASE_EVENTS, *ERRAND_EVENTS, *PACKAGE_EVENTS, *NUMBER_EVENTS,
            *PRINT_EVENTS, *REENTRY_EVENTS, *REVIEW_EVENTS, *DELIVERY_EVENTS, *FEEDBACK_EVENTS,
        )
    )  # fmt: skip


def projections() -> Projections:
    """Every table that is made from events, and how."""
    return Projections(
        (*QUEUE_TABLES, *INTAKE_TABLES, *REVIEW_TABLES, *DELIVERY_TABLES, *FEEDBACK_TABLES),
        (
            *QUEUE_PROJECTORS, *INTAKE_PROJECTORS, *REENTRY_PROJECTORS, *REVIEW_PROJECTORS, *DELIVERY_PROJECTORS,
            *FEEDBACK_PROJECTORS,
        ),
    )  # fmt: skip
