"""The only place that builds the service: store, parent, child, rooms, pages."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from itsdangerous import URLSafeTimedSerializer
from starlette.exceptions import HTTPException

from hall.catalogue.loading import resources_dir
from hall.journal.blobs import BlobStore
from hall.journal.kernel import Clock
from hall.journal.refusal import StoreFault
from hall.journal.store import Store
from hall.people.loading import load_people
from hall.queueing.pair_views import opened_last
from hall.reference import Reference, load_reference
from server_app.accounts.manage import create_tables
from server_app.accounts.routes import add_sign_in_routes
from server_app.accounts.signing_in import SignInDesk, derived_secret
from server_app.accounts.wishes import add_wish_route
from server_app.board.machine import MachineWatch
from server_app.board.routes import BoardRoom, add_board_routes, link_mark
from server_app.bundles.steps import add_bundle_route
from server_app.citizen.alerts import AlertBook
from server_app.citizen.live import CitizenRoom
from server_app.desk.acts import Desk
from server_app.desk.office_papers import OfficePapers
from server_app.desk.routes import DeskRoom, add_desk_routes
from server_app.fetching.live import FetchRoom, FindRoom
from server_app.halls import Halls, load_halls
from server_app.limits import Limits
from server_app.machines.acts import Machines
from server_app.machines.confirmed import follow_confirmations
from server_app.machines.listing import naming_of
from server_app.machines.live import SeizeRoom
from server_app.machines.orders import add_machine_order_route
from server_app.machines.parked import ParkedBook
from server_app.machines.routes import MachineRoom, add_machine_routes
from server_app.numbers.live import NumberRoom
from server_app.queue.business_day import BusinessDay, today
from server_app.queue.centre_clock import CentreClock
from server_app.queue.live import QueueRoom
from server_app.reactors.settling import Reactor
from server_app.reference.live import ReferenceRoom
from server_app.standby.building import make_lines, make_station
from server_app.standby.lines import Lines
from server_app.standby.live import StandbyRoom
from server_app.standby.model import own_epoch
from server_app.standby.orders import add_order_route
from server_app.standby.pages import PAGES_ZH, PagesWhileServing
from server_app.standby.station import Station
from server_app.sync_routes.children import Enrolled, hall_of, home_of, may_take_of
from server_app.sync_routes.link import LinkRoom
from server_app.sync_routes.routes import add_sync_routes
from server_app.web import Look, Web
from sync.access import ChildAccess
from sync.child import Child
from sync.gate import AlwaysServing
from sync.join_file import BadJoinFile, JoinFile
from sync.link_note import LinkFares, LinkNote
from sync.machine_folder import Journal, open_journal
from sync.parent import LiveHandler, Parent
from sync.room import free_bytes_of, room_for_tickets, room_for_uploads

log = logging.getLogger(__name__)

DAY_CHECK_S = 20.0
HOUSEKEEPING_S = 3600.0
CENTRE_NAME = "县级政务服务中心"


@dataclass(frozen=True, slots=True)
class Server:
    """What runs behind the pages. `start` and `stop` once each, around the serving."""

    journal: Journal
    blobs: BlobStore
    parent: Parent
    lines: Lines
    station: Station | None
    reactor: Reactor
    day: BusinessDay | None

    def start(self) -> None:
        self.reactor.start()
        if self.station is None:
            self.lines.to("centre")
        else:
            self.station.start()

    def stop(self) -> None:
        if self.station is not None:
            self.station.stop()
        self.lines.stop()
        self.reactor.stop()
        self.parent.close()
        self.journal.close()

    @property
    def store(self) -> Store:
        return self.journal.store

    @property
    def child(self) -> Child | None:
        """The line upwards that there is just now."""
        return self.lines.current


@dataclass(frozen=True, slots=True)
class Loaded:
    """The resource files that a role works with, read and checked."""

    halls: Halls
    reference: Reference | None
    """None at the centre."""


def load(role: str, hall: str) -> Loaded:
    """Raises CatalogueFileError, CalendarFileError, PeopleFileError."""
    resources = resources_dir()
    if role == "county":
        return Loaded(load_halls(resources, "county"), None)
    return Loaded(load_halls(resources, hall), load_reference(resources, hall))


def build(join: JoinFile, data: Path, *, clock: Clock | None = None, loaded: Loaded | None = None) -> FastAPI:
    """The whole service; it begins to work when the app's lifespan does. `loaded` saves reading again.

    `app.state.server` is the Server. Raises BadJoinFile, StoreFault, and the errors of the resource files.
    """
    if join.role == "terminal":
        raise BadJoinFile("这台机器登记为终端，不能作为大厅节点或县中心运行。")
    data.mkdir(parents=True, exist_ok=True)
    journal = open_journal(join, data, clock=clock)
    try:
        return _build(join, data, journal, loaded or load(join.role, join.hall), resources_dir())
    except BaseException:
        journal.close()
        raise


def _build(join: JoinFile, data: Path, journal: Journal, loaded: Loaded, resources: Path) -> FastAPI:
    store = journal.store
    create_tables(store)
    private = bytes.fromhex(join.sign_private)
    county = join.role == "county"
    halls, reference = loaded.halls, loaded.reference
    free = free_bytes_of(data)
    blobs = BlobStore(data / "blobs", room=partial(room_for_uploads, free))
    lines = make_lines(join, journal, blobs, data, lambda: parent.unheard())
    station = make_station(
        join, store, blobs, lines, unheard=lambda: parent.unheard(), hear_anew=lambda: parent.hear_anew(),
        changed=lambda: _begin_to_serve(reactor, day),
    )  # fmt: skip
    if station is None:
        lines.prepare("centre")
    centre_clock = CentreClock(lambda: lines.current)
    day = None if county else _day(join, store, station, centre_clock)

    def now_day() -> date:
        return today(store) if day is None else day.today()

    queue = (
        None
        if reference is None or day is None
        else QueueRoom(store, day, reference, partial(room_for_tickets, free))
    )
    alerts = AlertBook()
    children = Enrolled(join.children, store)
    live = (
        _live(join, store, queue, reference, alerts, resources)
        | (FindRoom(store).routes() if county else FetchRoom(lambda: lines.current).routes())
        | LinkRoom(lines, store.kernel.clock.now).routes()
    )
    if station is not None and reference is not None:
        live |= StandbyRoom(station, reference).routes()
    machines = Machines(store, children, lambda: parent.greeter, station.serving if station else lambda: True)
    if reference is not None:
        live |= SeizeRoom(machines, reference).routes()
    peer = {} if join.peer is None else {join.peer.node_id: bytes.fromhex(join.peer.public)}
    parent = Parent(
        store, private=private, public=bytes.fromhex(join.sign_public), children=children,
        secret=derived_secret(private, "nonce"), blobs=blobs,
        live=live, may_take=may_take_of(store), stored=lines.wake, peer=peer,
        gate=station or AlwaysServing(partial(_opened, store) if county else lambda _: None),
    )  # fmt: skip
    follow_confirmations(store, parent.greeter, {join.node_id, *peer})
    if queue is not None:
        queue.parent = parent
    above = None if join.parent is None else join.parent.node_id
    serving = station.serving if station else lambda: True
    below = frozenset(node for child in children.values() for node in child.subtree)
    reactor = Reactor(
        store,
        parent.want,
        above,
        serving,
        hall_of(children),
        join.rests_above,
        below,
        machines.take_back_rest,
    )
    server = Server(journal, blobs, parent, lines, station, reactor, day)
    web = Web(
        Look(_place(join, halls), join.role),
        SignInDesk(store, derived_secret(private, "session")),
        resources,
        https=join.https,
    )
    app = FastAPI(
        title="yichuang", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(server, data)
    )
    app.state.server = server
    desk = Desk(store, halls, parent.want, now_day, home_of(store, children))
    profile = None if halls.only is None or county else halls.only.profile
    add_board_routes(
        app,
        BoardRoom(
            web,
            store,
            profile,
            now_day,
            lambda: link_mark(lines.current, data, join.node_id),
            None if queue is None else queue.picture,
            alerts,
            MachineWatch(
                store,
                data,
                join,
                blobs,
                free,
                lambda: lines.current,
                lambda: parent.unheard(),
                lambda: None if day is None else day.doubt(),
            ),
        ),
    )
    add_sign_in_routes(app, web, derived_secret(private, "form"))
    add_wish_route(app, store, private)
    add_bundle_route(app, store, join, children, private)
    passes = URLSafeTimedSerializer(derived_secret(private, "pass"), salt="yichuang order")
    papers, staff_names = OfficePapers(resources, halls), _staff_names(halls, resources)
    add_desk_routes(app, DeskRoom(web, store, blobs, desk, papers, staff_names, passes))
    naming = naming_of(join.children)
    room = MachineRoom(
        web, store, parent, machines, naming, staff_names, ParkedBook(store, data, naming), time.time
    )
    add_machine_routes(app, room)
    add_machine_order_route(app, room, private)
    add_sync_routes(app, parent)
    _add_troubles(app, web)
    if station is not None:
        me = ChildAccess(join.node_id, bytes.fromhex(join.sign_public), "hall", frozenset(), frozenset())
        add_order_route(app, station, me, private)
        app.add_middleware(PagesWhileServing, instead=partial(_page_instead, web, station))
    app.add_middleware(Limits)
    return app


def _live(
    join: JoinFile,
    store: Store,
    queue: QueueRoom | None,
    reference: Reference | None,
    alerts: AlertBook,
    resources: Path,
) -> dict[str, LiveHandler]:
    found = ReferenceRoom(resources, join.hall).routes()
    if queue is not None and reference is not None:
        citizen = CitizenRoom(store, reference, alerts)
        found |= queue.routes() | NumberRoom(store).routes() | citizen.routes()
    return found


def _day(join: JoinFile, store: Store, station: Station | None, centre: CentreClock) -> BusinessDay:
    if station is None:
        return BusinessDay(store, lambda: join.epoch, told=centre.now, coming=centre.coming)
    first = not join.stands_by
    asked = own_epoch(join.epoch, first=first)
    return BusinessDay(
        store, lambda: max(asked, station.epoch()), may_open=station.serving, turn=0 if first else 1,
        ordered=lambda: asked, told=centre.now, coming=centre.coming,
    )  # fmt: skip


def _begin_to_serve(reactor: Reactor, day: BusinessDay | None) -> None:
    """A node of a pair has begun to serve, or ended."""
    reactor.wake()
    if day is not None:
        day.today()


def _opened(store: Store, child: ChildAccess) -> tuple[int, str] | None:
    """At the centre: who serves the asker's hall."""
    with store.read() as conn:
        return opened_last(conn, sorted(child.subtree))


