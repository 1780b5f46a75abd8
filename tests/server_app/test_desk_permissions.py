"""domain.md 8 on every route of the desk: who is offered a form, and who may send it anyway."""

import re

import pytest

from hall.intake.model import CaseState
from hall.people.model import Role
from server_app.accounts.reading_log import readings
from server_app.desk.acts import ACTS
from tests.hall.builders import CERT, NAME, PHONE
from tests.hall.papers.reading import pdfium_text
from tests.server_app.site import Browser, Site
from tests.server_app.test_desk_walk import dispatched

FORM_ID = "01a203af-0000-7000-8000-000000000001"
MAY = {
    Role.REVIEWER: {
        "take", "precheck_pass", "correct", "opinion", "close_round", "refuse", "step", "special_start", "special_end",
        "send_back", "answer_yes", "answer_no",
    },
    Role.APPROVER: {
        "take", "precheck_pass", "step", "special_start", "special_end", "extend", "grant", "deny",
        "answer_yes", "answer_no",
    },
    Role.CHIEF_REP: {
        "take", "precheck_pass", "correct", "opinion", "close_round", "refuse", "step", "special_start", "special_end",
        "send_back", "answer_yes", "answer_no",
    },
    Role.SUPERVISOR: set(),
    Role.HALL_MANAGER: {"send_back"},
    Role.CENTRE_ADMIN: set(),
}  # fmt: skip


def token(browser: Browser) -> str:
    browser.open("/desk")
    return browser.fields("/logout")["csrf"]


def shown(browser: Browser, case: str) -> str:
    return browser.open(f"/desk/case/{case}")


@pytest.mark.parametrize("role", MAY)
def test_the_table_holds_for_every_act(site: Site, role: Role) -> None:
    case = dispatched(site)
    desks = ("示例局@node",) if role in (Role.REVIEWER, Role.APPROVER, Role.CHIEF_REP) else ()
    browser = site.officer("who", role, desks=desks)
    csrf = token(browser)
    for name in ACTS:
        browser.post(f"/desk/case/{case}/act/{name}", {"csrf": csrf, "form_id": "not a form id"})
        refused = "您的岗位不能做这一步" in browser.html
        assert refused == (name not in MAY[role]), (role, name)
    assert site.at(site.node, case).state is CaseState.DISPATCHED


def test_another_department_does_not_learn_that_the_case_exists(site: Site) -> None:
    case = dispatched(site)
    other = site.officer("liu", Role.REVIEWER, Role.APPROVER, desks=("别的局@node",))
    assert site.at(site.node, case).case_no not in other.open("/desk")
    words = shown(other, case)
    assert other.status == 404
    assert words == shown(other, "no-such-case")
    csrf = token(other)
    for name in ACTS:
        assert other.post(f"/desk/case/{case}/act/{name}", {"csrf": csrf, "form_id": FORM_ID}) == 404
    assert other.post(f"/desk/case/{case}/reveal", {"csrf": csrf, "why": "看看"}) == 404


def test_a_form_without_the_sessions_token_does_nothing(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER)
    stranger = site.officer("zhang", Role.REVIEWER)
    for csrf in ("", "x", token(stranger)):
        assert browser.post(f"/desk/case/{case}/act/take", {"csrf": csrf, "form_id": FORM_ID}) == 403
        assert browser.post(f"/desk/case/{case}/reveal", {"csrf": csrf, "why": "联系申请人"}) == 403
    assert site.at(site.node, case).state is CaseState.DISPATCHED


def test_a_form_that_is_sent_twice_has_one_effect(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER)
    browser.act(case, "take")
    action = f"/desk/case/{case}/act/step"
    browser.open(f"/desk/case/{case}")
    data = {**browser.fields(action), "opinion": "同意办理"}
    assert browser.post(action, data) == 303
    assert browser.post(action, data) == 303
    assert browser.html.count("同意办理") == 1


def test_a_decision_sent_twice_draws_one_number(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER, Role.APPROVER)
    browser.act(case, "take")
    action = f"/desk/case/{case}/act/grant"
    browser.open(f"/desk/case/{case}")
    data = browser.fields(action)
    assert browser.post(action, data) == 303
    assert browser.post(action, data) == 303
    with site.node.store.read() as conn:
        drawn = conn.exec_driver_sql("SELECT text FROM document_number").scalars().all()
        results = conn.exec_driver_sql("SELECT dossier FROM delivery").scalars().all()
    assert drawn == ["昌市审批决字〔2026〕第1号"]
    assert len(results) == 1


def test_a_refusal_keeps_what_was_typed_and_takes_no_number(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER)
    browser.act(case, "take")
    status = browser.act(
        case, "special_start", special_kind="testing", special_days="400", special_reason="送检<b>原因</b>"
    )
    assert status == 409
    assert "所需时间" in browser.html
    assert "送检&lt;b&gt;原因&lt;/b&gt;" in browser.html, "kept, and never as markup"
    assert "<details open><summary>特别程序" in browser.html.replace("  ", " ")
    status = browser.act(
        case, "special_start", special_kind="testing", special_days="5", special_reason="送检"
    )
    assert status == 303
    assert "昌市审批特字〔2026〕第1号" in browser.html


