from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from tests.kiosk_app.building import Kiosk, build_kiosk


@pytest.fixture
def make_kiosk(qapp: QApplication) -> Iterator[Callable[..., Kiosk]]:
    """Builds kiosks and closes them; the application's style sheet is put back."""
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    made: list[Kiosk] = []

    def make(width_px: int = 1080, height_px: int = 1920) -> Kiosk:
        made.append(build_kiosk(qapp, width_px, height_px))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.window.close()
        # at once: a forgotten window would be dressed again with every theme of the tests to come
        shiboken6.delete(kiosk.window)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def kiosk(make_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return make_kiosk()