def _page_instead(web: Web, station: Station) -> Response | None:
    return None if station.serving() else web.trouble(503, PAGES_ZH)


def _lifespan(server: Server, data: Path) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(server.start)
        tasks = [
            asyncio.create_task(_watch_day(server)),
            asyncio.create_task(_keep_house(server.blobs)),
            asyncio.create_task(_leave_note(server, data)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(server.stop)

    return lifespan


async def _watch_day(server: Server) -> None:
    """At the node: the first look opens the business day, at midnight the next one opens by itself."""
    while server.day is not None:
        try:
            await asyncio.to_thread(server.day.today)
        except StoreFault as exc:
            log.error("the business day could not be opened: %s", exc.text)
        await asyncio.sleep(DAY_CHECK_S)


async def _leave_note(server: Server, data: Path) -> None:
    """At the centre, which has no line upwards: whom it waits for after a restore. A node's child leaves its note."""
    if server.child is not None or server.station is not None:
        return
    now = server.store.kernel.clock.now
    note, began = LinkNote(data, now), now()
    while True:
        unheard = () if server.store.identity.settled else tuple(sorted(server.parent.unheard()))
        await asyncio.to_thread(note.keep, LinkFares(True, began, None, "", unheard))
        await asyncio.sleep(DAY_CHECK_S)


async def _keep_house(blobs: BlobStore) -> None:
    """At start and every hour: uploads that nobody went on with for seven days make room."""
    while True:
        try:
            dropped = await asyncio.to_thread(blobs.expire)
            if dropped:
                log.info("%d unfinished uploads dropped", dropped)
        except StoreFault as exc:
            log.error("unfinished uploads stay: %s", exc.text)
        await asyncio.sleep(HOUSEKEEPING_S)


def _add_troubles(app: FastAPI, web: Web) -> None:
    async def http(_: Request, exc: Exception) -> Response:
        status = exc.status_code if isinstance(exc, HTTPException) else 400
        text = {404: "没有这个页面。", 405: "页面已过期，请返回后再试。"}.get(
            status, "提交的内容不符合要求，请返回后再试。"
        )
        return web.trouble(status, text)

    async def fault(_: Request, exc: Exception) -> Response:
        return web.trouble(503, exc.text if isinstance(exc, StoreFault) else "")

    async def bug(_: Request, exc: Exception) -> Response:
        return web.trouble(
            500, "系统出错，刚才的操作可能没有完成。请返回核对后再试；若反复出现，请通知信息科。"
        )

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(StoreFault, fault)
    app.add_exception_handler(Exception, bug)


def _staff_names(halls: Halls, resources: Path) -> dict[str, str]:
    """Window staff of every hall that this machine serves: id to name. Raises PeopleFileError."""
    profiles = [h.profile for h in halls.by_division.values()]
    return {s.id: s.name for profile in profiles for s in load_people(resources, profile).staff}


def _place(join: JoinFile, halls: Halls) -> str:
    return halls.only.profile.name if halls.only is not None and join.role == "hall" else CENTRE_NAME
