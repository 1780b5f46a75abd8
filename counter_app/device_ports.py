"""The devices as the counter sees them. Adapters over devices/ implement these; none of them knows Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.values import PageId, PaperId

Point = tuple[float, float]


class DeviceTrouble(Exception):
    """A device could not do it. `hint` is Chinese: what is safe and what to do. `maybe_out`: a printer that fell
    silent may have printed."""

    def __init__(self, hint: str, *, maybe_out: bool = False) -> None:
        super().__init__(hint)
        self.hint = hint
        self.maybe_out = maybe_out


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """A preview picture: 24-bit RGB rows without padding. `outline` is the page found, as fractions of the
    frame (0..1), clockwise from the top left; None: no page found."""

    width_px: int
    height_px: int
    rgb: bytes
    outline: tuple[Point, Point, Point, Point] | None = None
    warning: str = ""
    """「反光」「模糊」「纸张超出画面」: said at once, empty when fine."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A page that is already stored on this PC (encrypted, hashed). `thumb` is a small JPEG or PNG."""

    page_id: PageId
    thumb: bytes
    warning: str = ""


class CameraFeed(StrEnum):
    """Why frames stop."""

    FROZEN = "frozen"
    """The camera is there and its picture stands still; it is started again by itself."""
    LOST = "lost"
    """The camera cannot be reached."""


class Camera(Protocol):
    """`watch` and `stop` return at once; callbacks come on any thread. `shoot` blocks (safe to repeat: each
    call stores one more page)."""

    def watch(
        self, on_frame: Callable[[CameraFrame], None], on_lost: Callable[[CameraFeed], None]
    ) -> None: ...

    def stop(self) -> None: ...

    def shoot(self) -> CapturedPage:
        """Raises DeviceTrouble; then nothing was stored."""


@dataclass(frozen=True, slots=True)
class CardData:
    """What an ID card says. Held only while the case is open; never logged."""

    name: str
    id_number: str
    address: str = ""
    valid_to: str = ""
    expired: bool = False


class IdReader(Protocol):
    def read(self, timeout_s: float) -> CardData | None:
        """Blocks until a card was read; None: no card in time. Raises DeviceTrouble."""


@dataclass(frozen=True, slots=True)
class PadAnswer:
    """A level 1..5, or None when nobody pressed in time."""

    level: int | None


class Pad(Protocol):
    def ask(self, timeout_s: float) -> PadAnswer:
        """Blocks. Raises DeviceTrouble."""

    def cancel(self) -> None:
        """Ends a waiting `ask` from another thread."""

    @property
    def present(self) -> bool:
        """Is there a pad at this window? False: the citizen screen asks instead."""


class PrintOutcome(StrEnum):
    PRINTED = "printed"
    SENT = "sent"
    """Sent, completion not confirmed: look at the slot."""


class A4Printer(Protocol):
    def print_paper(self, command_id: UUID, paper_id: PaperId, copies: int) -> PrintOutcome:
        """Blocks. Raises DeviceTrouble. Never resends by itself."""
