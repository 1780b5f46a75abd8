"""POST /v1/papers/number: a window draws the next document number of this node's own series."""

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hall.intake import commands as cmd
from hall.intake.number_events import NumberDrawn
from hall.intake.packages import draw_number
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.papers.numbering import NumberingRefused
from server_app.queue.bodies import read_body
from sync import feed
from sync.access import ChildAccess
from sync.parent import LiveHandler
from sync.wire import Name

Word = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\d〔〕\s]+$")]


class NumberBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    command_id: Name
    organ: Word
    kind: Word
    year: Annotated[int, Field(ge=2000, le=2999)]
    for_case: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    actor: Name


class NumberRoom:
    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> dict[str, LiveHandler]:
        return {"/v1/papers/number": self.draw}

    async def draw(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> text, n. The same command id gives the same number again."""
        if feed.HALL not in child.scopes:
            raise Refusal("not_a_window", "这台设备不能编排文号。")
        asked = read_body(NumberBody, body)
        command = cmd.DrawNumber(
            asked.command_id, asked.organ, asked.kind, asked.year, asked.for_case, asked.actor
        )
        try:
            outcome = await asyncio.wrap_future(self._store.submit_command(command, draw_number))
        except NumberingRefused as exc:
            raise Refusal("number", f"{exc}。") from exc
        drawn = next((r.event for r in outcome.records if isinstance(r.event, NumberDrawn)), None)
        if drawn is None:
            raise Refusal("command_reused", "请求编号已被使用，请重试。")
        return {"text": drawn.text, "n": drawn.n}
