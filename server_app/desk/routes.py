"""The department desk's pages. Every route asks who it is, whether they may, and for the form's token."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from hall.intake import views as intake
from hall.intake.views import CaseRow
from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.journal.typed_text import visible
from hall.people.permissions import Action
from server_app.accounts import manage
from server_app.accounts.officer import Officer
from server_app.accounts.reading_log import note_reading
from server_app.accounts.signing_in import SignedIn
from server_app.desk import images
from server_app.desk.acts import ACTS, ASKED, Desk, perform
from server_app.desk.case_view import case_page
from server_app.desk.listing import Tab, desk_list
from server_app.desk.office_papers import OfficePapers
from server_app.signed_in_pages import SignedInPages
from server_app.web import Web

ORDER_LIFE_S = 1800
OWN_WORK = "本部门办理"
_EMPTY: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """What the pages need. `staff_names`: window staff of the halls served here, by id."""

    web: Web
    store: Store
    blobs: BlobStore
    desk: Desk
    papers: OfficePapers
    staff_names: dict[str, str]
    passes: URLSafeTimedSerializer
    """Signs the pass that an order gives to a supervisor for one case."""

    # -- pages ----------------------------------------------------------------------------------------

    def list_page(self, who: SignedIn, tab_name: str) -> Response:
        tab = next((t for t in Tab if t.value == tab_name), Tab.TO_TAKE)
        me = self.store.identity.node_id
        with self.store.read() as conn:
            found = desk_list(conn, who.officer, self.desk.halls, tab, me, self.desk.today())
        return self.web.page("desk.html", who=who, tabs=tuple(Tab), found=found)

    def case(
        self, who: SignedIn, case: str, *, problem: str = "", typed: dict[str, str] = _EMPTY,
        told: str = "", why: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        """`why` not empty: all data in clear; the caller has logged it."""
        me, role = self.store.identity.node_id, self.store.identity.role
        with self.store.read() as conn:
            row = self._row(who.officer, conn_case=intake.case_by_id(conn, case))
            names = {**self.staff_names, **manage.names(conn)}
            page = case_page(
                conn, row, who.officer, self.desk.halls, me=me, role=role, today=self.desk.today(),
                names=names, has_blob=self.blobs.has, full=bool(why),
            )  # fmt: skip
        ticket = self.passes.dumps([who.officer.id, case, why]) if why and page.needs_order else ""
        return self.web.page(
            "case.html", who=who, status=status, case=page, problem=problem, typed=typed, told=told,
            form_id=typed.get("form_id") or new_id(), new_id=new_id, ticket=ticket,
        )  # fmt: skip

    def reveal(self, who: SignedIn, case: str, fields: dict[str, str]) -> Response:
        """查看完整信息: written down before it is shown."""
        with self.store.read() as conn:
            row = self._row(who.officer, conn_case=intake.case_by_id(conn, case))
        needs = who.officer.needs(Action.READ_FULL_ID, row.desk)
        if needs is None:
            raise Refusal("not_allowed", "您的岗位不能查看完整信息。")
        why = visible(fields.get("why", "")).strip()[:200]
        if len(why) < 2:
            text = "请写明督办单号或批示，再查看完整信息。" if needs else "请写明查看的原因。"
            return self.case(who, case, problem=text, typed=fields, status=409)
        note_reading(self.store, case=case, what="person", why=why, officer=who.officer.id)
        return self.case(who, case, why=why)

    def scan(self, who: SignedIn, case: str, page: str, ticket: str, *, thumb: bool) -> Response:
        officer = who.officer
        with self.store.read() as conn:
            row = self._row(officer, conn_case=intake.case_by_id(conn, case))
            why = self._may_see_scan(officer, row, ticket)
            found = images.page_of(conn, row, page)
            plain = images.picture(conn, self.blobs, row, found)
        if not thumb:
            note_reading(self.store, case=case, what=f"scan:{page}"[:200], why=why, officer=officer.id)
        shown = images.as_picture(plain, thumb=thumb)
        keep = "private, max-age=600" if thumb else "no-store"
        return Response(shown.content, media_type=shown.content_type, headers={"cache-control": keep})

    def paper(self, who: SignedIn, case: str, paper: str, ticket: str) -> Response:
        """A paper as it was issued, with the person's full data: written down before it is shown."""
        officer = who.officer
        with self.store.read() as conn:
            row = self._row(officer, conn_case=intake.case_by_id(conn, case))
            why = self._may_see_scan(officer, row, ticket)
            pdf = self.papers.pdf(conn, row, paper)
        note_reading(self.store, case=case, what=f"paper:{paper}"[:200], why=why, officer=officer.id)
        return Response(pdf, media_type="application/pdf", headers={"cache-control": "no-store"})

    def scan_page(self, who: SignedIn, case: str, page: str, ticket: str) -> Response:
        """One page as large as the window."""
        with self.store.read() as conn:
            row = self._row(who.officer, conn_case=intake.case_by_id(conn, case))
            self._may_see_scan(who.officer, row, ticket)
            found = images.page_of(conn, row, page)
            siblings = [p.page for m in intake.materials(conn, row.id) for p in m.pages]
            here = siblings.index(page) if page in siblings else None
        return self.web.page(
            "scan.html", who=who, case=case, case_no=row.case_no, page=page, ticket=ticket,
            arrived=self.blobs.has(found.image),
            before=siblings[here - 1] if here else None,
            after=siblings[here + 1] if here is not None and here + 1 < len(siblings) else None,
            at=None if here is None else f"{here + 1} / {len(siblings)}",
        )  # fmt: skip

    def act(self, who: SignedIn, case: str, name: str, fields: dict[str, str]) -> Response:
        try:
            told = perform(self.desk, who.officer, case, name, fields)
        except Refusal as exc:
            if exc.code == "unknown_case":
                raise
            return self.case(who, case, problem=exc.text, typed={**fields, "act": name}, status=409)
        done = "asked" if told == ASKED else name
        return RedirectResponse(f"/desk/case/{quote(case, safe='')}?done={done}", 303)

    def _row(self, officer: Officer, *, conn_case: CaseRow | None) -> CaseRow:
        """The same words for what does not exist and what is not theirs."""
        if conn_case is None or not officer.may_see(conn_case.desk):
            raise Refusal("unknown_case", "没有这个办件，或不属于您的部门。")
        return conn_case

    def _may_see_scan(self, officer: Officer, row: CaseRow, ticket: str) -> str:
        """Why they may: own work, or an order whose pass they hold. Raises Refusal."""
        needs = officer.needs(Action.READ_FULL_ID, row.desk)
        if needs is not None and not needs:
            return OWN_WORK
        try:
            whom, case, why = self.passes.loads(ticket, max_age=ORDER_LIFE_S)
        except (BadSignature, ValueError, TypeError):
            whom, case, why = "", "", ""
        if needs is None or (whom, case) != (officer.id, row.id):
            raise Refusal("not_allowed", "查看扫描件和文书须先写明依据。")
        return str(why)


