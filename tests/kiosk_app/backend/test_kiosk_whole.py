"""The screens over the real backend: a double tap, an absent node, and a wipe that leaves nothing."""

import gc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit

from devices.id_reader.driver import SamvIdReader
from devices.id_reader.simulator import Fault, SimulatedReader, card_from_json
from devices.simulation import SimulatorServer
from devices.transport import TcpTransport
from kiosk_app.backend.card_reader import KioskReader, NoReader
from kiosk_app.backend.display import SilentVoice
from kiosk_app.backend.rating_table import rating_levels
from kiosk_app.backend.slip_printer import KioskPrinter
from kiosk_app.main import KioskConfig, KioskWindow, Runners
from kiosk_app.ports import IdCard, ReaderFault
from tests.kiosk_app.backend.rig import Rig
from tests.kiosk_app.fakes import NOON, Clock, DeskReader
from tests.ui.runners import InlineRunner
from ui.resource_files import resource_path

CARD = IdCard("钟离试用", "652301199001010013", "钟*用 6523**********0013")


class Kiosk:
    """The window over a rig, pressed by accessible name."""

    def __init__(self, app: QApplication, rig: Rig, reader: DeskReader) -> None:
        self.rig, self.reader, self.clock = rig, reader, Clock()
        runner = InlineRunner()
        self.window = KioskWindow(
            KioskConfig("昌吉市政务中心", 1080, 1920, rating_levels(resource_path("code_tables.yaml"))),
            app=app,
            hall=rig.hall,
            printer=KioskPrinter(rig.bench, slip_of=rig.ticketing.slip_of, printer=None),
            reader=reader,
            voice=SilentVoice(),
            runners=Runners(runner, runner, runner),
            now_s=self.clock,
            now=lambda: NOON,
        )
        self.window.show()
        QApplication.processEvents()

    def button(self, name: str) -> QAbstractButton:
        shown = [
            b
            for b in self.window.findChildren(QAbstractButton)
            if b.accessibleName() == name and b.isVisible()
        ]
        assert len(shown) == 1, f"{name}: {len(shown)}"
        return shown[0]

    def press(self, name: str) -> None:
        self.button(name).click()
        QApplication.processEvents()

    def text(self, name: str) -> str:
        return next(
            (
                label.text()
                for label in self.window.findChildren(QLabel)
                if label.accessibleName() == name and label.isVisible()
            ),
            "",
        )


@pytest.fixture
def kiosk(dressed: QApplication, rig: Rig) -> Iterator[Kiosk]:
    made = Kiosk(dressed, rig, DeskReader())
    yield made
    made.window.close()
    made.window.deleteLater()


