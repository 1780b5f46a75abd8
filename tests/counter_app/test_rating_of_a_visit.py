"""叫号—受理—审批—评价: what a rating is about follows from the visit, through the window's real desks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from counter_app.backend.rating_desk import Ratings
from counter_app.rating.ports import RatingAnswer
from counter_app.values import Refused, TicketId
from hall.feedback import views as feedback
from hall.feedback.tables import rating as rating_table
from hall.intake.model import CaseState
from hall.queueing import views as queue
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.hall.builders import item
from tests.yichuang.machines_on_disk import issue, serve


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def test_a_rating_names_the_number_the_case_and_the_item_of_the_visit(rig: Rig) -> None:
    pc, desk = rig.pc, Ratings(rig.bench, ())
    ticket = issue(pc.store)
    session = serve(pc.store, ticket)
    case = pc.draft(item=item(id="x-7"), ticket=ticket, session=session)
    pc.applicant(case)
    pc.check_all(case)
    pc.receive(case)
    pc.accept(case)
    desk_name = pc.case(case).desk
    pc.dispatch(case, desk_name)
    pc.take(case, desk_name)
    pc.decide(case, True)
    assert pc.case(case).state is CaseState.GRANTED
    asked = desk.ask_rating(new_id(), TicketId(ticket))
    desk.record_rating(new_id(), asked.request_id, RatingAnswer(level=5, channel="pad"))
    rated = pc.look(feedback.rating_of_service, session, 1)
    called = pc.look(queue.ticket_by_id, ticket)
    assert rated is not None
    assert called is not None
    assert (rated.ticket, rated.number, rated.session) == (ticket, called.number, session)
    assert (rated.case, rated.case_no, rated.level) == (case, pc.case(case).case_no, 5)
    with pc.store.read() as conn:
        assert conn.scalar(select(rating_table.c.item_id)) == "x-7"
    with pytest.raises(Refused, match="不能再评"):
        desk.record_rating(new_id(), asked.request_id, RatingAnswer(level=1, channel="pad"))
