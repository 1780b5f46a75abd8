"""A list of materials as rows."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from kiosk_app.ports import MaterialLine
from kiosk_app.view_frame import IconLine
from kiosk_app.wording import PART
from ui.tokens import Theme


def material_tiles(materials: tuple[MaterialLine, ...], theme: Theme) -> list[QWidget]:
    """One row a material; what may follow later carries a clock and says so."""
    return [_row(index, line, theme) for index, line in enumerate(materials, 1)]


def _row(index: int, line: MaterialLine, theme: Theme) -> QWidget:
    parts = []
    if line.originals:
        parts.append(QCoreApplication.translate("Materials", "原件 {0} 份").format(line.originals))
    if line.copies:
        parts.append(QCoreApplication.translate("Materials", "复印件 {0} 份").format(line.copies))
    if line.can_follow:
        parts.append(QCoreApplication.translate("Materials", "可以后补"))
    if line.note:
        parts.append(line.note)
    icon = "clock" if line.can_follow else "file-text"
    tone = "attention" if line.can_follow else "action"
    return IconLine(icon, f"{index}. {line.name}", PART.join(parts), theme=theme, tone=tone)
