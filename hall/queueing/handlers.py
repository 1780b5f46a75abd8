"""One function per queue command: load, ask the model, record. Run by Store.handle."""

from hall.journal.facts import DossierMoved, DossierOffered
from hall.journal.ledger import Ledger, dossier_row
from hall.journal.machine import machine_dossier
from hall.journal.refusal import NotSettled, Refusal
from hall.queueing import commands as cmd
from hall.queueing import events as ev
from hall.queueing import model, views, voiding
from hall.queueing.model import TicketAct, TicketState, advance, ticket_number
from hall.queueing.views import NextInLine, TicketRow

SCOPE = "queue"


class NobodyWaiting(Refusal):
    CODE = "nobody_waiting"

    def __init__(self) -> None:
        super().__init__(self.CODE, "现在没有人在等候。")


def open_day(ledger: Ledger, c: cmd.OpenDay) -> None:
    """At the node: once for each business day and epoch."""
    if ledger.identity.role != "hall":
        raise Refusal("not_node", "营业日由大厅节点开启。")
    home = machine_dossier(ledger, actor=c.actor)
    ledger.append(home, ev.DayOpened(c.business_day, c.epoch), actor=c.actor)


def issue_ticket(ledger: Ledger, c: cmd.IssueTicket) -> None:
    """Next number of the series; in a kiosk's own series the ticket is at once offered to the hall."""
    if not ledger.identity.settled:
        # numbers given before the restore are not all known here yet: the next one could be a second A017
        raise NotSettled
    if c.turn is None:
        seq = views.last_seq(ledger.conn, c.series, c.business_day) + 1
    else:
        seq = model.next_in_turn(views.last_in_turn(ledger.conn, c.series, c.business_day, c.turn), c.turn)
    ledger.open(c.ticket, "ticket", scope=SCOPE, actor=c.actor)
    issued = ev.TicketIssued(
        number=ticket_number(c.series, seq), series=c.series, seq=seq, business_day=c.business_day,
        queue=c.queue, queue_name=c.queue_name, matter=c.matter, item_id=c.item_id, priority=c.priority,
        source=c.source, device=c.device, away=c.away,
    )  # fmt: skip
    ledger.append(c.ticket, issued, actor=c.actor)
    if ledger.identity.role == "terminal":
        ledger.append(c.ticket, DossierOffered("hall"), actor=c.actor)


def call_next(ledger: Ledger, c: cmd.CallNext) -> None:
    """At the node: call the first waiting ticket and move it to the window's machine, in one commit."""
    mine = ledger.identity.node_id
    first = views.next_in_line(ledger.conn, c.business_day, c.queues, c.prior_queues, mine)
    if first is None:
        raise NobodyWaiting
    _call(ledger, first, c.window, c.window_name, c.staff, c.epoch)
    ledger.append(first.id, DossierMoved(c.terminal, c.command_id), actor=c.staff)


def call_this(ledger: Ledger, c: cmd.CallThis) -> None:
    """At the node: call one named waiting ticket to this window."""
    row = _ticket(ledger, c.ticket)
    _of_today(ledger, row)
    if views.slip_served(ledger.conn, row.id):
        raise Refusal("slip_used", f"{row.number} 号已由窗口凭号票办理。")
    advance(row.state, TicketAct.CALL)
    _call(ledger, row, c.window, c.window_name, c.staff, c.epoch)
    ledger.append(row.id, DossierMoved(c.terminal, c.command_id), actor=c.staff)


def recall(ledger: Ledger, c: cmd.Recall) -> None:
    row = _ticket(ledger, c.ticket)
    act = TicketAct.RESUME if row.state is TicketState.HELD else TicketAct.RECALL
    advance(row.state, act)
    model.may_recall(row.calls)
    # a call of an earlier node's epoch would not be shown: whoever holds the ticket calls in the present one
    epoch = max(row.epoch, views.queue_epoch(ledger.conn))
    called = ev.TicketCalled(row.window or 0, row.window_name or "", c.staff, row.calls + 1, epoch)
    ledger.append(row.id, called, actor=c.staff)


def start_service(ledger: Ledger, c: cmd.StartService) -> None:
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.START)
    ledger.append(row.id, ev.TicketStarted(row.window or 0, c.staff, c.session), actor=c.staff)


def hold(ledger: Ledger, c: cmd.HoldTicket) -> None:
    """The person fetches a paper; the number stays with this window."""
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.HOLD)
    ledger.append(row.id, ev.TicketHeld(c.reason), actor=c.staff)


