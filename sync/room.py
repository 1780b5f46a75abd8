"""Room on the disk: what is refused first when it runs out, and in which words (guide sync, rule 17).

Scans are refused first, they are large and the paper lies on the table; numbers last, people wait for them. What is
begun can be finished with what is left.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from hall.journal.refusal import Refusal, StoreFault

log = logging.getLogger(__name__)

WARN_BYTES = 2 * 1024**3
SCANS_STOP_BYTES = 1024**3
TICKETS_STOP_BYTES = 128 * 1024**2

FreeBytes = Callable[[], int | None]
"""Bytes that the data folder's disk has left for this program; None where the system does not tell."""


class NoRoom(Refusal):
    """The disk is nearly full. Nothing was written."""


def free_bytes_of(folder: Path) -> FreeBytes:
    def free() -> int | None:
        try:
            return shutil.disk_usage(folder).free
        except OSError as exc:
            log.error("the free room of the disk cannot be read: %s", exc.strerror)
            return None

    return free


def room_for_scans(free: FreeBytes) -> None:
    """Raises NoRoom."""
    left = free()
    if left is not None and left < SCANS_STOP_BYTES:
        raise NoRoom(
            "no_room_for_scans",
            "磁盘快满了，这一页没有保存：暂时不能新增扫描件，其余照常办理。请收下纸质材料、注明存放处，"
            "并通知信息科清理磁盘。",
        )


def room_for_uploads(free: FreeBytes) -> None:
    """At a node or centre, where a child's next scan would lie. Raises StoreFault: the child tries again later."""
    left = free()
    if left is not None and left < SCANS_STOP_BYTES:
        raise StoreFault("上级的磁盘快满了，暂时不收扫描件；扫描件都在本机，清理后自动续传。请通知信息科。")


def room_for_tickets(free: FreeBytes) -> None:
    """Raises NoRoom."""
    left = free()
    if left is not None and left < TICKETS_STOP_BYTES:
        raise NoRoom(
            "no_room_for_tickets",
            "磁盘已满，暂时不能发新号；已发的号和正在办的件不受影响。请现场人工排队，并通知信息科马上清理磁盘。",
        )
