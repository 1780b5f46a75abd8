"""The calendars that the tests count with."""

from pathlib import Path

from hall.calendar.loading import load_layer
from hall.calendar.model import WorkCalendar

RESOURCES = Path(__file__).resolve().parents[3] / "resources" / "calendar"


def national() -> WorkCalendar:
    return WorkCalendar(load_layer(RESOURCES / "national.json"))


def xinjiang() -> WorkCalendar:
    return WorkCalendar(load_layer(RESOURCES / "national.json"), load_layer(RESOURCES / "region_65.json"))
