"""The queue panel over the real queue: claims at the node, the rest on this PC's own tickets."""

import logging
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from counter_app.backend.bench import Bench, may_have_happened, refusing, text_id
from counter_app.queue_panel.ports import QueueBoard, QueueChoice, TicketOutcome, TicketRow, TicketState
from counter_app.values import ItemId, NothingThere, TicketId
from hall.catalogue.queues import series_of
from hall.intake import views as intake
from hall.intake.receiving import give_back
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.queueing import commands as cmd
from hall.queueing import handlers, model
from hall.queueing import views as queue
from hall.queueing.handlers import NobodyWaiting
from sync.child import ParentAway

log = logging.getLogger(__name__)

_VISIT = "visit:"
_PRIORITY = {
    model.Priority.ELDER: "老年人优先",
    model.Priority.SOLDIER: "军人优先",
    model.Priority.DISABLED: "残疾人优先",
    model.Priority.PREGNANT: "孕妇优先",
    model.Priority.RESCUE: "应急救援优先",
}
_SHOWN = {
    model.TicketState.WAITING: TicketState.WAITING,
    model.TicketState.CALLED: TicketState.CALLED,
    model.TicketState.SERVING: TicketState.SERVING,
    model.TicketState.HELD: TicketState.HELD,
    model.TicketState.MISSED: TicketState.MISSED,
}


