"""Events of taking in become rows."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import Connection

from hall.intake import events as ev
from hall.intake import package_events as pack
from hall.intake.model import CHECKED, CaseAct, CaseState, MaterialState, advance, leave_out, may_present
from hall.intake.number_events import NumberDrawn
from hall.intake.print_events import PaperPrintBegun, PaperPrinted
from hall.intake.tables import (
    act,
    case_file,
    errand,
    material,
    number,
    package_case,
    package_child,
    page,
    paper_print,
)  # fmt: skip
from hall.journal.codec import to_json
from hall.journal.envelope import Envelope
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.table_rows import change, drop, find, find_all, put

# dumps makes a new encoder at each call
_TEXT = json.JSONEncoder(ensure_ascii=False).encode


def note_act(
    conn: Connection, env: Envelope, kind: str, *, on_day: str | None = None,
    document_no: str | None = None, in_name_of: str | None = None, **detail: Any,
) -> None:  # fmt: skip
    """One line of the trace. Shared with the slices above, which act on the same case."""
    put(
        conn, act,
        record=env.id, dossier=env.dossier, kind=kind, actor=env.actor, at_ms=env.wall_ms, on_day=on_day,
        document_no=document_no, in_name_of=in_name_of,
        detail=_TEXT(to_json_map(detail)),
    )  # fmt: skip


def to_json_map(detail: dict[str, Any]) -> dict[str, Any]:
    return {k: to_json(v) for k, v in detail.items() if v is not None}


def advance_case(conn: Connection, env: Envelope, what: CaseAct, **values: Any) -> None:
    """Move the case's row on. Also used by review and delivery, whose acts move the same machine."""
    row = find(conn, case_file.c.state, dossier=env.dossier)
    if row is None:
        return
    state = advance(CaseState(row[0]), what)
    set_case(conn, env, state=state.value, **values)


def set_case(conn: Connection, env: Envelope, **values: Any) -> None:
    change(conn, case_file, {"dossier": env.dossier}, changed_ms=env.wall_ms, **values)


def _opened(conn: Connection, env: Envelope, e: ev.CaseOpened) -> None:
    i = e.item
    put(
        conn, case_file,
        dossier=env.dossier, case_no=e.case_no, state=CaseState.DRAFT.value, item_id=i.id,
        item_name=i.name, item_facts=_TEXT(to_json(i)), item_type=i.item_type,
        case_type=i.case_type.value, department=i.department, desk=i.desk, sample=i.sample,
        channel=e.channel, intake_mode=e.intake_mode, ticket=e.ticket, session=e.session,
        window=e.window, intake_staff=e.staff, business_day=e.business_day.isoformat(),
        package=e.package, answers="[]", prechecked=False, provisional=False, rounds=0,
        opened_ms=env.wall_ms, changed_ms=env.wall_ms,
    )  # fmt: skip


def _applicant(conn: Connection, env: Envelope, e: ev.ApplicantSet) -> None:
    set_case(
        conn, env, applicant_kind=e.kind, applicant_source=e.source, cert_type=e.cert_type,
        applicant_name=e.name, cert_no=e.cert_no, phone=e.phone, address=e.address,
        legal_representative=e.legal_representative, agent_name=e.agent_name,
        agent_cert_no=e.agent_cert_no, agent_phone=e.agent_phone, agent_relation=e.agent_relation,
        mandate=e.mandate,
    )  # fmt: skip


def _scenario(conn: Connection, env: Envelope, e: ev.ScenarioAnswered) -> None:
    set_case(conn, env, answers=_TEXT(to_json(e.answers)))
    change(conn, material, {"dossier": env.dossier}, required=False)
    for no, m in enumerate(e.materials, 1):
        facts = _TEXT(to_json(m))
        here = {"dossier": env.dossier, "material": m.id}
        if change(conn, material, here, no=no, name=m.name, facts=facts, required=True) == 0:
            put(
                conn, material,
                dossier=env.dossier, material=m.id, no=no, name=m.name, facts=facts, required=True,
                state=MaterialState.REQUIRED.value, copies=0,
            )  # fmt: skip


def _material_state(conn: Connection, env: Envelope, material_id: str) -> MaterialState:
    row = find(conn, material.c.state, dossier=env.dossier, material=material_id)
    return MaterialState.REQUIRED if row is None else MaterialState(row[0])


