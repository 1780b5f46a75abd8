"""/ and /board, and /healthz."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from hall.calendar.opening import china_time
from hall.catalogue.hall_profile import HallProfile
from hall.journal.store import Store
from hall.queueing.voiding import notice_zh, voided
from server_app.board.figures import board
from server_app.board.machine import MachineWatch
from server_app.citizen.alerts import Alert, AlertBook
from server_app.web import Web, read_form, same_text
from sync.child import Child
from sync.closed_note import closed_words


@dataclass(frozen=True, slots=True)
class LinkMark:
    """How the line to the centre stands, in words."""

    up: bool
    text: str
    closed: str = ""
    """Why this node works no more, in the words of whoever closed it."""


def link_mark(child: Child | None, folder: Path, node: str) -> LinkMark | None:
    if child is None:
        return None
    if closed := child.core.link.closed or closed_words(folder, node):
        return LinkMark(False, "本机已停用", closed)
    state = child.link_state()
    waiting = f"，{state.waiting_facts}条待传" if state.waiting_facts else ""
    if state.up:
        return LinkMark(True, f"县中心已连接{waiting}")
    return LinkMark(False, f"县中心暂时连不上，大厅照常办理{waiting}")


@dataclass(frozen=True, slots=True)
class BoardRoom:
    web: Web
    store: Store
    profile: HallProfile | None
    """None at the centre, which has no queue of its own."""
    today: Callable[[], date]
    link: Callable[[], LinkMark | None]
    queue_picture: Callable[[], dict[str, Any]] | None
    alerts: AlertBook
    machine: MachineWatch

    def page(self, request: Request) -> Response:
        who = self.web.who(request)
        if self.profile is None:
            return RedirectResponse("/desk", 303)
        now = self.store.now()
        with self.store.read() as conn:
            figures = board(conn, self.profile, self.today(), int(now.timestamp() * 1000))
            void = notice_zh(voided(conn, self.today()))
        # a board that nobody has signed in at is no promise that staff have seen the call
        calls = () if who is None else tuple(map(_call, self.alerts.look()))
        troubles = () if who is None else self.machine.look()
        at = china_time(now)
        return self.web.page(
            "board.html", who=who, board=figures, at=f"{at:%H:%M}", link=self.link(), calls=calls,
            troubles=troubles, voided=void,
        )  # fmt: skip

    def gone(self, request: Request, fields: dict[str, str]) -> Response:
        """Somebody has gone to a kiosk that called."""
        who = self.web.who(request)
        if who is None:
            return RedirectResponse("/login?next=/board", 303)
        if not same_text(fields.get("csrf", ""), who.csrf):
            return self.web.trouble(403, "页面已过期，请返回后重新打开。", who)
        self.alerts.gone_to(fields.get("call", ""))
        return RedirectResponse("/board", 303)

    def health(self) -> Response:
        me = self.store.identity
        with self.store.read():
            return JSONResponse({"ok": True, "role": me.role, "settled": me.settled})


@dataclass(frozen=True, slots=True)
class CallForStaff:
    id: str
    text: str
    at: str


_CALL_ZH = {
    "help": "群众请求帮助",
    "no_paper": "号票机缺纸",
    "print_unconfirmed": "号票可能没有打出",
    "printer_fault": "号票机故障",
}


def _call(alert: Alert) -> CallForStaff:
    words = [_CALL_ZH.get(alert.kind, "自助机呼叫"), f"{alert.number} 号" if alert.number else ""]
    at = china_time(datetime.fromtimestamp(alert.at_ms / 1000, UTC))
    return CallForStaff(alert.id, "　".join(w for w in words if w), f"{at:%H:%M}")


def add_board_routes(app: FastAPI, room: BoardRoom) -> None:
    @app.get("/", include_in_schema=False)
    @app.get("/board", include_in_schema=False)
    async def page(request: Request) -> Response:
        return await run_in_threadpool(room.page, request)

    @app.post("/board/gone", include_in_schema=False)
    async def gone(request: Request) -> Response:
        fields = await read_form(request)
        return await run_in_threadpool(room.gone, request, fields)

    @app.get("/healthz", include_in_schema=False)
    async def health() -> Response:
        return await run_in_threadpool(room.health)

    @app.get("/static/app.css", include_in_schema=False)
    async def style() -> Response:
        return room.web.style()

    @app.get("/static/fonts/{name}", include_in_schema=False)
    async def font(name: str) -> Response:
        path = room.web.font(name)
        if path is None:
            return Response(status_code=404)
        keep = {"cache-control": "public, max-age=31536000, immutable"}
        return FileResponse(path, media_type="font/ttf", headers=keep)

    picture = room.queue_picture
    if picture is not None:

        @app.get("/v1/queue/state", include_in_schema=False)
        async def state() -> Response:
            return JSONResponse(await run_in_threadpool(picture), headers={"cache-control": "no-store"})
