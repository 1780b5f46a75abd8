"""A terminal's line to whichever node serves its hall: the node of the join file, or the standby that took its place.

Who serves is told by the journal: the node that opened the highest queue epoch. A machine that is about to take
over (it collects what the terminals hold) has opened none yet; it is found by asking the other one now and then.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.kernel import DossierRow
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal, StoreFault
from hall.queueing import pair_views as pair
from hall.queueing import views as queue
from sync import rows
from sync.child import CALL_S, Child
from sync.core import LinkState
from sync.join_file import BadJoinFile, JoinFile, Parent
from sync.link import Credentials
from sync.link_note import LinkNote
from sync.machine_folder import Journal
from sync.other_node import OtherNode
from sync.wire import ClaimAnswer, ModeAnswer

log = logging.getLogger(__name__)

LOOK_S = 5.0
LOOK_AWAY_S = 1.0
"""While the machine that serves does not answer."""
TAKE_OVER = "/v1/standby/take-over"
CALLED = "/v1/standby/called"
MOST_CALLED = 300


@dataclass(frozen=True, slots=True)
class Pair:
    """The two machines that can serve this hall, as this terminal knows them."""

    at_standby: bool
    """The machine that the join file calls the standby serves, by this terminal's journal."""
    moving: bool
    """The line goes to a machine that has not opened its epoch yet: it is taking over."""
    other: ModeAnswer | None
    """What the one says that the line does not go to; None while it does not answer."""


def calls_us(told: ModeAnswer | None, opened: tuple[int, str]) -> bool:
    """Should the line go to the machine that said this? `opened`: (epoch, node) of who serves, by the journal."""
    if told is None or told.mode not in ("serving", "promoting"):
        return False
    return told.epoch > opened[0] or (told.epoch, told.node) == opened


