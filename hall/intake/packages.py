"""Handlers of package cases (一件事) and of document numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from hall.intake import commands as cmd
from hall.intake import package_events as ev
from hall.intake import views
from hall.intake.authority import Rules
from hall.intake.drafting import SCOPE, next_case_no, open_case, owned_case
from hall.intake.events import DefectLine
from hall.intake.model import CaseState, leave_out
from hall.intake.number_events import NumberDrawn
from hall.intake.receiving import give_back, receive, take_offer_back
from hall.intake.views import PackageRow
from hall.journal.ledger import Ledger, dossier_row
from hall.journal.refusal import Refusal
from hall.papers.numbering import DocumentNumber, NumberingRefused
from hall.queueing.pair_views import tail_missing

SERIES_WAIT = "series_wait"
"""Code of a refusal: papers go out under the case number meanwhile."""


def open_package(ledger: Ledger, c: cmd.OpenPackage) -> None:
    """One tracking number for the whole, and the children's cases in the same commit: none is named that is not
    there.
    """
    if not c.children:
        raise Refusal("no_children", "这个套餐没有可办的事项。")
    if [k.case for k in c.children] != [one.case for one in c.cases]:
        raise Refusal("child_missing", "套餐中的事项与要开的办件不一致。")
    ledger.open(c.package, "package", scope=SCOPE, actor=c.staff)
    opened = ev.PackageOpened(
        c.package_no,
        c.version,
        c.name,
        c.lead,
        next_case_no(ledger, c),
        c.children,
        c.answers,
        c.staff,
        c.test,
    )
    ledger.append(c.package, opened, actor=c.staff)
    for one in c.cases:
        open_case(ledger, one)


def open_missing(ledger: Ledger, c: cmd.OpenMissing) -> None:
    """What an opening left over that was cut off, while a package was still opened by a commit for each child.

    Only where the package is held: elsewhere a case may be missing because it has not come yet.
    """
    missing = {k.case for k in _package(ledger, c.package).children if k.state is None}
    for one in c.cases:
        if one.case not in missing:
            raise Refusal("dossier_exists", "这份卷宗已经存在。")
        open_case(ledger, one)


def receive_package(ledger: Ledger, c: cmd.ReceivePackage, *, rules: Rules) -> None:
    """收件 of a package as one act: no child is received beside a draft that nobody needs.

    What is left out is written first: a parent that has got only a part of this commit so far does not see such
    a pair either.
    """
    row = views.package_by_id(ledger.conn, c.package)
    if row is None:
        raise Refusal("unknown_package", "没有这个套餐办件。")
    missing = [k.item_name for k in row.children if k.state is None]
    if missing:
        text = "套餐中还没有开出办件的事项：" + "、".join(missing) + "。请重新打开这个套餐，补齐后再收件。"
        raise Refusal("child_missing", text)
    drafts = [k for k in row.children if k.state is CaseState.DRAFT]
    if not drafts:
        raise Refusal("received_before", "这个套餐已经收件。")
    names = {k.case: k.item_name for k in row.children}
    named = {*c.kept, *(out.case for out in c.left_out)}
    if not named <= set(names):
        raise Refusal("unknown_child", "套餐中没有这个办件。")
    if not c.kept and all(k.state in (CaseState.DRAFT, CaseState.VOIDED) for k in row.children):
        raise Refusal("nothing_kept", "按申请人的情形，套餐中没有要办的事项。")
    forgotten = [k.item_name for k in drafts if k.case not in named]
    if forgotten:
        raise Refusal("child_forgotten", "还没有确定是否办理：" + "、".join(forgotten) + "。")
    for out in c.left_out:
        with _saying_of(names[out.case]):
            _leave_out(ledger, c, out)
    for case in c.kept:
        with _saying_of(names[case]):
            one = cmd.ReceiveCase(c.command_id, case, c.window, c.staff, c.business_day, c.counted_from)
            receive(ledger, one, rules=rules)


def _leave_out(ledger: Ledger, c: cmd.ReceivePackage, out: cmd.LeftOut) -> None:
    child = owned_case(ledger, out.case)
    leave_out(child.state, child.package)
    if not out.answers or not out.why.strip():
        raise Refusal("reason_missing", "没有说明因何情形不办。")
    take_offer_back(ledger, child, "按情形不办", c.staff)
    event = ev.CaseLeftOut(c.package, out.answers, out.why, c.business_day, c.staff)
    ledger.append(out.case, event, actor=c.staff)
    give_back(ledger, out.case, c.staff)


@contextmanager
def _saying_of(item: str) -> Iterator[None]:
    """Whoever takes in several at once must hear which one is refused."""
    try:
        yield
    except Refusal as exc:
        raise Refusal(exc.code, f"{item}：{exc.text}") from exc


def give_opinion(ledger: Ledger, c: cmd.GiveOpinion) -> None:
    """Into the child's own dossier; who holds the package files it there while the round is open."""
    row = owned_case(ledger, c.case)
    package = views.package_of_case(ledger.conn, c.case)
    if package is None:
        raise Refusal("no_package", "这个办件不属于套餐，请直接作出补正告知。")
    if row.state is not CaseState.PRECHECK:
        raise Refusal("not_in_precheck", "只有初审中的事项可以提交补正意见。")
    if package.round_closed_on is not None:
        raise Refusal("round_closed", "牵头部门已发出一次性补正告知，不能再提补正意见。")
    if opinion_of(ledger.conn, c.case) is not None:
        raise Refusal("filed_before", "本事项的意见已经提交。")
    given = ev.RoundOpinionGiven(package.id, row.department, c.defects)
    ledger.append(c.case, given, actor=c.officer)


