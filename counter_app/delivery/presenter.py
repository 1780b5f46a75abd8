"""Handing out a result: its documents, who stands here, may they have it, their signature, the proof. QtCore only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.delivery import words
from counter_app.delivery.documents import in_hand, missing, numbered, toggled
from counter_app.delivery.ports import DeliveryDesk, IdentityCheck, Receiver, ResultRow
from counter_app.delivery.state import DeliveryState, DeliveryStep
from counter_app.device_ports import A4Printer, CardData, IdReader, PrintOutcome
from counter_app.read_card.reading import CardReading
from counter_app.take_in.ports import Source
from counter_app.values import NO_NOTICE, DeliveryId, NewId, PaperRow, Signature
from hall.identity.id_number import IdNumberRefused, read_id_number
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


class DeliveryPresenter(QObject):
    """Signals:
    state_changed: the new DeliveryState.
    signature_wanted: (title, lines) for the citizen screen.
    handed_over: a DeliveryId.
    """

    state_changed = Signal(object)
    signature_wanted = Signal(str, object)
    handed_over = Signal(object)

    def __init__(
        self,
        *,
        desk: DeliveryDesk,
        reader: IdReader,
        printer: A4Printer,
        runner: Runner,
        reader_runner: Runner,
        printer_runner: Runner,
        new_id: NewId,
        today: Callable[[], date],
        now: Callable[[], datetime],
        has_screen: bool = True,
        parent: QObject | None = None,
    ) -> None:
        """`now`: local time of the hall."""
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._runner = runner
        self._today = today
        self._now = now
        self._has_screen = has_screen
        self._commands = Commands(runner=runner, new_id=new_id)
        self._prints = Commands(runner=printer_runner, new_id=new_id)
        self._card = CardReading(
            reader=reader, runner=reader_runner, on_card=self._on_card, on_notice=self._on_notice
        )
        self.state = DeliveryState()

    @Slot()
    def open(self) -> None:
        if self.state.step in (DeliveryStep.CHOOSE, DeliveryStep.DONE):
            self._show(DeliveryState())
            self._search("")

    def refresh(self) -> None:
        """A result may have come: read the list again while one is being looked for."""
        if self.state.step is DeliveryStep.CHOOSE and not self.state.busy:
            self._search(self.state.text, again=True)

    def forget(self) -> None:
        """The visit ended: nothing of a person stays on the page."""
        self._card.forget()
        self._show(DeliveryState())

    @Slot(str)
    def edit_text(self, text: str) -> None:
        self._show(replace(self.state, text=text))
        self._search(text)

    @Slot(int)
    def move(self, step: int) -> None:
        if self.state.step is DeliveryStep.CHOOSE:
            last = max(len(self.state.results) - 1, 0)
            self._show(replace(self.state, at=min(max(self.state.at + step, 0), last)))

    @Slot(int)
    def select(self, at: int) -> None:
        self.move(at - self.state.at)

    @Slot(int)
    def move_document(self, step: int) -> None:
        self.select_document(self.state.document_at + step)

    @Slot(int)
    def select_document(self, at: int) -> None:
        if self.state.step is DeliveryStep.DOCUMENTS:
            last = max(len(self.state.documents) - 1, 0)
            self._show(replace(self.state, document_at=min(max(at, 0), last)))

    @Slot()
    def press_in_hand(self) -> None:
        """The document under the cursor lies in the clerk's hand (or does not, after all)."""
        state = self.state
        if state.step is not DeliveryStep.DOCUMENTS or self._commands.busy:
            return
        documents = toggled(state.documents, state.document_at)
        waiting = (n for n, d in enumerate(documents) if not d.in_hand)
        at = next(waiting, state.document_at) if documents[state.document_at].in_hand else state.document_at
        self._show(replace(state, documents=documents, document_at=at, notice=NO_NOTICE))

    @Slot(str)
    def edit_number(self, number: str) -> None:
        """As it stands on the result itself."""
        if self.state.step is DeliveryStep.DOCUMENTS:
            self._show(replace(self.state, documents=numbered(self.state.documents, number)))

    @Slot(object)
    def edit_receiver(self, receiver: Receiver) -> None:
        if (receiver.name, receiver.cert_no) != (self.state.receiver.name, self.state.receiver.cert_no):
            self._show(replace(self.state, receiver=replace(receiver, source=Source.TYPED), check=None))

    @Slot()
    def press_read_card(self) -> None:
        if self.state.step is DeliveryStep.IDENTITY:
            self._card.press()

    @Slot()
    def press_sign(self) -> None:
        """Ask on the citizen screen for a signature."""
        result = self.state.result
        if self.state.step is not DeliveryStep.SIGN or result is None:
            return
        if not self._has_screen:
            self._say(self.tr("本窗没有群众屏，请在打印出的送达回证上签字。"))
            return
        self._show(replace(self.state, asking_signature=True, notice=Notice(self.tr("请群众在屏幕上签名。"))))
        lines = (result.item_name, self.tr("领取：%1").replace("%1", result.result_name))
        self.signature_wanted.emit(self.tr("请签名，表示已收到以下结果"), lines)

    def signed(self, signature: Signature | None) -> None:
        """From the citizen screen; None: they left it."""
        if not self.state.asking_signature:
            return
        text = self.tr("已签名。按 F9 交付。") if signature else self.tr("没有签名。可再请签名，或在纸上签。")
        tone = Tone.DONE if signature else Tone.ATTENTION
        self._show(
            replace(self.state, signature=signature, asking_signature=False, notice=Notice(text, tone))
        )

    @Slot()
    def press_main(self) -> None:
        """F9: choose, have its documents in hand, check the identity, have the proof of service signed, hand over."""
        match self.state.step:
            case DeliveryStep.CHOOSE:
                self._choose()
            case DeliveryStep.DOCUMENTS:
                self._count_in()
            case DeliveryStep.IDENTITY:
                self._check()
            case DeliveryStep.SIGN:
                self._sign_or_hand_over()
            case DeliveryStep.DONE:
                self._show(DeliveryState())
                self._search("")

    @Slot()
    def press_print(self) -> None:
        if self.state.step is DeliveryStep.DOCUMENTS:
            self._print_document()
        elif self.state.proof is not None:
            self._print(self.state.proof)

    @Slot()
    def press_back(self) -> bool:
        """One step back; False from the list."""
        step = self.state.step
        if step is DeliveryStep.CHOOSE or self._commands.busy:
            return False
        self._card.forget()
        if step is DeliveryStep.DONE:
            self._show(DeliveryState())
            self._search("")
        else:
            # a signature belongs to whoever was checked before it
            state = replace(self.state, step=DeliveryStep(step - 1), asking_signature=False)
            state = replace(state, signature=None, proof=None, proof_out=False, proof_failed=False)
            self._show(replace(state, notice=NO_NOTICE))
        return True

    def _search(self, text: str, *, again: bool = False) -> None:
        def done(results: tuple[ResultRow, ...]) -> None:
            if text == self.state.text and self.state.step is DeliveryStep.CHOOSE:
                # the line of now, not of when it was asked: the clerk may have moved on meanwhile
                keep = self.state.result if again else None
                same = (n for n, r in enumerate(results) if keep and r.delivery_id == keep.delivery_id)
                at = next(same, 0)
                self._show(replace(self.state, results=results, at=at))

        self._runner.submit(lambda: self._desk.results(text), done, self._on_read_failed)

    def _choose(self) -> None:
        result = self.state.result
        if result is None:
            self._say(self.tr("没有找到待领的结果。可用姓名、办件编号或取件码查。"))
        elif result.blocked:
            self._say(result.blocked)
        else:
            state = replace(self.state, documents=result.documents, document_at=0, notice=NO_NOTICE)
            self._show(replace(state, step=DeliveryStep.DOCUMENTS))

    def _count_in(self) -> None:
        """Only what was made can be handed out: every document is looked at before anybody is asked for a card."""
        result, seen = self.state.result, in_hand(self.state.documents)
        if result is None or not self._commands.ready(self._count_in):
            return
        lacking = missing(self.state.documents)
        if lacking:
            self._say(words.not_in_hand(lacking))
            return
        delivery_id = result.delivery_id

        def done(_nothing: None) -> None:
            self._show(replace(self.state, step=DeliveryStep.IDENTITY, busy="", notice=NO_NOTICE))

        busy = self.tr("正在点收")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("count_in", delivery_id, seen),
            busy,
            lambda command_id: self._desk.count_in(command_id, delivery_id, seen),
            done,
            self._fail,
        )

    def _check(self) -> None:
        result, receiver = self.state.result, self.state.receiver
        if result is None or not self._commands.ready(self._check):
            return
        if not receiver.name.strip():
            self._say(self.tr("请读身份证（Ctrl+I），或输入领取人姓名和证件号码。"))
            return
        try:
            number = read_id_number(receiver.cert_no, today=self._today())
        except IdNumberRefused as refusal:
            self._say(refusal.problem.value)
            return
        receiver = Receiver(receiver.name.strip(), number.text, receiver.source)
        delivery_id: DeliveryId = result.delivery_id

        def done(check: IdentityCheck) -> None:
            step = DeliveryStep.SIGN if check.matches else DeliveryStep.IDENTITY
            notice = Notice(check.text, Tone.DONE if check.matches else Tone.WRONG)
            self._show(replace(self.state, step=step, receiver=receiver, check=check, busy="", notice=notice))

        busy = self.tr("正在核对身份")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("check", delivery_id, receiver),
            busy,
            lambda command_id: self._desk.check_receiver(command_id, delivery_id, receiver),
            done,
            self._fail,
        )

    def _sign_or_hand_over(self) -> None:
        state = self.state
        if state.asking_signature:
            self._say(self.tr("群众正在签名。要改为纸上签，先按 Esc。"))
        elif state.signed_by:
            self._hand_over()
        elif state.proof is None:
            self._issue_proof()
        else:
            self._print(state.proof)

    def _issue_proof(self) -> None:
        """For a signature by hand the paper comes first; nothing is handed over by it."""
        result, receiver, seen = self.state.result, self.state.receiver, in_hand(self.state.documents)
        if result is None or not self._commands.ready(self._issue_proof):
            return
        delivery_id = result.delivery_id

        def done(paper: PaperRow) -> None:
            self._show(replace(self.state, proof=paper, busy=""))
            self._print(paper)

        busy = self.tr("正在出送达回证")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("issue_proof", delivery_id, receiver, seen),
            busy,
            lambda command_id: self._desk.issue_proof(command_id, delivery_id, receiver, seen),
            done,
            self._fail,
        )

    def _hand_over(self) -> None:
        result, receiver, signature = self.state.result, self.state.receiver, self.state.signature
        if result is None or not self._commands.ready(self._hand_over):
            return
        delivery_id, printed = result.delivery_id, self.state.proof_out
        by_hand, seen = self.state.signed_by == "hand", in_hand(self.state.documents)

        def done(paper: PaperRow) -> None:
            # the receiver's number is not needed any more
            state = DeliveryState(step=DeliveryStep.DONE, results=(result,), proof=paper, proof_out=printed)
            notice = Notice(paper.seal_text, Tone.DONE) if paper.seal_text else NO_NOTICE
            self._show(replace(state, handed_over_at=f"{self._now():%H:%M}", notice=notice))
            self.handed_over.emit(delivery_id)
            if not printed and not by_hand:
                self._print(paper)

        busy = self.tr("正在交付")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("hand_over", delivery_id),
            busy,
            lambda command_id: self._desk.hand_over(command_id, delivery_id, receiver, signature, seen),
            done,
            self._fail,
        )

    def _print(self, paper: PaperRow) -> None:
        if not self._prints.ready(self._print, paper):
            return

        def done(outcome: PrintOutcome) -> None:
            same, notice = self.state.proof == paper, words.proof_printed(paper, outcome, self.state.step)
            self._show(replace(self.state, proof_out=same, proof_failed=False, notice=notice))

        def failed(notice: Notice) -> None:
            state = self.state
            waiting = state.step is DeliveryStep.SIGN and not state.proof_out and state.proof == paper
            said = words.proof_not_printed(paper, notice.text, state.step, waiting=waiting)
            self._show(replace(state, proof_failed=waiting, notice=said))

        self._run_print(paper, done, failed)

    def _print_document(self) -> None:
        paper = self.state.printable
        if paper is None:
            self._say(self.tr("这里没有可由本窗打印的文书，由部门送来。"))
            return
        if not self._prints.ready(self._print_document):
            return

        def done(outcome: PrintOutcome) -> None:
            self._on_notice(words.document_printed(paper, outcome))

        def failed(notice: Notice) -> None:
            self._on_notice(words.document_not_printed(paper, notice.text))

        self._run_print(paper, done, failed)

    def _run_print(
        self, paper: PaperRow, done: Callable[[PrintOutcome], None], failed: Callable[[Notice], None]
    ) -> None:
        self._prints.run(
            ("print", paper.paper_id),
            self.tr("正在打印"),
            lambda command_id: self._printer.print_paper(command_id, paper.paper_id, 1),
            done,
            failed,
        )

    def _on_card(self, card: CardData) -> None:
        receiver = Receiver(card.name, card.id_number, Source.CARD)
        self._show(replace(self.state, receiver=receiver, check=None))

    def _on_notice(self, notice: Notice) -> None:
        self._show(replace(self.state, notice=notice))

    def _on_read_failed(self, error: Exception) -> None:
        self._show(replace(self.state, notice=notice_of(error)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: DeliveryState) -> None:
        self.state = state
        self.state_changed.emit(state)
