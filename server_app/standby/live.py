"""POST /v1/standby/take-over: a hall manager at a window has the standby take the node's place."""

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hall.journal.refusal import Refusal
from hall.people.permissions import Action, allowed
from hall.queueing.pair_views import CalledTicket
from hall.reference import Reference
from server_app.queue.bodies import read_body
from server_app.standby.station import Station
from server_app.standby.taking_over import Order
from sync import feed
from sync.access import ChildAccess
from sync.home import CALLED, MOST_CALLED, TAKE_OVER
from sync.parent import LiveHandler
from sync.wire import Name


class OrderBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    command_id: Name
    by: Name
    """Id of the person in the roster."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Called(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    ticket: Name
    n: Annotated[int, Field(ge=1, lt=2**31)]
    window: Annotated[int, Field(ge=1, le=999)]
    window_name: Annotated[str, StringConstraints(max_length=200)]
    staff: Annotated[str, StringConstraints(max_length=200)]
    calls: Annotated[int, Field(ge=0, le=1000)]
    epoch: Annotated[int, Field(ge=0, lt=2**31)]


class CalledBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    command_id: Name
    tickets: Annotated[list[_Called], Field(max_length=MOST_CALLED)]


class StandbyRoom:
    """At both nodes of a pair."""

    def __init__(self, station: Station, reference: Reference) -> None:
        self._station = station
        self._reference = reference

    def routes(self) -> dict[str, LiveHandler]:
        return {TAKE_OVER: self.take_over, CALLED: self.called}

    async def take_over(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """Returns at once; /v1/mode tells how far it is. The same order again has no second effect."""
        asked = read_body(OrderBody, body)
        if feed.HALL not in child.scopes or child.role != "terminal":
            raise Refusal("not_a_window", "只能在窗口工作台上启用备用节点。")
        person = next((s for s in self._reference.people.staff if s.id == asked.by), None)
        if person is None or not person.active or not any(allowed(r, Action.SEIZE) for r in person.roles):
            raise Refusal("not_manager", "只有大厅管理人员可以启用备用节点。")
        await asyncio.to_thread(self._station.order, Order(asked.by, asked.reason.strip(), at=child.node_id))
        return {}

    async def called(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """While taking over: a terminal tells whom it has seen called. A display may hear it before the window does."""
        if child.kind == "kiosk":
            # it calls nobody, and stands where anybody can reach it
            raise Refusal("not_a_display", "自助机不报告叫号情况。")
        asked = read_body(CalledBody, body)
        self._station.seen([CalledTicket(**one.model_dump()) for one in asked.tickets])
        return {}