def _set_material(conn: Connection, env: Envelope, material_id: str, **values: Any) -> None:
    change(conn, material, {"dossier": env.dossier, "material": material_id}, **values)


def _presented(conn: Connection, env: Envelope, e: ev.MaterialPresented) -> None:
    state = may_present(_material_state(conn, env, e.material))
    _set_material(
        conn, env, e.material, state=state.value, form=e.form, copies=e.copies,
        original_place=e.original_place,
    )  # fmt: skip


def _checked(conn: Connection, env: Envelope, e: ev.MaterialChecked) -> None:
    _set_material(conn, env, e.material, state=CHECKED[e.result].value, defect=e.defect)


def _add_page(conn: Connection, env: Envelope, e: ev.PageAttached | ev.ErrandPageAttached) -> None:
    before = [no for (no,) in find_all(conn, page.c.no, dossier=env.dossier, material=e.material)]
    put(
        conn, page,
        dossier=env.dossier, page=e.page, material=e.material, no=max(before, default=0) + 1, image=e.image,
        plain_sha256=e.plain_sha256, width_px=e.width_px, height_px=e.height_px, dpi=e.dpi,
        removed=False, at_ms=env.wall_ms,
    )  # fmt: skip


def _remove_page(conn: Connection, env: Envelope, e: ev.PageRemoved | ev.ErrandPageRemoved) -> None:
    change(conn, page, {"dossier": env.dossier, "page": e.page}, removed=True)


def _order_pages(conn: Connection, env: Envelope, e: ev.PagesOrdered | ev.ErrandPagesOrdered) -> None:
    for no, page_id in enumerate(e.pages, 1):
        change(conn, page, {"dossier": env.dossier, "page": page_id}, no=no)


def _received(conn: Connection, env: Envelope, e: ev.CaseReceived) -> None:
    advance_case(
        conn, env, CaseAct.RECEIVE, received_on=e.received_on.isoformat(),
        counted_from=e.counted_from.isoformat(),
    )  # fmt: skip
    # what the receipt says must not follow what is handed in later: it is printed again as it was
    note_act(
        conn, env, "received", on_day=e.received_on.isoformat(), window=e.window,
        counted_from=e.counted_from, materials=_handed(conn, env),
        **_answer(e),
    )  # fmt: skip


def _answer(e: ev.CaseReceived) -> dict[str, Any]:
    """Nothing for a record of before the day was written down: its row stays as it was."""
    return {"answer_by": e.answer_by, "answer_provisional": e.answer_provisional} if e.answer_by else {}


def _handed(conn: Connection, env: Envelope) -> list[Any]:
    """[material, form, copies, where the original lies, pages] of everything handed in so far."""
    m, p = material.c, page.c
    pages = Counter(name for (name,) in find_all(conn, p.material, dossier=env.dossier, removed=False))
    found = find_all(conn, m.no, m.material, m.form, m.copies, m.original_place, dossier=env.dossier)
    return [[*row, pages[row[0]]] for _, *row in sorted(found) if row[1] is not None]


def _owed(conn: Connection, env: Envelope) -> list[str]:
    """Names of the materials that are tolerated as missing."""
    m, tolerated = material.c, MaterialState.TOLERATED.value
    found = find_all(conn, m.no, m.name, dossier=env.dossier, required=True, state=tolerated)
    return [name for _, name in sorted(found)]


def _precheck_asked(conn: Connection, env: Envelope, e: ev.PrecheckAsked) -> None:
    advance_case(conn, env, CaseAct.ASK_PRECHECK)
    note_act(conn, env, "precheck_asked", desk=e.desk)


def _precheck_passed(conn: Connection, env: Envelope, e: ev.PrecheckPassed) -> None:
    advance_case(conn, env, CaseAct.PRECHECK_OK, prechecked=True)
    note_act(conn, env, "precheck_passed", note=e.note)


