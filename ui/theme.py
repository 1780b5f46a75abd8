"""Put a theme on the running application: Fusion, palette, font and one style sheet."""

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from ui.fonts import load_fonts
from ui.style_sheet import build_style_sheet
from ui.tokens import SCREEN_FAMILIES, Palette, Theme

NO_RULES = "QWidget#_ {}"
"""A style sheet that matches nothing but keeps Qt's style sheet machinery alive."""


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress every window, open or yet to open. Call again to change the theme while running.

    GUI thread. Raises FontMissing.
    """
    load_fonts()
    # Each change below polishes every widget anew, which is quick only while the sheet has no rules. It must
    # not be "": then Qt (6.11) drops its style sheet caches, widgets that were not polished yet keep their mark
    # and are not watched by the next caches, which so hold dangling pointers as soon as one of them dies.
    if app.styleSheet():
        app.setStyleSheet(NO_RULES)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(qt_palette(theme.palette))
    font = QFont(list(SCREEN_FAMILIES))
    font.setPixelSize(theme.font_px(theme.type.body))
    # tabular figures: a number must not jump when it counts
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
    app.setStyleSheet(build_style_sheet(theme))


def qt_palette(palette: Palette) -> QPalette:
    """The same colours for what no style sheet reaches (painted widgets, native parts)."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, colour in (
        (roles.Window, palette.page),
        (roles.WindowText, palette.text),
        (roles.Base, palette.surface),
        (roles.AlternateBase, palette.page),
        (roles.Text, palette.text),
        (roles.PlaceholderText, palette.muted),
        (roles.Button, palette.surface),
        (roles.ButtonText, palette.text),
        (roles.Mid, palette.line),
        (roles.Highlight, palette.action),
        (roles.HighlightedText, palette.on_action),
        (roles.ToolTipBase, palette.surface),
        (roles.ToolTipText, palette.text),
        (roles.Link, palette.action),
    ):
        result.setColor(role, QColor(colour))
    return result
