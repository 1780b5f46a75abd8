"""The rest of the working hall: cases, papers, errands, results, ratings, status. HallDesk in one class."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from counter_app.backend.outcome_desk import SIGN_AND_FILE
from counter_app.delivery.documents import InHand
from counter_app.delivery.ports import IdentityCheck, Receiver, ResultRow
from counter_app.dispatch.ports import DeskRow, Dispatched, OfferRow, OfferState
from counter_app.exchange.ports import ExchangeBoard, Leg, Station
from counter_app.find.ports import FoundKind, FoundRow
from counter_app.outcome.ports import Act, ActChoice, ActDone, Defect
from counter_app.rating.ports import RatingAnswer, RatingAsked, RatingBefore
from counter_app.stand_in.ports import Other, StandInBoard
from counter_app.status.ports import Health, HealthRow, StatusBoard
from counter_app.take_in.ports import (
    AgentForm,
    ApplicantForm,
    CaseStage,
    CaseView,
    ItemRow,
    MaterialRow,
    MaterialState,
    OriginalPlace,
    Presented,
    Verdict,
)
from counter_app.take_in.state import missing
from counter_app.values import (
    CaseId,
    DeliveryId,
    ItemId,
    Mark,
    MaterialId,
    PageId,
    PaperId,
    PaperRow,
    Refused,
    Signature,
    SyncMarks,
    TicketId,
)
from hall.intake.model import leaves_a_trace
from tests.counter_app.fake_errands import FakeErrands
from tests.counter_app.fakes import png
from tests.counter_app.page_lists import PagePictures, ordered, with_page, without
from tests.counter_app.sample_hall import BIRTH_MATERIALS, BIRTH_QUESTIONS, ITEMS, RATING_LEVELS, material

T = TypeVar("T")


class FakeHall(PagePictures, FakeErrands):
    """HallDesk. `handle` is the power to decide; `rows` are the header's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, CaseView] = {}
        self.pair = StandInBoard()
        self.orders: list[tuple[str, str]] = []
        self.reentered: list[tuple[str, str, str]] = []
        self.taken_back: list[tuple[str, str, str]] = []
        self.ticket_of: dict[str, str] = {}
        self.materials = BIRTH_MATERIALS
        self.papers: dict[str, list[PaperRow]] = {}
        self.papers_an_act = 1  # a package's act makes one for each child
        self.by_hand = ""
        self.accept_power = True
        self.previews: list[tuple[CaseId, Act, str, tuple[Defect, ...]]] = []
        self.preview_refusal = ""
        self.offered: list[OfferRow] = []
        self.counted: list[tuple[str, InHand]] = []
        self.seen: list[InHand] = []
        """What the clerk had in hand at each hand-over."""
        self.handed: list[tuple[str, Receiver, Signature | None]] = []
        self.ratings: list[tuple[str, RatingAnswer | None]] = []
        self.asked_before = RatingBefore()
        self.marks = SyncMarks(Mark.ARRIVED, Mark.ARRIVED, Mark.WAITING)
        self.exchange_board = ExchangeBoard(
            (Station("本机", "照常保存", Health.OK), Station("大厅节点", "已连接", Health.OK),
             Station("县中心", "已连接", Health.OK)),
            (Leg("都已送到", False), Leg("都已送到", False)),
        )  # fmt: skip
        self.rows: tuple[HealthRow, ...] = (
            HealthRow("centre", "县中心", Health.OK, "2分钟前"),
            HealthRow("node", "大厅", Health.OK, "正常"),
            HealthRow("printer", "打印机", Health.OK, "正常"),
            HealthRow("camera", "高拍仪", Health.OK, "正常"),
            HealthRow("reader", "读卡器", Health.OK, "正常"),
            HealthRow("pad", "评价器", Health.UNKNOWN, "未接"),
        )
        self.results_list: tuple[ResultRow, ...] = ()

    # intake
    def search_items(self, text: str) -> tuple[ItemRow, ...]:
        wanted = text.strip().lower()
        return tuple(i for i in ITEMS if wanted in i.name or wanted in i.initials or wanted in i.code)

    def open_case(self, command_id: UUID, ticket_id: TicketId, item_id: ItemId) -> CaseView:
        def effect() -> CaseView:
            item = next(i for i in ITEMS if i.item_id == item_id)
            number = len(self.cases) + 1
            case = CaseView(
                CaseId(f"c{number}"),
                f"652301012026112200{number:04d}7",
                item,
                CaseStage.DRAFT,
                "草稿",
                questions=BIRTH_QUESTIONS if item_id == "birth" else (),
                materials=self.materials if item_id == "birth" else (material(9, "经营者身份证"),),
                due_text="5 个工作日，至 11-27" if item_id == "birth" else "当场办结",
            )
            self.cases[case.case_id] = case
            self.ticket_of[case.case_id] = ticket_id
            return case

        return self.once(command_id, effect)

    def cases_of(self, ticket_id: TicketId) -> tuple[CaseView, ...]:
        return tuple(case for case in self.cases.values() if self.ticket_of[case.case_id] == ticket_id)

    def case(self, case_id: CaseId) -> CaseView:
        return self.cases[case_id]

    def find_case(self, case_no: str) -> CaseView:
        return next(case for case in self.cases.values() if case.case_no == case_no)

    def set_applicant(
        self, command_id: UUID, case_id: CaseId, applicant: ApplicantForm, agent: AgentForm | None
    ) -> CaseView:
        masked = applicant.name[:1] + "**"
        return self._change(command_id, case_id, applicant=applicant, agent=agent, masked_name=masked)

    def set_answer(self, command_id: UUID, case_id: CaseId, question_id: str, option_id: str) -> CaseView:
        questions = tuple(
            replace(q, answer=option_id) if q.question_id == question_id else q
            for q in self.cases[case_id].questions
        )
        return self._change(command_id, case_id, questions=questions)

    def present_material(
        self,
        command_id: UUID,
        case_id: CaseId,
        material_id: MaterialId,
        presented: Presented,
        copies: int,
        original_place: OriginalPlace,
    ) -> CaseView:
        return self._material(
            command_id,
            case_id,
            material_id,
            lambda m: replace(
                m,
                presented=presented,
                copies=copies,
                original_place=original_place,
                state=MaterialState.PRESENTED,
            ),
        )

    def check_material(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, verdict: Verdict, text: str
    ) -> CaseView:
        row = next(m for m in self.cases[case_id].materials if m.material_id == material_id)
        if verdict is Verdict.OK and not leaves_a_trace(row.presented, row.original_place, len(row.pages)):
            raise Refused("材料还没有拍摄，不能核对通过。")
        states = {
            Verdict.OK: MaterialState.CHECKED_OK,
            Verdict.DEFECTIVE: MaterialState.DEFECTIVE,
            Verdict.TOLERATED: MaterialState.TOLERATED,
            Verdict.WAIVED: MaterialState.WAIVED,
        }
        return self._material(
            command_id, case_id, material_id, lambda m: replace(m, state=states[verdict], defect=text)
        )

    def attach_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView:
        return self._material(
            command_id, case_id, material_id, lambda m: replace(m, pages=with_page(m.pages, page))
        )

    def remove_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView:
        return self._material(
            command_id, case_id, material_id, lambda m: replace(m, pages=without(m.pages, page))
        )

    def order_pages(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> CaseView:
        return self._material(
            command_id, case_id, material_id, lambda m: replace(m, pages=ordered(m.pages, pages))
        )

    # outcome
    def acts(self, case_id: CaseId) -> tuple[ActChoice, ...]:
        case = self.cases[case_id]
        if case.stage is CaseStage.ACCEPTED and case.item.case_type == "即办件":
            return (ActChoice(Act.GRANT, "准予登记", "准予登记通知书", needs_text=False),)
        if case.stage is not CaseStage.RECEIVED:
            return ()
        lacking = [m for m in missing(case.materials) if not m.tolerable]
        refusal = "" if self.accept_power else "本窗口没有公安局的受理授权，收件后请派给公安局席位。"
        if not refusal and lacking:
            refusal = f"还差 {len(lacking)} 份主要材料。"
        basis = "《行政许可法》第三十二条"
        return (
            ActChoice(Act.ACCEPT, "受理", "受理通知书", refusal, basis, "昌吉市公安局"),
            ActChoice(Act.CORRECT, "一次性告知补正", "补正告知书", "", basis, "昌吉市公安局"),
            ActChoice(Act.NOT_ACCEPT, "不予受理", "不予受理决定书", "", basis, "昌吉市公安局", True),
        )

    def receive(self, command_id: UUID, case_id: CaseId) -> ActDone:
        return self._act(command_id, case_id, CaseStage.RECEIVED, "已收件", "收件凭证")

    def accept(self, command_id: UUID, case_id: CaseId, tolerant: bool) -> ActDone:
        return self._act(command_id, case_id, CaseStage.ACCEPTED, "已受理", "受理通知书")

    def correct(self, command_id: UUID, case_id: CaseId, defects: tuple[Defect, ...]) -> ActDone:
        self.effects.append(("correct", defects))
        return self._act(command_id, case_id, CaseStage.CORRECTION, "补正中", "补正告知书")

    def refuse(self, command_id: UUID, case_id: CaseId, act: Act, reason: str) -> ActDone:
        return self._act(command_id, case_id, CaseStage.REFUSED, "不予受理", "不予受理决定书")

    def decide(self, command_id: UUID, case_id: CaseId, granted: bool, reason: str) -> ActDone:
        return self._act(command_id, case_id, CaseStage.DECIDED, "已办结：准予", "准予登记通知书")

    def preview(
        self, case_id: CaseId, act: Act, text: str, defects: tuple[Defect, ...], width_px: int
    ) -> tuple[bytes, ...]:
        self.previews.append((case_id, act, text, defects))
        if self.preview_refusal:
            raise Refused(self.preview_refusal)
        return (self.paper_pages(PaperId("draft"), width_px)[0], *([png(30, 40)] if "两页" in text else []))

    def papers_of(self, case_id: CaseId) -> tuple[PaperRow, ...]:
        return tuple(replace(paper, mark=self.mark) for paper in self.papers.get(case_id, ()))

    def paper_pages(self, paper_id: PaperId, width_px: int) -> tuple[bytes, ...]:
        return (png(width_px // 3, width_px * 1414 // 3000, "#FFFFFF"),)

    # dispatch
    def desks(self, case_id: CaseId) -> tuple[DeskRow, ...]:
        return (DeskRow("d1", "公安局户政席位", "大厅", True), DeskRow("d2", "卫生健康委员会席位", "县中心"))

    def offers(self) -> tuple[OfferRow, ...]:
        return tuple(self.offered)

    def dispatch(self, command_id: UUID, case_id: CaseId, desk_id: str) -> Dispatched:
        def effect() -> Dispatched:
            case = self.cases[case_id]
            self.cases[case_id] = replace(case, stage=CaseStage.DISPATCHED, stage_text="已派件，待接收")
            desk = next(d for d in self.desks(case_id) if d.desk_id == desk_id)
            offer = OfferRow(
                case_id, case.case_no, case.item.name, desk.name, OfferState.OFFERED, "14:05 待接收"
            )
            self.offered.insert(0, offer)
            return Dispatched((offer,))

        return self.once(command_id, effect)

    def withdraw_offer(self, command_id: UUID, case_id: CaseId) -> None:
        self.offered = [offer for offer in self.offered if offer.case_id != case_id]
        self.cases[case_id] = replace(self.cases[case_id], stage=CaseStage.ACCEPTED, stage_text="已受理")

    # delivery
    def results(self, text: str) -> tuple[ResultRow, ...]:
        return tuple(r for r in self.results_list if text in r.masked_name or text in r.case_no)

    def count_in(self, command_id: UUID, delivery_id: DeliveryId, seen: InHand) -> None:
        self.once(command_id, lambda: self.counted.append((delivery_id, seen)))

    def check_receiver(self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver) -> IdentityCheck:
        if receiver.name == "别人":
            return IdentityCheck(False, "领取人与申请人不符。代领请出示委托书。")
        return IdentityCheck(True, "身份相符。")

    def issue_proof(
        self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver, seen: InHand
    ) -> PaperRow:
        return self.once(command_id, lambda: self._proof(delivery_id))

    def hand_over(
        self,
        command_id: UUID,
        delivery_id: DeliveryId,
        receiver: Receiver,
        signature: Signature | None,
        seen: InHand,
    ) -> PaperRow:
        def effect() -> PaperRow:
            self.seen.append(seen)
            self.handed.append((delivery_id, receiver, signature))
            return self._proof(delivery_id)

        return self.once(command_id, effect)

    def _proof(self, delivery_id: DeliveryId) -> PaperRow:
        return PaperRow(
            PaperId(f"p-{delivery_id}"), "送达回证", "昌市审批送字〔2026〕第8号", 1, SIGN_AND_FILE
        )

    # rating, status, find
    def rating_before(self, ticket_id: TicketId) -> RatingBefore:
        return self.asked_before

    def ask_rating(self, command_id: UUID, ticket_id: TicketId) -> RatingAsked:
        return self.once(command_id, lambda: RatingAsked(f"rate-{ticket_id}", RATING_LEVELS))

    def record_rating(self, command_id: UUID, request_id: str, answer: RatingAnswer) -> None:
        self.once(command_id, lambda: self.ratings.append((request_id, answer)))

    def rating_missed(self, command_id: UUID, request_id: str) -> None:
        self.once(command_id, lambda: self.ratings.append((request_id, None)))

    def stand_in(self) -> StandInBoard:
        return self.pair

    def take_over(self, command_id: UUID, staff_no: str, pin: str, reason: str) -> None:
        if pin != "2468":
            raise Refused("工号或 PIN 不对，请重新输入。")
        self.orders.append((staff_no, reason))
        self.pair = replace(self.pair, other=Other.TAKING_OVER, node_up=False, heard=1, expected=3)

    def reenter(self, command_id: UUID, case_id: CaseId, old_no: str, old_date: str) -> CaseView:
        if len(old_no) < 4:
            raise Refused("办件编号应为24位数字：请照群众手里的凭证输入。")
        self.once(command_id, lambda: self.reentered.append((case_id, old_no, old_date)))
        return self.cases[case_id]

    def take_back(self, command_id: UUID, case_no: str, staff_no: str, pin: str, reason: str) -> None:
        if pin != "2468":
            raise Refused("工号或 PIN 不对，请重新输入。")
        self.once(command_id, lambda: self.taken_back.append((case_no, staff_no, reason)))

    def status(self) -> StatusBoard:
        return StatusBoard(self.rows)

    def exchange(self) -> ExchangeBoard:
        return self.exchange_board

    def sync_marks(self, case_id: CaseId) -> SyncMarks:
        return self.marks

    def find(self, text: str) -> tuple[FoundRow, ...]:
        items = self.search_items(text)
        cases = [c for c in self.cases.values() if c.case_no == text]
        found = [FoundRow(FoundKind.ITEM, i.item_id, i.name, i.department) for i in items]
        return (*found, *(FoundRow(FoundKind.CASE, c.case_no, c.case_no, c.masked_name) for c in cases))

    # inside
    def _change(self, command_id: UUID, case_id: CaseId, **changes: object) -> CaseView:
        def effect() -> CaseView:
            self.cases[case_id] = replace(self.cases[case_id], **changes)  # type: ignore[arg-type]
            return self.cases[case_id]

        return self.once(command_id, effect)

    def _material(
        self,
        command_id: UUID,
        case_id: CaseId,
        material_id: MaterialId,
        change: Callable[[MaterialRow], MaterialRow],
    ) -> CaseView:
        rows = tuple(change(m) if m.material_id == material_id else m for m in self.cases[case_id].materials)
        return self._change(command_id, case_id, materials=rows)

    def _act(self, command_id: UUID, case_id: CaseId, stage: CaseStage, text: str, title: str) -> ActDone:
        def effect() -> ActDone:
            self.effects.append((title, case_id))
            case = replace(self.cases[case_id], stage=stage, stage_text=text)
            self.cases[case_id] = case
            papers = self.papers.setdefault(case_id, [])
            for n in range(len(papers), len(papers) + self.papers_an_act):
                number = f"昌市审批受字〔2026〕第{n + 1}号"
                papers.append(PaperRow(PaperId(f"{case_id}-{n}"), title, number, 1, by_hand=self.by_hand))
            return ActDone(case, tuple(papers[-self.papers_an_act :]))

        return self.once(command_id, effect)
