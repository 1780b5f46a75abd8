"""Hard day nine, real processes: a window's PC dies for good, its work is entered again, its disk turns up later."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from hall.intake import views as intake
from hall.intake.reentry import ReenterCase, reenter_case, reentered_as
from hall.journal import closing, schema
from hall.journal.refusal import NotWritten, Refusal
from hall.people.model import Role
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from hall.reference import Reference, load_reference
from server_app.accounts.manage import hash_password
from server_app.accounts.wishes import NewAccount
from server_app.machines.orders import Asked
from sync.join_file import read_join_file
from tests.hall.builders import DAY, Machine
from tests.hall_day.lost_window import worker
from tests.server_app.site import PASSWORD, Browser
from ui.resource_files import resource_path
from yichuang import bundles, lost_machines
from yichuang.accounts_at_work import accounts_after
from yichuang.failover.site import ROOT, PairSite, pair_site
from yichuang.failover.terminals import Display, Kiosk, Terminal, Window, until
from yichuang.machines import reading
from yichuang.processes import Lines

pytestmark = pytest.mark.system
WHY = "1号窗口主机烧毁"


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resource_path(), "changji")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PairSite]:
    with pair_site(tmp_path, lines=True) as found:
        for server in (found.centre, found.node, found.standby):
            found.start(server)
        yield found


def ask(process: Lines, do: str) -> dict[str, Any]:
    process.tell({"do": do})
    return process.next_line()


def verdicts(folder: Path, origin: str) -> dict[str, str]:
    t = schema.record.c
    with reading(folder) as conn:
        return {
            row.id: row.verdict for row in conn.execute(select(t.id, t.verdict).where(t.origin == origin))
        }


def manager_at(site: PairSite, held: ExitStack) -> Browser:
    account = NewAccount(
        login="manager", name="王主任", password_hash=hash_password(PASSWORD), roles=(Role.HALL_MANAGER,),
        desks=(), person=None,
    )  # fmt: skip
    accounts_after(site.node.folder, read_join_file(site.node.folder), account)
    client = held.enter_context(
        httpx2.Client(base_url=f"http://127.0.0.1:{site.node.port}", trust_env=False, timeout=30.0)
    )
    browser = Browser(client)  # type: ignore[arg-type]
    assert browser.sign_in("manager") == 303
    return browser


def judge(browser: Browser, name: str, why: str, **what: str) -> None:
    browser.open("/machines/late")
    csrf = browser.fields("/logout")["csrf"]
    assert browser.post(f"/machines/late/{name}", {"csrf": csrf, "reason": why, **what}) == 303


def test_a_pc_that_is_lost_for_good_and_found_again(site: PairSite, ref: Reference, tmp_path: Path) -> None:
    lost, node = site.windows[0], site.node
    with ExitStack() as held:
        process = held.enter_context(
            Lines(
                "window1",
                ["-m", "tests.hall_day.lost_window", str(lost.folder)],
                cwd=ROOT,
                log=tmp_path / "w1.log",
            )
        )
        other = Window(site.windows[1], ref)
        kiosk, display = Kiosk(site.kiosk, ref), Display(site.display, ref)
        everybody: list[Terminal] = [other, kiosk, display]
        for terminal in everybody:
            held.callback(terminal.close)
            until(lambda t=terminal: t.up_now and t.epoch() == 1, "the hall is open")  # type: ignore[misc]
        process.next_line()

        # work that the node has, and work that it never hears of
        first, second = kiosk.take_number(), kiosk.take_number()
        served = ask(process, "call")["ticket"]
        known = ask(process, "case")
        ask(process, "sent")
        for server in (site.node, site.standby):
            site.cut(lost, server)
        entered, forgotten = ask(process, "case"), ask(process, "case")
        process.kill()

        # it is closed: what the node has lies there, its number is void everywhere
        order = Asked(do="close", machine=lost.node_id, by="信息科李工", reason=WHY)
        told = lost_machines.ask(node.folder, order)
        assert told.voided == (first.number,)
        assert lost_machines.ask(node.folder, order).again
        for terminal in everybody:
            until(lambda t=terminal: _is_closed(t, lost.node_id), "everybody hears of it")  # type: ignore[misc]
            until(lambda t=terminal: _is_void(t, served), "its number is void there, too")  # type: ignore[misc]
        assert [t.number for t in other.waiting()] == [second.number]
        assert display.hall.snapshot().void == (first.number,)
        with reading(node.folder) as conn:
            case = intake.case_by_id(conn, known["case"])
        assert case is not None
        assert case.owner == node.node_id

        # the second window goes on with it, and enters again what a citizen has a receipt of
        other.up.claim(known["case"], "w2")
        assert other.owner(known["case"]) == other.machine.node_id
        clerk = worker(other, other.join.device_no)
        again = _reentered(clerk, entered["case_no"], other.join.device_no)
        with pytest.raises(Refusal, match="没有丢"):
            _reentered(clerk, known["case_no"], other.join.device_no)
        until(lambda: other.all_sent, "the node has it")

        # the PC is found, and somebody switches it on
        site.heal()
        found = Window(lost, ref)
        try:
            until(lambda: WHY in (found.home.link_state().problem_zh or ""), "it is told why it is refused")
            with pytest.raises((NotWritten, Refusal), match=WHY):
                found.call_next()
            with pytest.raises(NotWritten, match=WHY):
                worker(found, found.join.device_no).draft()
        finally:
            found.close()
        for server in (site.node, site.standby):
            site.cut(lost, server)
        # also without a network: it has been told
        found = Window(lost, ref)
        try:
            with pytest.raises(NotWritten, match=WHY):
                worker(found, found.join.device_no).draft()
        finally:
            found.close()
        assert {"late"}.isdisjoint(verdicts(node.folder, lost.node_id).values())

        # its disk is read; what was on it waits for a person, each thing for itself
        stick = tmp_path / "stick"
        bundles.export(lost.folder, stick, datetime.now(UTC), everything=False)
        bundles.bring_in(node.folder, stick, datetime.now(UTC))
        head = manager_at(site, held)
        page = head.open("/machines/late")
        assert "已由窗口补录，新编号" in page
        assert all(case["case_no"] in page for case in (entered, forgotten))
        machine = lost.node_id
        judge(head, "reject", f"已补录为 {again}", machine=machine, dossier=entered["case"])
        judge(head, "adopt", "群众没有回执，按找回的记录办", machine=machine, dossier=forgotten["case"])
        assert f"已补录为 {again}" in head.html

        # and all come to the same
        until(lambda: _case(other, forgotten["case"]) is not None, "the window sees what was adopted")
        other.up.claim(forgotten["case"], "w2")
        until(lambda: other.all_sent, "everything was told")
        for folder in (site.centre.folder, site.standby.folder):
            until(lambda f=folder: _adopted(f, forgotten["case"]), "the adopted case has come")  # type: ignore[misc]
            assert verdicts(folder, machine) == verdicts(node.folder, machine)
        assert _case(other, entered["case"]) is None
        assert other.owner(forgotten["case"]) == other.machine.node_id
        with other.store.read() as conn:
            assert reentered_as(conn, entered["case_no"]) == again
            assert conn.scalar(
                select(schema.dossier.c.owner).where(schema.dossier.c.id == forgotten["case"])
            ) == (other.machine.node_id)

        # nobody is called by its number, and the next one is
        called = other.ticket(other.call_next())
        assert called is not None
        assert called.number == second.number
        display.look()
        assert first.number not in display.windows_of()


def _is_closed(terminal: Terminal, machine: str) -> bool:
    with terminal.store.read() as conn:
        return machine in {each.machine for each in closing.closed(conn)} and queue.windows(conn) == ()


def _is_void(terminal: Terminal, ticket: str) -> bool:
    row = terminal.ticket(ticket)
    return row is not None and row.state is TicketState.EXPIRED


def _reentered(clerk: Machine, old_no: str, device_no: int) -> str:
    case = clerk.draft(device_no=device_no)
    clerk.do(ReenterCase(f"again-{case}", case, old_no, DAY, clerk.staff), reenter_case)
    return clerk.case(case).case_no


def _case(terminal: Terminal, case: str) -> object | None:
    with terminal.store.read() as conn:
        return intake.case_by_id(conn, case)


def _adopted(folder: Path, case: str) -> bool:
    with reading(folder) as conn:
        return intake.case_by_id(conn, case) is not None
