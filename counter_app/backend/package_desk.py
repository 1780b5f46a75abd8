"""A package (一件事) at the window: one form, one set of materials, one tracking number, several cases."""

from dataclasses import dataclass, replace
from uuid import UUID

from counter_app.backend.bench import Bench, text_id
from counter_app.backend.case_view import agent_form, applicant_form, material_row
from counter_app.backend.opening import answered, open_command
from counter_app.take_in.ports import (
    CaseStage,
    CaseView,
    ItemRow,
    MaterialRow,
    Option,
    Question,
)
from counter_app.values import CaseId, ItemId, MaterialId
from hall.catalogue.model import Package
from hall.catalogue.packages import PackageRefused, children_for
from hall.catalogue.queues import pointer
from hall.catalogue.scenario import holds
from hall.identity.masking import mask_name
from hall.intake import commands as cmd
from hall.intake import drafting, packages
from hall.intake import views as intake
from hall.intake.events import Answer, PackageChild
from hall.intake.model import CaseState
from hall.intake.views import CaseRow, PackageRow
from hall.journal.refusal import Refusal

_PREFIX = "package:"
_STATE_ZH = {
    "draft": "草稿",
    "received": "已收件",
    "checking": "核对中",
    "partly_accepted": "部分受理",
    "accepted": "已受理",
    "in_progress": "办理中",
    "partly_closed": "部分办结",
    "closed": "已办结",
    "delivering": "出件中",
    "delivered": "已出件",
    "withdrawn": "已撤回",
}


def is_package_item(item_id: str) -> bool:
    return item_id.startswith(_PREFIX)