class Queueing:
    """Implements QueueDesk."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @refusing
    def board(self) -> QueueBoard:
        b = self._bench
        self._settle_slips()
        day, series, cut_off = b.day(), b.window.series, b.up.cut_off()
        now_ms = int(b.now().timestamp() * 1000)
        with b.store.read() as conn:
            waiting = queue.waiting(conn, day, series)
            mine = queue.held_here(conn, b.node_id)
            missed = [m for m in queue.missed(conn, day) if m.queue in series]
            visit = queue.open_visit(conn, b.node_id)
            by_slip = None if visit is None else _visit_row(conn, visit)
        current = next(
            (t for t in mine if t.state in (model.TicketState.CALLED, model.TicketState.SERVING)), None
        )
        row = by_slip if current is None else _row(current, now_ms)
        waited = [now_ms - t.since_ms for t in waiting]
        return QueueBoard(
            waiting=tuple(_row(t, now_ms) for t in waiting),
            held=tuple(_row(t, now_ms) for t in mine if t.state is model.TicketState.HELD),
            missed=tuple(_row(t, now_ms) for t in missed),
            current=row,
            average_wait_min=round(sum(waited) / len(waited) / 60_000) if waited else 0,
            cut_off=cut_off,
        )

    @refusing
    def queues(self) -> tuple[QueueChoice, ...]:
        b = self._bench
        with b.store.read() as conn:
            counts = queue.waiting_counts(conn, b.day())
        return tuple(
            QueueChoice(series, f"{zone.name} {q.name}", counts.get(series, 0))
            for series, (zone, _, q) in series_of(b.ref.profile).items()
        )

    @refusing
    def call_next(self, command_id: UUID) -> TicketRow:
        b = self._bench
        self._nobody_here()
        body = {
            "command_id": text_id(command_id),
            "window": b.window.no,
            "window_name": b.window_name,
            "staff": b.staff.id,
            "queues": list(b.window.series),
            "prior_queues": [],
        }
        try:
            taken = b.up.take("/v1/queue/next", body, b.staff.id)
        except Refusal as exc:
            if exc.code == NobodyWaiting.CODE:
                raise NothingThere(exc.text) from exc
            raise
        with b.store.read() as conn:
            row = queue.ticket_by_id(conn, taken)
        if row is not None and (row.state is not model.TicketState.CALLED or row.owner != b.node_id):
            # a call whose answer was lost is answered late: sync had brought the ticket and it was served since,
            # or missed, put back in line and called elsewhere
            said = "已经接待过" if row.owner == b.node_id else "已不在本窗口"
            raise Refusal("called_before", f"{row.number} 号是上次呼叫的，{said}。请再按一次呼叫下一位。")
        return self._by_id(taken)

    @refusing
    def recall(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        b = self._bench
        b.handle(cmd.Recall(text_id(command_id), ticket_id, b.staff.id), handlers.recall)
        return self._by_id(ticket_id)

    @refusing
    def miss(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None:
        b = self._bench
        b.handle(cmd.MissTicket(text_id(command_id), ticket_id, b.staff.id, reason), handlers.miss)

    @refusing
    def start(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        b = self._bench
        if ticket_id.startswith(_VISIT):
            return self._by_id(ticket_id)
        self._settle_slips()
        started = cmd.StartService(text_id(command_id), ticket_id, b.staff.id, f"session-{ticket_id}")
        b.handle(started, handlers.start_service)
        return self._by_id(ticket_id)

    @refusing
    def hold(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None:
        b = self._bench
        b.handle(cmd.HoldTicket(text_id(command_id), ticket_id, b.staff.id, reason), handlers.hold)
        self._cases_back(ticket_id)

    @refusing
    def resume(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        b = self._bench
        self._nobody_here()
        b.handle(cmd.Recall(text_id(command_id), ticket_id, b.staff.id), handlers.recall)
        return self._by_id(ticket_id)

    @refusing
    def reactivate(self, command_id: UUID, ticket_id: TicketId) -> None:
        b = self._bench
        with b.store.read() as conn:
            row = queue.ticket_by_id(conn, ticket_id)
        command = cmd.ReactivateTicket(text_id(command_id), ticket_id, b.staff.id)
        if row is not None and row.owner == b.node_id:
            b.handle(command, handlers.reactivate)
        else:
            body = {"command_id": command.command_id, "ticket": ticket_id, "staff": b.staff.id}
            b.up.call("/v1/queue/reactivate", body)

    @refusing
    def transfer(self, command_id: UUID, ticket_id: TicketId, queue_id: str) -> None:
        b = self._bench
        _, _, to = series_of(b.ref.profile)[queue_id]
        moved = cmd.TransferTicket(text_id(command_id), ticket_id, b.staff.id, queue_id, to.name, "窗口转窗")
        b.handle(moved, handlers.transfer)
        self._cases_back(ticket_id)

    @refusing
    def done(self, command_id: UUID, ticket_id: TicketId, outcome: TicketOutcome) -> None:
        b = self._bench
        how = model.Outcome(outcome.value.lower())
        if ticket_id.startswith(_VISIT):
            visit = ticket_id.removeprefix(_VISIT)
            b.handle(cmd.FinishVisit(text_id(command_id), visit, b.staff.id, how), handlers.finish_visit)
        else:
            b.handle(cmd.FinishTicket(text_id(command_id), ticket_id, b.staff.id, how), handlers.finish)
        self._cases_back(ticket_id)

    @refusing
    def serve_slip(self, command_id: UUID, code: str) -> TicketRow:
        """By the node where it answers; else the slip in hand is the claim.

        A call that the node may have done without its answer arriving is asked again by the same press; when the
        line is gone meanwhile, `_settle_slips` joins the two.
        """
        b = self._bench
        ticket, number = self._read_code(code)
        if self._called_here(ticket):
            return self._begin(command_id, ticket)
        self._nobody_here()
        body = {
            "command_id": text_id(command_id, "this"),
            "ticket": ticket,
            "window": b.window.no,
            "window_name": b.window_name,
            "staff": b.staff.id,
        }
        try:
            b.up.take("/v1/queue/this", body, b.staff.id)
        except ParentAway as exc:
            if may_have_happened(exc, b.up):
                raise
            visit = text_id(command_id, "visit")
            serve = cmd.ServeSlip(
                text_id(command_id), visit, ticket, number, b.window.no, b.staff.id, f"session-{ticket}"
            )
            b.handle(serve, handlers.serve_slip)
            return self._by_id(_VISIT + visit)
        return self._begin(command_id, ticket)

    def _begin(self, command_id: UUID, ticket: str) -> TicketRow:
        b = self._bench
        started = cmd.StartService(text_id(command_id, "start"), ticket, b.staff.id, f"session-{ticket}")
        b.handle(started, handlers.start_service)
        return self._by_id(ticket)

    def _called_here(self, ticket: str) -> bool:
        """The node has called this number to this window already; only its answer was lost."""
        b = self._bench
        with b.store.read() as conn:
            row = queue.ticket_by_id(conn, ticket)
        here = row is not None and row.owner == b.node_id
        return here and row is not None and row.state is model.TicketState.CALLED

    def _settle_slips(self) -> None:
        """A number that arrived after its slip was served here is no second visit."""
        b = self._bench
        with b.store.read() as conn:
            found = queue.visits_to_settle(conn, b.node_id)
        if found:
            try:
                b.store.write(handlers.settle_slips)
            except Refusal as exc:
                # a restored PC writes nothing yet; the next look at the board tries again
                log.info("a slip is not settled yet: %s", exc.code)

    def _read_code(self, code: str) -> tuple[str, str]:
        """(ticket dossier, number) of a scanned QR code or a typed number."""
        b = self._bench
        text = code.strip()
        scanned = model.read_slip_code(text)
        if scanned is not None:
            return scanned
        with b.store.read() as conn:
            row = queue.ticket_by_number(conn, text.upper(), b.day())
        if row is None:
            raise Refusal("unknown_slip", "今天没有这个号，请核对号票；或扫描号票上的二维码。")
        return row.id, row.number

    def _nobody_here(self) -> None:
        b = self._bench
        with b.store.read() as conn:
            mine = queue.held_here(conn, b.node_id)
            visit = queue.open_visit(conn, b.node_id)
        busy = [t for t in mine if t.state in (model.TicketState.CALLED, model.TicketState.SERVING)]
        if busy or visit is not None:
            number = busy[0].number if busy else visit.number if visit else ""
            raise Refusal("somebody_here", f"{number} 号还没有办完，请先完成、挂起或过号。")

    def _by_id(self, ticket_id: str) -> TicketRow:
        b = self._bench
        with b.store.read() as conn:
            if ticket_id.startswith(_VISIT):
                visit = queue.visit_by_id(conn, ticket_id.removeprefix(_VISIT))
                if visit is not None:
                    return _visit_row(conn, visit)
            row = queue.ticket_by_id(conn, ticket_id)
        if row is None:
            raise Refusal("unknown_ticket", "没有这个号。")
        return _row(row, int(b.now().timestamp() * 1000))

    def _cases_back(self, ticket_id: str) -> None:
        """The visit is over here: what still lies on this PC goes back to the node."""
        b = self._bench
        session = session_of(b, ticket_id)

        def work(ledger: Ledger) -> None:
            for row in intake.cases_of_session(ledger.conn, session):
                if row.owner == b.node_id and row.offered_to is None:
                    give_back(ledger, row.id, b.staff.id)

        b.store.write(work)


def session_of(bench: Bench, ticket_id: str) -> str:
    """The service session of a ticket or of a visit by slip."""
    if ticket_id.startswith(_VISIT):
        with bench.store.read() as conn:
            visit = queue.visit_by_id(conn, ticket_id.removeprefix(_VISIT))
        return visit.session if visit else ticket_id
    return f"session-{ticket_id}"


def ticket_of(bench: Bench, ticket_id: str) -> str:
    """The ticket's dossier, also for a visit by slip."""
    if ticket_id.startswith(_VISIT):
        with bench.store.read() as conn:
            visit = queue.visit_by_id(conn, ticket_id.removeprefix(_VISIT))
        return visit.ticket if visit else ticket_id
    return ticket_id


def _row(t: queue.TicketRow, now_ms: int) -> TicketRow:
    return TicketRow(
        ticket_id=TicketId(t.id),
        number=t.number,
        business=t.matter or t.queue_name,
        state=_SHOWN.get(t.state, TicketState.WAITING),
        waited_min=max(0, (now_ms - t.since_ms) // 60_000),
        priority=_PRIORITY.get(t.priority, ""),
        calls=t.calls,
        note="转窗" if t.forwarded and t.state is model.TicketState.WAITING else "",
        item_ids=(ItemId(t.item_id),) if t.item_id else (),
        corrects=t.item_id is None and t.matter == model.CORRECTION_ZH,
    )


def _visit_row(conn: Connection, v: queue.VisitRow) -> TicketRow:
    """What the number was taken for stands here too, where this PC has heard of it."""
    note = "大厅节点断开时凭号票办理，恢复后自动补记"
    known = queue.ticket_by_id(conn, v.ticket)
    if known is None:
        return TicketRow(TicketId(_VISIT + v.id), v.number, "凭号票办理", TicketState.SERVING, note=note)
    told = _row(known, known.since_ms)
    return replace(told, ticket_id=TicketId(_VISIT + v.id), state=TicketState.SERVING, note=note)
