"""Hard day 5: a village station with one PC that is switched off at night; its citizen appears at the town hall."""

from pathlib import Path

import pytest

from counter_app.backend.intake_desk import Intake
from counter_app.backend.package_desk import PackageDesk
from counter_app.values import Refused
from hall.handouts import errand_receipt
from hall.intake import views as intake
from hall.journal.facts import OfferWithdrawn
from hall.journal.refusal import NotOwner
from hall.reference import load_reference
from tests.counter_app.desk_rig import make_desks
from tests.hall_day.county import COUNTY_DESK, Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system


def test_the_village_is_dark_and_the_town_hall_serves_its_citizen(tmp_path: Path) -> None:
    with county(tmp_path, nightly="heshuo", heshuo=["counter1"], changji=["counter1"]) as (site, held):
        village, town = site.halls["heshuo"], site.halls["changji"]
        site.account(site.centre, "wang", COUNTY_DESK)
        site.start(site.centre, village.node, town.node)
        station = Pc(village.terminal("counter1"), load_reference(resource_path(), "heshuo")).in_touch()
        ref = load_reference(resource_path(), "changji")
        window = Pc(town.terminal("counter1"), ref).in_touch()
        held.callback(window.close)
        officer = Officer(site.centre, "wang").sign_in()
        held.callback(officer.close)
        waits, decided = station.received(desk=COUNTY_DESK), station.sent_to(COUNTY_DESK)
        station.at.correct(waits)
        no = station.no(waits)
        officer.take(decided)
        until(lambda: site.owners(waits) == ["centre"], "what waits for the citizen rests at the centre")
        until(lambda: station.all_sent, "everything was told")
        written = set(station.written)
        station.close()
        site.end(village.node)

        # night in the village; the department decides, and the citizen of the other case is in town
        officer.case(decided)
        assert "准予" in officer.press("作出准予决定")
        assert site.owners(decided) == ["centre"], "the result rests, too"
        assert window.state(waits) == "", "the town has never heard of it"
        errand = window.brings_page(no)
        with window.store.read() as conn:
            receipt = errand_receipt(conn, ref, intake.errand_by_id(conn, errand), None)
        assert (receipt.errand, receipt.head.case_no) == ("补正材料", no), (
            "a receipt, though nobody here knows it"
        )
        until(
            lambda: site.heads(site.centre).get(errand, ("", 0))[0] == site.centre.node_id, "it is passed on"
        )
        desks = make_desks(tmp_path / "desks", window.at, window.up)
        finding = Intake(desks.bench, None, PackageDesk(desks.bench))  # type: ignore[arg-type]
        view = finding.find_case(no)
        assert view.case_id == waits
        assert site.owners(waits) == [window.place.name]
        assert window.at.case(waits).applicant_name == "古丽·示例甲", "the town can read it"
        assert window.state(waits) == "received", "with what was handed in"
        window.at.check_all(waits)
        window.at.accept(waits)
        window.at.dispatch(waits, COUNTY_DESK)
        with pytest.raises(Refused, match="没有这个办件"):
            finding.find_case("not a number")
        officer.take(waits)

        # morning: the PC is switched on, hears what came of it, and takes the result that rests for it
        site.start(village.node)
        station = Pc(village.terminal("counter1"), load_reference(resource_path(), "heshuo")).in_touch()
        held.callback(station.close)
        until(lambda: station.state(waits) == "reviewing", "it hears of the town's work")
        with pytest.raises(NotOwner):
            station.at.append(waits, OfferWithdrawn("窗口正在办理"))
        until(lambda: station.result_of(decided) is not None, "the result is heard of")
        result = station.result_of(decided)
        until(lambda: site.owners(result) == [village.node.name], "and has come home")
        station.take(result)
        station.at.arrive(result)
        station.at.hand_over(result)
        until(lambda: station.state(decided) == "delivered", "handed out in the village")
        for pc in (station, window):
            until(lambda p=pc: p.all_sent, "everything was told")  # type: ignore[misc]
        written |= station.written | window.written
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)
