"""The call display and a counter lose their power while a citizen is called and served, and go on when back."""

import io
import os
import random
import sys
from pathlib import Path

import pytest

from hall.catalogue.loading import resources_dir
from hall.reference import load_reference
from tests.yichuang.waiting import until
from yichuang.demo.accounting import count
from yichuang.demo.cast import Cast, plan_cast
from yichuang.demo.citizen import KioskVisitor
from yichuang.demo.clerk import Clerk
from yichuang.demo.hall import DemoHall
from yichuang.demo.settling import all_arrived
from yichuang.demo.transcript import Transcript
from yichuang.demo.visits import Visit, Visits
from yichuang.processes import AppHands


def seated(hall: DemoHall, cast: Cast, hands: AppHands) -> Clerk:
    devices = hall.devices[0]
    clerk = Clerk(hands, "1", devices.camera, devices.reader, devices.pad)
    clerk.sign_in(cast.clerk_a.employee_no, cast.window_a.no)
    return clerk


class Loudspeaker:
    """A player of sounds as the display finds it on its machine; it writes down that it was used."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        self._heard = folder / "heard"
        player = folder / "aplay"
        player.write_text(f"#!/bin/sh\necho call >> '{self._heard}'\n", encoding="utf-8")
        player.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def calls(self) -> int:
        return self._heard.read_text(encoding="utf-8").count("call") if self._heard.exists() else 0


@pytest.mark.system
@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="the loudspeaker is a shell script")
def test_a_display_and_a_counter_killed_go_on_where_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loudspeaker = Loudspeaker(tmp_path / "bin", monkeypatch)
    log = Transcript(io.StringIO())
    ref = load_reference(resources_dir(), "changji")
    cast = plan_cast(ref, random.Random(8))
    visits = Visits(cast, log, tmp_path, precheck=False, seed=1)
    visit = Visit("slow", cast.people[1], cast.slow.name)
    with DemoHall(tmp_path, ref, log, counters=1) as hall:
        hall.servers_ready()
        machine = hall.site.counters[0]
        display = hall.begin_app(hall.site.display, "display", "1920x1080")
        visitor = KioskVisitor(
            hall.ready(hall.begin_app(hall.site.kiosk, "kiosk", "1080x1920")), hall.printer
        )
        screen = hall.ready(display)
        visit.number = visitor.take(cast.slow.name)
        visitor.slip("已打印")
        clerk = seated(hall, cast, hall.ready(hall.begin_app(machine, "counter", "1366x768")))
        assert clerk.call_next() == visit.number
        screen.ask("wait", text=visit.number)
        until(lambda: loudspeaker.calls() == 1)

        hall.kill(hall.site.display)
        screen = hall.ready(hall.begin_app(hall.site.display, "display", "1920x1080"))
        screen.ask("wait", text=visit.number)
        assert loudspeaker.calls() == 1, "who was called before hears nothing twice"
        clerk.press("F3")
        clerk.wait("已呼 2 次")
        until(lambda: loudspeaker.calls() == 2)

        clerk.start()
        clerk.read_card(visit.person.card())
        clerk.phone(visit.person.phone)
        clerk.save_applicant()
        visit.case_no = clerk.case_no()
        clerk.capture(visits.sheets(visit, cast.slow, 2))

        hall.kill(machine)
        clerk = seated(hall, cast, hall.ready(hall.begin_app(machine, "counter", "1366x768")))
        clerk.wait(visit.number, name="当前号码")
        clerk.open_case(visit.case_no)
        clerk.wait("已核 0 项")
        clerk.to_first_material()
        clerk.check_all(clerk.material_count(), captured=2)
        clerk.receive()
        clerk.main_act("受理并打印通知书", "已受理")
        clerk.dispatch()
        clerk.done("受理")
        all_arrived(hall, 30.0)
        hall.end_apps()
    assert loudspeaker.calls() == 2
    books = count(tmp_path / "data")
    assert books.sound
    assert books.blobs["captured"] == 2
    assert books.tickets == {"issued": 1, "printed": 1, "duplicate_numbers": 0, "double_calls": 0}
