"""Taking cases in: the item, the applicant, the scenario, the steps between them. QtCore only."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.device_ports import CardData, IdReader
from counter_app.read_card.reading import CardReading
from counter_app.take_in.checks import PeopleCheck, edited_applicant, filled_from_card, tidy_applicant
from counter_app.take_in.ports import (
    NO_APPLICANT,
    AgentForm,
    ApplicantForm,
    CaseStage,
    CaseView,
    IntakeDesk,
    ItemRow,
)
from counter_app.take_in.state import Step, TakeInState, first_step, unanswered
from counter_app.values import NO_NOTICE, CaseId, ItemId, NewId, TicketId
from counter_app.visit.open_cases import OpenCases
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


class TakeInPresenter(QObject):
    """Signals:
    state_changed: the new TakeInState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        desk: IntakeDesk,
        reader: IdReader,
        cases: OpenCases,
        runner: Runner,
        reader_runner: Runner,
        new_id: NewId,
        check: PeopleCheck,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._card = CardReading(
            reader=reader, runner=reader_runner, on_card=self._on_card, on_notice=self._on_card_notice
        )
        self._runner = runner
        self._check = check
        self._commands = Commands(runner=runner, new_id=new_id)
        self._cases = cases
        self._ticket: TicketId | None = None
        self._drafts: dict[CaseId, tuple[ApplicantForm, AgentForm | None]] = {}
        self._steps: dict[CaseId, Step] = {}
        cases.changed.connect(self._on_cases)
        self.state = TakeInState()

    # -- the visit ---------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """A start was pressed: show the item list now, so that typing already counts."""
        self._show(TakeInState())
        self._search("")

    def begin(self, ticket_id: TicketId, item_ids: tuple[ItemId, ...]) -> None:
        """The ticket is being served: bring back its cases, or open the item chosen at the kiosk."""
        self._ticket = ticket_id
        self._drafts.clear()
        self._steps.clear()

        def done(found: tuple[CaseView, ...]) -> None:
            if ticket_id != self._ticket:
                return
            self._cases.replace_all(found)
            if found:
                self._enter_case()
            elif item_ids:
                self._open(item_ids[0])
            elif not self.state.items:
                self._search("")

        self._runner.submit(lambda: self._desk.cases_of(ticket_id), done, self._on_read_failed)

    def end(self) -> None:
        """Nobody is served any more."""
        self._ticket = None
        self._card.forget()
        self._drafts.clear()
        self._steps.clear()
        self._cases.replace_all(())
        self._show(TakeInState())

    # -- item --------------------------------------------------------------------------------------------

    @Slot(str)
    def type_item(self, text: str) -> None:
        self._show(replace(self.state, item_text=text))
        self._search(text)

    @Slot(int)
    def move_item(self, step: int) -> None:
        last = max(len(self.state.items) - 1, 0)
        self._show(replace(self.state, item_at=min(max(self.state.item_at + step, 0), last)))

    @Slot(int)
    def select_item(self, at: int) -> None:
        self.move_item(at - self.state.item_at)

    @Slot()
    def press_new_case(self) -> None:
        """Another item for the same citizen; what lies open stays open."""
        self._keep_step()
        self._show(replace(self.state, step=Step.ITEM, item_text="", item_at=0, notice=NO_NOTICE))
        self._search("")

    @Slot()
    def press_open_item(self) -> None:
        if not self._commands.ready(self.press_open_item):
            return
        if not self.state.items:
            self._say(self.tr("没有找到事项。换个词，或用拼音首字母再找。"))
            return
        self._open(self.state.items[min(self.state.item_at, len(self.state.items) - 1)].item_id)

    def open_item(self, item_id: ItemId) -> None:
        """From Ctrl+K."""
        if self._commands.ready(self.open_item, item_id):
            self._open(item_id)

    @Slot(int)
    def select_case(self, at: int) -> None:
        self._keep_step()
        self._cases.select(at)
        self._enter_case()

    @Slot()
    def press_next_case(self) -> None:
        if len(self.state.cases) > 1:
            self.select_case((self.state.case_at + 1) % len(self.state.cases))

    # -- applicant ---------------------------------------------------------------------------------------

    @Slot(object)
    def edit_applicant(self, form: ApplicantForm) -> None:
        """What the fields hold now."""
        self._keep_draft(edited_applicant(self.state.applicant, form), self.state.agent)

    @Slot(object)
    def edit_agent(self, form: AgentForm) -> None:
        self._keep_draft(self.state.applicant, form)

    @Slot()
    def press_agent(self) -> None:
        """Show or drop the agent's fields."""
        if self.state.step is Step.APPLICANT:
            self._keep_draft(self.state.applicant, AgentForm() if self.state.agent is None else None)

    @Slot()
    def press_read_card(self) -> None:
        """Read an ID card into the applicant, or into the agent while the agent's name is empty."""
        if self.state.step is Step.APPLICANT:
            self._card.press()

    # -- scenario ----------------------------------------------------------------------------------------

    @Slot(int)
    def move_question(self, step: int) -> None:
        case = self.state.case
        last = len(case.questions) - 1 if case else 0
        self._show(replace(self.state, question_at=min(max(self.state.question_at + step, 0), max(last, 0))))

    @Slot(str, str)
    def press_answer(self, question_id: str, option_id: str) -> None:
        case = self.state.case
        if case is None or not self._commands.ready(self.press_answer, question_id, option_id):
            return
        case_id = case.case_id

        def done(view: CaseView) -> None:
            self._show(replace(self.state, busy=""))
            self._cases.put(view)
            at = unanswered(view)
            self._show(
                replace(self.state, question_at=at if at is not None else max(len(view.questions) - 1, 0))
            )

        busy = self.tr("正在保存")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("answer", case_id, question_id, option_id),
            busy,
            lambda command_id: self._desk.set_answer(command_id, case_id, question_id, option_id),
            done,
            self._fail,
        )

    @Slot()
    def press_main(self) -> None:
        """F9 up to the review; from there the outcome takes over."""
        match self.state.step:
            case Step.ITEM:
                self.press_open_item()
            case Step.APPLICANT:
                self._save_applicant()
            case Step.SCENARIO:
                case = self.state.case
                at = unanswered(case) if case else None
                if at is not None:
                    self._show(replace(self.state, question_at=at))
                    self._say(self.tr("还有问题没有回答。数字键选择答案。"))
                else:
                    self.go(Step.MATERIALS)
            case Step.MATERIALS:
                self.go(Step.REVIEW)
            case _:
                return

    @Slot()
    def press_back(self) -> bool:
        """Esc: one step back, nothing lost. False when there is nothing to go back to."""
        state = self.state
        if state.step is Step.ITEM:
            if state.case is None:
                return False
            self._enter_case()
            return True
        if state.step is Step.APPLICANT:
            return False
        before = Step(state.step - 1)
        asked = state.case is not None and bool(state.case.questions)
        self.go(before if before is not Step.SCENARIO or asked else Step.APPLICANT)
        return True

    def go(self, step: Step) -> None:
        """Show a step; ahead of what is complete it refuses with a word why."""
        case = self.state.case
        if case is None:
            return
        if step >= Step.SCENARIO and not case.applicant.name:
            self._show(replace(self.state, step=Step.APPLICANT))
            self._say(self.tr("先填好申请人，再往下走。"))
            return
        if step >= Step.MATERIALS and unanswered(case) is not None:
            self._show(replace(self.state, step=Step.SCENARIO, question_at=unanswered(case) or 0))
            if step > Step.MATERIALS or self.state.step is not Step.SCENARIO:
                self._say(self.tr("先回答情形问题，材料清单才准确。"))
            return
        if step is Step.OUTCOME and case.stage is CaseStage.DRAFT:
            step = Step.REVIEW
        self._steps[case.case_id] = step
        self._show(replace(self.state, step=step, notice=NO_NOTICE))

    def press_step(self, number: int) -> None:
        """Alt+1 … Alt+5 or a click on the stepper."""
        if 1 <= number <= Step.OUTCOME:
            self.go(Step(number))

    @Slot()
    def citizen_confirmed(self) -> None:
        self._show(
            replace(self.state, citizen_confirmed=True, notice=Notice(self.tr("群众已确认。"), Tone.DONE))
        )

    def citizen_objected(self) -> None:
        """The citizen said on their screen that something is wrong."""
        self._show(replace(self.state, citizen_confirmed=False))
        self._say(self.tr("群众表示内容有误，请再核对一遍。"))

    def _search(self, text: str) -> None:
        def done(items: tuple[ItemRow, ...]) -> None:
            if text == self.state.item_text:
                self._show(replace(self.state, items=items, item_at=0))

        self._runner.submit(lambda: self._desk.search_items(text), done, self._on_read_failed)

    def _open(self, item_id: ItemId) -> None:
        ticket = self._ticket
        if ticket is None:
            self._say(self.tr("先呼叫并开始一个号（F2、F5），再办件。"))
            return
        busy = self.tr("正在建件")
        # the same citizen files the next item: what is known is not asked twice
        known = self.state.case.applicant if self.state.case is not None else NO_APPLICANT
        self._show(replace(self.state, step=Step.APPLICANT, busy=busy, applicant=known, notice=NO_NOTICE))
        self._commands.run(
            ("open_case", ticket, item_id, len(self.state.cases)),
            busy,
            lambda command_id: self._desk.open_case(command_id, ticket, item_id),
            self._on_case_opened,
            self._on_open_failed,
        )

    def _on_case_opened(self, view: CaseView) -> None:
        typed, agent = self.state.applicant, self.state.agent
        self._drafts[view.case_id] = (typed if typed != NO_APPLICANT else view.applicant, agent)
        self._show(replace(self.state, busy="", item_text=""))
        self._steps[view.case_id] = Step.APPLICANT
        self._cases.put(view, select=True)
        self._enter_case()

    def _on_open_failed(self, notice: Notice) -> None:
        self._show(replace(self.state, step=Step.ITEM, busy="", notice=notice))

    def _enter_case(self) -> None:
        case = self._cases.current
        if case is None:
            return
        applicant, agent = self._drafts.get(case.case_id, (case.applicant, case.agent))
        step = self._steps.get(case.case_id, first_step(case))
        self._show(
            replace(
                self.state,
                cases=self._cases.all,
                case_at=self._cases.at,
                step=step,
                applicant=applicant,
                agent=agent,
                notes=self._check.at_once(applicant, agent),
                question_at=unanswered(case) or 0,
                citizen_confirmed=False,
                busy=self._commands.busy,
            )
        )

    def _save_applicant(self) -> None:
        case = self.state.case
        if case is None or not self._commands.ready(self._save_applicant):
            return
        applicant, agent = self.state.applicant, self.state.agent
        notes = self._check(applicant, agent)
        blocking = [note for note in notes if note.blocks]
        self._show(replace(self.state, notes=notes, notice=NO_NOTICE))
        if blocking:
            self._say(blocking[0].text)
            return
        applicant, case_id = tidy_applicant(applicant), case.case_id

        def done(view: CaseView) -> None:
            self._show(replace(self.state, busy=""))
            self._drafts[case_id] = (view.applicant, view.agent)
            self._cases.put(view)
            if (tidy_applicant(self.state.applicant), self.state.agent) != (applicant, agent):
                # typed on while it was saved: that stays, and is saved by the next F9
                self._keep_draft(self.state.applicant, self.state.agent)
                return
            self._show(replace(self.state, applicant=view.applicant, agent=view.agent))
            self.go(Step.SCENARIO if view.questions else Step.MATERIALS)

        busy = self.tr("正在保存申请人")
        self._show(replace(self.state, busy=busy))
        self._commands.run(
            ("applicant", case_id, applicant, agent),
            busy,
            lambda command_id: self._desk.set_applicant(command_id, case_id, applicant, agent),
            done,
            self._fail,
        )

    def _on_card(self, card: CardData) -> None:
        self._keep_draft(*filled_from_card(card, self.state.applicant, self.state.agent))

    def _on_card_notice(self, notice: Notice) -> None:
        self._show(replace(self.state, reading_card=self._card.active, notice=notice))

    def _keep_draft(self, applicant: ApplicantForm, agent: AgentForm | None) -> None:
        case = self.state.case
        if case is not None and not self.state.busy:
            self._drafts[case.case_id] = (applicant, agent)
        told = {note.field for note in self.state.notes if not note.at_once}
        notes = tuple(n for n in self._check(applicant, agent) if n.at_once or n.field in told)
        self._show(replace(self.state, applicant=applicant, agent=agent, notes=notes))

    def _keep_step(self) -> None:
        case = self.state.case
        if case is not None and self.state.step is not Step.ITEM:
            self._steps[case.case_id] = self.state.step

    def _on_cases(self) -> None:
        self._show(replace(self.state, cases=self._cases.all, case_at=self._cases.at))

    def _on_read_failed(self, error: Exception) -> None:
        self._show(replace(self.state, notice=notice_of(error)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: TakeInState) -> None:
        self.state = state
        self.state_changed.emit(state)
