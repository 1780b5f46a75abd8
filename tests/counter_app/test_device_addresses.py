"""A device address that nobody can understand stops the window's start with a sentence, not in the first visit."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from counter_app.backend import devices
from counter_app.backend.pages import PageTray
from counter_app.backend.thumbs import Thumbs
from sync.join_file import BadJoinFile


def camera(address: str) -> Any:
    return devices.make_camera(address, PageTray(Path("tray"), bytes(32)), cast(Thumbs, None))


def reader(address: str) -> Any:
    return devices.make_reader(address, date.today, lambda _: None)


@pytest.mark.parametrize(
    ("make", "address", "says"),
    [
        (camera, "usb", "camera.*uvc:0"),
        (reader, "COM3", "id_reader.*serial:COM3@9600"),
        (devices.make_pad, "192.168.1.9:4001", "pad.*tcp://"),
    ],
)
def test_it_is_named_with_how_to_write_it(make: Callable[[str], Any], address: str, says: str) -> None:
    with pytest.raises(BadJoinFile, match=says):
        make(address)