def test_names_are_masked_until_somebody_says_why(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER)
    for page in (browser.open("/desk"), shown(browser, case)):
        assert not any(secret in page for secret in (NAME, CERT, PHONE))
    reveal = f"/desk/case/{case}/reveal"
    assert browser.send(reveal, {"why": " "}) == 409
    assert CERT not in browser.html
    with site.node.store.read() as conn:
        assert readings(conn, "n1") == ()
    assert browser.send(reveal, {"why": "电话联系申请人"}) == 200
    assert all(secret in browser.html for secret in (NAME, CERT, PHONE))
    with site.node.store.read() as conn:
        (entry,) = readings(conn, "n1", case)
    assert (entry.what, entry.why, entry.officer) == ("person", "电话联系申请人", "officer-wang")
    assert CERT not in shown(browser, case), "for one look only"


def test_scans_are_shown_to_the_department_and_every_look_is_written_down(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER)
    page = shown(browser, case)
    scan = page.partition(f'href="/desk/case/{case}/scan/')[2].partition('"')[0]
    thumb = browser.client.get(f"/desk/case/{case}/scan/{scan}/thumb.jpg")
    assert thumb.headers["content-type"] == "image/jpeg"
    with site.node.store.read() as conn:
        assert readings(conn, "n1") == ()
    full = browser.client.get(f"/desk/case/{case}/scan/{scan}/full.jpg")
    assert full.content.startswith(b"\xff\xd8")
    assert full.headers["cache-control"] == "no-store"
    with site.node.store.read() as conn:
        assert [r.what for r in readings(conn, "n1", case)] == [f"scan:{scan}"]


def test_a_supervisor_sees_scans_by_order_only(site: Site) -> None:
    case = dispatched(site)
    own = site.officer("wang", Role.REVIEWER)
    scan = shown(own, case).partition(f'href="/desk/case/{case}/scan/')[2].partition('"')[0]
    browser = site.officer("jiandu", Role.SUPERVISOR, desks=())
    assert scan not in shown(browser, case)
    assert not browser.offers(f"/desk/case/{case}/act/take")
    full = f"/desk/case/{case}/scan/{scan}/full.jpg"
    assert browser.client.get(full).status_code == 403
    assert browser.send(f"/desk/case/{case}/reveal", {"why": "督办〔2026〕第3号"}) == 200
    ticket = browser.html.partition("?ticket=")[2].partition('"')[0]
    assert browser.client.get(f"{full}?ticket={ticket}").status_code == 200
    stranger = site.officer("jiandu2", Role.SUPERVISOR, desks=())
    assert stranger.client.get(f"{full}?ticket={ticket}").status_code == 403, "the order is a person's own"
    with site.node.store.read() as conn:
        assert [r.why for r in readings(conn, "n1", case)] == ["督办〔2026〕第3号"] * 2


def test_papers_of_a_case_open_on_the_desk_and_every_look_is_written_down(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("li", Role.APPROVER)
    assert browser.act(case, "take") == 303
    assert browser.act(case, "grant", valid_to="2028-12-31") == 303
    links = re.findall(r'href="(/desk/case/[^"]+/paper/[^"]+\.pdf)"', shown(browser, case))
    assert len(links) == 3
    decision = browser.client.get(links[-1])
    assert decision.headers["content-type"] == "application/pdf"
    assert decision.headers["cache-control"] == "no-store"
    text = pdfium_text(decision.content)
    assert "准予决定书" in text
    assert NAME in text
    with site.node.store.read() as conn:
        assert [r.what for r in readings(conn, "n1", case)] == [f"paper:{links[-1].split('/')[-1][:-4]}"]
    assert browser.client.get(f"/desk/case/{case}/paper/none.pdf").status_code == 404
    stranger = site.officer("jiandu", Role.SUPERVISOR, desks=())
    assert "/paper/" not in shown(stranger, case)
    assert stranger.client.get(links[-1]).status_code == 403
    other = site.officer("bie", Role.REVIEWER, desks=("另一局@node",))
    assert other.client.get(links[-1]).status_code == 404


def test_a_picture_that_has_not_come_yet_is_said_so(site: Site) -> None:
    case = dispatched(site)
    for digest in list(site.node.blobs.digests()):
        site.node.blobs.remove(digest)
    browser = site.officer("wang", Role.REVIEWER)
    assert "图像尚未到达" in shown(browser, case)


def test_the_clerk_who_took_in_does_not_decide(site: Site) -> None:
    from server_app.accounts.manage import add_account
    from tests.server_app.site import PASSWORD

    case = dispatched(site)
    add_account(
        site.node.store, login="both", name="双岗示例", password=PASSWORD, desks=("示例局@node",),
        roles=frozenset({Role.REVIEWER, Role.APPROVER}), person="w1",
    )  # fmt: skip
    browser = Browser(site.client(site.node_app))
    browser.sign_in("both")
    browser.act(case, "take")
    assert browser.act(case, "grant") == 409
    assert "收件人不能审批同一办件" in browser.html