@dataclass(frozen=True, slots=True)
class PackageDesk:
    """Package cases over the real hall."""

    bench: Bench

    def search(self, text: str) -> tuple[ItemRow, ...]:
        """Packages that this window takes in and whose children all have guides."""
        b = self.bench
        query = text.strip().lower()
        rows = []
        for p in b.ref.catalogue.packages:
            if query and query not in p.name.lower() and query not in f"一件事{p.no}":
                continue
            if self._complete(p) and self._taken_here(p):
                rows.append(package_item(p))
        return tuple(rows)

    def _complete(self, p: Package) -> bool:
        by_id = self.bench.ref.catalogue.by_id
        return all(i in by_id and by_id[i].guide is not None for i in p.item_ids())

    def _taken_here(self, p: Package) -> bool:
        """At a window that takes in what the lead owns; a lead that owns nothing goes by the first row."""
        b = self.bench
        items = [b.ref.catalogue.by_id[i] for i in p.item_ids()]
        own = [i for i in items if i.department == p.lead_department] or items[:1]
        return any(pointer(b.ref.profile, b.window, i) is None for i in own)

    def knows(self, case_id: str) -> bool:
        return self._row_or_none(case_id) is not None

    def open(self, command_id: UUID, ticket_id: str, item_id: str) -> CaseView:
        """Opens the package and a case for each child. A package whose alternatives are a question starts
        with the first option of each; the answers can be changed while it is a draft."""
        b = self.bench
        package = self._package(item_id)
        answers = {q.id: q.options[0].value for q in package.questions}
        try:
            children = children_for(package, answers)
        except PackageRefused as exc:
            raise Refusal("package", str(exc) + "。") from exc
        package_id = text_id(command_id, "package")
        kids: list[PackageChild] = []
        by_row = {c.row: c.item_id for c in children}
        for child in children:
            waits = tuple(by_row[r] for r in child.waits_for if r in by_row)
            case = text_id(command_id, f"case-{child.row}")
            kids.append(PackageChild(child.item_id, child.name, case, child.department, waits))
        opened = cmd.OpenPackage(
            command_id=text_id(command_id, "open"), package=package_id, package_no=package.no,
            version=package.version, name=package.name, lead=package.lead, children=tuple(kids),
            answers=tuple(Answer(q, o) for q, o in answers.items()), division=b.ref.profile.division_code,
            hall_no=1, device_no=b.join.device_no, business_day=b.day(), staff=b.staff.id,
        )  # fmt: skip
        b.handle(opened, packages.open_package)
        for child in children:
            command = open_command(b, command_id, ticket_id, child.item_id, f"-{child.row}", package_id)
            b.handle(command, drafting.open_case)
        return self.view(package_id)

    def children(self, package_id: str) -> tuple[str, ...]:
        return tuple(k.case for k in self._row(package_id).children)

    def view(self, package_id: str) -> CaseView:
        """The package as one case: its questions, its materials once, the state of the whole."""
        b = self.bench
        row = self._row(package_id)
        with b.store.read() as conn:
            cases = [c for k in row.children if (c := intake.case_by_id(conn, k.case)) is not None]
            lists = {c.id: intake.materials(conn, c.id) for c in cases}
        first = cases[0]
        merged: dict[str, MaterialRow] = {}
        uses: dict[str, int] = {}
        for case in cases:
            for m in lists[case.id]:
                key = m.facts.name
                shown = material_row(b, case.id, m)
                uses[key] = uses.get(key, 0) + 1
                old = merged.get(key)
                if old is None:
                    merged[key] = replace(shown, material_id=MaterialId(key))
                else:
                    merged[key] = replace(
                        old,
                        original_needed=max(old.original_needed, shown.original_needed),
                        copies_needed=max(old.copies_needed, shown.copies_needed),
                        review_points=tuple(dict.fromkeys((*old.review_points, *shown.review_points))),
                        tolerable=old.tolerable and shown.tolerable,
                    )
        materials = tuple(replace(m, shared_by=uses[k]) for k, m in merged.items())
        package = b.ref.catalogue.package(row.package_no)
        return CaseView(
            case_id=CaseId(package_id),
            case_no=row.case_no,
            item=package_item(package),
            stage=_stage(cases),
            stage_text=_STATE_ZH.get(packages.package_state(row), "办理中"),
            applicant=applicant_form(first),
            agent=agent_form(first),
            questions=tuple(q for c in cases for q in self._questions(c)),
            materials=materials if all(lists.values()) else (),
            due_text=f"{len(cases)} 个事项，分别计时",
            masked_name=mask_name(first.applicant_name or ""),
        )

    def uses(self, package_id: str, material_id: str) -> tuple[tuple[str, str], ...]:
        """(case, material) of every child that asks for the material of this name."""
        found = []
        with self.bench.store.read() as conn:
            for k in self._row(package_id).children:
                found += [
                    (k.case, m.id) for m in intake.materials(conn, k.case) if m.facts.name == material_id
                ]
        if not found:
            raise Refusal("unknown_material", "材料清单中没有这份材料。")
        return tuple(found)

    def answer(self, command_id: UUID, package_id: str, question_id: str, option_id: str) -> CaseView:
        """Questions of a child carry the child's item id before a colon."""
        b = self.bench
        item_id, _, question = question_id.partition(":")
        with b.store.read() as conn:
            rows = [intake.case_by_id(conn, k.case) for k in self._row(package_id).children]
        row = next((r for r in rows if r is not None and r.item.id == item_id), None)
        if row is None:
            raise Refusal("answer_unknown", "没有这个问题。")
        answers, materials = answered(b, row, question, option_id)
        command = cmd.AnswerScenario(text_id(command_id), row.id, answers, materials, b.staff.id)
        b.handle(command, drafting.answer_scenario)
        return self.view(package_id)

    def _questions(self, row: CaseRow) -> tuple[Question, ...]:
        item = self.bench.ref.catalogue.by_id.get(row.item.id)
        if item is None or item.guide is None:
            return ()
        given = {a.question: a.option for a in row.answers}
        shown = []
        for q in item.guide.questions:
            if not holds(q.ask_if, given, item.guide.questions):
                continue
            options = tuple(Option(o.value, o.label) for o in q.options)
            text = f"{item.name}：{q.text}"
            shown.append(Question(f"{item.id}:{q.id}", text, options, given.get(q.id, "")))
            if q.id not in given:
                break
        return tuple(shown)

    def _package(self, item_id: str) -> Package:
        try:
            return self.bench.ref.catalogue.package(int(item_id.removeprefix(_PREFIX)))
        except (KeyError, ValueError) as exc:
            raise Refusal("unknown_package", "没有这个套餐。") from exc

    def _row(self, package_id: str) -> PackageRow:
        row = self._row_or_none(package_id)
        if row is None:
            raise Refusal("unknown_package", "没有这个套餐办件。")
        return row

    def _row_or_none(self, package_id: str) -> PackageRow | None:
        with self.bench.store.read() as conn:
            return intake.package_by_id(conn, package_id)


def package_item(p: Package) -> ItemRow:
    return ItemRow(
        item_id=ItemId(f"{_PREFIX}{p.no}"),
        name=p.name if "一件事" in p.name else f"{p.name}“一件事”",
        code=f"一件事{p.no}",
        department=p.lead,
        case_type="一件事",
        limit_text="各事项分别计时",
        package_size=len(p.rows),
    )


def _stage(cases: list[CaseRow]) -> CaseStage:
    states = {c.state for c in cases}
    if states == {CaseState.DRAFT}:
        return CaseStage.DRAFT
    if CaseState.CORRECTION in states:
        return CaseStage.CORRECTION
    if CaseState.DRAFT in states or CaseState.RECEIVED in states:
        return CaseStage.RECEIVED
    if CaseState.ACCEPTED in states:
        return CaseStage.ACCEPTED
    if states & {CaseState.DISPATCHED, CaseState.REVIEWING, CaseState.SUSPENDED, CaseState.PRECHECK}:
        return CaseStage.DISPATCHED
    return CaseStage.DECIDED
