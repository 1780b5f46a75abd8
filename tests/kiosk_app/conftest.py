from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from tests.kiosk_app.building import Kiosk, build_kiosk


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application; the clothes that a kiosk or display puts on it are taken off again."""
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def make_kiosk(dressed: QApplication) -> Iterator[Callable[..., Kiosk]]:
    """Builds kiosks and closes them."""
    made: list[Kiosk] = []

    def make(width_px: int = 1080, height_px: int = 1920) -> Kiosk:
        made.append(build_kiosk(dressed, width_px, height_px))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.window.close()
        # at once: a forgotten window would be dressed again with every theme of the tests to come
        shiboken6.delete(kiosk.window)


@pytest.fixture
def kiosk(make_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return make_kiosk()
