"""Commands that open a case and answer its scenario; shared by single cases and packages."""

from dataclasses import dataclass
from uuid import UUID

from counter_app.backend.bench import Bench, text_id
from counter_app.backend.queue_desk import session_of, ticket_of
from hall.catalogue.scenario import ScenarioRefused, holds
from hall.intake import commands as cmd
from hall.intake.events import Answer, RequiredMaterial
from hall.intake.views import CaseRow
from hall.journal.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose turn at which window a case was opened in."""

    ticket: str | None
    session: str | None
    window: int | None


def open_command(
    b: Bench, command_id: UUID, ticket_id: str, item_id: str, part: str, package: str | None = None
) -> cmd.OpenCase:
    """The command that opens one case for a visit."""
    visit = Visit(ticket_of(b, ticket_id), session_of(b, ticket_id), b.window.no)
    name, case = text_id(command_id, part), text_id(command_id, f"case{part}")
    return case_command(b, name, case, item_id, visit, package)


def case_command(
    b: Bench, name: str, case: str, item_id: str, visit: Visit, package: str | None
) -> cmd.OpenCase:
    """`name`: the command's id; `case`: the dossier's."""
    item = b.ref.catalogue.item(item_id)
    try:
        materials = b.ref.exact_materials(item, {})
    except ScenarioRefused:
        materials = ()
    return cmd.OpenCase(
        command_id=name,
        case=case,
        division=b.ref.profile.division_code,
        hall_no=1,
        device_no=b.join.device_no,
        item=b.ref.item_facts(item),
        materials=materials,
        intake_mode=b.ref.profile.intake_mode.value,
        ticket=visit.ticket,
        session=visit.session,
        window=visit.window,
        staff=b.staff.id,
        business_day=b.day(),
        package=package,
    )


def answered(
    b: Bench, row: CaseRow, question_id: str, option_id: str
) -> tuple[tuple[Answer, ...], tuple[RequiredMaterial, ...]]:
    """The answers after one more, those that no longer apply dropped, and the exact list when complete."""
    item = b.ref.catalogue.by_id.get(row.item.id)
    if item is None or item.guide is None:
        raise Refusal("guide_missing", "这个事项的办事指南待补充。")
    known = {q.id: q for q in item.guide.questions}
    question = known.get(question_id)
    if question is None or all(o.value != option_id for o in question.options):
        raise Refusal("answer_unknown", "没有这个选项，请重新选择。")
    given = {a.question: a.option for a in row.answers} | {question_id: option_id}
    kept: dict[str, str] = {}
    for q in item.guide.questions:
        if q.id in given and holds(q.ask_if, kept, item.guide.questions):
            kept[q.id] = given[q.id]
    stop = next((o.stop for o in question.options if o.value == option_id and o.stop), None)
    if stop:
        raise Refusal("scenario_stop", stop)
    try:
        materials = b.ref.exact_materials(item, kept)
    except ScenarioRefused:
        materials = ()
    return tuple(Answer(q, o) for q, o in kept.items()), materials
