"""The project's own fonts, so that no hall machine needs a font package."""

from PySide6.QtGui import QFontDatabase

from ui.resource_files import resource_path

FONT_FILES = (
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf",
)


class FontMissing(Exception):
    """A font file is absent or unreadable; the installation is damaged."""


def load_fonts() -> tuple[str, ...]:
    """Register the screen fonts with the running QGuiApplication; returns their family names.

    Safe to repeat. Raises FontMissing.
    """
    families: list[str] = []
    for name in FONT_FILES:
        path = resource_path("fonts", name)
        font_id = QFontDatabase.addApplicationFont(str(path))
        if font_id < 0:
            raise FontMissing(str(path))
        families += QFontDatabase.applicationFontFamilies(font_id)
    return tuple(dict.fromkeys(families))
