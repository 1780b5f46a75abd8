"""The runner of a child: one thread a lane over HTTP, and live calls from any thread.

Nothing here decides anything: ChildCore does. A thread that fails is our bug; it is logged, the lane begins
anew after a pause, and the others go on.
"""

import contextlib
import json
import logging
import random
import socket
import threading
import time
import weakref
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx2

from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.kernel import DossierRow, dossier_row
from hall.journal.projection import Recorded
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from sync import claims, wire
from sync.closed_note import keep_closed
from sync.core import ChildCore, Lane, LinkState
from sync.lane import AWAY_ZH, SPOILT, STALE
from sync.link import LONGEST_WAIT_S, Credentials, NotFromParent, read_error
from sync.link_note import LinkFares, LinkNote
from sync.marker import Marker
from sync.message import Answer, Request
from sync.sending import send
from sync.wire import BadBody, ClaimAnswer, ClaimBody, HelloAnswer

log = logging.getLogger(__name__)

CALL_S = 5.0
AFTER_FAULT_S = 5.0
_NOTHING_DONE = (wire.NOT_WRITTEN, wire.NOT_SERVING)


class ParentAway(Refusal):
    """No answer from the parent: what was asked may or may not have happened. Repeat with the same id.

    `sent` False: this request has done nothing. It never left this machine, or the parent says under its key that
    it could not write, or that another machine serves.
    """

    def __init__(
        self,
        text: str = "联系不上大厅节点，请稍后重试；群众手里的号和本机已接的件可以照常办理。",
        *,
        sent: bool = True,
    ) -> None:
        super().__init__("parent_away", text)
        self.sent = sent


class OwnedElsewhere(Refusal):
    """The dossier lies with another machine: `owner` is its node id."""

    def __init__(self, text: str, owner: str) -> None:
        super().__init__("owned_elsewhere", text)
        self.owner = owner