def miss(ledger: Ledger, c: cmd.MissTicket) -> None:
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.MISS)
    model.may_miss(row.calls, c.reason)
    ledger.append(row.id, ev.TicketMissed(c.reason), actor=c.staff)
    _give_back(ledger, row.id, c.staff)


def reactivate(ledger: Ledger, c: cmd.ReactivateTicket) -> None:
    """Back in line once (R26). At whoever holds the missed ticket, usually the node."""
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.REACTIVATE)
    _of_today(ledger, row)
    now_ms = int(ledger.now().timestamp() * 1000)
    since = [
        m for m in views.missed(ledger.conn, row.business_day) if (m.missed_ms or 0) > (row.missed_ms or 0)
    ]
    model.may_reactivate(
        missed_ago_ms=now_ms - (row.missed_ms or 0), missed_after=len(since), already=row.reactivated
    )
    ledger.append(row.id, ev.TicketReactivated(c.staff), actor=c.staff)


def transfer(ledger: Ledger, c: cmd.TransferTicket) -> None:
    """Same number, next queue. The node puts it in line when it has taken it."""
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.TRANSFER)
    if c.to_queue == row.queue:
        raise Refusal("same_queue", "已经在这个队列中。")
    ledger.append(row.id, ev.TicketTransferred(c.to_queue, c.to_queue_name, c.reason), actor=c.staff)
    if ledger.identity.role == "terminal":
        _give_back(ledger, row.id, c.staff)
    else:
        ledger.append(row.id, ev.TicketRequeued(), actor=c.staff)


def finish(ledger: Ledger, c: cmd.FinishTicket) -> None:
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.DONE)
    ledger.append(row.id, ev.TicketDone(c.outcome), actor=c.staff)
    _give_back(ledger, row.id, c.staff)


def cancel(ledger: Ledger, c: cmd.CancelTicket) -> None:
    row = _ticket(ledger, c.ticket)
    advance(row.state, TicketAct.CANCEL)
    ledger.append(row.id, ev.TicketCancelled(c.actor, c.reason), actor=c.actor)


def put_on_top(ledger: Ledger, c: cmd.PutOnTop) -> None:
    row = _ticket(ledger, c.ticket)
    if row.state is not TicketState.WAITING:
        raise Refusal("not_waiting", "只有等候中的号可以提前。")
    if not c.reason.strip():
        raise Refusal("reason_missing", "人工提前必须写明理由。")
    ledger.append(row.id, ev.TicketPutOnTop(c.manager, c.reason), actor=c.manager)


def expire_day(ledger: Ledger, c: cmd.ExpireDay) -> None:
    for row in views.open_of_day(ledger.conn, c.business_day, ledger.identity.node_id):
        advance(row.state, TicketAct.EXPIRE)
        ledger.append(row.id, ev.TicketExpired(c.business_day), actor=c.actor)


def serve_slip(ledger: Ledger, c: cmd.ServeSlip) -> None:
    """The slip in hand is the claim: works with the node away, and is told to it later."""
    row = views.ticket_by_id(ledger.conn, c.ticket)
    if row is not None and row.state in (TicketState.DONE, TicketState.CANCELLED, TicketState.EXPIRED):
        raise Refusal("slip_used", f"{row.number} 号已{model.STATE_ZH[row.state]}，请重新取号。")
    if row is not None:
        _of_today(ledger, row)
    voiding.refuse_voided(ledger.conn, c.number)
    if views.slip_served(ledger.conn, c.ticket):
        raise Refusal("slip_used", f"{c.number} 号已经凭号票办理过，请重新取号。")
    ledger.open(c.visit, "visit", scope=SCOPE, actor=c.staff)
    ledger.append(c.visit, ev.VisitOpened(c.ticket, c.number, c.window, c.staff, c.session), actor=c.staff)


def finish_visit(ledger: Ledger, c: cmd.FinishVisit) -> None:
    row = views.visit_by_id(ledger.conn, c.visit)
    if row is None or row.outcome is not None:
        raise Refusal("visit_state", "这次办理已经结束。")
    ledger.append(c.visit, ev.VisitDone(c.outcome), actor=c.staff)
    _give_back(ledger, c.visit, c.staff)


def settle(ledger: Ledger) -> int:
    """At the node, after taking records in: queue transferred tickets, close those served by slip.

    Returns how many tickets changed. Safe to repeat.
    """
    me, changed = ledger.identity.node_id, 0
    for row in views.held_here(ledger.conn, me):
        if row.state is TicketState.TRANSFERRED:
            ledger.append(row.id, ev.TicketRequeued(), actor="hall")
            changed += 1
    return changed + settle_slips(ledger)


