"""All rooms of the hall put together: event types and projections for a Store."""

from hall.journal.codec import EventTypes
from hall.journal.facts import KERNEL_EVENTS
from hall.journal.projection import Projections
from hall.queueing.events import QUEUE_EVENTS
from hall.queueing.tables import QUEUE_PROJECTORS, QUEUE_TABLES


def event_types() -> EventTypes:
    return EventTypes((*KERNEL_EVENTS, *QUEUE_EVENTS))


def projections() -> Projections:
    return Projections(QUEUE_TABLES, QUEUE_PROJECTORS)
