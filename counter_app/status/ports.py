"""Devices and links as the header shows them, and how far a case has travelled."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from counter_app.values import CaseId, SyncMarks


class Health(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A device or a link. `hint` says in one line what to do; empty when all is well."""

    key: str
    name: str
    health: Health
    word: str
    """「正常」「缺纸」「断开」「2分钟前」."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StatusBoard:
    rows: tuple[HealthRow, ...] = ()
    unsent: int = 0
    """Facts of this PC that have not reached the node yet."""


class StatusDesk(Protocol):
    """Called on a worker thread; never raises for a device in trouble: that is a row."""

    def status(self) -> StatusBoard: ...

    def sync_marks(self, case_id: CaseId) -> SyncMarks: ...