def opinion_of(conn: Connection, case: str) -> tuple[str, tuple[DefectLine, ...]] | None:
    """Who gave it, and the defects; None: not yet."""
    for one in views.acts(conn, case):
        if one.kind == "round_opinion":
            lines = one.detail.get("defects") or ()
            return one.actor, tuple(DefectLine(str(d["material"]), str(d["text"])) for d in lines)
    return None


def file_defects(ledger: Ledger, c: cmd.FilePackageDefects) -> None:
    """Each child's owner files its defects, or none, once, while the round is open (design 11.4)."""
    row = _package(ledger, c.package)
    if row.round_closed_on is not None:
        raise Refusal("round_closed", "牵头部门已发出一次性补正告知，不能再提补正意见。")
    child = next((k for k in row.children if k.case == c.case), None)
    if child is None:
        raise Refusal("unknown_child", "套餐中没有这个办件。")
    if child.filed:
        raise Refusal("filed_before", "本事项的意见已经提交。")
    filed = ev.PackageDefectsFiled(c.case, c.department, c.defects)
    ledger.append(c.package, filed, actor=c.officer)


def close_round(ledger: Ledger, c: cmd.ClosePackageRound) -> None:
    row = _package(ledger, c.package)
    if row.round_closed_on is not None:
        raise Refusal("round_closed", "本轮补正已经告知过。")
    closed = ev.PackageRoundClosed(c.lead_officer, c.document_no, c.business_day)
    ledger.append(c.package, closed, actor=c.lead_officer)


def package_state(row: PackageRow) -> str:
    """Derived from the children (domain.md 7.3); never stored. A void child is none."""
    states = [k.state for k in row.children if k.state not in (None, CaseState.VOIDED)]
    ended = (
        CaseState.GRANTED, CaseState.DENIED, CaseState.RESULT_READY, CaseState.DELIVERED,
        CaseState.WITHDRAWN, CaseState.TERMINATED, CaseState.VOIDED, CaseState.NOT_ACCEPTED,
        CaseState.REFUSED_UNNEEDED, CaseState.SENT_UP, CaseState.ARCHIVED,
    )  # fmt: skip
    accepted = (CaseState.ACCEPTED, CaseState.DISPATCHED, CaseState.REVIEWING, CaseState.SUSPENDED, *ended)
    if not states or all(s is CaseState.DRAFT for s in states):
        return "draft"
    if all(s in (CaseState.DELIVERED, CaseState.ARCHIVED) for s in states):
        return "delivered"
    if any(s is CaseState.DELIVERED for s in states) and all(s in ended for s in states):
        return "delivering"
    if all(s is CaseState.WITHDRAWN for s in states):
        return "withdrawn"
    if all(s in ended for s in states):
        return "closed"
    if any(s in ended for s in states):
        return "partly_closed"
    if any(s in (CaseState.DISPATCHED, CaseState.REVIEWING, CaseState.SUSPENDED) for s in states):
        return "in_progress"
    if all(s in accepted for s in states):
        return "accepted"
    if any(s in accepted for s in states):
        return "partly_accepted"
    if any(s in (CaseState.PRECHECK, CaseState.CORRECTION) for s in states):
        return "checking"
    return "received"


def ready_children(row: PackageRow) -> tuple[str, ...]:
    """Cases whose prerequisites are granted: they may be dispatched and their clocks run."""
    granted = {
        k.item_id
        for k in row.children
        if k.state in (CaseState.GRANTED, CaseState.RESULT_READY, CaseState.DELIVERED)
    }
    present = {k.item_id for k in row.children if k.state is not CaseState.VOIDED}
    return tuple(k.case for k in row.children if all(w in granted or w not in present for w in k.waits_for))


def draw_number(ledger: Ledger, c: cmd.DrawNumber) -> None:
    """The next number of a series, without gaps; at a machine that owns series, never at a window."""
    if ledger.identity.role == "terminal":
        raise Refusal("no_series", "文号由大厅节点编排；节点断开时文书先用办件编号。")
    if tail_missing(ledger.conn, ledger.identity.node_id):
        # the former node may have given numbers that nobody here has heard of
        raise Refusal(SERIES_WAIT, "原大厅节点编过的文号还没有交接过来，文书先用办件编号。")
    home = f"series-{ledger.identity.node_id}"
    if dossier_row(ledger.conn, home) is None:
        ledger.open(home, "series", scope="machine", actor=c.actor)
    n = views.last_number(ledger.conn, c.organ, c.kind, c.year) + 1
    try:
        text = DocumentNumber(c.organ, c.kind, c.year, n).text()
    except NumberingRefused as exc:
        raise Refusal("document_number", f"{exc}。") from exc
    ledger.append(home, NumberDrawn(c.organ, c.kind, c.year, n, text, c.for_case), actor=c.actor)


def _package(ledger: Ledger, package: str) -> PackageRow:
    ledger.owned(package)
    row = views.package_by_id(ledger.conn, package)
    if row is None:
        raise Refusal("unknown_package", "没有这个套餐办件。")
    return row
