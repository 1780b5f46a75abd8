"""Starting and ending a kiosk and a display as their program does, with no node to be found."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from hall.journal.sealing import new_key_pair
from kiosk_app.__main__ import main
from kiosk_app.backend import equipment
from kiosk_app.backend.bench import KioskBench
from kiosk_app.start import build_from, start
from sync.join_file import BadJoinFile, JoinFile, Parent, write_join_file
from sync.signing import new_signing_key
from tests.kiosk_app.backend.rig import Rig


def nobody() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def join(kind: str = "kiosk", **changes: object) -> JoinFile:
    private, public = new_signing_key()
    base = JoinFile(
        node_id="kiosk-1", name="取号机1", role="terminal", kind=kind,  # type: ignore[arg-type]
        hall="changji", device_no=3, series="V", db_key=new_key_pair()[0].hex(), sign_private=private.hex(),
        sign_public=public.hex(), hall_public=new_key_pair()[1].hex(), centre_public=new_key_pair()[1].hex(),
        parent=Parent(node_id="node-1", url=f"http://127.0.0.1:{nobody()}", public=public.hex()),
    )  # fmt: skip
    return base.model_copy(update=changes)


def press(window: object, name: str, qtbot: QtBot) -> None:
    def found() -> list[QAbstractButton]:
        buttons = window.findChildren(QAbstractButton)  # type: ignore[attr-defined]
        return [b for b in buttons if b.accessibleName() == name and b.isVisible() and b.isEnabled()]

    qtbot.waitUntil(lambda: len(found()) == 1, timeout=20_000)
    found()[0].click()


def shows(window: object, name: str) -> Callable[[], str]:
    def text() -> str:
        labels = window.findChildren(QLabel)  # type: ignore[attr-defined]
        return next((x.text() for x in labels if x.accessibleName() == name and x.isVisible()), "")

    return text


def test_a_kiosk_gives_numbers_before_it_ever_met_its_node(
    dressed: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    write_join_file(tmp_path, join())
    for number in ("V001", "V002"):
        window, close = build_from(tmp_path)
        window.show()
        press(window, "取号办事", qtbot)
        press(window, "办、换身份证", qtbot)
        press(window, "核发居民身份证", qtbot)
        press(window, "取号", qtbot)
        text = shows(window, "您的号码")
        qtbot.waitUntil(lambda text=text, number=number: text() == number, timeout=20_000)
        close()
        window.deleteLater()


def test_a_display_says_that_it_hears_nothing(dressed: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    write_join_file(tmp_path, join("display", series=""))
    running = start(tmp_path, display=True, size_px=(1920, 1080))
    running.window.show()
    presenter = running.window.presenter  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not presenter._asking, timeout=20_000)
    assert presenter.state.last == ()
    running.close()
    running.window.deleteLater()


def test_the_program_tells_what_is_wrong_with_the_machine(
    dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kiosk_app.__main__.QApplication", lambda _: dressed)
    assert main(["--data", str(tmp_path)]) == 2
    assert "machine.json" in capsys.readouterr().err
    write_join_file(tmp_path, join(parent=None))
    assert main(["--data", str(tmp_path)]) == 2
    assert "parent" in capsys.readouterr().err


@pytest.mark.parametrize(
    "devices",
    [
        {"ticket_printer": "lpt1"},
        {"id_reader": "usb"},
        {"ticket_printer": "tcp://127.0.0.1:9100", "ticket_printer_paper_mm": "76"},
        {"ticket_printer_completion": "maybe"},
        {"a4_printer": "hp"},
    ],
)
def test_settings_that_cannot_be_right_are_refused_at_start(rig: Rig, devices: dict[str, str]) -> None:
    wrong = rig.join.model_copy(update={"devices": devices})
    bench = KioskBench(rig.store, rig.line, rig.bench.ref, wrong)
    with pytest.raises(BadJoinFile):
        _equip(bench, rig)


def _equip(bench: KioskBench, rig: Rig) -> None:
    equipment.slip_printer(bench, slip_of=rig.ticketing.slip_of, notice=rig.hall.notice)
    equipment.card_reader(bench.join)