class Child:
    """start() and stop() once each; the rest from any thread."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        blobs: BlobStore,
        *,
        base_url: str,
        scope: str,
        verify: Any = True,
        mine: Callable[[], Collection[str]] | None = None,
        may_settle: Callable[[], bool] = lambda: True,
        version: str = "",
        blob_bytes_per_s: int | None = None,
        longest_wait_s: float = LONGEST_WAIT_S,
        marker: Marker | None = None,
        note: LinkNote | None = None,
        unheard: Callable[[], Collection[str]] = frozenset,
        epoch: Callable[[], int] = lambda: 0,
    ) -> None:
        """`verify`: an ssl.SSLContext for the pinned certificate, or False on a loopback test. `marker`: kept up
        to date here; the app calls its `at_start` before anything is written. `note`: told how the line fares, and
        at a restored node which children are `unheard`.
        """
        self._store = store
        self._blobs = blobs
        self._marker = marker
        self._note = note
        self._unheard = unheard
        self._parent_public = credentials.parent_public
        self._parent_id = credentials.parent_id
        self.core = ChildCore(
            store, credentials, blobs, scope=scope, rng=random.SystemRandom(), new_id=new_id,
            wall=lambda: datetime.now(UTC), mine=mine, may_settle=may_settle, version=version,
            blob_bytes_per_s=blob_bytes_per_s, longest_wait_s=longest_wait_s, epoch=epoch,
        )  # fmt: skip
        self._http = httpx2.Client(
            base_url=base_url, verify=verify, trust_env=False, follow_redirects=False,
            limits=httpx2.Limits(max_connections=16, keepalive_expiry=60.0),
        )  # fmt: skip
        self._wakes = {lane: threading.Event() for lane in Lane}
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"sync-{lane.value}", daemon=True)
            for lane in Lane
        ]
        self.told: tuple[int, float] | None = None
        """The parent's clock at its last hello (UTC milliseconds), and this machine's steady clock then."""
        self._hello: HelloAnswer | None = None
        self._lines: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = self._store.subscribe(self._committed)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Returns when no thread of this child runs any more. Safe to repeat."""
        if self._stopping.is_set():
            return
        self._unsubscribe()
        self._stopping.set()
        for event in self._wakes.values():
            event.set()
        for line in tuple(self._lines):
            # a long poll waits in recv(); closing the descriptor alone would not wake it
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._http.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Between start and stop."""
        return self._threads[0].is_alive() and not self._stopping.is_set()

    def wake(self) -> None:
        """New records, new blobs, or the network is back: try at once."""
        self.core.wake()
        for event in self._wakes.values():
            event.set()

    def link_state(self) -> LinkState:
        return self.core.state()

    # -- live -------------------------------------------------------------------------------------------

    def call(self, path: str, body: dict[str, Any], *, timeout_s: float = CALL_S) -> dict[str, Any]:
        """POST to the parent and read its signed answer. Blocks.

        `body` carries an id of the caller's choice: after ParentAway the same call with the same id has one
        effect. Raises ParentAway, or Refusal with the parent's words.
        """
        data, headers = wire.pack(json.dumps(body, ensure_ascii=False).encode())
        answer = self._live("POST", path, headers, data, timeout_s)
        try:
            value = json.loads(wire.unpack(answer.body, answer.headers, wire.MAX_ANSWER_BYTES))
        except (ValueError, RecursionError) as exc:
            raise ParentAway from exc
        if not isinstance(value, dict):
            raise ParentAway
        return value

    def claim(self, dossier: str, actor: str, *, req_id: str | None = None) -> DossierRow:
        """Take a dossier from the parent. Blocks. Returns it as owned here.

        Raises ParentAway (repeat safely), OwnedElsewhere, or Refusal with the reason.
        """
        with self._store.read() as conn:
            row = dossier_row(conn, dossier)
        if row is not None and row.owner == self._store.identity.node_id:
            return row
        body = ClaimBody(
            req_id=req_id or new_id(), dossier=dossier, actor=actor, have_n=0 if row is None else row.n
        )
        data, headers = wire.encode(body)
        answer = self._live("POST", "/v1/claims", headers, data, CALL_S)
        try:
            told = wire.decode(ClaimAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
        except BadBody as exc:
            raise ParentAway from exc
        return self.accept(told, dossier, actor)

    def accept(self, told: ClaimAnswer, dossier: str, actor: str) -> DossierRow:
        """Admit a signed parcel, also one that a live answer carried. Raises Refusal, ParentAway."""
        if told.dossier != dossier:
            raise ParentAway
        work = partial(
            claims.take, answer=told, owner=self._parent_id, owner_public=self._parent_public, actor=actor
        )
        try:
            return self._store.write(work)
        except ValueError as exc:
            raise ParentAway from exc

    def fetch_blob(self, digest: str) -> bytes:
        """Sealed bytes, from the disk or else from the parent, checked. Raises ParentAway, Refusal."""
        if self._blobs.has(digest):
            return self._blobs.open(digest)
        answer = self._live("GET", f"/v1/blobs/{digest}", {}, b"", 60.0)
        if self._blobs.put(answer.body) != digest:
            raise ParentAway
        return answer.body

    def _live(self, method: str, path: str, headers: dict[str, str], body: bytes, timeout_s: float) -> Answer:
        """A signed answer below 300. Raises ParentAway, OwnedElsewhere, Refusal."""
        for _ in range(2):
            request = self.core.link.request(method, path, headers, body, timeout_s)
            try:
                answer = self._send(request)
                self.core.link.check(request, answer)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as exc:
                raise ParentAway(sent=False) from exc
            except (httpx2.HTTPError, NotFromParent, RuntimeError) as exc:
                raise ParentAway from exc
            if answer.status < 300:
                return answer
            error = read_error(answer)
            if error.code == SPOILT:
                continue
            if error.code != STALE:
                break
            # the nonce has run out: the facts lane says hello
            self._renew_session(timeout_s)
        if error.owner is not None:
            raise OwnedElsewhere(error.text, error.owner)
        if answer.status in (401, 408, 429) or answer.status >= 500:
            raise ParentAway(error.text or AWAY_ZH, sent=error.code not in _NOTHING_DONE)
        raise Refusal(error.code, error.text)

    def _renew_session(self, timeout_s: float) -> None:
        self.core.link.dropped()
        self._wakes[Lane.FACTS].set()
        deadline = time.monotonic() + timeout_s
        while self.core.link.parent is None:
            if time.monotonic() > deadline or self._stopping.wait(0.01):
                raise ParentAway

    # -- threads ----------------------------------------------------------------------------------------

    def _committed(self, _: Sequence[Recorded]) -> None:
        self.core.wake()
        self._wakes[Lane.FACTS].set()
        self._wakes[Lane.BLOBS].set()

    def _run(self, lane: Lane) -> None:
        wake = self._wakes[lane]
        while not self._stopping.is_set():
            wake.clear()
            try:
                busy = self._step(lane)
                if lane is Lane.FACTS and self._note is not None:
                    self._leave_note(self._note)
                pause = 0.0 if busy else min(self.core.due(lane, time.monotonic()), 30.0)
            except StoreFault as exc:
                self.core.link.problem("internal", exc.text)
                self._stopping.wait(AFTER_FAULT_S)
                continue
            except Exception:
                if self._stopping.is_set():
                    return
                log.exception("the %s lane failed and begins anew", lane.value)
                if lane is Lane.FACTS:
                    self.core.facts.rebuild(time.monotonic())
                self._stopping.wait(AFTER_FAULT_S)
                continue
            if pause > 0.0:
                wake.wait(pause)

    def _leave_note(self, note: LinkNote) -> None:
        up, since, last_ok, problem = self.core.link.fares()
        unheard = () if self._store.identity.settled else tuple(sorted(self._unheard()))
        note.keep(LinkFares(up, since, last_ok, problem or "", unheard))

    def _step(self, lane: Lane) -> bool:
        """One request, if there is one. True when something was exchanged."""
        if lane is Lane.FEED:
            self.core.watch(time.monotonic())
        request = self.core.next_request(lane, time.monotonic())
        if request is None:
            return False
        try:
            answer = self._send(request)
        except (httpx2.HTTPError, RuntimeError) as exc:
            if not self._stopping.is_set():
                log.info("%s lane: %s", lane.value, type(exc).__name__)
            self.core.on_lost(lane, request, time.monotonic())
            return True
        self.core.on_answer(lane, request, answer, time.monotonic())
        if self.core.link.closed:
            # whatever is written here from now on would never count, and people would believe that it did
            self._store.stop_writing(StoreFault(self.core.link.closed))
            if self._note is not None:
                keep_closed(self._note.folder, self._store.identity.node_id, self.core.link.closed)
        if lane is Lane.FACTS:
            self._note_time()
            if self._marker is not None:
                self._marker.note(self._store)
            # a hello opens the other lanes
            self._wakes[Lane.FEED].set()
            self._wakes[Lane.BLOBS].set()
        else:
            self._wakes[Lane.FACTS].set()
        return True

    def _note_time(self) -> None:
        hello = self.core.link.parent
        if hello is not None and hello is not self._hello:
            self._hello, self.told = hello, (hello.time_ms, time.monotonic())

    def _send(self, request: Request) -> Answer:
        """Raises httpx2.HTTPError."""
        return send(self._http, request, self._connected)

    def _connected(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            line = info["return_value"].get_extra_info("socket")
            if isinstance(line, socket.socket):
                self._lines.add(line)
                if self._stopping.is_set():
                    with contextlib.suppress(OSError):
                        line.shutdown(socket.SHUT_RDWR)