def told_by(done: str) -> str:
    """What to say after a redirect; only words of ours."""
    if done == "asked":
        return ASKED
    act = ACTS.get(done)
    return "" if act is None else act.done


def add_desk_routes(app: FastAPI, room: DeskRoom) -> None:
    def status_of(refusal: Refusal) -> int:
        return 404 if refusal.code in ("unknown_case", "page_unknown", "not_arrived") else 403

    pages = SignedInPages(room.web, home="/desk", status_of=status_of)

    @app.get("/desk", include_in_schema=False)
    async def desk(request: Request, tab: str = "") -> Response:
        return await pages.show(request, lambda who: room.list_page(who, tab))

    @app.get("/desk/case/{case}", include_in_schema=False)
    async def case(request: Request, case: str, done: str = "") -> Response:
        return await pages.show(request, lambda who: room.case(who, case, told=told_by(done)))

    @app.post("/desk/case/{case}/reveal", include_in_schema=False)
    async def reveal(request: Request, case: str) -> Response:
        return await pages.take(request, lambda who, fields: room.reveal(who, case, fields))

    @app.post("/desk/case/{case}/act/{name}", include_in_schema=False)
    async def act(request: Request, case: str, name: str) -> Response:
        return await pages.take(request, lambda who, fields: room.act(who, case, name, fields))

    @app.get("/desk/case/{case}/paper/{paper}.pdf", include_in_schema=False)
    async def paper(request: Request, case: str, paper: str, ticket: str = "") -> Response:
        return await pages.show(request, lambda who: room.paper(who, case, paper, ticket))

    @app.get("/desk/case/{case}/scan/{page}", include_in_schema=False)
    async def scan_page(request: Request, case: str, page: str, ticket: str = "") -> Response:
        return await pages.show(request, lambda who: room.scan_page(who, case, page, ticket))

    @app.get("/desk/case/{case}/scan/{page}/full.jpg", include_in_schema=False)
    async def full(request: Request, case: str, page: str, ticket: str = "") -> Response:
        return await pages.show(request, lambda who: room.scan(who, case, page, ticket, thumb=False))

    @app.get("/desk/case/{case}/scan/{page}/thumb.jpg", include_in_schema=False)
    async def thumb(request: Request, case: str, page: str, ticket: str = "") -> Response:
        return await pages.show(request, lambda who: room.scan(who, case, page, ticket, thumb=True))