def _accepted(conn: Connection, env: Envelope, e: ev.CaseAccepted) -> None:
    advance_case(
        conn, env, CaseAct.ACCEPT, accepted_on=e.accepted_on.isoformat(), accept_mode=e.mode.value,
        due=_day(e.due), statutory_due=_day(e.statutory_due), provisional=e.provisional,
    )  # fmt: skip
    note_act(
        conn, env, "accepted", on_day=e.accepted_on.isoformat(), document_no=e.document_no,
        in_name_of=e.in_name_of, mode=e.mode, letter=e.letter, due=e.due, owed=_owed(conn, env),
    )  # fmt: skip


def _corrected(conn: Connection, env: Envelope, e: ev.CorrectionIssued) -> None:
    advance_case(conn, env, CaseAct.CORRECT, rounds=e.round, return_by=e.return_by.isoformat())
    note_act(
        conn, env, "correction", document_no=e.document_no, in_name_of=e.in_name_of, round=e.round,
        defects=e.defects, return_by=e.return_by, supervisor=e.supervisor, why=e.supervisor_reason,
    )  # fmt: skip


def _returned(conn: Connection, env: Envelope, e: ev.CorrectionReturned) -> None:
    advance_case(conn, env, CaseAct.RETURN_MATERIALS)
    note_act(conn, env, "correction_returned", on_day=e.returned_on.isoformat(), errand=e.errand)


def _refused(conn: Connection, env: Envelope, e: ev.CaseRefused) -> None:
    what = CaseAct.REFUSE_UNNEEDED if e.unneeded else CaseAct.NOT_ACCEPT
    advance_case(conn, env, what, closed_on=e.refused_on.isoformat())
    note_act(
        conn, env, "unneeded" if e.unneeded else "not_accepted", on_day=e.refused_on.isoformat(),
        document_no=e.document_no, in_name_of=e.in_name_of, reason=e.reason, organ=e.competent_organ,
    )  # fmt: skip


def _withdrawn(conn: Connection, env: Envelope, e: ev.CaseWithdrawn) -> None:
    advance_case(conn, env, CaseAct.WITHDRAW, closed_on=e.on.isoformat())
    note_act(conn, env, "withdrawn", on_day=e.on.isoformat(), errand=e.errand, reason=e.reason)


def _terminated(conn: Connection, env: Envelope, e: ev.CaseTerminated) -> None:
    advance_case(conn, env, CaseAct.TERMINATE, closed_on=e.on.isoformat())
    note_act(conn, env, "terminated", on_day=e.on.isoformat(), why=e.why)


def _voided(conn: Connection, env: Envelope, e: ev.CaseVoided) -> None:
    advance_case(conn, env, CaseAct.VOID)
    note_act(conn, env, "voided", reason=e.reason)


def _left_out(conn: Connection, env: Envelope, e: pack.CaseLeftOut) -> None:
    row = find(conn, case_file.c.state, case_file.c.package, dossier=env.dossier)
    if row is not None:
        set_case(conn, env, state=leave_out(CaseState(row[0]), row[1]).value)
    note_act(conn, env, "left_out", on_day=e.on.isoformat(), answers=e.answers, why=e.why)


def _forwarded(conn: Connection, env: Envelope, e: ev.CaseForwarded) -> None:
    advance_case(conn, env, CaseAct.FORWARD)
    note_act(conn, env, "forwarded", to_hall=e.to_hall, waybill=e.waybill)


def _errand_answered(conn: Connection, env: Envelope, e: ev.ErrandAnswered) -> None:
    note_act(conn, env, "errand_answered", errand=e.errand, granted=e.granted, why=e.why)


def _errand_opened(conn: Connection, env: Envelope, e: ev.ErrandOpened) -> None:
    put(
        conn, errand,
        dossier=env.dossier, kind=e.kind, case_no=e.case_no, case_dossier=e.case, state="open",
        window=e.window, staff=e.staff, ticket=e.ticket, session=e.session, opened_ms=env.wall_ms,
    )  # fmt: skip


def _errand_handed_in(conn: Connection, env: Envelope, e: ev.ErrandHandedIn) -> None:
    change(
        conn,
        errand,
        {"dossier": env.dossier},
        state="handed_in",
        handed_in_on=e.on.isoformat(),
        reason=e.reason,
    )


def _errand_taken(conn: Connection, env: Envelope, e: ev.ErrandTaken) -> None:
    change(
        conn,
        errand,
        {"dossier": env.dossier},
        state="answered",
        case_dossier=e.case,
        granted=e.granted,
        why=e.why,
    )


