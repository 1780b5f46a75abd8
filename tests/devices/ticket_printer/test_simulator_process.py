"""The simulator as demos and whole-system tests start it."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from devices.errors import DeviceNeedsPerson
from devices.ticket_printer.compose import PrinterProfile
from devices.ticket_printer.driver import EscPosTicketPrinter, PrintOutcome
from devices.ticket_printer.layout import TicketText
from devices.transport import open_transport
from tests.devices.ticket_printer.rig import FONTS, hall_fonts


@pytest.mark.system
def test_process_prints_takes_faults_and_ends_with_its_stdin(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "devices.ticket_printer.simulator", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--width", "384", "--rows-per-s", "20000"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=FONTS.parents[1],
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        profile = PrinterProfile(width_px=384)
        address = f"tcp://127.0.0.1:{ports['port']}"
        printer = EscPosTicketPrinter("kiosk-1", lambda: open_transport(address), profile, hall_fonts())
        assert printer.print_ticket([TicketText("A017", size=4)]) is PrintOutcome.CONFIRMED
        with socket.create_connection(("127.0.0.1", ports["control"])) as sock, sock.makefile("rw") as ctl:
            ctl.write('{"fault": "paper_out"}\n{"fault": "on_fire"}\n')
            ctl.flush()
            assert json.loads(ctl.readline())["fault"] == "paper_out"
            assert json.loads(ctl.readline())["ok"] is False
        with pytest.raises(DeviceNeedsPerson):
            printer.print_ticket([TicketText("A018")])
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    out = tmp_path / "out"
    assert b"A017" in (out / "ticket-001.bin").read_bytes()
    with Image.open(out / "ticket-001.png") as picture:
        assert picture.width == 384
    assert json.loads((out / "tickets.jsonl").read_text())["ticket"] == "ticket-001"
