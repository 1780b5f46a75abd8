"""The queue's live requests over the node's HTTP routes, signed as terminals sign them."""

import json
from functools import partial
from typing import Any
from unittest.mock import Mock

from sqlalchemy import select

from hall.journal import envelope, schema
from hall.people.model import Role
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from sync.child import Child
from sync.message import Answer
from sync.room import TICKETS_STOP_BYTES, room_for_tickets
from sync.uplink import ChildUplink
from tests.server_app.site import KIOSK, WINDOW, Browser, Site, value


def issue(site: Site, n: int = 1, **more: Any) -> Answer:
    body = {"command_id": f"issue-{n}", "ticket": f"ticket-{n}", "queue": "A", "matter": "企业设立", **more}
    return site.call("/v1/queue/issue", body, KIOSK)


def next_one(site: Site, command: str = "call-1", node: str = WINDOW) -> Answer:
    body = {
        "command_id": command, "window": 3, "window_name": "3号窗口", "staff": "changji-s001",
        "queues": ["A"], "prior_queues": [],
    }  # fmt: skip
    return site.call("/v1/queue/next", body, node)


def test_a_number_is_given_once_for_a_command(site: Site) -> None:
    first = value(issue(site))
    again = value(issue(site))
    assert first == again
    assert (first["number"], first["ahead"], first["minutes"]) == ("A001", 0, None)
    second = value(issue(site, 2))
    assert (second["number"], second["ahead"]) == ("A002", 1)


def test_on_a_full_disk_no_new_number_is_given_and_an_old_one_is_told_again(site: Site) -> None:
    first = value(issue(site))
    room = site.node.parent._live["/v1/queue/issue"].__self__  # type: ignore[attr-defined]
    room._room = partial(room_for_tickets, lambda: TICKETS_STOP_BYTES - 1)
    assert value(issue(site)) == first
    refused = issue(site, 2)
    assert refused.status == 409
    assert "暂时不能发新号" in json.loads(refused.body)["text"]
    assert value(next_one(site))["dossier"] == "ticket-1", "who has a number is called"


def test_a_window_reads_the_answer_to_a_call_as_its_node_writes_it(site: Site) -> None:
    issue(site)
    answer = value(next_one(site))
    accepted: list[str] = []
    child = Mock(spec=Child)
    child.call.return_value = answer
    child.accept.side_effect = lambda told, dossier, _actor: accepted.append(told.dossier)
    assert ChildUplink(child).take("/v1/queue/next", {}, "changji-s001") == "ticket-1"
    assert accepted == ["ticket-1"]


def test_a_terminal_hears_the_nodes_clock_with_its_line(site: Site) -> None:
    child = Mock(spec=Child)
    child.link_state.return_value = Mock(up=True, waiting_facts=0, problem_zh=None, connecting=False)
    child.call.return_value = value(site.call("/v1/hall/link", {}))
    node_ms = ChildUplink(child).link().node_ms
    assert node_ms is not None
    assert abs(node_ms / 1000 - site.clock.now().timestamp()) < 1


def test_a_called_ticket_comes_with_its_dossier(site: Site) -> None:
    issue(site)
    answer = next_one(site)
    assert answer.status == 200
    assert site.admit(answer) == "ticket-1"
    row = site.window.look(queue.ticket_by_id, "ticket-1")
    assert (row.state, row.owner, row.window) == (TicketState.CALLED, WINDOW, 3)


def test_a_lost_answer_is_given_again_and_calls_nobody_else(site: Site) -> None:
    issue(site)
    issue(site, 2)
    lost = value(next_one(site))
    again = value(next_one(site))
    assert lost["dossier"] == again["dossier"] == "ticket-1"
    assert value(next_one(site, "call-2"))["dossier"] == "ticket-2"


def test_refusals_are_told_in_words(site: Site) -> None:
    answer = next_one(site)
    assert answer.status == 409
    told = value(answer)
    assert (told["code"], told["text"]) == ("nobody_waiting", "现在没有人在等候。")
    assert issue(site, queue="ZZ").status == 409


def test_hostile_bodies_are_refused(site: Site) -> None:
    for more in ({"extra": 1}, {"queue": "a"}, {"queue": 7}, {"matter": "x" * 500}, {"priority": "vip"}):
        assert issue(site, **more).status == 400
    with site.node.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM ticket").scalar() == 0


def test_only_a_window_calls_and_draws_numbers(site: Site) -> None:
    issue(site)
    assert next_one(site, node=KIOSK).status == 409
    body = {
        "command_id": "n1", "organ": "昌市审批", "kind": "受字", "year": 2026, "for_case": "1", "actor": "w1"
    }  # fmt: skip
    assert site.call("/v1/papers/number", body, KIOSK).status == 409
    first = value(site.call("/v1/papers/number", body))
    assert first == value(site.call("/v1/papers/number", body))
    assert first["text"] == "昌市审批受字〔2026〕第1号"
    assert value(site.call("/v1/papers/number", {**body, "command_id": "n2"}))["n"] == 2


