"""Hard day 3: the department decides while the hall is cut off, and the applicant withdraws at a window meanwhile."""

from pathlib import Path

import pytest

from hall.delivery import views as delivery
from hall.handouts import errand_receipt
from hall.intake import views as intake
from hall.journal.refusal import Refusal
from hall.reference import Reference, load_reference
from tests.hall_day.county import COUNTY_DESK, Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resource_path(), "changji")


def test_decided_and_withdrawn_on_the_two_sides_of_a_cut_line(tmp_path: Path, ref: Reference) -> None:
    with county(tmp_path, changji=["counter1"]) as (site, held):
        hall = site.halls["changji"]
        site.account(site.centre, "wang", COUNTY_DESK)
        site.start(site.centre, hall.node)
        pc = Pc(hall.terminal("counter1"), ref).in_touch()
        held.callback(pc.close)
        officer = Officer(site.centre, "wang").sign_in()
        held.callback(officer.close)
        decided, kept = (pc.sent_to(COUNTY_DESK) for _ in range(2))
        for case in (decided, kept):
            officer.take(case)
        assert site.owners(decided) == ["centre"]
        until(lambda: pc.state(decided) == pc.state(kept) == "reviewing", "the window hears of it")

        # days without a line: the department decides one of the two, the applicant withdraws both at the window
        site.lines[hall.node.name].cut()
        officer.case(decided)
        assert "准予" in officer.press("作出准予决定")
        errands = [pc.at.handed_in(pc.no(case), "withdrawal") for case in (decided, kept)]
        for errand in errands:
            with pc.store.read() as conn:
                row = intake.errand_by_id(conn, errand)
                receipt = errand_receipt(conn, ref, row, intake.case_by_no(conn, row.case_no))
            assert (receipt.errand, receipt.head.date) == ("撤回申请", pc.at.day), "a receipt to take home"
        assert pc.state(decided) == "reviewing", "nobody in the hall can know of the decision"

        site.lines[hall.node.name].heal()
        # the errands go to whoever owns the case; until it is answered nothing leaves the hall
        until(lambda: pc.result_of(decided) is not None, "the result is heard of")
        result = pc.result_of(decided)
        until(lambda: site.owners(result) == [hall.node.name], "the result rests at the hall")
        pc.take(result)
        pc.at.arrive(result)
        with pytest.raises(Refusal, match="尚未答复"):
            pc.at.hand_over(result)
        officer.offered(kept, "同意撤回申请")
        officer.press("同意撤回申请")
        officer.offered(decided, "同意撤回申请")
        told = officer.press("同意撤回申请")
        assert "不能撤回" in told, "what was decided is not undone by a withdrawal that came later"
        officer.case(decided)
        officer.press("答复不同意", answer_why="决定已作出，尚未送达")
        until(lambda: not pc.look_open_errands(decided), "the answer is in the hall")
        pc.at.hand_over(result)
        until(lambda: (pc.state(decided), pc.state(kept)) == ("delivered", "withdrawn"), "both are ended")
        with pc.store.read() as conn:
            answers = [intake.errand_by_id(conn, e).granted for e in errands]
            assert delivery.delivery_by_id(conn, result).state.value == "handed_over"
        assert answers == [False, True]
        until(lambda: pc.all_sent, "everything was told")
        written = set(pc.written)
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)
