"""How code names a widget's part on a screen; style_sheet.py gives each name its look."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from ui.tokens import Tone


def set_role(widget: QWidget, role: str) -> None:
    """Name what a widget is: caption, body, lead, title, number (labels); card, panel, bar, page (frames)."""
    _set(widget, "role", role)


def set_tone(widget: QWidget, tone: Tone | str) -> None:
    """Name what a widget means; "muted" is a tone of labels too."""
    _set(widget, "tone", str(tone))


def set_kind(widget: QWidget, kind: str) -> None:
    """Name a button's weight: primary, secondary, quiet, danger, tile, key, choice, option."""
    _set(widget, "kind", kind)


def _set(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # children inherit the colours of a style sheet
    for part in (widget, *widget.findChildren(QWidget)):
        polish_again(part)
    widget.update()


def polish_again(widget: QWidget) -> None:
    """Have a style sheet read the widget's properties anew: it does so only when it polishes.

    A widget that was never shown is left to Qt, which polishes it in time.
    """
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    # paddings may have changed with it: who remembers sizes must hear of it
    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
