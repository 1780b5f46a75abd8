"""Handlers of errands: what a citizen hands in never needs the case (design 1)."""

from hall.intake import commands as cmd
from hall.intake import events as ev
from hall.intake import views
from hall.intake.drafting import SCOPE, check_page
from hall.intake.duplicates import POSSIBLE_DUPLICATE
from hall.intake.model import BEFORE_DECISION, CaseAct, CaseState, advance
from hall.intake.receiving import give_back
from hall.intake.views import ErrandRow
from hall.journal.facts import OfferWithdrawn
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal

KINDS_ZH = {
    "correction": "补正",
    "withdrawal": "撤回申请",
    "lost_slip": "补办凭证",
    "authorisation": "补充委托",
    "filing": "自助申报",
    "supplement": "容缺补交",
    POSSIBLE_DUPLICATE: "疑似重复申请",
}
_WITH_PAPERS = ("correction", "supplement")


def open_errand(ledger: Ledger, c: cmd.OpenErrand) -> None:
    """By the code on the citizen's paper; the case itself may lie anywhere, or be unknown here."""
    if c.kind not in KINDS_ZH or c.kind == POSSIBLE_DUPLICATE:
        raise Refusal("errand_kind", "请选择要办的事：补正、容缺补交、撤回、补办凭证或补充委托。")
    case = views.case_by_no(ledger.conn, c.case_no)
    if case is not None and c.kind == "correction" and case.state is not CaseState.CORRECTION:
        raise Refusal("not_in_correction", "这个办件现在不需要补正。")
    ledger.open(c.errand, "errand", scope=SCOPE, actor=c.staff)
    opened = ev.ErrandOpened(
        c.kind, c.case_no, case.id if case else None, c.window, c.staff, c.ticket, c.session
    )
    ledger.append(c.errand, opened, actor=c.staff)


def attach_errand_page(ledger: Ledger, c: cmd.AttachErrandPage) -> None:
    _open(ledger, c.errand)
    check_page(ledger, c.errand, c.page)
    p = c.page
    attached = ev.ErrandPageAttached(
        c.material, p.page, p.image, p.plain_sha256, p.width_px, p.height_px, p.dpi, p.device
    )
    ledger.append(c.errand, attached, actor=c.staff)


def remove_errand_page(ledger: Ledger, c: cmd.RemoveErrandPage) -> None:
    _open(ledger, c.errand)
    if all(p.page != c.page for p in views.pages_of(ledger.conn, c.errand)):
        raise Refusal("page_unknown", "没有这一页。")
    ledger.append(c.errand, ev.ErrandPageRemoved(c.material, c.page), actor=c.staff)


def order_errand_pages(ledger: Ledger, c: cmd.OrderErrandPages) -> None:
    _open(ledger, c.errand)
    mine = [p.page for p in views.pages_of(ledger.conn, c.errand) if p.material == c.material]
    if sorted(c.pages) != sorted(mine):
        raise Refusal("pages_differ", "页面已有变化，请重新排序。")
    ledger.append(c.errand, ev.ErrandPagesOrdered(c.material, c.pages), actor=c.staff)


def hand_in_errand(ledger: Ledger, c: cmd.HandInErrand) -> None:
    """The citizen gets a receipt; the errand goes to whoever owns the case."""
    row = _open(ledger, c.errand)
    if row.kind in _WITH_PAPERS and not views.pages_of(ledger.conn, c.errand):
        raise Refusal("nothing_handed_in", "还没有拍摄材料。")
    if row.kind == "withdrawal" and not c.reason.strip():
        raise Refusal("reason_missing", "请写明撤回的原因。")
    later = c.counted_from if c.counted_from != c.business_day else None
    handed_in = ev.ErrandHandedIn(c.business_day, c.staff, c.reason.strip() or None, later)
    ledger.append(c.errand, handed_in, actor=c.staff)
    give_back(ledger, c.errand, c.staff)


def take_errand(ledger: Ledger, c: cmd.TakeErrand) -> None:
    """The owner of the case answers. One commit: the errand is closed and the case has the papers."""
    row = _owned(ledger, c.errand)
    if row.state != "handed_in":
        raise Refusal("errand_state", "这份来件还没有交齐，或已经答复。")
    case = views.case_by_no(ledger.conn, row.case_no)
    if case is None:
        raise Refusal("unknown_case", "本机没有这份来件对应的办件。")
    ledger.owned(case.id)
    if row.kind == "correction" and c.granted:
        advance(case.state, CaseAct.RETURN_MATERIALS)
        _copy_pages(ledger, row.id, case.id, c.actor)
        ledger.append(case.id, ev.CorrectionReturned(row.id, c.business_day), actor=c.actor)
    elif row.kind == "supplement" and c.granted:
        if case.state not in BEFORE_DECISION:
            raise Refusal("too_late", "办件已经办结，不能再补交材料。")
        _copy_pages(ledger, row.id, case.id, c.actor)
    elif row.kind in ("withdrawal", POSSIBLE_DUPLICATE) and c.granted:
        advance(case.state, CaseAct.WITHDRAW)
        if case.offered_to is not None:
            ledger.append(case.id, OfferWithdrawn("申请人撤回"), actor=c.actor)
        withdrawn = ev.CaseWithdrawn(c.business_day, row.id, row.reason or "申请人撤回")
        ledger.append(case.id, withdrawn, actor=c.actor)
    elif not c.granted and not c.why.strip():
        raise Refusal("reason_missing", "不同意的，请写明理由，要答复申请人。")
    ledger.append(case.id, ev.ErrandAnswered(row.id, c.granted, c.why), actor=c.actor)
    ledger.append(row.id, ev.ErrandTaken(case.id, c.granted, c.why), actor=c.actor)


def _copy_pages(ledger: Ledger, errand: str, case: str, actor: str) -> None:
    """The papers now belong to the case: same pictures, the case's own page records.

    The owner has no original before him: whoever compares the pages with one says so by presenting it.
    """
    known = {m.id for m in views.materials(ledger.conn, case)}
    presented: set[str] = set()
    for p in views.pages_of(ledger.conn, errand):
        if p.material in known and p.material not in presented:
            ledger.append(case, ev.MaterialPresented(p.material, "copy", 1, "none"), actor=actor)
            presented.add(p.material)
        attached = ev.PageAttached(
            p.material,
            p.page,
            p.image,
            p.plain_sha256,
            p.width_px,
            p.height_px,
            p.dpi,
            ev.FROM_ERRAND + errand,
        )
        ledger.append(case, attached, actor=actor)


def _open(ledger: Ledger, errand: str) -> ErrandRow:
    row = _owned(ledger, errand)
    if row.state != "open":
        raise Refusal("errand_closed", "来件已经交接，不能再改。")
    return row


def _owned(ledger: Ledger, errand: str) -> ErrandRow:
    ledger.owned(errand)
    row = views.errand_by_id(ledger.conn, errand)
    if row is None:
        raise Refusal("unknown_errand", "没有这份来件。")
    return row
