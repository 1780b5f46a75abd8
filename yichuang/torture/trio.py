"""A centre, a node and a counter in one process, exchanging through the real cores, without a network."""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.kernel import DossierRow
from hall.journal.marking import Event
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from server_app.sync_routes.children import children_of
from sync import claims, wire
from sync.core import ChildCore, Lane
from sync.join_file import JoinFile
from sync.link import Credentials, read_error
from sync.machine_folder import Journal, open_journal
from sync.message import Answer, Request
from sync.parent import Parent
from yichuang.torture.family import plan_family

ROUNDS = 40
_STEP_S = 2.0


@dataclass
class Member:
    """One machine; `folder` may be opened and closed several times."""

    join: JoinFile
    folder: Path
    journal: Journal
    parent: Parent | None = None
    core: ChildCore | None = None
    runs: bool = True

    @property
    def store(self) -> Store:
        return self.journal.store

    @property
    def blobs(self) -> BlobStore:
        return BlobStore(self.folder / "blobs")

    def open(self, kind: str, scope: str) -> str:
        """A dossier of its own."""
        dossier = new_id()
        self.store.write(lambda ledger: ledger.open(dossier, kind, scope=scope, actor="w001"))
        return dossier

    def write(self, dossier: str, scope: str, event: Event) -> None:
        self.store.write(lambda ledger: ledger.append(dossier, event, actor="w001"))


@dataclass
class Trio:
    """`folders` name where each machine's data folder lies; `seed` decides pauses, not keys."""

    centre_folder: Path
    node_folder: Path
    counter_folder: Path
    seed: int = 0
    now: float = 0.0
    said: Callable[[], None] = lambda: None
    """Told after each exchange: what was acknowledged so far is promised."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        self._loop.set_default_executor(ThreadPoolExecutor(1))
        self._rng = random.Random(self.seed)
        family = plan_family(1, 1)
        self.centre = self._member(family.centre, self.centre_folder)
        self.node = self._member(family.nodes[0], self.node_folder)
        self.counter = self._member(family.counters[0], self.counter_folder)
        self._above = {id(self.node): self.centre, id(self.counter): self.node}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in (self.counter, self.node, self.centre):
            member.journal.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _member(self, join: JoinFile, folder: Path) -> Member:
        folder.mkdir(parents=True, exist_ok=True)
        member = Member(join, folder, open_journal(join, folder))
        self.said()
        self._start(member)
        return member

    def restart(self, member: Member) -> None:
        """Closed in order and opened again; after a start that failed, opened."""
        if member.runs:
            member.runs = False
            member.journal.close()
            self.said()
        member.journal = open_journal(member.join, member.folder)
        member.runs = True
        self._start(member)

    def _start(self, member: Member) -> None:
        join, store = member.join, member.store
        private = bytes.fromhex(join.sign_private)
        if join.children:
            member.parent = Parent(
                store, private=private, public=bytes.fromhex(join.sign_public),
                children=children_of(join.children), secret=b"torture" * 4, blobs=member.blobs, max_wait_s=0.0,
                stored=lambda: member.core.wake() if member.core else None,
            )  # fmt: skip
        if join.parent is not None:
            above = Credentials(join.node_id, private, join.parent.node_id, bytes.fromhex(join.parent.public))
            mine = frozenset((join.node_id, *(c.node_id for c in join.children)))
            core = ChildCore(
                store, above, member.blobs, scope="hall", rng=self._rng, new_id=new_id,
                wall=lambda: datetime.now(UTC), mine=lambda: mine, piece_bytes=4096,
                may_settle=lambda: member.parent is None or not member.parent.unheard(),
            )  # fmt: skip
            member.core = core
            store.subscribe(lambda _: core.wake())

    # -- exchange ---------------------------------------------------------------------------------------

    def serve(self, member: Member, request: Request) -> Answer:
        if member.parent is None:
            raise ValueError(member.join.name)
        return self._loop.run_until_complete(member.parent.serve(request))

    def exchange(self, member: Member, lane: Lane) -> bool:
        """One request and its answer. False when there is nothing to say."""
        if member.core is None:
            return False
        request = member.core.next_request(lane, self.now)
        if request is None:
            return False
        answer = self.serve(self._above[id(member)], request)
        member.core.on_answer(lane, request, answer, self.now)
        if lane is Lane.FACTS:
            member.journal.marker.note(member.store)
        self.said()
        return True

    def settle(self, rounds: int = ROUNDS) -> None:
        """Let both children speak until nobody has anything to say for a while."""
        quiet = 0
        for _ in range(rounds):
            spoke = [
                self.exchange(member, lane)
                for member in (self.counter, self.node)
                for lane in Lane
                for _ in range(3)
            ]
            self.now += _STEP_S
            waiting = any(
                m.core is not None and (m.core.state().waiting_facts or m.core.state().waiting_blobs)
                for m in (self.counter, self.node)
            )
            quiet = 0 if waiting or sum(spoke) > 4 else quiet + 1
            if quiet >= 3:
                return

    def claim(self, dossier: str) -> DossierRow:
        """The counter takes a dossier of the node, as a window does. Raises Refusal."""
        counter = self.counter
        if counter.core is None or counter.join.parent is None:
            raise ValueError("counter")
        body, headers = wire.encode(wire.ClaimBody(req_id=new_id(), dossier=dossier, actor="w001", have_n=0))
        request = counter.core.link.request("POST", "/v1/claims", headers, body)
        answer = self.serve(self.node, request)
        counter.core.link.check(request, answer)
        self.said()
        if answer.status != 200:
            error = read_error(answer)
            raise Refusal(error.code, error.text)
        told = wire.decode(wire.ClaimAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
        take: Any = partial(
            claims.take, answer=told, owner=counter.join.parent.node_id,
            owner_public=bytes.fromhex(counter.join.parent.public), actor="w001",
        )  # fmt: skip
        row: DossierRow = counter.store.write(take)
        return row
