"""/machines: the hall's machines and what their managers order; /machines/late: what came too late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from hall.journal.closing import Order
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.journal.typed_text import visible
from hall.queueing.views import business_day
from hall.queueing.voiding import notice_zh, voided
from server_app.accounts.officer import Officer
from server_app.accounts.signing_in import SignedIn
from server_app.machines.acts import Machines
from server_app.machines.late import judged, late_dossiers
from server_app.machines.listing import MachineRow, Naming, held_rows, machine_rows
from server_app.machines.parked import ParkedBook
from server_app.signed_in_pages import SignedInPages
from server_app.web import Web
from sync.parent import Parent

NOT_YOURS = "只有大厅管理人员可以处理机器和迟到记录。"
_EMPTY: dict[str, str] = {}
_TOLD = {
    "closed": "已停用。它手里的办件已收回到这里，号已作废；窗口可以接着办，没送到的由窗口补录。",
    "seized": "已收回，窗口现在可以接着办。",
    "confirmed": "已确认沿用，它取回以前的内容后自动恢复正常。",
    "adopted": "已采纳，现在生效。",
    "looked_at": "已记下核对人和处理结果，以后只提示新的。",
    "rejected": "已记下不采纳的理由；原来的内容仍保管着。",
}


@dataclass(frozen=True, slots=True)
class MachineRoom:
    web: Web
    store: Store
    parent: Parent
    machines: Machines
    naming: Naming
    staff_names: Mapping[str, str]
    parked: ParkedBook
    now_s: Callable[[], float]

    def rows(self) -> tuple[MachineRow, ...]:
        with self.store.read() as conn:
            return machine_rows(
                conn, self.machines.children, self.naming, self.parent.heard_at, self.parent.greeter.cloned(),
                self.now_s(),
            )  # fmt: skip

    def list_page(self, who: SignedIn) -> Response:
        rows = self.rows()
        return self.web.page("machines.html", who=who, rows=rows, waiting=sum(row.tail for row in rows))

    def machine(
        self, who: SignedIn, node: str, *, problem: str = "", told: str = "", act: str = "",
        typed: Mapping[str, str] = _EMPTY,
    ) -> Response:  # fmt: skip
        """`act`, `typed`: what was refused, and shall not be typed anew."""
        row = next((r for r in self.rows() if r.node == node), None)
        if row is None:
            raise Refusal("unknown_machine", "没有这台机器。")
        with self.store.read() as conn:
            held, day = held_rows(conn, node), business_day(conn)
            void = "" if day is None else notice_zh(voided(conn, day))
        return self.web.page(
            "machine.html", who=who, status=409 if problem else 200, row=row, held=held, voided=void, told=told,
            problem=problem, act_open=act, typed=typed, inc=self.parent.greeter.spoke_last(node),
            base=f"/machines/{quote(node, safe='')}",
        )  # fmt: skip

    def late(self, who: SignedIn, *, problem: str = "", told: str = "") -> Response:
        with self.store.read() as conn:
            found = late_dossiers(conn, self.store.identity.node_id, self.naming, self.staff_names)
            done, parked = judged(conn), self.parked.rows(conn)
        return self.web.page(
            "late.html",
            who=who,
            status=409 if problem else 200,
            found=found,
            judged=done,
            parked=parked,
            problem=problem,
            told=told,
        )

    def act(self, who: SignedIn, node: str, name: str, fields: dict[str, str]) -> Response:
        order = order_of(who, fields)
        try:
            match name:
                case "close":
                    if fields.get("sure", "") != "yes":
                        raise Refusal("not_sure", "停用以后不能再启用，请勾选确认。")
                    with self.store.read() as conn:
                        called = self.naming.name(conn, node)
                    self.machines.close(node, called, order)
                    told = "closed"
                case "seize":
                    self.machines.seize(fields.get("dossier", ""), order)
                    told = "seized"
                case "confirm":
                    self.machines.confirm(node, fields.get("inc", ""), order)
                    told = "confirmed"
                case _:
                    raise Refusal("unknown_act", "没有这个操作。")
        except Refusal as exc:
            return self.machine(who, node, problem=exc.text, act=name, typed=fields)
        return RedirectResponse(f"/machines/{quote(node, safe='')}?done={told}", 303)

    def judge(self, who: SignedIn, name: str, fields: dict[str, str]) -> Response:
        order, dossier, machine = order_of(who, fields), fields.get("dossier", ""), fields.get("machine", "")
        try:
            match name:
                case "adopt" if fields.get("record"):
                    self.machines.adopt_late(fields["record"], order)
                case "reject" if fields.get("record"):
                    self.machines.reject_late(fields["record"], order)
                case "adopt":
                    self.machines.adopt_tail(machine, dossier, order)
                case "reject":
                    self.machines.reject_tail(machine, dossier, order)
                case "seize":
                    self.machines.seize(dossier, order)
                case "looked_at":
                    self.parked.looked_at(order)
                case _:
                    raise Refusal("unknown_act", "没有这个操作。")
        except Refusal as exc:
            return self.late(who, problem=exc.text)
        told = {"adopt": "adopted", "reject": "rejected", "seize": "seized"}.get(name, "looked_at")
        return RedirectResponse(f"/machines/late?done={told}", 303)


def order_of(who: SignedIn, fields: dict[str, str]) -> Order:
    """In the name of who is signed in; the reason as typed."""
    reason = visible(fields.get("reason", "")).strip()[:200]
    return Order(who.officer.id, who.officer.name, reason)


def add_machine_routes(app: FastAPI, room: MachineRoom) -> None:
    def status_of(refusal: Refusal) -> int:
        return 404 if refusal.code == "unknown_machine" else 409

    def not_theirs(officer: Officer) -> str:
        return "" if officer.runs_machines else NOT_YOURS

    pages = SignedInPages(room.web, home="/machines", status_of=status_of, not_theirs=not_theirs)

    @app.get("/machines", include_in_schema=False)
    async def listed(request: Request) -> Response:
        return await pages.show(request, room.list_page)

    @app.get("/machines/late", include_in_schema=False)
    async def late(request: Request, done: str = "") -> Response:
        return await pages.show(request, lambda who: room.late(who, told=_TOLD.get(done, "")))

    @app.post("/machines/late/{name}", include_in_schema=False)
    async def judge(request: Request, name: str) -> Response:
        return await pages.take(request, lambda who, fields: room.judge(who, name, fields))

    @app.get("/machines/{node}", include_in_schema=False)
    async def machine(request: Request, node: str, done: str = "") -> Response:
        return await pages.show(request, lambda who: room.machine(who, node, told=_TOLD.get(done, "")))

    @app.post("/machines/{node}/act/{name}", include_in_schema=False)
    async def act(request: Request, node: str, name: str) -> Response:
        return await pages.take(request, lambda who, fields: room.act(who, node, name, fields))
