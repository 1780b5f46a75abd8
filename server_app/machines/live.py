"""POST /v1/machines/seize: at a window a manager has a case taken back from a machine that is away."""

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from hall.intake import views as intake
from hall.journal.closing import Order
from hall.journal.refusal import Refusal
from hall.people.permissions import Action, allowed
from hall.reference import Reference
from server_app.machines.acts import Machines
from server_app.queue.bodies import read_body
from sync import feed
from sync.access import ChildAccess
from sync.parent import LiveHandler
from sync.wire import Name

PATH = "/v1/machines/seize"


class SeizeBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    command_id: Name
    case_no: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    by: Name
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SeizeRoom:
    """At the node; the window has checked the PIN."""

    def __init__(self, machines: Machines, reference: Reference) -> None:
        self._machines = machines
        self._reference = reference

    def routes(self) -> dict[str, LiveHandler]:
        return {PATH: self.seize}

    async def seize(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """A case that is here already stays here: the same order again has no second effect."""
        asked = read_body(SeizeBody, body)
        if feed.HALL not in child.scopes or child.role != "terminal":
            raise Refusal("not_a_window", "只能在窗口工作台上收回办件。")
        person = next((s for s in self._reference.people.staff if s.id == asked.by), None)
        if person is None or not person.active or not any(allowed(r, Action.SEIZE) for r in person.roles):
            raise Refusal("not_manager", "只有大厅管理人员可以收回办件。")
        order = Order(person.id, person.name, asked.reason.strip(), at=child.node_id)
        await asyncio.to_thread(self._take_back, asked.case_no, order)
        return {}

    def _take_back(self, case_no: str, order: Order) -> None:
        store = self._machines.store
        with store.read() as conn:
            row = intake.case_by_no(conn, case_no)
        if row is None:
            raise Refusal(
                "unknown_case",
                "大厅节点还没有这个办件：它在那台电脑里没有送出来，只能等电脑修好，或停用后补录。",
            )
        if row.owner != store.identity.node_id:
            self._machines.seize(row.id, order)
