"""A package (一件事) at the window: one form, one set of materials, one tracking number, several cases."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from uuid import NAMESPACE_OID, UUID, uuid5

from counter_app.backend.bench import Bench, text_id
from counter_app.backend.case_view import agent_form, applicant_form, material_row, stage_of, to_correct
from counter_app.backend.opening import Visit, case_command, open_command
from counter_app.take_in.ports import (
    CaseStage,
    CaseView,
    ItemRow,
    MaterialRow,
    MaterialState,
    Option,
    Question,
)
from counter_app.values import CaseId, ItemId, MaterialId
from hall.catalogue.model import SAMPLE_TEXT, Package, ServiceItem
from hall.catalogue.package_scenario import asked, child_answers, flat_answers, needed, reasons_out, stop_text
from hall.catalogue.packages import PackageChild as CatalogueChild
from hall.catalogue.packages import PackageRefused, children_for, materials_of
from hall.catalogue.queues import pointer
from hall.catalogue.scenario import ScenarioRefused
from hall.identity.masking import mask_name
from hall.intake import commands as cmd
from hall.intake import drafting, packages
from hall.intake import views as intake
from hall.intake.events import Answer, RequiredMaterial
from hall.intake.model import CaseState, CaseType
from hall.intake.package_events import PackageChild
from hall.intake.views import CaseRow, PackageRow
from hall.journal.refusal import Refusal
from hall.reference import required

_PREFIX = "package:"
_TAKEN_IN = (None, CaseState.DRAFT, CaseState.RECEIVED, CaseState.VOIDED)
"""States of children while the window may still add one."""
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
        """Packages that this window takes in and whose children all have guides; one row for each choice among
        alternative rows (normal or early retirement)."""
        by_id = self.bench.ref.catalogue.by_id
        query = text.strip().lower()
        rows = []
        for p in self.bench.ref.catalogue.packages:
            if query and query not in p.name.lower() and query not in f"一件事{p.no}":
                continue
            for chosen in product(*(q.options for q in p.questions)):
                answers = {q.id: o.value for q, o in zip(p.questions, chosen, strict=True)}
                children = children_for(p, answers)
                complete = all(c.item_id in by_id and by_id[c.item_id].guide for c in children)
                if complete and self._taken_here(p, children):
                    rows.append(package_item(p, children, by_id))
        return tuple(rows)

    def _taken_here(self, p: Package, children: tuple[CatalogueChild, ...]) -> bool:
        """At a window that takes in what the lead owns; a lead that owns nothing goes by the first row."""
        b = self.bench
        items = [b.ref.catalogue.by_id[c.item_id] for c in children]
        own = [i for i in items if i.department == p.lead_department] or items[:1]
        return any(pointer(b.ref.profile, b.window, i) is None for i in own)

    def knows(self, case_id: str) -> bool:
        return self._row_or_none(case_id) is not None

    def open(self, command_id: UUID, ticket_id: str, item_id: str) -> CaseView:
        """Opens the package with a case for each child, in one commit, and gives them what the package settles."""
        b = self.bench
        package, answers = self._chosen(item_id)
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
        cases = tuple(
            open_command(b, command_id, ticket_id, c.item_id, f"-{c.row}", package_id) for c in children
        )
        opened = cmd.OpenPackage(
            command_id=text_id(command_id, "open"), package=package_id, package_no=package.no,
            version=package.version, name=package.name, lead=package.lead, children=tuple(kids),
            cases=cases, answers=tuple(Answer(q, o) for q, o in answers.items()), division=b.ref.profile.division_code,
            hall_no=1, device_no=b.join.device_no, business_day=b.day(), staff=b.staff.id,
        )  # fmt: skip
        b.handle(opened, packages.open_package)
        self._note(command_id, self._row(package_id), {})
        return self.view(package_id)

    def reopened(self, package_id: str) -> CaseView:
        """As `view`; before it, what a cut-off opening left out is opened here, where the package was."""
        b = self.bench
        row = self._row(package_id)
        missing = [k for k in row.children if k.state is None and k.item_id in b.ref.catalogue.by_id]
        begun = all(k.state in _TAKEN_IN for k in row.children)
        if missing and begun and row.owner == b.node_id:
            name = uuid5(NAMESPACE_OID, " ".join([row.id, *(k.case for k in missing)]))
            with b.store.read() as conn:
                others = [c for k in row.children if (c := intake.case_by_id(conn, k.case)) is not None]
            visit = next((Visit(c.ticket, c.session, c.window) for c in others), Visit(None, None, None))
            cases = tuple(
                case_command(b, text_id(name, str(k.no)), k.case, k.item_id, visit, row.id) for k in missing
            )
            b.handle(cmd.OpenMissing(text_id(name), row.id, cases), packages.open_missing)
            self._note(name, self._row(row.id), {})
        return self.view(package_id)

    def children(self, package_id: str) -> tuple[str, ...]:
        """Cases of the package that its answers leave in."""
        return tuple(c.id for c in self._cases(self._row(package_id)))

    def drafted(self, package_id: str) -> tuple[str, ...]:
        """As `children`, and drafts that another answer would leave in."""
        row = self._row(package_id)
        kept = set(self.children(package_id))
        return tuple(k.case for k in row.children if k.case in kept or k.state is CaseState.DRAFT)

    def receive(self, command_id: UUID, package_id: str) -> None:
        """收件 of all that the answers leave in, in one commit with what they leave out."""
        b = self.bench
        drafts = [k.case for k in self._row(package_id).children if k.state is CaseState.DRAFT]
        for case in drafts:
            b.hold_here(case)
        kept = tuple(c for c in self.children(package_id) if c in drafts)
        day = b.day()
        command = cmd.ReceivePackage(
            command_id=text_id(command_id, "receive"), package=package_id, kept=kept,
            left_out=self._left_out(package_id, [c for c in drafts if c not in kept]), window=b.window.no,
            staff=b.staff.id, business_day=day, counted_from=day,
        )  # fmt: skip
        b.handle(command, partial(packages.receive_package, rules=b.ref.rules))

    def _left_out(self, package_id: str, cases: list[str]) -> tuple[cmd.LeftOut, ...]:
        """Each with the answers that make it needless."""
        row = self._row(package_id)
        package, children, flat = self._answered(row)
        items = {k.case: k.item_id for k in row.children}
        out = []
        for case in cases:
            reasons = reasons_out(package, [c.row for c in children if c.item_id == items[case]], flat)
            answers = tuple(Answer(q.id, o.value) for q, o in reasons)
            out.append(cmd.LeftOut(case, answers, "；".join(f"{q.text}{o.label}" for q, o in reasons)))
        return tuple(out)

    def view(self, package_id: str) -> CaseView:
        """The package as one case: its questions, its materials once, the state of the whole."""
        b = self.bench
        row = self._row(package_id)
        cases = self._cases(row)
        with b.store.read() as conn:
            lists = {c.id: intake.materials(conn, c.id) for c in cases}
            earlier = to_correct(conn, cases)
        if not cases:
            raise Refusal("no_children", "这个套餐没有可办的事项。")
        first = cases[0]
        merged: dict[str, MaterialRow] = {}
        uses: dict[str, int] = {}
        for case in cases:
            for m in lists[case.id]:
                key = m.facts.name
                shown = material_row(b, case, m)
                uses[key] = uses.get(key, 0) + 1
                old = merged.get(key)
                if old is None:
                    merged[key] = replace(shown, material_id=MaterialId(key))
                else:
                    merged[key] = replace(
                        old,
                        state=_least_done(old.state, shown.state),
                        original_needed=max(old.original_needed, shown.original_needed),
                        copies_needed=max(old.copies_needed, shown.copies_needed),
                        review_points=tuple(dict.fromkeys((*old.review_points, *shown.review_points))),
                        tolerable=old.tolerable and shown.tolerable,
                        identity=old.identity or shown.identity,
                    )
        materials = tuple(replace(m, shared_by=uses[k]) for k, m in merged.items())
        package, children, _ = self._answered(row)
        return CaseView(
            case_id=CaseId(package_id),
            case_no=row.case_no,
            # the answers may have left fewer than the package can hold
            item=replace(package_item(package, children, b.ref.catalogue.by_id), package_size=len(cases)),
            stage=_stage(cases),
            stage_text=_stage_text(row, cases),
            applicant=applicant_form(first),
            agent=agent_form(first),
            questions=self._questions(row),
            materials=materials if all(lists.values()) else (),
            due_text=_limits(cases),
            masked_name=mask_name(first.applicant_name or ""),
            to_correct=earlier,
        )

    def uses(self, package_id: str, material_id: str) -> tuple[tuple[str, str], ...]:
        """(case, material) of every child that asks for the material of this name."""
        found = []
        with self.bench.store.read() as conn:
            for case in self._cases(self._row(package_id)):
                found += [
                    (case.id, m.id) for m in intake.materials(conn, case.id) if m.facts.name == material_id
                ]
        if not found:
            raise Refusal("unknown_material", "材料清单中没有这份材料。")
        return tuple(found)

    def answer(self, command_id: UUID, package_id: str, question_id: str, option_id: str) -> CaseView:
        """`question_id` is a key of hall.catalogue.package_scenario; each child keeps its part of the answer."""
        row = self._row(package_id)
        package = self.bench.ref.catalogue.package(row.package_no)
        try:
            stop = stop_text(package, self.bench.ref.catalogue.by_id, question_id, option_id)
        except ScenarioRefused as exc:
            raise Refusal("answer_unknown", "没有这个选项，请重新选择。") from exc
        if stop:
            raise Refusal("scenario_stop", stop)
        self._note(command_id, row, {question_id: option_id})
        return self.view(package_id)

    def _note(self, command_id: UUID, row: PackageRow, said: dict[str, str]) -> None:
        """Give each child its answers and its exact list, where they are others than before."""
        b = self.bench
        by_id = b.ref.catalogue.by_id
        package, children, flat = self._answered(row)
        flat |= said
        left = {c.item_id: c for c in needed(package, children, flat)}
        with b.store.read() as conn:
            cases = [intake.case_by_id(conn, k.case) for k in row.children]
        for n, case in enumerate(cases):
            if case is None or case.item.id not in left:
                continue
            item = by_id[case.item.id]
            answers = child_answers(package, item, flat)
            materials: tuple[RequiredMaterial, ...] = ()
            try:
                found = materials_of(by_id, tuple(left.values()), left[item.id], answers)
                materials = tuple(required(item, m) for m in found)
            except ScenarioRefused:
                pass  # a question is still open
            with b.store.read() as conn:
                listed = tuple(m.facts for m in intake.materials(conn, case.id))
            given = tuple(Answer(q, o) for q, o in answers.items())
            if (given, materials) != (case.answers, listed):
                command = cmd.AnswerScenario(
                    text_id(command_id, f"answer-{n}"), case.id, given, materials, b.staff.id
                )
                b.handle(command, drafting.answer_scenario)

    def _answered(self, row: PackageRow) -> tuple[Package, tuple[CatalogueChild, ...], dict[str, str]]:
        """The package, its children as the catalogue has them, and what was answered so far."""
        b = self.bench
        package = b.ref.catalogue.package(row.package_no)
        with b.store.read() as conn:
            cases = [c for k in row.children if (c := intake.case_by_id(conn, k.case)) is not None]
        by_item = {c.item.id: {a.question: a.option for a in c.answers} for c in cases}
        taken = {k.item_id for k in row.children}
        children = tuple(
            CatalogueChild(r.no, item, r.name, r.department, r.waits_for)
            for r in package.rows
            for item in r.item_ids
            if item in taken
        )
        return package, children, flat_answers(package, by_item)

    def _cases(self, row: PackageRow) -> list[CaseRow]:
        """The cases of the children that the answers leave in, and those that the catalogue no longer has here."""
        package, children, flat = self._answered(row)
        out = {c.item_id for c in children} - {c.item_id for c in needed(package, children, flat)}
        with self.bench.store.read() as conn:
            cases = [intake.case_by_id(conn, k.case) for k in row.children]
        return [
            c for c in cases if c is not None and c.item.id not in out and c.state is not CaseState.VOIDED
        ]

    def _questions(self, row: PackageRow) -> tuple[Question, ...]:
        package, children, flat = self._answered(row)
        return tuple(
            Question(q.key, q.text, tuple(Option(o.value, o.label) for o in q.options), q.answer or "")
            for q in asked(package, self.bench.ref.catalogue.by_id, children, flat)
        )

    def _chosen(self, item_id: str) -> tuple[Package, dict[str, str]]:
        """The package and which alternative rows were chosen, from an id of `search`."""
        number, *chosen = item_id.removeprefix(_PREFIX).split(":")
        try:
            package = self.bench.ref.catalogue.package(int(number))
        except (KeyError, ValueError) as exc:
            raise Refusal("unknown_package", "没有这个套餐。") from exc
        return package, dict(zip((q.id for q in package.questions), chosen, strict=False))

    def _row(self, package_id: str) -> PackageRow:
        row = self._row_or_none(package_id)
        if row is None:
            raise Refusal("unknown_package", "没有这个套餐办件。")
        return row

    def _row_or_none(self, package_id: str) -> PackageRow | None:
        with self.bench.store.read() as conn:
            return intake.package_by_id(conn, package_id)


def package_item(
    p: Package, children: tuple[CatalogueChild, ...], by_id: Mapping[str, ServiceItem]
) -> ItemRow:
    taken = {(c.row, c.item_id) for c in children}
    chosen = [o for q in p.questions for o in q.options if (o.row, o.item_id) in taken]
    notes = [o.label for o in chosen]
    notes += [SAMPLE_TEXT] if any(by_id[c.item_id].sample for c in children if c.item_id in by_id) else []
    name = p.name if "一件事" in p.name else f"{p.name}“一件事”"
    return ItemRow(
        item_id=ItemId(":".join([f"{_PREFIX}{p.no}", *(o.value for o in chosen)])),
        name=name + "".join(f"（{note}）" for note in notes),
        code=f"一件事{p.no}",
        department=p.lead,
        case_type="一件事",
        limit_text="各事项分别计时",
        package_size=len(children),
    )


def _limits(cases: list[CaseRow]) -> str:
    """「承诺件 2 项，即办件 1 项，分别计时」"""
    at_once = sum(c.case_type is CaseType.IMMEDIATE for c in cases)
    kinds = ((len(cases) - at_once, "承诺件"), (at_once, "即办件"))
    return "，".join([*(f"{kind} {n} 项" for n, kind in kinds if n), "分别计时"])


def _least_done(old: MaterialState, new: MaterialState) -> MaterialState:
    """What the clerk still has to do for one child is to do for the package."""
    order = (MaterialState.REQUIRED, MaterialState.DEFECTIVE, MaterialState.PRESENTED)
    return next((state for state in order if state in (old, new)), old)


def _stage(cases: list[CaseRow]) -> CaseStage:
    """As a single case's (case_view.stage_of): the first thing that the window has to do for any child."""
    stages = {stage_of(c) for c in cases}
    if stages == {CaseStage.DRAFT}:
        return CaseStage.DRAFT
    if CaseStage.DRAFT in stages:
        stages.add(CaseStage.RECEIVED)
    order = (
        CaseStage.CORRECTION, CaseStage.TO_PRECHECK, CaseStage.RECEIVED, CaseStage.ACCEPTED,
        CaseStage.DISPATCHED,
    )  # fmt: skip
    return next((stage for stage in order if stage in stages), CaseStage.DECIDED)


def _stage_text(row: PackageRow, cases: list[CaseRow]) -> str:
    state = packages.package_state(row)
    if state == "received" and all(c.prechecked for c in cases):
        return "初审已通过，待受理"
    return _STATE_ZH.get(state, "办理中")
