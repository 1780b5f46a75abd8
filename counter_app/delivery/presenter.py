"""Handing out a result: who stands here, may they have it, their signature, the proof of service. QtCore only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.delivery.ports import DeliveryDesk, IdentityCheck, Receiver, ResultRow
from counter_app.device_ports import A4Printer, CardData, IdReader, PrintOutcome
from counter_app.read_card.reading import CardReading
from counter_app.take_in.ports import Source
from counter_app.values import NO_NOTICE, DeliveryId, NewId, PaperRow, Signature
from hall.identity.id_number import IdNumberRefused, read_id_number
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


class DeliveryStep(IntEnum):
    CHOOSE = 0
    IDENTITY = 1
    SIGN = 2
    DONE = 3


NOBODY = Receiver("", "", Source.TYPED)


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Everything the delivery page draws. The receiver's number is held only until the hand-over."""

    step: DeliveryStep = DeliveryStep.CHOOSE
    text: str = ""
    results: tuple[ResultRow, ...] = ()
    at: int = 0
    receiver: Receiver = NOBODY
    check: IdentityCheck | None = None
    signature: Signature | None = None
    asking_signature: bool = False
    handed_over_at: str = ""
    """「14:05」, once it is handed over."""
    proof: PaperRow | None = None
    """The 送达回证: for a signature by hand it is made before the hand-over."""
    proof_out: bool = False
    """The printer has taken it, so that it can be signed."""
    proof_failed: bool = False
    """The printer did not take it: a proof written by hand, with its number, may be signed instead."""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def signed_by(self) -> str:
        """Where the receiver's signature stands, once there can be one."""
        if self.signature is not None:
            return "screen"
        return "paper" if self.proof_out else "hand" if self.proof_failed else ""

    @property
    def result(self) -> ResultRow | None:
        return self.results[self.at] if self.at < len(self.results) else None


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
        """F9: choose, check the identity, have the proof of service signed, hand over."""
        match self.state.step:
            case DeliveryStep.CHOOSE:
                self._choose()
            case DeliveryStep.IDENTITY:
                self._check()
            case DeliveryStep.SIGN:
                self._sign_or_hand_over()
            case DeliveryStep.DONE:
                self._show(DeliveryState())
                self._search("")

    @Slot()
    def press_print(self) -> None:
        if self.state.proof is not None:
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
            self._show(replace(self.state, step=DeliveryStep.IDENTITY, notice=NO_NOTICE))

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
        result, receiver = self.state.result, self.state.receiver
        if result is None or not self._commands.ready(self._issue_proof):
            return
        delivery_id = result.delivery_id

        def done(paper: PaperRow) -> None:
            self._show(replace(self.state, proof=paper, busy=""))
            self._print(paper)

        busy = self.tr("正在出送达回证")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("issue_proof", delivery_id, receiver),
            busy,
            lambda command_id: self._desk.issue_proof(command_id, delivery_id, receiver),
            done,
            self._fail,
        )

    def _hand_over(self) -> None:
        result, receiver, signature = self.state.result, self.state.receiver, self.state.signature
        if result is None or not self._commands.ready(self._hand_over):
            return
        delivery_id, printed = result.delivery_id, self.state.proof_out
        by_hand = self.state.signed_by == "hand"

        def done(paper: PaperRow) -> None:
            # the receiver's number is not needed any more
            state = DeliveryState(step=DeliveryStep.DONE, results=(result,), proof=paper, proof_out=printed)
            self._show(replace(state, handed_over_at=f"{self._now():%H:%M}"))
            self.handed_over.emit(delivery_id)
            if not printed and not by_hand:
                self._print(paper)

        busy = self.tr("正在交付")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("hand_over", delivery_id),
            busy,
            lambda command_id: self._desk.hand_over(command_id, delivery_id, receiver, signature),
            done,
            self._fail,
        )

    def _print(self, paper: PaperRow) -> None:
        if not self._prints.ready(self._print, paper):
            return

        def done(outcome: PrintOutcome) -> None:
            text, tone = self.tr("送达回证已打印。"), Tone.DONE
            if outcome is not PrintOutcome.PRINTED:
                text = self.tr("送达回证已送到打印机，没有收到打完的回音，请看一下出纸口。")
                tone = Tone.ATTENTION
            if paper.by_hand:
                text, tone = text + paper.by_hand, Tone.ATTENTION
            if self.state.step is DeliveryStep.SIGN:
                text += self.tr("请领取人在回证上签字；看到签字后按 F9 完成交付。")
            same = self.state.proof == paper
            notice = Notice(text, tone)
            self._show(replace(self.state, proof_out=same, proof_failed=False, notice=notice))

        def failed(notice: Notice) -> None:
            text = self.tr("送达回证没有打印：%1排除后按 F10 打印。")
            waiting = self.state.step is DeliveryStep.SIGN and not self.state.proof_out
            if self.state.step is DeliveryStep.DONE:
                text = self.tr("交付已登记，送达回证没有打印：%1排除后按 F10 打印。")
            elif waiting and self.state.proof == paper:
                by_hand = self.tr(
                    "打不了时，请领取人在手写回证上签字，写上编号 %2，看到签字后按 F9 完成交付。"
                )
                text += by_hand.replace("%2", paper.number)
            said = Notice(text.replace("%1", notice.text), Tone.WRONG)
            self._show(replace(self.state, proof_failed=waiting and self.state.proof == paper, notice=said))

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
