"""The window's A4 printer: none, a folder, a spooler that hangs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from counter_app.backend import devices
from counter_app.backend.devices import SpoolPrinter
from counter_app.device_ports import DeviceTrouble, PrintOutcome
from counter_app.values import PaperId
from hall.journal.refusal import Refusal, StoreFault
from tests.counter_app.fakes import new_id

PAPER = PaperId("case/record")


def pdf(_paper: str) -> bytes:
    return b"%PDF-1.7"


def failing(error: Exception) -> Callable[[str], bytes]:
    def make(_paper: str) -> bytes:
        raise error

    return make


def test_without_a_printer_nothing_is_written_and_the_clerk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for address, words in (
        (None, "没有设置打印机.*屏幕上查看"),
        ("", "没有设置打印机"),
        ("hp", "a4_printer"),
    ):
        with pytest.raises(DeviceTrouble, match=words):
            SpoolPrinter(address, pdf).print_paper(new_id(), PAPER, 1)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")
def test_a_paper_in_the_folder_is_printed_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    printer = SpoolPrinter(f"folder:{folder}", pdf)
    command = new_id()
    for _ in range(2):
        assert printer.print_paper(command, PAPER, 1) is PrintOutcome.PRINTED
    (made,) = folder.iterdir()
    assert made.suffix == ".pdf"
    assert made.read_bytes() == pdf(PAPER)
    assert made.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [Refusal("unknown_paper", "没有这份文书。"), StoreFault("磁盘已满。")])
def test_a_paper_that_cannot_be_made_is_a_printer_message(
    tmp_path: Path, error: Refusal | StoreFault
) -> None:
    with pytest.raises(DeviceTrouble, match=error.text):
        SpoolPrinter(f"folder:{tmp_path}", failing(error)).print_paper(new_id(), PAPER, 1)


def test_a_spooler_that_hangs_is_a_printer_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lp = tmp_path / "lp"
    lp.write_text("#!/bin/sh\nexec sleep 30\n")
    lp.chmod(0o700)
    monkeypatch.setattr(devices.shutil, "which", lambda _name: str(lp))
    monkeypatch.setattr(devices, "SPOOL_TIMEOUT_S", 0.2)
    with pytest.raises(DeviceTrouble, match="打印服务没有回应") as told:
        SpoolPrinter("cups:office", pdf).print_paper(new_id(), PAPER, 1)
    assert isinstance(told.value.__cause__, subprocess.TimeoutExpired)