def test_a_changed_request_is_not_from_the_terminal(site: Site) -> None:
    body = {"command_id": "x", "ticket": "t", "queue": "A", "matter": ""}
    assert site.call("/v1/queue/issue", body, KIOSK, **{"yichuang-node": WINDOW}).status == 401


def test_moving_somebody_up_needs_a_manager_of_the_roster(site: Site) -> None:
    issue(site)
    body = {"command_id": "t1", "ticket": "ticket-1", "manager": "changji-s001", "reason": "行动不便"}
    assert value(site.call("/v1/queue/top", body))["code"] == "not_manager"


def test_the_day_opens_and_yesterdays_numbers_end(site: Site) -> None:
    assert site.node.day is not None
    issue(site)
    first = site.node.day.today()
    site.clock.later(days=1)
    second = site.node.day.today()
    assert (second - first).days == 1
    with site.node.store.read() as conn:
        assert queue.business_day(conn) == second
        row = queue.ticket_by_id(conn, "ticket-1")
    assert row is not None
    assert row.state is TicketState.EXPIRED
    assert value(issue(site, 2))["number"] == "A001", "the series begins anew"
    site.clock.later(days=-400)
    assert site.node.day.today() == second, "a clock that runs backwards opens nothing"


def test_the_public_picture_and_the_board_name_nobody(site: Site) -> None:
    from hall.queueing import commands as cmd
    from hall.queueing import handlers

    issue(site)
    opened = cmd.OpenWindow("w", 3, "3号窗口", "changji-s001", "王示一", ("A",), ())
    site.window.do(opened, handlers.open_window)
    site.settle()
    anyone = Browser(site.client(site.node_app))
    picture = json.loads(anyone.open("/v1/queue/state"))
    (mine,) = [q for q in picture["queues"] if q["series"] == "A"]
    assert (mine["waiting"], mine["open_windows"]) == (1, 1)
    assert "王示一" not in anyone.html
    board = anyone.open("/board")
    assert "3号窗口" in board
    assert "王示一" not in board
    officer = site.officer("wang", Role.REVIEWER)
    assert "王示一" in officer.open("/board")


def test_a_window_cannot_take_a_case_out_of_an_officers_hands(site: Site) -> None:
    from tests.server_app.test_desk_walk import dispatched

    case = dispatched(site)
    officer = site.officer("wang", Role.REVIEWER)
    officer.act(case, "take")
    answer = site.claim(case)
    assert answer.status == 409
    assert value(answer)["code"] == "at_the_desk"


def test_a_window_may_call_back_what_no_desk_has_taken(site: Site) -> None:
    from tests.hall.builders import COUNTY_DESK
    from tests.server_app.test_desk_walk import dispatched

    case = dispatched(site, COUNTY_DESK)
    assert site.claim(case).status == 200


def cancel(site: Site, node: str, n: int = 1) -> Answer:
    body = {"command_id": f"x-{n}", "ticket": f"ticket-{n}", "actor": "changji-s001", "reason": "不办了"}
    return site.call("/v1/queue/cancel", body, node)


def cancelled_by(site: Site) -> list[str]:
    t = schema.record.c
    with site.node.store.read() as conn:
        raws = conn.scalars(select(t.raw).where(t.type.startswith("ticket.cancelled"))).all()
    return [envelope.parse(bytes(raw)).actor for raw in raws]


def test_a_kiosk_calls_off_only_its_own_numbers_and_in_its_own_name(site: Site) -> None:
    site.call("/v1/queue/issue", {"command_id": "i2", "ticket": "ticket-2", "queue": "A", "matter": ""})
    issue(site)
    assert value(cancel(site, KIOSK, 2))["code"] == "not_your_ticket"
    assert value(cancel(site, KIOSK, 3))["code"] == "not_your_ticket", "also one that is unknown"
    assert cancelled_by(site) == []
    assert value(cancel(site, KIOSK))["state"] == "cancelled"
    assert cancelled_by(site) == [KIOSK]
    assert value(cancel(site, KIOSK))["state"] == "cancelled", "safe to repeat"


def test_a_window_calls_off_any_number_in_the_clerks_name(site: Site) -> None:
    issue(site)
    assert cancel(site, WINDOW).status == 200
    assert cancelled_by(site) == ["changji-s001"]


def test_only_a_window_brings_a_missed_number_back(site: Site) -> None:
    issue(site)
    body = {"command_id": "r1", "ticket": "ticket-1", "staff": "changji-s001"}
    assert value(site.call("/v1/queue/reactivate", body, KIOSK))["code"] == "not_a_window"
