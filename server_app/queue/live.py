"""POST /v1/queue/...: signed requests of kiosks and windows. Idempotent by their command id."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from hall.catalogue.queues import series_of
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.store import Command, Outcome, Store
from hall.people.permissions import Action, allowed
from hall.queueing import commands as cmd
from hall.queueing import events as ev
from hall.queueing import handlers, model
from hall.queueing import views as queue
from hall.queueing.tables import ticket
from hall.reference import Reference
from server_app.queue.bodies import (
    CancelBody,
    IssueBody,
    NextBody,
    ReactivateBody,
    ThisBody,
    TopBody,
    read_body,
)
from server_app.queue.business_day import BusinessDay
from server_app.queue.state import queue_state
from sync import feed
from sync.access import ChildAccess
from sync.parent import LiveHandler, Parent


class QueueRoom:
    """The hall's queue. `parent` is given when it exists: it signs the dossiers that a call hands over."""

    def __init__(
        self,
        store: Store,
        day: BusinessDay,
        reference: Reference,
        room: Callable[[], None] = lambda: None,
    ) -> None:
        """`room` raises Refusal where the disk has none for new numbers."""
        self._room = room
        self._store = store
        self._day = day
        self._reference = reference
        self.parent: Parent | None = None

    def routes(self) -> dict[str, LiveHandler]:
        return {
            "/v1/queue/issue": self.issue,
            "/v1/queue/next": self.next,
            "/v1/queue/this": self.this,
            "/v1/queue/reactivate": self.reactivate,
            "/v1/queue/cancel": self.cancel,
            "/v1/queue/top": self.top,
            "/v1/queue/state": self.state,
        }

    async def issue(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> ticket, number, queue_name, people ahead, minutes (null: nothing to go by)."""
        asked = read_body(IssueBody, body)
        named = series_of(self._reference.profile).get(asked.queue)
        if named is None:
            raise Refusal("unknown_queue", "没有这个队列，请重新选择。")
        day = await self._today()
        command = cmd.IssueTicket(
            command_id=asked.command_id, ticket=asked.ticket, series=asked.queue, business_day=day,
            queue=asked.queue, queue_name=named[2].name, matter=asked.matter, item_id=asked.item_id,
            priority=model.Priority(asked.priority), source=model.Source(asked.source),
            device=child.node_id, actor=asked.actor or child.node_id, turn=self._day.turn,
        )  # fmt: skip
        outcome = await self._run(command, self._issue)
        issued = next((r for r in outcome.records if isinstance(r.event, ev.TicketIssued)), None)
        if issued is None:
            raise Refusal("command_reused", "请求编号已被使用，请重新取号。")
        return await asyncio.to_thread(self._issued, issued.env.dossier)

    def _issue(self, ledger: Ledger, command: cmd.IssueTicket) -> None:
        """Only for a new number: one that was issued already is told again, whatever the disk has left."""
        self._room()
        handlers.issue_ticket(ledger, command)

    def _issued(self, ticket: str) -> dict[str, Any]:
        with self._store.read() as conn:
            row = queue.ticket_by_id(conn, ticket)
            ahead = queue.ahead(conn, ticket)
        if row is None:
            raise Refusal("unknown_ticket", "没有这个号。")
        return {
            "ticket": row.id,
            "number": row.number,
            "queue": row.queue,
            "queue_name": row.queue_name,
            "business_day": row.business_day.isoformat(),
            "issued_ms": row.issued_ms,
            "state": row.state.value,
            "ahead": ahead.people,
            "minutes": ahead.minutes,
        }

    async def next(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> a claim's answer: the called ticket's dossier, moved to the window's machine."""
        _windows_only(child)
        asked = read_body(NextBody, body)
        day = await self._today()
        command = cmd.CallNext(
            command_id=asked.command_id, window=asked.window, window_name=asked.window_name,
            staff=asked.staff, terminal=child.node_id, queues=tuple(asked.queues),
            prior_queues=tuple(asked.prior_queues), epoch=self._day.epoch, business_day=day,
        )  # fmt: skip
        return await self._called(child, command, handlers.call_next)

    async def this(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> as `next`, for one named ticket."""
        _windows_only(child)
        asked = read_body(ThisBody, body)
        await self._today()
        command = cmd.CallThis(
            command_id=asked.command_id, ticket=asked.ticket, window=asked.window,
            window_name=asked.window_name, staff=asked.staff, terminal=child.node_id, epoch=self._day.epoch,
        )  # fmt: skip
        return await self._called(child, command, handlers.call_this)

    async def _called(
        self, child: ChildAccess, command: cmd.CallNext | cmd.CallThis, handler: Callable[..., object]
    ) -> dict[str, Any]:
        outcome = await self._run(command, handler)
        called = next((r for r in outcome.records if isinstance(r.event, ev.TicketCalled)), None)
        if called is None or self.parent is None:
            raise Refusal("command_reused", "请求编号已被使用，请重新呼叫。")
        parcel = await self.parent.parcel(child, command.command_id, called.env.dossier, 0)
        return parcel.model_dump(mode="json")

    async def reactivate(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        _windows_only(child)
        asked = read_body(ReactivateBody, body)
        command = cmd.ReactivateTicket(asked.command_id, asked.ticket, asked.staff)
        await self._run(command, handlers.reactivate)
        return await asyncio.to_thread(self._issued, asked.ticket)

    async def cancel(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """A window in a clerk's name; any other machine only what it asked for itself, in its own name."""
        asked = read_body(CancelBody, body)
        actor = asked.actor
        if not _is_window(child):
            if await asyncio.to_thread(self._device, asked.ticket) != child.node_id:
                raise Refusal("not_your_ticket", "这台设备只能取消在本机取的号。")
            actor = child.node_id
        command = cmd.CancelTicket(asked.command_id, asked.ticket, actor, asked.reason)
        await self._run(command, handlers.cancel)
        return await asyncio.to_thread(self._issued, asked.ticket)

    def _device(self, ticket_id: str) -> str | None:
        """The machine that asked for the ticket."""
        with self._store.read() as conn:
            return conn.scalar(select(ticket.c.device).where(ticket.c.dossier == ticket_id))

    async def top(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """Only a zone or hall manager of the roster, with a reason (domain.md 8)."""
        _windows_only(child)
        asked = read_body(TopBody, body)
        person = next((s for s in self._reference.people.staff if s.id == asked.manager), None)
        may = person is not None and person.active
        if person is None or not may or not any(allowed(r, Action.REORDER_QUEUE) for r in person.roles):
            raise Refusal("not_manager", "只有专区主管或大厅管理人员可以人工提前。")
        command = cmd.PutOnTop(asked.command_id, asked.ticket, asked.manager, asked.reason)
        await self._run(command, handlers.put_on_top)
        return await asyncio.to_thread(self._issued, asked.ticket)

    async def state(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        return await asyncio.to_thread(self.picture)

    def picture(self) -> dict[str, Any]:
        """Waiting per queue and windows, for kiosks and displays. No names."""
        day = self._day.today()
        with self._store.read() as conn:
            return queue_state(conn, self._reference.profile, day)

    async def _today(self) -> date:
        # a hop to a thread and back costs as much as the call itself
        known = self._day.known()
        return await asyncio.to_thread(self._day.today) if known is None else known

    async def _run(self, command: Command, handler: Callable[[Ledger, Any], object]) -> Outcome:
        return await asyncio.wrap_future(self._store.submit_command(command, handler))


def _is_window(child: ChildAccess) -> bool:
    return feed.HALL in child.scopes


def _windows_only(child: ChildAccess) -> None:
    if not _is_window(child):
        raise Refusal("not_a_window", "这台设备不能叫号。")
