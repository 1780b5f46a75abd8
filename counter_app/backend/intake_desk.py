"""Taking in over the real hall. A package (一件事) is a case id of its own here; see package_desk."""

from dataclasses import dataclass
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.case_view import case_view, item_row
from counter_app.backend.opening import answered, open_command
from counter_app.backend.package_desk import PackageDesk, is_package_item
from counter_app.backend.pages import PageTray
from counter_app.backend.queue_desk import session_of
from counter_app.take_in.ports import (
    AgentForm,
    ApplicantForm,
    CaseView,
    ItemRow,
    OriginalPlace,
    Presented,
    Verdict,
)
from counter_app.values import CaseId, ItemId, MaterialId, PageId, TicketId
from hall.catalogue.queues import pointer
from hall.intake import commands as cmd
from hall.intake import drafting
from hall.intake import views as intake
from hall.intake.model import CheckResult
from hall.intake.views import CaseRow
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.papers.numbering import NumberingRefused, read_case_number

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Intake:
    """Implements IntakeDesk."""

    bench: Bench
    tray: PageTray
    packages: PackageDesk

    @refusing
    def search_items(self, text: str) -> tuple[ItemRow, ...]:
        b = self.bench
        catalogue = b.ref.catalogue
        if text.strip():
            found = catalogue.search(text)
        else:
            found = tuple(i for i in catalogue.items_at_window(b.window) if i.guide is not None)
        rows = [item_row(i) for i in found if pointer(b.ref.profile, b.window, i) is None]
        return (*self.packages.search(text), *rows)[:MOST_ROWS]

    @refusing
    def open_case(self, command_id: UUID, ticket_id: TicketId, item_id: ItemId) -> CaseView:
        b = self.bench
        if is_package_item(item_id):
            return self.packages.open(command_id, ticket_id, item_id)
        item = b.ref.catalogue.by_id.get(item_id)
        if item is None:
            raise Refusal("unknown_item", "没有这个事项。")
        elsewhere = pointer(b.ref.profile, b.window, item)
        if elsewhere:
            raise Refusal("other_window", elsewhere + "。")
        command = open_command(b, command_id, ticket_id, item_id, "")
        b.handle(command, drafting.open_case)
        return self.case(CaseId(command.case))

    @refusing
    def cases_of(self, ticket_id: TicketId) -> tuple[CaseView, ...]:
        b = self.bench
        with b.store.read() as conn:
            rows = intake.cases_of_session(conn, session_of(b, ticket_id))
            alone = tuple(case_view(b, conn, r) for r in rows if r.package is None)
        packages = dict.fromkeys(r.package for r in rows if r.package)
        return (*alone, *(self.packages.reopened(p) for p in packages))

    @refusing
    def case(self, case_id: CaseId) -> CaseView:
        b = self.bench
        if self.packages.knows(case_id):
            return self.packages.view(case_id)
        with b.store.read() as conn:
            row = intake.case_by_id(conn, case_id)
            if row is None:
                raise Refusal("unknown_case", "没有这个办件。")
            return case_view(b, conn, row)

    @refusing
    def find_case(self, case_no: str) -> CaseView:
        b = self.bench
        with b.store.read() as conn:
            row = intake.case_by_no(conn, case_no)
            whole = intake.package_by_no(conn, case_no)
        package = whole.id if whole is not None else row.package if row is not None else None
        if package is not None:
            return self.packages.reopened(package)
        if row is None:
            return self.case(self._of_another_hall(case_no))
        return self.case(CaseId(row.id))

    def _of_another_hall(self, case_no: str) -> CaseId:
        """A citizen of another hall with a receipt in hand: the node fetches what rests at the centre."""
        b = self.bench
        try:
            read_case_number(case_no)
        except NumberingRefused as exc:
            raise Refusal("unknown_case", "没有这个办件。") from exc
        case = str(b.up.call("/v1/hall/fetch", {"case_no": case_no, "actor": b.staff.id})["case"])
        b.up.claim(case, b.staff.id)
        return CaseId(case)

    @refusing
    def set_applicant(
        self, command_id: UUID, case_id: CaseId, applicant: ApplicantForm, agent: AgentForm | None
    ) -> CaseView:
        whole = self.packages.knows(case_id)
        for n, case in enumerate(self.packages.drafted(case_id) if whole else (case_id,)):
            a = agent or AgentForm()
            command = cmd.SetApplicant(
                command_id=text_id(command_id, str(n)),
                case=case,
                kind=applicant.kind.value,
                source=applicant.source.value,
                cert_type=applicant.cert_type,
                name=applicant.name,
                cert_no=applicant.cert_no,
                phone=applicant.phone,
                address=applicant.address,
                legal_representative=applicant.legal_representative,
                agent_name=a.name,
                agent_cert_no=a.cert_no,
                agent_phone=a.phone,
                agent_relation=a.relation,
                mandate=a.mandate,
                staff=self.bench.staff.id,
            )
            self.bench.handle(command, drafting.set_applicant)
        return self.case(case_id)

    @refusing
    def set_answer(self, command_id: UUID, case_id: CaseId, question_id: str, option_id: str) -> CaseView:
        b = self.bench
        if self.packages.knows(case_id):
            return self.packages.answer(command_id, case_id, question_id, option_id)
        row = self._row(case_id)
        answers, materials = answered(b, row, question_id, option_id)
        command = cmd.AnswerScenario(text_id(command_id), case_id, answers, materials, b.staff.id)
        b.handle(command, drafting.answer_scenario)
        return self.case(case_id)

    @refusing
    def present_material(
        self,
        command_id: UUID,
        case_id: CaseId,
        material_id: MaterialId,
        presented: Presented,
        copies: int,
        original_place: OriginalPlace,
    ) -> CaseView:
        for n, (case, material) in enumerate(self._uses(case_id, material_id)):
            self._mine(case)
            command = cmd.PresentMaterial(
                text_id(command_id, str(n)),
                case,
                material,
                presented.value,
                copies,
                original_place.value,
                self.bench.staff.id,
            )
            self.bench.handle(command, drafting.present_material)
        return self.case(case_id)

    @refusing
    def check_material(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, verdict: Verdict, text: str
    ) -> CaseView:
        for n, (case, material) in enumerate(self._uses(case_id, material_id)):
            self._mine(case)
            command = cmd.CheckMaterial(
                text_id(command_id, str(n)),
                case,
                material,
                CheckResult(verdict.value),
                text,
                self.bench.staff.id,
            )
            self.bench.handle(command, drafting.check_material)
        return self.case(case_id)

    @refusing
    def attach_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView:
        """The picture is sealed with each case's own key; a page of a package belongs to every child that
        asks for the material."""
        b = self.bench
        for n, (case, material) in enumerate(self._uses(case_id, material_id)):
            self._mine(case)
            with b.store.read() as conn:
                if any(p.page == page for p in intake.pages_of(conn, case)):
                    continue
            facts = self.tray.bind(page, self._key(case), b.blobs)
            attach = cmd.AttachPage(text_id(command_id, str(n)), case, material, facts, b.staff.id)
            b.handle(attach, drafting.attach_page)
        self.tray.drop(page)
        return self.case(case_id)

    @refusing
    def remove_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView:
        for n, (case, material) in enumerate(self._uses(case_id, material_id)):
            remove = cmd.RemovePage(text_id(command_id, str(n)), case, material, page, self.bench.staff.id)
            self.bench.handle(remove, drafting.remove_page)
        return self.case(case_id)

    @refusing
    def order_pages(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> CaseView:
        for n, (case, material) in enumerate(self._uses(case_id, material_id)):
            order = cmd.OrderPages(
                text_id(command_id, str(n)), case, material, tuple(pages), self.bench.staff.id
            )
            self.bench.handle(order, drafting.order_pages)
        return self.case(case_id)

    @refusing
    def page_picture(self, case_id: CaseId, page: PageId, width_px: int) -> bytes:
        b = self.bench
        with b.store.read() as conn:
            pages = {
                p.page: (case, p.image) for case in self._cases(case_id) for p in intake.pages_of(conn, case)
            }
        return b.thumbs.large(*pages.get(page, ("", "")), width_px)

    def _cases(self, case_id: str) -> tuple[str, ...]:
        return self.packages.children(case_id) if self.packages.knows(case_id) else (case_id,)

    def _uses(self, case_id: str, material_id: str) -> tuple[tuple[str, str], ...]:
        """(case, material) pairs that one material on the screen stands for."""
        if self.packages.knows(case_id):
            return self.packages.uses(case_id, material_id)
        return ((case_id, material_id),)

    def _mine(self, case: str) -> None:
        self.bench.hold_here(case)

    def _row(self, case_id: str) -> CaseRow:
        with self.bench.store.read() as conn:
            row = intake.case_by_id(conn, case_id)
        if row is None:
            raise Refusal("unknown_case", "没有这个办件。")
        return row

    def _key(self, case: str) -> bytes:
        def read(ledger: Ledger) -> bytes:
            return ledger.data_key(case)

        return self.bench.store.write(read)
