"""POST /v1/hall/fetch at a node: a citizen of another hall stands here with a receipt; /v1/cases/find at the centre.

The number on the paper is the claim, as with a slip: what rests at the centre and waits for the citizen may be taken
by the hall to which the citizen comes (design 11.5).
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from hall.delivery import views as delivery
from hall.intake import views as intake
from hall.journal.kernel import dossier_row
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from server_app.queue.bodies import read_body
from sync import feed
from sync.access import ChildAccess
from sync.child import Child, ParentAway
from sync.parent import LiveHandler
from sync.wire import Name

FIND = "/v1/cases/find"
CaseNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,40}$")]


class FindBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    case_no: CaseNo


class FetchBody(FindBody):
    actor: Name


class FindRoom:
    """At the centre."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> dict[str, LiveHandler]:
        return {FIND: self.find}

    async def find(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> case, results: dossiers that rest here. Says nothing of whose they are."""
        if child.role != "hall":
            raise Refusal("not_a_hall", "这台设备不能取别的大厅的办件。")
        return await asyncio.to_thread(self._find, read_body(FindBody, body).case_no)

    def _find(self, case_no: str) -> dict[str, Any]:
        me = self._store.identity.node_id
        with self._store.read() as conn:
            case = intake.case_by_no(conn, case_no)
            if case is None:
                raise Refusal("unknown_case", "县中心也没有这个办件编号，请核对凭证。")
            if case.owner != me:
                raise Refusal(
                    "at_its_hall", "这个办件在原大厅，还没有交到县中心，请在原大厅开机后再取，或登记来件。"
                )
            results = [
                d.id
                for d in delivery.deliveries_of_case(conn, case.id)
                if (row := dossier_row(conn, d.id)) is not None and row.owner == me
            ]
        return {"case": case.id, "results": results}


class FetchRoom:
    """At a node; `line`: to the centre."""

    def __init__(self, line: Callable[[], Child | None]) -> None:
        self._line = line

    def routes(self) -> dict[str, LiveHandler]:
        return {"/v1/hall/fetch": self.fetch}

    async def fetch(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> case, which lies at this node then. Safe to repeat."""
        if feed.HALL not in child.scopes:
            raise Refusal("not_a_window", "这台设备不能取办件。")
        asked = read_body(FetchBody, body)
        return await asyncio.to_thread(self._fetch, asked.case_no, asked.actor)

    def _fetch(self, case_no: str, actor: str) -> dict[str, Any]:
        line = self._line()
        if line is None:
            raise Refusal("unknown_case", "没有这个办件。")
        try:
            found = line.call(FIND, {"case_no": case_no})
            case = str(found["case"])
            line.claim(case, actor)
            for result in found["results"]:
                line.claim(str(result), actor)
        except ParentAway as exc:
            text = "本大厅没有这个办件，县中心又联系不上，暂时不能从别的大厅取。可以先登记来件，给群众凭证。"
            raise Refusal("centre_away", text) from exc
        return {"case": case}
