"""Hard day 10: powers that end are judged by the day that the node opened, whatever clocks of window and node say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hall.calendar.opening import business_day
from hall.intake import views as intake
from hall.journal.refusal import Refusal
from hall.reference import Reference, load_reference
from tests.hall.builders import HandClock, fresh
from tests.hall_day.county import Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system

DAY_S = 86_400.0
YEAR_S = 366 * DAY_S


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resource_path(), "changji")


def test_nobodys_wrong_clock_decides_what_a_window_may_do(tmp_path: Path, ref: Reference) -> None:
    with county(tmp_path, changji=["counter1"]) as (site, held):
        hall = site.halls["changji"]
        site.account(hall.node, "wang", "示例局@node")
        # the centre's clock is a day behind: so the next day can come without anybody waiting for it
        site.start(site.centre, clock_s=-DAY_S)
        site.start(hall.node, clock_s=-DAY_S)
        first = business_day(datetime.now(UTC) - timedelta(days=1))
        clock = HandClock(datetime.now(UTC) + timedelta(days=366))
        pc = Pc(hall.terminal("counter1"), ref, clock=clock)
        held.callback(pc.close)
        pc.in_touch()
        assert pc.at.day == first, "the node's day, while the PC's clock runs a year ahead"
        letters = pc.at.letters
        letters.until["ACCEPT"] = first
        case = pc.received()
        pc.at.accept(case)
        assert pc.at.case(case).accepted_on == first

        # the node is started again with a clock that is a year ahead; the centre tells it the time
        site.kill(hall.node)
        site.start(hall.node, clock_s=YEAR_S)
        until(lambda: pc.all_sent, "the window is back")
        assert pc.up.call("/v1/queue/state", {})["business_day"] == first.isoformat()
        board = Officer(hall.node, "wang").sign_in()
        held.callback(board.close)
        assert "业务日按县中心的日期" in board.open("/board"), "staff are told of the clock"
        again = pc.received()
        pc.at.accept(again)
        assert pc.at.case(again).accepted_on == first

        # without the centre that clock is believed neither
        site.kill(hall.node)
        site.lines[hall.node.name].cut()
        site.start(hall.node, clock_s=YEAR_S)
        until(lambda: pc.all_sent, "the window is back")
        assert pc.up.call("/v1/queue/state", {})["business_day"] == first.isoformat()
        assert "对不上" in board.sign_in().open("/board")
        assert pc.in_touch().at.day == first

        # the next morning at the centre; the node's battery is dead and shows the year 2000
        site.kill(hall.node)
        site.end(site.centre)
        site.start(site.centre)
        site.lines[hall.node.name].heal()
        site.start(hall.node, clock_s=-26 * YEAR_S)
        following = first + timedelta(days=1)
        until(lambda: pc.today() == following, "the day has changed")
        pc.in_touch()
        # and now the PC's clock is wrong the other way; the letter has ended by the node's day
        clock.later(days=-800)
        late = pc.at.draft(
            division="652301", device_no=pc.join.device_no, business_day=pc.at.day, case=fresh("case")
        )
        pc.at.applicant(late)
        pc.at.present(late, "m1")
        with pytest.raises(Refusal, match="到期，不能行使ACCEPT"):
            pc.at.receive(late)
        letters.until["ACCEPT"] = following
        pc.at.receive(late)
        with pc.store.read() as conn:
            assert intake.case_by_id(conn, late).received_on == following
        until(lambda: pc.all_sent, "everything was told")
        written = set(pc.written)
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)
