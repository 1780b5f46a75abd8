"""The machines' pages at the node: a window's PC that is lost for good, and what is found of it later."""

import json
import re
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import select

from hall.catalogue.loading import resources_dir
from hall.intake import views as intake
from hall.journal import closing, schema
from hall.journal.envelope import parse
from hall.journal.facts import DossierSeized, MachineConfirmed
from hall.journal.refusal import Refusal
from hall.people.model import Role
from hall.queueing import views as queue
from hall.queueing.commands import FinishVisit, OpenWindow
from hall.queueing.handlers import finish_visit, open_window
from hall.queueing.model import Outcome, TicketState
from hall.queueing.voiding import voided
from hall.reference import load_reference
from server_app.machines.live import PATH as SEIZE
from server_app.sync_routes.children import children_of
from sync.bundle_steps import At, PushStep, carry_out
from sync.outbox import next_batch
from sync.wire import PushBody
from tests.hall.builders import fresh
from tests.server_app.site import KIOSK, NODE, WINDOW, Browser, Site, value
from tests.server_app.test_queue_live import issue, next_one

WHY = "主机烧毁，硬盘读不出"


def manager(site: Site) -> Browser:
    return site.officer("manager", Role.HALL_MANAGER, name="王主任")


def close(site: Site, by: Browser) -> int:
    by.open(f"/machines/{WINDOW}")
    return by.send(f"/machines/{WINDOW}/act/close", {"reason": WHY, "sure": "yes"})


def stick(site: Site) -> dict[str, int]:
    """What the found PC still has, carried to the node as a bundle's step."""
    with site.window.store.read() as conn:
        batch = next_batch(conn, {}, (WINDOW,), 0)
    step = PushStep(
        body=PushBody(
            inc=site.window.store.identity.inc, chains=list(batch.runs), wraps=list(batch.wraps), more=False
        )
    )
    sender = children_of(site.node_join.children)[WINDOW]
    return carry_out(At(site.node.store, site.node_join, sender), step).words


def test_a_manager_closes_a_pc_that_is_lost(site: Site) -> None:
    case = site.window.received()
    site.settle()
    head = manager(site)
    assert WINDOW in head.open("/machines")
    page = head.open(f"/machines/{WINDOW}")
    assert site.window.case(case).case_no in page
    assert close(site, head) == 303
    assert "已停用" in head.html
    assert WHY in head.html
    with site.node.store.read() as conn:
        row = intake.case_by_id(conn, case)
        assert [c.machine for c in closing.closed(conn)] == [WINDOW]
    assert row is not None
    assert row.owner == NODE
    # the machine itself, should it be switched on again
    site.now += 100
    site.settle()
    told = site.core.link.closed
    assert "王主任停用：" + WHY in told
    assert site.core.state().problem_zh == told
    # and the centre has heard of it
    with site.centre.store.read() as conn:
        assert [c.machine for c in closing.closed(conn)] == [WINDOW]


def test_a_node_from_a_backup_does_not_wait_for_the_pc_that_is_given_up(site: Site) -> None:
    site.settle()
    head = manager(site)
    site.node.store.renew_incarnation()
    assert close(site, head) == 409
    assert "再按一次“停用”" in head.html
    with site.node.store.read() as conn:
        assert not closing.closed(conn)
    site.node.store.settle()
    assert close(site, head) == 303
    assert "已停用" in head.html


def test_who_may_not_is_told_so_and_nothing_is_done(site: Site) -> None:
    head = manager(site)
    head.open(f"/machines/{WINDOW}")
    assert head.send(f"/machines/{WINDOW}/act/close", {"reason": WHY}) == 409
    assert "请勾选确认" in head.html
    assert f'value="{WHY}"' in head.html, "nobody types it twice"
    assert "<details open><summary>停用…" in head.html
    assert head.send(f"/machines/{WINDOW}/act/close", {"reason": " ", "sure": "yes"}) == 409
    assert "理由" in head.html
    head.open("/machines/nobody")
    assert head.status == 404
    officer = site.officer("reviewer", Role.REVIEWER)
    officer.open("/machines")
    assert officer.status == 403
    assert 'href="/machines"' not in officer.open("/desk")
    stranger = Browser(site.client(site.node_app))
    stranger.open(f"/machines/{WINDOW}")
    assert stranger.status == 303
    with site.node.store.read() as conn:
        assert closing.closed(conn) == ()


