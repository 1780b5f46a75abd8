"""A disk that fills up: scans are refused first, numbers last, what is begun goes on. Readings are injected."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from counter_app.backend.pages import PageTray, StagedPage
from hall.journal.blobs import BlobStore
from hall.journal.refusal import StoreFault
from sync.room import (
    SCANS_STOP_BYTES,
    TICKETS_STOP_BYTES,
    NoRoom,
    free_bytes_of,
    room_for_scans,
    room_for_tickets,
    room_for_uploads,
)

PAGE = StagedPage(b"a page", 10, 10, 100, "camera")
Stops = Callable[[Callable[[], int | None]], None]


@pytest.mark.parametrize(
    ("free", "scans", "tickets"),
    [
        (None, True, True),
        (SCANS_STOP_BYTES, True, True),
        (SCANS_STOP_BYTES - 1, False, True),
        (TICKETS_STOP_BYTES, False, True),
        (TICKETS_STOP_BYTES - 1, False, False),
    ],
)
def test_scans_are_refused_first_and_numbers_last(free: int | None, scans: bool, tickets: bool) -> None:
    def goes(stops: Stops) -> bool:
        try:
            stops(lambda: free)
        except (NoRoom, StoreFault):
            return False
        return True

    assert (goes(room_for_scans), goes(room_for_uploads), goes(room_for_tickets)) == (scans, scans, tickets)


def test_a_page_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    left = [SCANS_STOP_BYTES - 1]
    tray = PageTray(tmp_path, bytes(32), partial(room_for_scans, lambda: left[0]))
    with pytest.raises(NoRoom, match="暂时不能新增扫描件，其余照常办理"):
        tray.put(PAGE)
    assert list(tmp_path.iterdir()) == []
    left[0] = SCANS_STOP_BYTES
    assert tray.get(tray.put(PAGE)) == PAGE


def test_an_upload_that_has_begun_is_finished_a_new_one_waits(tmp_path: Path) -> None:
    left = [SCANS_STOP_BYTES]
    blobs = BlobStore(tmp_path, room=partial(room_for_uploads, lambda: left[0]))
    begun = blobs.begin("w1")
    left[0] = 0
    with pytest.raises(StoreFault, match="清理后自动续传"):
        blobs.begin("w1")
    assert blobs.append(begun.id, "w1", 0, b"", 0).offset == 0


def test_a_disk_that_does_not_tell_stops_nothing(tmp_path: Path) -> None:
    assert free_bytes_of(tmp_path / "nowhere")() is None
    assert (free_bytes_of(tmp_path)() or 0) > 0