def take(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("给孩子上户口")
    kiosk.press("新出生婴儿办理出生登记")


def test_a_double_tap_is_one_number(kiosk: Kiosk) -> None:
    take(kiosk)
    button = kiosk.button("取号")
    button.click()
    button.click()
    QApplication.processEvents()
    assert kiosk.text("您的号码") == "FH001"
    assert kiosk.rig.waiting_at_node() == ["FH001"]


def test_a_number_without_the_node(kiosk: Kiosk) -> None:
    kiosk.rig.line.away = True
    take(kiosk)
    kiosk.press("取号")
    assert kiosk.text("您的号码") == "V001"


def test_help_is_only_promised_when_staff_can_see_it(kiosk: Kiosk) -> None:
    kiosk.press("叫工作人员帮忙")
    assert kiosk.window.shell.state.notice is not None
    assert "通知不到" in kiosk.window.shell.state.notice.text
    kiosk.rig.alerts.look()
    kiosk.press("叫工作人员帮忙")
    assert "已经通知" in kiosk.window.shell.state.notice.text


def test_a_wrong_case_number_is_told(kiosk: Kiosk) -> None:
    kiosk.press("查进度")
    field = next(f for f in kiosk.window.findChildren(QLineEdit) if f.isVisible())
    field.setText("652301012026112300300019")
    kiosk.press("查进度继续")
    notice = kiosk.window.progress.state.notice
    assert notice is not None
    assert "办件编号" in notice.text


def test_a_wipe_leaves_nothing_personal(kiosk: Kiosk) -> None:
    window = kiosk.window
    window.progress.type_text(CARD.id_number)
    kiosk.press("刷身份证取号")
    kiosk.reader.card = replace(CARD)
    window.take._cards._poll()
    QApplication.processEvents()
    assert holds(window.take.state, CARD.id_number), "the card was read"
    kiosk.press("给孩子上户口")
    kiosk.press("新出生婴儿办理出生登记")
    kiosk.press("取号")
    kiosk.reader.card = None
    kiosk.clock.now += 1000
    window.shell.tick()
    QApplication.processEvents()
    gc.collect()
    for page in (window.take, window.guide, window.progress, window.rate, window.pick_up):
        assert not any(holds(value, CARD.id_number, CARD.name) for value in vars(page).values())
    for label in window.findChildren(QLabel):
        assert not holds(label.text(), CARD.id_number, CARD.name, CARD.shown)
    for field in window.findChildren(QLineEdit):
        assert field.text() == ""
    rig = kiosk.rig
    for part in (rig.ticketing._issued, rig.ticketing._slips, rig.line.asked):
        assert not holds(part, CARD.id_number, CARD.name)
    left = [o for o in gc.get_objects() if isinstance(o, IdCard) and o == CARD and o is not CARD]
    assert left == [], "somebody still holds the card that was read"


def test_a_wipe_leaves_no_case_on_the_progress_page(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "case_no": "652301012026112300300011", "item": "户口迁移", "state": "accepted", "state_text": "已受理",
        "masked_name": "钟*用", "due": "11月30日", "where": "公安局",
    }  # fmt: skip
    monkeypatch.setattr(kiosk.rig.line, "call", lambda path, body: {"rows": [row]})
    kiosk.press("查进度")
    kiosk.reader.card = CARD
    kiosk.window.progress._cards._poll()
    QApplication.processEvents()
    assert any(holds(label.text(), "钟*用") for label in kiosk.window.findChildren(QLabel))
    kiosk.press("结束并清除")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for label in kiosk.window.findChildren(QLabel):
        assert not holds(label.text() + label.accessibleName(), "钟*用", row["case_no"])


def holds(value: Any, *secrets: str) -> bool:
    """Is one of the texts anywhere inside? Looks into dataclasses whose repr hides fields."""
    if isinstance(value, str):
        return any(secret in value for secret in secrets)
    if is_dataclass(value) and not isinstance(value, type):
        return any(holds(getattr(value, f.name), *secrets) for f in fields(value))
    if isinstance(value, dict):
        return any(holds(v, *secrets) for pair in value.items() for v in pair)
    if isinstance(value, list | tuple):
        return any(holds(v, *secrets) for v in value)
    return False


def test_a_card_through_the_real_reader() -> None:
    sim = SimulatedReader()
    with SimulatorServer(sim.feed) as server:
        reader = KioskReader(SamvIdReader("读卡器", lambda: TcpTransport("127.0.0.1", server.port)))
        try:
            assert reader.poll() is None
            sim.put_card(card_from_json({"name": "钟离试用", "id_number": CARD.id_number}))
            card = reader.poll()
            assert card is not None
            assert (card.name, card.id_number) == (CARD.name, CARD.id_number)
            assert card.shown == "钟*用 6523**********0013"
            assert "钟离" not in repr(card)
            sim.set_fault(Fault.CHECKSUM)
            with pytest.raises(ReaderFault) as caught:
                reader.poll()
            assert str(caught.value) in ("BadReply", "DeviceOffline")
            assert caught.value.__cause__ is None
        finally:
            reader.close()


def test_a_machine_without_a_reader_says_so() -> None:
    with pytest.raises(ReaderFault):
        NoReader().poll()