def settle_slips(ledger: Ledger) -> int:
    """Close the tickets of this machine that were served by slip: at the node, and at a window whose call came
    after it had served the slip without the node's answer. Returns how many. Safe to repeat.
    """
    me, changed = ledger.identity, 0
    served = {v.ticket: v for v in reversed(views.visits_to_settle(ledger.conn, me.node_id))}
    actor = "hall" if me.role == "hall" else me.node_id
    for visit in served.values():  # two windows that hear nothing may both serve one slip: it ends once
        row = dossier_row(ledger.conn, visit.ticket)
        if row is None or row.offered_to is not None:
            continue  # on its way to the node, which settles it
        ledger.append(visit.ticket, ev.TicketServedBySlip(visit.id, visit.window), actor=actor)
        _give_back(ledger, visit.ticket, actor)
        changed += 1
    return changed


def request_ticket(ledger: Ledger, c: cmd.RequestTicket) -> None:
    """A request that is asked again while it is open is recorded once."""
    home = machine_dossier(ledger, actor=c.actor)
    if not views.request_is_open(ledger.conn, home, c.request):
        made = ev.TicketRequested(c.request, c.queue, c.matter, c.item_id, c.priority)
        ledger.append(home, made, actor=c.actor)


def end_ticket_request(ledger: Ledger, c: cmd.EndTicketRequest) -> None:
    home = machine_dossier(ledger, actor=c.actor)
    if views.request_is_open(ledger.conn, home, c.request):
        ledger.append(home, ev.TicketRequestEnded(c.request, c.how), actor=c.actor)


def begin_slip(ledger: Ledger, c: cmd.BeginSlip) -> None:
    """Also ends the request of the ticket where the person sees the number: one commit before the printer runs."""
    home = machine_dossier(ledger, actor=c.actor)
    ledger.append(home, ev.SlipBegun(c.ticket, c.number, c.reprint), actor=c.actor)
    request = c.ticket.removesuffix(model.OWN)
    if c.seen and views.request_is_open(ledger.conn, home, request):
        ledger.append(home, ev.TicketRequestEnded(request, "shown"), actor=c.actor)


def record_slip(ledger: Ledger, c: cmd.RecordSlip) -> None:
    home = machine_dossier(ledger, actor=c.actor)
    ledger.append(home, ev.SlipPrinted(c.ticket, c.number, c.result, c.reprint), actor=c.actor)


def open_window(ledger: Ledger, c: cmd.OpenWindow) -> None:
    home = machine_dossier(ledger, actor=c.staff)
    opened = ev.WindowOpened(c.window, c.window_name, c.staff, c.staff_name, c.queues, c.prior_queues)
    ledger.append(home, opened, actor=c.staff)


def pause_window(ledger: Ledger, c: cmd.PauseWindow) -> None:
    if not c.reason.strip():
        raise Refusal("reason_missing", "暂停服务请选择原因。")
    home = machine_dossier(ledger, actor=c.staff)
    ledger.append(home, ev.WindowPaused(c.window, c.reason), actor=c.staff)


def resume_window(ledger: Ledger, c: cmd.ResumeWindow) -> None:
    ledger.append(machine_dossier(ledger, actor=c.staff), ev.WindowResumed(c.window), actor=c.staff)


def close_window(ledger: Ledger, c: cmd.CloseWindow) -> None:
    ledger.append(machine_dossier(ledger, actor=c.staff), ev.WindowClosed(c.window), actor=c.staff)


def _ticket(ledger: Ledger, ticket: str) -> TicketRow:
    ledger.owned(ticket)
    row = views.ticket_by_id(ledger.conn, ticket)
    if row is None:
        raise Refusal("unknown_ticket", "没有这个号。")
    return row


def _of_today(ledger: Ledger, row: TicketRow) -> None:
    """A number is good for its own day (R26), by the day that the node opened."""
    today = views.business_day(ledger.conn)
    if today is not None and row.business_day < today:
        raise Refusal("other_day", f"{row.number} 号不是今天的号，请重新取号。")


def _call(
    ledger: Ledger, row: TicketRow | NextInLine, window: int, name: str, staff: str, epoch: int
) -> None:
    ledger.append(row.id, ev.TicketCalled(window, name, staff, row.calls + 1, epoch), actor=staff)


def _give_back(ledger: Ledger, dossier: str, actor: str) -> None:
    """A window holds a ticket only while it works on it; the node takes it as soon as it hears."""
    if ledger.identity.role == "terminal":
        ledger.append(dossier, DossierOffered("hall"), actor=actor)