def test_a_forged_form_closes_nothing(site: Site) -> None:
    head = manager(site)
    fields = {"reason": WHY, "sure": "yes", "csrf": "made up"}
    assert head.post(f"/machines/{WINDOW}/act/close", fields) == 403
    with site.node.store.read() as conn:
        assert closing.closed(conn) == ()


def test_its_numbers_are_void_by_name(site: Site) -> None:
    issue(site)
    issue(site, 2)
    site.admit(next_one(site))
    site.settle()
    close(site, manager(site))
    with site.node.store.read() as conn:
        row, day = queue.ticket_by_id(conn, "ticket-1"), queue.business_day(conn)
        assert day is not None
        assert voided(conn, day).numbers == ("A001",)
        # who had not been called yet goes on waiting: the number lies at the node
        assert [t.number for t in queue.waiting(conn, day)] == ["A002"]
    picture = value(site.call("/v1/queue/state", {}, KIOSK))
    assert picture["voided"] == ["A001"]
    assert json.loads(next_one(site, "call-2").body)["code"] == "closed"
    assert row is not None
    assert row.state is TicketState.EXPIRED
    second = site.officer("second", Role.HALL_MANAGER)
    second.open(f"/machines/{WINDOW}")
    assert not second.offers(f"/machines/{WINDOW}/act/close")
    csrf = second.fields("/logout")["csrf"]
    again = {"csrf": csrf, "reason": WHY, "sure": "yes"}
    assert second.post(f"/machines/{WINDOW}/act/close", again) == 303
    with site.node.store.read() as conn:
        types = conn.scalars(select(schema.record.c.type)).all()
    assert types.count("origin.closed/1") == 1
    assert types.count("ticket.voided/1") == 1


def test_what_is_found_later_is_judged_dossier_by_dossier(site: Site) -> None:
    known = site.window.received()
    site.settle()
    site.window.check_all(known)
    kept, dropped = site.window.received(), site.window.received()
    head = manager(site)
    close(site, head)
    words = stick(site)
    assert set(words) == {"duplicate", "late"}
    with site.node.store.read() as conn:
        assert intake.case_by_id(conn, kept) is None
    page = head.open("/machines/late")
    assert all(site.window.case(each).case_no in page for each in (known, kept, dropped))
    fields = {**head.fields("/machines/late/adopt"), "machine": WINDOW, "reason": "群众持有收件凭证"}
    fields.pop("record", None)
    assert head.post("/machines/late/adopt", {**fields, "dossier": kept}) == 303
    assert head.post("/machines/late/reject", {**fields, "dossier": dropped, "reason": "已补录"}) == 303
    assert "已补录" in head.html
    with site.node.store.read() as conn:
        adopted = intake.case_by_id(conn, kept)
        assert intake.case_by_id(conn, dropped) is None
        late = schema.late.c
        left = conn.scalars(select(late.dossier).where(late.verdict == "waiting")).all()
    assert adopted is not None
    assert adopted.owner == NODE
    assert set(left) == {known}
    # one by one: of a dossier that was taken back
    head.open("/machines/late")
    fields = {**head.fields("/machines/late/adopt"), "reason": "材料已核"}
    assert head.post("/machines/late/adopt", fields) == 303
    site.settle()
    with site.centre.store.read() as conn:
        assert intake.case_by_id(conn, kept) is not None
        assert intake.case_by_id(conn, dropped) is None


def test_what_is_judged_is_named_as_people_know_it(site: Site) -> None:
    visit = site.window.serve_slip(site.window.ticket())
    site.settle()
    with site.node.store.read() as conn:
        number = queue.visit_by_id(conn, visit)
    assert number is not None
    head = manager(site)
    page = head.open(f"/machines/{WINDOW}")
    assert f"凭号票办理</td><td>{number.number}" in page
    site.window.do(FinishVisit(fresh("c"), visit, "w9", Outcome.ACCEPTED), finish_visit)
    site.window.do(OpenWindow(fresh("c"), 1, "1号窗口", "w9", "张敏", ("A",), ()), open_window)
    close(site, head)
    stick(site)
    page = head.open("/machines/late")
    assert f"<h2>凭号票办理　{number.number}</h2>" in page
    assert "不涉及群众的事；一般不采纳" in page
    seen = re.sub(r"<[^>]*>", "", page)
    assert "machine-" not in seen
    assert visit not in seen