class Home:
    """start() and stop() once each; the rest from any thread. What it offers is a Child's."""

    def __init__(
        self,
        journal: Journal,
        join: JoinFile,
        folder: Path,
        *,
        scope: str,
    ) -> None:
        """Raises BadJoinFile."""
        if join.parent is None:
            raise BadJoinFile("接入文件里没有大厅节点（parent），请信息科重新接入本机。")
        self._store, self._marker = journal.store, journal.marker
        self._join, self._scope = join, scope
        self._blobs = BlobStore(folder / "blobs")
        self._note = LinkNote(folder, journal.store.kernel.clock.now)
        self._nodes: Mapping[str, Parent] = {
            node.node_id: node for node in (join.parent, join.standby) if node is not None
        }
        self._first = join.parent.node_id
        opened = self._opened()[1]
        self._child = self._line(opened if opened in self._nodes else self._first)
        self._others = {node_id: self._other(node) for node_id, node in self._nodes.items()}
        self._told: ModeAnswer | None = None
        self._stopping = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync-home", daemon=True)

    def start(self) -> None:
        self._child.start()
        if len(self._nodes) > 1:
            self._thread.start()

    def stop(self) -> None:
        """Returns when no thread of this line runs any more. Safe to repeat."""
        self._stopping = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()
        self._child.stop()
        for other in self._others.values():
            other.close()

    # -- what a child offers ------------------------------------------------------------------------------

    @property
    def parent_id(self) -> str:
        """Node id of the machine that the line goes to."""
        return self._child.core.link.credentials.parent_id

    def wake(self) -> None:
        self._child.wake()

    def link_state(self) -> LinkState:
        return self._child.link_state()

    def call(self, path: str, body: dict[str, Any], *, timeout_s: float = CALL_S) -> dict[str, Any]:
        """As Child.call. Raises ParentAway, Refusal."""
        return self._child.call(path, body, timeout_s=timeout_s)

    def claim(self, dossier: str, actor: str) -> DossierRow:
        """As Child.claim. Raises ParentAway, OwnedElsewhere, Refusal."""
        return self._child.claim(dossier, actor)

    def accept(self, told: ClaimAnswer, dossier: str, actor: str) -> DossierRow:
        """As Child.accept. Raises Refusal, ParentAway."""
        return self._child.accept(told, dossier, actor)

    # -- the pair -----------------------------------------------------------------------------------------

    def pair(self) -> Pair | None:
        """What is known now; asks no machine. None where the join file names no standby."""
        if len(self._nodes) < 2:
            return None
        serves = self._opened()[1]
        return Pair(serves != self._first, serves != self.parent_id, self._told)

    def ask_other(self) -> Pair | None:
        """Asks the machine that the line does not go to; up to two seconds."""
        if len(self._nodes) > 1:
            self._told = self._other_node().mode(self._opened()[0])
        return self.pair()

    def order_take_over(self, order: str, by: str, reason: str) -> None:
        """Have the other machine take the place of the one that this line goes to. `order`: an id; repeat safely.

        Raises ParentAway, Refusal.
        """
        body = {"command_id": order, "by": by, "reason": reason}
        self._other_node().order(TAKE_OVER, body, self._opened()[0])
        self._woken.set()

    def look(self) -> bool:
        """Ask the other machine and go to it when it serves. True when the line has moved."""
        opened = self._opened()
        if self._gave_up(opened):
            self._move(opened[1])
            return True
        other = self._other_node()
        self._told = told = other.mode(opened[0])
        if not calls_us(told, opened) or self._stopping:
            return False
        if told is not None and told.mode == "promoting":
            self._tell_called(other, opened[0])
        self._move(other.node_id)
        return True

    def _gave_up(self, opened: tuple[int, str]) -> bool:
        """The machine that the line has gone to was about to take over, and stands by again: it was restarted."""
        here = self.parent_id
        if here == opened[1] or opened[1] not in self._nodes:
            return False
        told = self._others[here].mode(opened[0])
        return told is not None and told.mode == "standby"

    def _move(self, node_id: str) -> None:
        log.warning("the line goes to %s now", node_id)
        self._child.stop()
        # it may lack scans that only the former node has confirmed
        self._store.write(_forget_sent)
        self._told = None
        self._child = self._line(node_id)
        self._child.start()

    def _tell_called(self, other: OtherNode, epoch: int) -> None:
        """Which people have been called, as far as this machine has seen: nobody shall call them a second time."""
        with self._store.read() as conn:
            day = queue.business_day(conn)
            called = [] if day is None else pair.called_now(conn, day)[:MOST_CALLED]
        try:
            other.order(CALLED, {"command_id": new_id(), "tickets": [asdict(one) for one in called]}, epoch)
        except Refusal as exc:
            log.warning("the calls that were seen here could not be told: %s", exc.code)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self.look()
            except StoreFault as exc:
                log.error("who serves cannot be read: %s", exc.text)
            except Exception:
                # our bug: the line stays where it is, and it is looked again
                log.exception("asking the other node failed")
            self._woken.wait(LOOK_S if self._child.link_state().up else LOOK_AWAY_S)
            self._woken.clear()

    def _opened(self) -> tuple[int, str]:
        with self._store.read() as conn:
            return pair.opened_last(conn) or (0, self._first)

    def _other_node(self) -> OtherNode:
        mine = self.parent_id
        return next(other for node_id, other in self._others.items() if node_id != mine)

    def _other(self, node: Parent) -> OtherNode:
        return OtherNode(self._store, self._credentials(node), base_url=node.url)

    def _credentials(self, node: Parent) -> Credentials:
        pair = next((other for other in self._nodes if other != node.node_id), "")
        private = bytes.fromhex(self._join.sign_private)
        return Credentials(self._join.node_id, private, node.node_id, bytes.fromhex(node.public), pair)

    def _line(self, node_id: str) -> Child:
        node = self._nodes[node_id]
        return Child(
            self._store, self._credentials(node), self._blobs, base_url=node.url, scope=self._scope,
            longest_wait_s=self._join.retry_within_s, marker=self._marker, note=self._note,
            epoch=self._epoch,
        )  # fmt: skip

    def _epoch(self) -> int:
        return self._opened()[0]


def _forget_sent(ledger: Ledger) -> None:
    rows.FORGET_SENT.run(ledger.conn)