def _package_opened(conn: Connection, env: Envelope, e: pack.PackageOpened) -> None:
    put(
        conn, package_case,
        dossier=env.dossier, package_no=e.package_no, version=e.version, name=e.name, lead=e.lead,
        case_no=e.case_no, answers=_TEXT(to_json(e.answers)), test=e.test,
        opened_ms=env.wall_ms,
    )  # fmt: skip
    for no, child in enumerate(e.children, 1):
        put(
            conn, package_child,
            dossier=env.dossier, case_dossier=child.case, no=no, item_id=child.item, item_name=child.name,
            department=child.department, waits_for=" ".join(child.waits_for), filed=False, defects="[]",
        )  # fmt: skip


def _package_filed(conn: Connection, env: Envelope, e: pack.PackageDefectsFiled) -> None:
    change(
        conn, package_child, {"dossier": env.dossier, "case_dossier": e.case}, filed=True,
        defects=_TEXT(to_json(e.defects or ())),
    )  # fmt: skip


def _opinion_given(conn: Connection, env: Envelope, e: pack.RoundOpinionGiven) -> None:
    note_act(conn, env, "round_opinion", defects=e.defects)


def _package_closed(conn: Connection, env: Envelope, e: pack.PackageRoundClosed) -> None:
    change(
        conn,
        package_case,
        {"dossier": env.dossier},
        round_closed_on=e.on.isoformat(),
        document_no=e.document_no,
    )


def _number_drawn(conn: Connection, env: Envelope, e: NumberDrawn) -> None:
    put(
        conn, number,
        record=env.id, dossier=env.dossier, organ=e.organ, kind=e.kind, year=e.year, n=e.n, text=e.text,
        for_case=e.for_case,
    )  # fmt: skip


def _print_begun(conn: Connection, env: Envelope, e: PaperPrintBegun) -> None:
    _note_print(conn, env, e.paper, "begun")


def _paper_printed(conn: Connection, env: Envelope, e: PaperPrinted) -> None:
    _note_print(conn, env, e.paper, e.result)


def _note_print(conn: Connection, env: Envelope, paper: str, result: str) -> None:
    here = {"dossier": env.dossier, "paper": paper}
    before = find(conn, paper_print.c.out, **here)
    out = result == "printed" or (before is not None and bool(before[0]))
    drop(conn, paper_print, **here)
    put(conn, paper_print, dossier=env.dossier, paper=paper, result=result, out=out, at_ms=env.wall_ms)


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


INTAKE_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = (
    (ev.CaseOpened, _opened),
    (ev.ApplicantSet, _applicant),
    (ev.ScenarioAnswered, _scenario),
    (ev.MaterialPresented, _presented),
    (ev.MaterialChecked, _checked),
    (ev.PageAttached, _add_page),
    (ev.PageRemoved, _remove_page),
    (ev.PagesOrdered, _order_pages),
    (ev.CaseReceived, _received),
    (ev.PrecheckAsked, _precheck_asked),
    (ev.PrecheckPassed, _precheck_passed),
    (ev.CaseAccepted, _accepted),
    (ev.CorrectionIssued, _corrected),
    (ev.CorrectionReturned, _returned),
    (ev.CaseRefused, _refused),
    (ev.CaseWithdrawn, _withdrawn),
    (ev.CaseTerminated, _terminated),
    (ev.CaseVoided, _voided),
    (ev.CaseForwarded, _forwarded),
    (ev.ErrandAnswered, _errand_answered),
    (ev.ErrandOpened, _errand_opened),
    (ev.ErrandPageAttached, _add_page),
    (ev.ErrandPageRemoved, _remove_page),
    (ev.ErrandPagesOrdered, _order_pages),
    (ev.ErrandHandedIn, _errand_handed_in),
    (ev.ErrandTaken, _errand_taken),
    (pack.PackageOpened, _package_opened),
    (pack.PackageDefectsFiled, _package_filed),
    (pack.RoundOpinionGiven, _opinion_given),
    (pack.PackageRoundClosed, _package_closed),
    (pack.CaseLeftOut, _left_out),
    (NumberDrawn, _number_drawn),
    (PaperPrintBegun, _print_begun),
    (PaperPrinted, _paper_printed),
)