def test_one_dossier_is_taken_back_from_a_pc_that_is_away(site: Site) -> None:
    case = site.window.received()
    site.settle()
    head = manager(site)
    head.open(f"/machines/{WINDOW}")
    action = f"/machines/{WINDOW}/act/seize"
    assert head.send(action, {"reason": ""}) == 409
    head.open(f"/machines/{WINDOW}")
    assert head.send(action, {"reason": "死机"}) == 303
    assert "已收回" in head.html
    assert site.at(site.node, case).owner == NODE
    site.settle()
    assert site.core.link.closed == ""


def test_a_manager_takes_it_back_from_a_window(site: Site) -> None:
    case = site.window.received()
    site.settle()
    number = site.at(site.node, case).case_no
    people = load_reference(resources_dir(), "changji").people.staff
    head = next(s for s in people if Role.HALL_MANAGER in s.roles)
    clerk = next(s for s in people if Role.HALL_MANAGER not in s.roles and Role.CENTRE_ADMIN not in s.roles)
    body = {"command_id": "s1", "case_no": number, "by": head.id, "reason": "死机"}
    for wrong, node, code in (
        ({"by": clerk.id}, WINDOW, "not_manager"),
        ({"case_no": "1"}, WINDOW, "unknown_case"),
        ({}, KIOSK, "not_a_window"),
    ):
        assert json.loads(site.call(SEIZE, body | wrong, node).body)["code"] == code
    assert site.at(site.node, case).owner == WINDOW
    for _ in range(2):
        assert site.call(SEIZE, body).status == 200
    assert site.at(site.node, case).owner == NODE
    t = schema.record.c
    with site.node.store.read() as conn:
        [raw] = conn.scalars(select(t.raw).where(t.dossier == case, t.type == DossierSeized.TYPE))
    assert parse(bytes(raw)).data["at"] == WINDOW, "it said that the PIN was right"


def test_of_two_under_one_name_a_person_lets_one_go_on(site: Site) -> None:
    greeter, head = site.node.parent.greeter, manager(site)
    site.settle()
    for inc in ("a" * 32, "b" * 32, "a" * 32):
        greeter._refuse_clones(WINDOW, inc)
    refuse = partial(greeter._refuse_clones, WINDOW, "b" * 32)
    for _ in range(2):
        with pytest.raises(Refusal, match="两台"):
            refuse()
    assert "有两台在用" in head.open("/machines")
    head.open(f"/machines/{WINDOW}")
    action = f"/machines/{WINDOW}/act/confirm"
    assert head.fields(action)["inc"] == "b" * 32
    assert head.post(action, {**head.fields(action), "inc": "a" * 32, "reason": "旧硬盘"}) == 409
    head.open(f"/machines/{WINDOW}")
    assert head.send(action, {"reason": "旧硬盘已拆下"}) == 303
    refuse()
    with site.node.store.read() as conn:
        told = conn.scalars(select(schema.record.c.type)).all()
    assert told.count(MachineConfirmed.TYPE) == 1
    site.restart_node()
    greeter = site.node.parent.greeter
    for inc in ("a" * 32, "b" * 32, "a" * 32, "b" * 32):
        with suppress(Refusal):
            greeter._refuse_clones(WINDOW, inc)
    greeter._refuse_clones(WINDOW, "b" * 32)
    with pytest.raises(Refusal, match="两台"):
        greeter._refuse_clones(WINDOW, "a" * 32)
    # doubled once more: of two that were confirmed only the later goes on
    for inc in ("c" * 32, "b" * 32, "c" * 32):
        with suppress(Refusal):
            greeter._refuse_clones(WINDOW, inc)
    greeter.confirm(WINDOW, "c" * 32)
    greeter._refuse_clones(WINDOW, "c" * 32)
    with pytest.raises(Refusal, match="两台"):
        greeter._refuse_clones(WINDOW, "b" * 32)


def test_what_was_put_aside_is_shown_until_somebody_has_looked_at_it(site: Site) -> None:
    site.node.store.write(lambda ledger: ledger.admit(b"no record", WINDOW))
    head = manager(site)
    page = head.open("/machines/late")
    assert "看不懂的内容" in page
    assert "不是完整的记录" in page
    assert head.send("/machines/late/looked_at", {"reason": " "}) == 409
    head.open("/machines/late")
    assert head.send("/machines/late/looked_at", {"reason": "扫描枪误读，不用处理"}) == 303
    assert "已记下核对人" in head.html
    assert "看不懂的内容" not in head.html
    kept = json.loads((site.folder / NODE / "journal.db-reviewed").read_text("utf-8"))
    assert (kept[0]["by"], kept[0]["note"]) == ("王主任", "扫描枪误读，不用处理")
