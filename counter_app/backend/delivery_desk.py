"""Handing out results over the real hall."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.numbers import Numbered, Numbers
from counter_app.backend.outcome_desk import SIGN_AND_FILE, paper_row
from counter_app.delivery.documents import DueDocument, InHand
from counter_app.delivery.ports import IdentityCheck, Receiver, ResultRow
from counter_app.values import DeliveryId, PaperId, PaperRow, Signature
from hall import paperwork
from hall.delivery import commands as cmd
from hall.delivery import handlers
from hall.delivery import views as delivery
from hall.delivery.model import STATE_ZH, DeliveryState, DocumentKind, matches
from hall.delivery.views import DeliveryRow
from hall.identity.masking import mask_name
from hall.intake import printing
from hall.intake import views as intake
from hall.intake.printing import PrintResult
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.sealing import seal_blob
from hall.papers.press import by_hand


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Implements DeliveryDesk."""

    bench: Bench
    numbers: Numbers

    @refusing
    def results(self, text: str) -> tuple[ResultRow, ...]:
        b = self.bench
        with b.store.read() as conn:
            rows = delivery.to_hand_out(conn, text)
            blocked = {r.id: self._blocked(r, bool(intake.open_errands(conn, r.case_no))) for r in rows}
            documents = {r.id: self._documents(conn, r) for r in rows}
        return tuple(
            ResultRow(
                delivery_id=DeliveryId(r.id),
                case_no=r.case_no,
                item_name=r.item_name,
                result_name=r.result_name,
                masked_name=mask_name(r.applicant_name or ""),
                state_text=STATE_ZH[r.state],
                place=r.place or "还没有点收",
                documents=documents[r.id],
                blocked=blocked[r.id],
            )
            for r in rows
        )

    def _documents(self, conn: Connection, row: DeliveryRow) -> tuple[DueDocument, ...]:
        """What is due, and what of it this window may print: a decision, with power ISSUE."""
        paper = None if self._powerless(row) else self._decision(conn, row)
        printed = paper is not None and printing.print_results(conn, (paper.paper_id,)).get(paper.paper_id)
        here = "本窗打印过" if printed in (PrintResult.PRINTED, PrintResult.SENT) else "可按 F10 在本窗打印"
        return tuple(
            DueDocument(d.kind, d.title, d.number, here, paper)
            if paper is not None and d.kind is DocumentKind.DECISION
            else DueDocument(d.kind, d.title, d.number, "由部门送来")
            for d in row.documents
        )

    def _decision(self, conn: Connection, row: DeliveryRow) -> PaperRow | None:
        """The paper of the decision; None where this window has not heard of the case."""
        case = intake.case_by_id(conn, row.case)
        names = paperwork.papers_of(conn, case) if case is not None else ()
        found = next((n for n in names if n.kind in ("granted", "denied")), None)
        if found is None:
            return None
        lacking = self.bench.press.lacking(f"{row.result_name}{row.applicant_name or ''}")
        return paper_row(row.case, found, 1, lacking)

    def _blocked(self, row: DeliveryRow, errand: bool) -> str:
        return "有来件（补正、撤回）尚未答复，暂不能出件" if errand else self._powerless(row)

    def _powerless(self, row: DeliveryRow) -> str:
        """Why this window may not issue what the department decided; empty: it may."""
        b = self.bench
        try:
            b.ref.rules.authority.covers(
                window=b.window.no, item=row.item_id, department=row.department, power="ISSUE", day=b.day()
            )
        except Refusal as exc:
            return exc.text
        return ""

    @refusing
    def count_in(self, command_id: UUID, delivery_id: DeliveryId, seen: InHand) -> None:
        """Have the result here, and count it in where the hall has not yet."""
        b = self.bench
        b.hold_here(delivery_id)
        if self._row(delivery_id).state is DeliveryState.EXPECTED:
            command = cmd.ArriveResult(
                text_id(command_id), delivery_id, b.window_name, b.staff.id, seen.kinds, seen.result_no
            )
            b.handle(command, handlers.arrive_result)

    @refusing
    def check_receiver(self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver) -> IdentityCheck:
        b = self.bench
        b.hold_here(delivery_id)
        command = cmd.CheckReceiver(
            text_id(command_id), delivery_id, receiver.name, receiver.cert_no, receiver.source.value,
            b.staff.id,
        )  # fmt: skip
        b.handle(command, handlers.check_receiver)
        row = self._row(delivery_id)
        own = matches(row.applicant_name or "", row.applicant_cert_no or "", receiver.name, receiver.cert_no)
        agent = bool(row.agent_name) and matches(
            row.agent_name or "", row.agent_cert_no or "", receiver.name, receiver.cert_no
        )
        if own:
            return IdentityCheck(True, "与申请人一致，可以交付。")
        if agent:
            return IdentityCheck(True, "与登记的代理人一致，可以交付。", as_agent=True)
        return IdentityCheck(
            False, "来人与申请人、代理人都不一致，不能交付。请申请人本人来，或带授权委托书。"
        )

    @refusing
    def issue_proof(
        self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver, seen: InHand
    ) -> PaperRow:
        b = self.bench
        b.hold_here(delivery_id)
        command = cmd.IssueProof(
            command_id=text_id(command_id), delivery=delivery_id, name=receiver.name,
            cert_no=receiver.cert_no, window=b.window.no, staff=b.staff.id, business_day=b.day(),
            document_no=None, in_hand=seen.kinds, result_no=seen.result_no,
        )  # fmt: skip
        self._numbered(command, partial(handlers.issue_proof, rules=b.ref.rules))
        return self._proof(delivery_id)

    @refusing
    def hand_over(
        self,
        command_id: UUID,
        delivery_id: DeliveryId,
        receiver: Receiver,
        signature: Signature | None,
        seen: InHand,
    ) -> PaperRow:
        b = self.bench
        if self._row(delivery_id).state is not DeliveryState.HANDED_OVER:
            b.hold_here(delivery_id)
        sealed = None if signature is None else self._keep_signature(delivery_id, signature)
        command = cmd.HandOver(
            command_id=text_id(command_id), delivery=delivery_id, name=receiver.name,
            cert_no=receiver.cert_no, window=b.window.no, staff=b.staff.id, business_day=b.day(),
            document_no=None, signature=sealed, in_hand=seen.kinds, result_no=seen.result_no,
        )  # fmt: skip
        self._numbered(command, partial(handlers.hand_over, rules=b.ref.rules))
        return self._proof(delivery_id)

    def _numbered(
        self, command: cmd.IssueProof | cmd.HandOver, handler: Callable[[Ledger, Any], object]
    ) -> None:
        """One number for one proof, however often it is made anew."""
        row = self._row(command.delivery)
        paper = Numbered(row.department, "达字", row.case_no)
        self.numbers.handle(command, handler, paper, known=row.document_no)

    def _proof(self, delivery_id: str) -> PaperRow:
        row = self._row(delivery_id)
        told = by_hand(self.bench.press.lacking(f"{row.result_name}{row.receiver_name or ''}"))
        return PaperRow(
            PaperId(f"{row.case}/{delivery_id}"), paperwork.TITLES["delivered"], row.document_no or row.case_no,
            1, SIGN_AND_FILE, told,
        )  # fmt: skip

    def _keep_signature(self, delivery_id: str, signature: Signature) -> str:
        b = self.bench

        def key(ledger: Ledger) -> bytes:
            return ledger.data_key(delivery_id)

        return b.blobs.put(seal_blob(b.store.write(key), signature.png))

    def _row(self, delivery_id: str) -> DeliveryRow:
        with self.bench.store.read() as conn:
            row = delivery.delivery_by_id(conn, delivery_id)
        if row is None:
            raise Refusal("unknown_delivery", "没有这个结果物。")
        return row
