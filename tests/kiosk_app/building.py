"""A whole kiosk over working fakes, found and pressed by accessible name."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from kiosk_app.main import KioskConfig, KioskWindow, Runners
from tests.kiosk_app.fakes import NOON, Clock, DeskReader, MemoryHall, PaperPrinter, Speech
from tests.ui.runners import InlineRunner
from ui.fit_label import FitLabel
from ui.rating_panel import RatingLevel, RatingReason

LONG_REASON = "，多次跑动"
LEVELS = tuple(
    RatingLevel(
        key,
        text,
        icon,
        tuple(RatingReason(code * 100 + n, f"{text}的原因之{n}{LONG_REASON * (n > 3)}") for n in range(8)),
    )
    for code, key, text, icon in (
        (5, "very_satisfied", "非常满意", "mood-happy"),
        (4, "satisfied", "满意", "mood-smile"),
        (3, "basically_satisfied", "基本满意", "mood-neutral"),
        (2, "dissatisfied", "不满意", "mood-sad"),
        (1, "very_dissatisfied", "非常不满意", "mood-angry"),
    )
)


@dataclass
class Kiosk:
    """A kiosk window and everything it stands on."""

    window: KioskWindow
    hall: MemoryHall
    printer: PaperPrinter
    reader: DeskReader
    voice: Speech
    clock: Clock = field(default_factory=Clock)

    def press(self, name: str) -> None:
        """Press the visible button with this accessible name."""
        found = [b for b in self.window.findChildren(QAbstractButton) if b.accessibleName() == name]
        shown = [b for b in found if b.isVisible()]
        assert len(shown) == 1, f"{name}: {len(shown)} of {len(found)} visible"
        shown[0].click()
        settle()

    def text(self, name: str) -> str:
        """The text of the visible label with this accessible name, "" when it is not there."""
        labels = [
            label
            for label in self.window.findChildren(QLabel)
            if label.accessibleName() == name and label.isVisible()
        ]
        assert len(labels) <= 1, f"{name}: {len(labels)} labels"
        return labels[0].text() if labels else ""

    def cut_labels(self) -> list[str]:
        """Visible texts that have less height than they need, or lie outside the window."""
        bad = []
        for label in self.window.findChildren(QLabel):
            if not label.isVisible() or not label.text():
                continue
            needed = label.heightForWidth(label.width()) if label.hasHeightForWidth() else 0
            if isinstance(label, FitLabel) and not label.fits():
                bad.append(label.text())
            corner = label.mapTo(self.window, label.rect().bottomRight())
            if label.height() < needed - 1 or not self.window.rect().contains(corner):
                bad.append(label.text())
        for button in self.window.findChildren(QAbstractButton):
            if button.isVisible() and button.height() < button.heightForWidth(button.width()) - 1:
                bad.append(button.text())
        return bad

    def outside(self) -> list[str]:
        """Visible buttons that are not wholly on the screen or cover one another."""
        shown = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
        rects = [(b, _rect(b, self.window)) for b in shown]
        bad = [b.accessibleName() for b, rect in rects if not self.window.rect().contains(rect)]
        for index, (one, rect) in enumerate(rects):
            bad += [
                f"{one.accessibleName()}/{b.accessibleName()}"
                for b, r in rects[index + 1 :]
                if rect.intersects(r)
            ]
        return bad


def _rect(widget: QWidget, window: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))


def settle() -> None:
    """Let layouts come to rest: each nested layout asks its parent by an event of its own."""
    for _ in range(6):
        QApplication.processEvents()


def build_kiosk(app: QApplication, width_px: int = 1080, height_px: int = 1920) -> Kiosk:
    """A kiosk that answers at once; the caller closes kiosk.window."""
    hall, printer, reader, voice, clock = MemoryHall(), PaperPrinter(), DeskReader(), Speech(), Clock()
    runner = InlineRunner()
    window = KioskWindow(
        KioskConfig("昌吉市政务服务中心", width_px, height_px, LEVELS),
        app=app,
        hall=hall,
        printer=printer,
        reader=reader,
        voice=voice,
        runners=Runners(runner, runner, runner),
        now_s=clock,
        now=lambda: NOON,
    )
    window.show()
    settle()
    return Kiosk(window, hall, printer, reader, voice, clock)
