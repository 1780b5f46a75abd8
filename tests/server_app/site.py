"""A whole county in one process: centre and node as built by main.build, a window as a store; a wire between."""

import asyncio
import hashlib
import io
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from starlette.testclient import TestClient

from hall.intake import commands as cmd
from hall.intake import drafting
from hall.intake import views as intake
from hall.intake.views import CaseRow
from hall.journal.blobs import BlobStore
from hall.journal.sealing import seal_blob
from hall.people.model import Role
from server_app.accounts.manage import add_account
from server_app.main import Loaded, Server, build
from sync import claims, signing, wire
from sync.core import ChildCore, Lane
from sync.join_file import Child, JoinFile, Parent
from sync.link import Credentials
from sync.message import Answer
from sync.signing import new_signing_key
from tests.hall.builders import COUNTY_DESK, DESK, HandClock, Machine, fresh, machine
from tests.hall.journal.world import HallKeys

CENTRE, NODE, WINDOW, KIOSK = "c1", "n1", "w1", "k1"
PASSWORD = "示例密码-2026-yc"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Site:
    """`settle` lets every machine say and do all it can; `clock` is everybody's."""

    folder: Path
    centre_url: str | None = None
    clock: HandClock = field(default_factory=HandClock)
    https: bool = False
    loaded: dict[str, Loaded] = field(default_factory=dict)
    """Resource files by role, when a run has read them already."""
    keys: HallKeys = field(default_factory=HallKeys)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.signing = {n: new_signing_key() for n in (CENTRE, NODE, WINDOW, KIOSK)}
        self.now = 0.0
        self._ids = count(1)
        below = (self._child(WINDOW, "counter"), self._child(KIOSK, "kiosk"))
        node_child = Child(
            node_id=NODE, public=self.signing[NODE][1].hex(), kind="node", subtree=(WINDOW, KIOSK)
        )
        self.centre_join = self._join(CENTRE, "county", None, (node_child,))
        self.centre_app = build(self.centre_join, self.folder / CENTRE, clock=self.clock.clock())
        up = Parent(node_id=CENTRE, url="http://127.0.0.1:9", public=self.signing[CENTRE][1].hex())
        self.node_join = self._join(NODE, "hall", up, below)
        self.centre: Server = self.centre_app.state.server
        self.centre.parent._max_wait_s = 0.0
        self._start_node()
        self.window: Machine = machine(WINDOW, keys=self.keys, clock=self.clock)
        self.window_blobs = BlobStore(self.folder / WINDOW)
        self.core = self._core(WINDOW, self.window.store, self.window_blobs)
        self.window.store.subscribe(lambda _: self.core.wake())
        self.browsers: list[TestClient] = []

    def _start_node(self) -> None:
        self.node_app = build(
            self.node_join,
            self.folder / NODE,
            clock=self.clock.clock(),
            loaded=self.loaded.get("hall"),
        )
        self.node: Server = self.node_app.state.server
        self.node.parent._max_wait_s = 0.0
        if self.node.child is not None:
            above = self.node.child.core
            self.node.store.subscribe(lambda _: above.wake())

    def restart_node(self) -> None:
        """Browsers that were open stay with the process that ended."""
        self.node.stop()
        self._start_node()

    def _child(self, node: str, kind: Any) -> Child:
        return Child(node_id=node, public=self.signing[node][1].hex(), kind=kind)

    def _join(self, node: str, role: Any, parent: Parent | None, children: tuple[Child, ...]) -> JoinFile:
        hall, centre = self.keys.hall, self.keys.centre
        return JoinFile(
            node_id=node, name=node, role=role, kind="centre" if role == "county" else "node", hall="changji",
            device_no=1, db_key="ab" * 32, sign_private=self.signing[node][0].hex(),
            sign_public=self.signing[node][1].hex(), hall_public=hall[1].hex(),
            hall_private=hall[0].hex() if role == "hall" else None, centre_public=centre[1].hex(),
            centre_private=centre[0].hex() if role == "county" else None, parent=parent, children=children,
            database_url=self.centre_url if role == "county" else None, https=self.https,
        )  # fmt: skip

    def _core(self, node: str, store: Any, blobs: BlobStore) -> ChildCore:
        credentials = Credentials(node, self.signing[node][0], NODE, self.signing[NODE][1])
        return ChildCore(
            store, credentials, blobs, scope="hall", rng=Random(1), new_id=self.next_id,
            wall=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip

    def next_id(self) -> str:
        return f"r{next(self._ids)}"

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()
        for server in (self.node, self.centre):
            server.stop()
        self.window.store.close()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    # -- the wire ---------------------------------------------------------------------------------------

    def settle(self, rounds: int = 40) -> None:
        quiet, last = 0, self._heads()
        for _ in range(rounds):
            self._exchange(self.core, self.node)
            self.node.reactor.settle()
            if self.node.child is not None:
                self._exchange(self.node.child.core, self.centre)
            self.centre.reactor.settle()
            self.now += 2.0
            heads = self._heads()
            quiet = quiet + 1 if heads == last else 0
            last = heads
            if quiet >= 4:
                return

    def _exchange(self, core: ChildCore, above: Server) -> None:
        for lane in Lane:
            for _ in range(4):
                request = core.next_request(lane, self.now)
                if request is None:
                    break
                answer = self.loop.run_until_complete(above.parent.serve(request))
                core.on_answer(lane, request, answer, self.now)

    def _heads(self) -> list[int]:
        counts = []
        for store in (self.centre.store, self.node.store, self.window.store):
            with store.read() as conn:
                counts.append(conn.exec_driver_sql("SELECT count(*) FROM record").scalar() or 0)
        return counts

    def call(self, path: str, body: Mapping[str, Any], node: str = WINDOW, **spoil: str) -> Answer:
        """A live request as a terminal signs it, over the node's HTTP routes."""
        nonce = self.node.parent._door.nonce(node, "i" * 32, time.time())
        data, headers = wire.pack(json.dumps(body).encode())
        named = {
            **headers, signing.NODE: node, signing.INC: "i" * 32, signing.NONCE: nonce,
            signing.REQUEST: self.next_id(),
        }  # fmt: skip
        signed = signing.sign_request(
            "POST", path, named, data, private=self.signing[node][0], keyid=node, created=1
        )
        client = self.client(self.node_app)
        with client.stream("POST", path, content=data, headers={**signed, **spoil}) as response:
            # as it travelled: the signature covers the packed bytes
            body = b"".join(response.iter_raw())
        answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
        if answer.status != 401:
            signing.verify_answer(
                answer.status, answer.headers, body, public=self.signing[NODE][1], keyid=NODE,
                request=named[signing.REQUEST],
            )  # fmt: skip
        return answer

    def claim(self, dossier: str) -> Answer:
        """The window's claim at the node, admitted when it was granted."""
        row = self.window.held(dossier)
        body = wire.ClaimBody(
            req_id=fresh("ask"), dossier=dossier, actor="w1", have_n=0 if row is None else row.n
        )
        data, headers = wire.encode(body)
        request = self.core.link.request("POST", "/v1/claims", headers, data)
        answer = self.loop.run_until_complete(self.node.parent.serve(request))
        if answer.status == 200:
            self.admit(answer)
        return answer

    def admit(self, answer: Answer) -> str:
        """A signed parcel into the window's journal; returns the dossier."""
        told = wire.decode(wire.ClaimAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
        public = self.signing[NODE][1]
        self.window.write(lambda ledger: claims.take(ledger, told, NODE, public, "w1"))
        return told.dossier

    # -- people -----------------------------------------------------------------------------------------

    def client(self, app: Any) -> TestClient:
        browser = TestClient(app, raise_server_exceptions=True, follow_redirects=False)
        self.browsers.append(browser)
        return browser

    def officer(self, login: str, *roles: Role, desks: tuple[str, ...] | None = None, county: bool = False,
                name: str = "示例人员") -> "Browser":  # fmt: skip
        """An account and a browser that is signed in with it."""
        server, app = (self.centre, self.centre_app) if county else (self.node, self.node_app)
        if desks is None:
            desks = (COUNTY_DESK if county else DESK,)
        add_account(
            server.store, login=login, name=name, password=PASSWORD, roles=frozenset(roles), desks=desks
        )
        browser = Browser(self.client(app))
        browser.sign_in(login)
        return browser

    # -- cases ------------------------------------------------------------------------------------------

    def page_with_picture(self, case: str, material: str = "m1") -> str:
        """A scanned page, sealed at the window and bound to the case."""
        key = self.window.write(lambda ledger: ledger.data_key(case))
        out = io.BytesIO()
        Image.new("RGB", (800, 1100), "white").save(out, "JPEG")
        plain = out.getvalue()
        image = self.window_blobs.put(seal_blob(key, plain))
        name = fresh("page")
        facts = cmd.PageFacts(name, image, hashlib.sha256(plain).hexdigest(), 800, 1100, 100, "camera-1")
        self.window.do(cmd.AttachPage(fresh("c"), case, material, facts, "w1"), drafting.attach_page)
        return name

    def at(self, server: Server, case: str) -> CaseRow:
        with server.store.read() as conn:
            found = intake.case_by_id(conn, case)
        assert found is not None
        return found


class Browser:
    """A person at a browser: opens pages, sends the forms that are on them."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.html = ""
        self.status = 0

    def open(self, path: str) -> str:
        response = self.client.get(path)
        self.status, self.html = response.status_code, response.text
        return self.html

    def fields(self, action: str) -> dict[str, str]:
        """Hidden fields of the form with this action on the open page."""
        part = self.html.partition(f'action="{action}"')[2]
        assert part, f"no form {action} on the page"
        return dict(_HIDDEN.findall(part.partition("</form>")[0]))

    def offers(self, action: str) -> bool:
        return f'action="{action}"' in self.html

    def send(self, action: str, typed: Mapping[str, str] | None = None) -> int:
        """The form on the open page; follows the redirect of a success."""
        return self.post(action, {**self.fields(action), **(typed or {})})

    def post(self, action: str, data: Mapping[str, str]) -> int:
        response = self.client.post(action, data=dict(data))
        self.status = response.status_code
        self.html = response.text
        if response.status_code == 303:
            self.open(response.headers["location"])
            self.status = 303
        return self.status

    def sign_in(self, login: str, password: str = PASSWORD) -> int:
        self.open("/login")
        return self.send("/login", {"login": login, "password": password})

    def act(self, case: str, name: str, **typed: str) -> int:
        self.open(f"/desk/case/{case}")
        return self.send(f"/desk/case/{case}/act/{name}", typed)


def value(answer: Answer) -> Any:
    """What a live answer says."""
    return json.loads(wire.unpack(answer.body, answer.headers, wire.MAX_ANSWER_BYTES))
