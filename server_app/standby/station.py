"""One node of a pair: whether it serves, stands by, waits to hear somebody, or is taking over.

A node never serves by its own memory alone. After its start it waits until the other node, the centre or a terminal
has told which epoch they have heard of; whenever it hears a higher one than it opened, it stops at once.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hall.calendar.opening import business_day
from hall.journal.machine import machine_dossier
from hall.journal.projection import Recorded
from hall.journal.refusal import NotSettled, Refusal, StoreFault
from hall.journal.store import Store
from hall.queueing import pair_views as pair
from hall.queueing.events import DayOpened, ServedUnheard
from hall.queueing.pair_views import CalledTicket
from server_app.standby.copies import Copies
from server_app.standby.lines import Lines
from server_app.standby.model import COLLECT_S, Known, may_be_true, next_epoch
from server_app.standby.taking_over import Order, tail_has_come, take_over
from sync import feed
from sync.access import ChildAccess
from sync.gate import NotServing, Standing
from sync.home import CALLED, TAKE_OVER
from sync.other_node import OtherNode
from sync.wire import Mode, ModeAnswer

log = logging.getLogger(__name__)

LOOK_S = 2.0
LOOK_WAITING_S = 0.5
_READS = ("/v1/queue/state", "/v1/progress", "/v1/hall/link", "/v1/reference/manifest")
STANDS_BY_ZH = "这台机器是备用节点，平时不受理业务，请到大厅节点办理。"
UNSURE_ZH = "大厅节点刚启动，正在确认是否已有别的机器接替；可以查看，暂不叫号、发号。"
TAKES_OVER_ZH = "备用节点正在接替大厅节点，正在收齐各窗口的记录，请稍等几秒。"


class Station:
    """Implements sync.gate.Gate. start() and stop() once each; the rest from any thread."""

    def __init__(
        self,
        store: Store,
        *,
        peer: OtherNode,
        centre: OtherNode | None,
        first: bool,
        lines: Lines,
        copies: Copies,
        terminals: Iterable[str],
        unheard: Callable[[], frozenset[str]],
        hear_anew: Callable[[], None],
        changed: Callable[[], None],
        collect_s: float = COLLECT_S,
    ) -> None:
        """`unheard`, `hear_anew`: the parent's; `changed` wakes whoever acts only while this node serves."""
        self._store, self._lines = store, lines
        self._peer, self._centre = peer, centre
        self._terminals = frozenset(terminals)
        self._unheard, self._hear_anew, self._changed = unheard, hear_anew, changed
        self._collect_s = collect_s
        self._lock = threading.Lock()
        self._known = Known(store.identity.node_id, peer.node_id, first)
        self._read_journal()
        self.mode: Mode = "waiting" if self._known.mine else "standby"
        self._order: Order | None = None
        self._doubt = 0
        """An epoch that a window has named since the peer was last asked."""
        self._target = 0
        self._seen: dict[str, CalledTicket] = {}
        self._was = ""
        self._news = False
        self._peer_answers = False
        self._tail_awaited: bool | None = None
        """Whether the former node's last records are still to come; None: not looked up."""
        self._copies = copies
        self._copy_ms: int | None = None
        self._stopping = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="standby", daemon=True)
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = self._store.subscribe(self._committed)
        self._thread.start()

    def stop(self) -> None:
        self._unsubscribe()
        self._stopping = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()
        self._lines.stop()
        self._peer.close()
        if self._centre is not None:
            self._centre.close()

    def serving(self) -> bool:
        return self.mode == "serving"

    def epoch(self) -> int:
        """The highest that this node has opened; 0 for none."""
        known = self._known
        return known.epoch if known.opened_by == known.me else 0

    # -- the gate -----------------------------------------------------------------------------------------

    def admit(self, child: ChildAccess, method: str, path: str) -> None:
        mode = self.mode
        if mode == "serving" or path in ("/v1/mode", TAKE_OVER) or (mode == "promoting" and path == CALLED):
            return
        if mode == "standby":
            raise NotServing(STANDS_BY_ZH)
        facts = path in ("/v1/hello", "/v1/push", "/v1/returns", *_READS)
        if method == "GET" or facts or path.startswith(("/v1/blobs/", "/v1/uploads")):
            return
        raise NotServing(TAKES_OVER_ZH if mode == "promoting" else UNSURE_ZH)

    def heard(self, child: ChildAccess, epoch: int) -> None:
        """Of a higher epoch only the peer is believed at once. A window that names one has the peer asked, which would
        have opened it; and is believed while that does not answer: so a node that a cut cable has left alone stops.
        """
        mine = child.node_id == self._peer.node_id
        with self._lock:
            if epoch > self._known.epoch:
                # perhaps opened here a moment ago
                self._read_journal()
        if mine or epoch <= self._known.epoch:
            self._heard(epoch, claimed=mine)
        elif feed.HALL in child.scopes and may_be_true(epoch, self._known):
            with self._lock:
                self._doubt = max(self._doubt, epoch)
            self._woken.set()
        else:
            log.warning("%s names an epoch that it cannot know", child.node_id)

    def standing(self, child: ChildAccess) -> Standing:
        with self._lock:
            known, mode = self._known, self.mode
        if mode != "promoting":
            return Standing(mode, known.highest, known.opened_by, self._copy_ms)
        expected = self._expected()
        heard = len(expected - self._unheard())
        return Standing(mode, self._target, known.opened_by, self._copy_ms, heard, len(expected))

    # -- what people order --------------------------------------------------------------------------------

    def order(self, order: Order) -> None:
        """Take the other node's place; returns at once, `standing` tells how far it is. Safe to repeat.

        Raises Refusal.
        """
        if not order.by.strip() or not order.reason.strip():
            raise Refusal("reason_missing", "启用备用节点必须写明决定人和理由。")
        if not self._store.identity.settled:
            raise NotSettled
        with self._lock:
            if self.mode in ("serving", "promoting"):
                return
            if self.mode == "waiting":
                raise Refusal("not_standby", UNSURE_ZH)
            if self._known.epoch == 0:
                raise Refusal(
                    "no_copy", "备用节点还没有抄到大厅的任何记录，不能接替。请先让它与大厅节点连通。"
                )
            self._order = order
        self._woken.set()

    def seen(self, called: Iterable[CalledTicket]) -> None:
        """While taking over: people that a terminal knows as called."""
        with self._lock:
            for one in called:
                before = self._seen.get(one.ticket)
                if before is None or before.n < one.n:
                    self._seen[one.ticket] = one

    def serve_unheard(self, order: Order) -> None:
        """Serve although nobody could be reached; calls of an older epoch are still not shown. Raises Refusal."""
        if not order.by.strip() or not order.reason.strip():
            raise Refusal("reason_missing", "直接开始服务必须写明决定人和理由。")
        with self._lock:
            if self.mode == "serving":
                return
            if self.mode != "waiting":
                raise Refusal(
                    "not_waiting", "已有别的机器接替了大厅节点，本机不能开始服务；它会自动成为备用节点。"
                )
        event = ServedUnheard(self._known.epoch, order.by, order.reason)
        self._store.write(
            lambda ledger: ledger.append(machine_dossier(ledger, actor=order.by), event, actor=order.by)
        )
        self._heard(self._known.epoch, claimed=False)

    def tail_lost(self, order: Order) -> None:
        """The former node will never come back: document numbers go on. Raises Refusal."""
        if not order.by.strip() or not order.reason.strip():
            raise Refusal("reason_missing", "请写明决定人和理由。")
        if not self._store.write(lambda ledger: tail_has_come(ledger, order.by, order.reason)):
            raise Refusal("no_tail", "本机没有在等原大厅节点的记录。")

    # -- what is heard ------------------------------------------------------------------------------------

    def _heard(self, epoch: int, *, claimed: bool) -> None:
        with self._lock:
            known, before = self._known, (self._known, self.mode)
            if epoch > known.epoch:
                # perhaps opened here a moment ago
                self._read_journal()
                known = self._known
            if epoch > known.epoch:
                if claimed:
                    self._known = replace(known, claimed=max(known.claimed, epoch))
                else:
                    self._known = replace(known, told=max(known.told, epoch))
            elif self.mode == "waiting" and known.mine and self._doubt <= known.epoch:
                log.warning("somebody was heard: this node serves")
                self.mode = "serving"
            self._judge()
            news = (self._known, self.mode) != before
        if news:
            # two nodes that wake each other by asking would ask without end
            self._woken.set()

    def _committed(self, recorded: Sequence[Recorded]) -> None:
        """On the writer's thread."""
        if any(r.env.origin == self._peer.node_id for r in recorded):
            # what a former node still wrote is to be seized
            self._news = True
            self._woken.set()
        elif any(isinstance(r.event, DayOpened) for r in recorded):
            self._woken.set()

    def _read_journal(self) -> None:
        with self._store.read() as conn:
            epoch, node = pair.opened_last(conn) or (0, "")
        self._known = replace(self._known, epoch=epoch, opened_by=node)

    def _judge(self) -> None:
        """Under the lock."""
        if self.mode in ("serving", "waiting") and not self._known.mine:
            log.error("another machine serves the hall: this node stops and stands by")
            self.mode = "standby"
        elif self.mode == "standby" and self._known.mine:
            self.mode = "waiting"

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._step()
            except (StoreFault, Refusal) as exc:
                log.error("the pair of nodes: %s", exc.text)
            except Exception:
                # our bug: what was decided last goes on, and the next look tries again
                log.exception("the pair of nodes")
            self._woken.wait(LOOK_WAITING_S if self.mode == "waiting" else LOOK_S)
            self._woken.clear()

    def _step(self) -> None:
        with self._lock:
            order, self._order = self._order, None
            self._read_journal()
            self._judge()
            before = self.mode
        if order is not None and before == "standby":
            self._take_over(order)
        self._look()
        now = self.mode
        self._lines.to({"serving": "centre", "standby": "peer"}.get(now, ""))
        if now == "standby":
            self._keep_copy()
        elif now == "serving":
            self._look_for_tail()
        if now != self._was or self._news:
            self._was, self._news = now, False
            self._changed()

    def _look(self) -> None:
        """Ask the other node, and while nobody was heard the centre too."""
        told = self._peer.mode(self._known.epoch)
        self._peer_answers = told is not None
        with self._lock:
            doubt, self._doubt = self._doubt, 0
            if told is None and doubt > self._known.epoch:
                self._known = replace(self._known, doubted=max(self._known.doubted, doubt))
                self._judge()
        if told is not None:
            self._hear_peer(told)
        if self.mode == "waiting" and self._centre is not None:
            above = self._centre.mode(self._known.epoch)
            if above is not None:
                self._heard(above.epoch, claimed=False)

    def _hear_peer(self, told: ModeAnswer) -> None:
        if told.mode == "promoting":
            self._heard(told.epoch, claimed=True)
            return
        with self._lock:
            # it has opened what it was about to open, or has given up
            self._known = replace(self._known, claimed=0, doubted=0)
            self._judge()
        self._heard(told.epoch, claimed=False)

    def _keep_copy(self) -> None:
        line = self._lines.current
        state = None if line is None else line.link_state()
        if line is None or state is None or not state.up or state.last_ok is None:
            return
        if line.core.feed.up_to_date and self._known.epoch > 0:
            self._copy_ms = int(state.last_ok.timestamp() * 1000)
        self._copies.fetch(line)

    def _look_for_tail(self) -> None:
        if self._tail_awaited is None:
            with self._store.read() as conn:
                self._tail_awaited = pair.tail_missing(conn, self._known.me)
        if self._tail_awaited and self._peer.node_id not in self._unheard():
            self._store.write(lambda ledger: tail_has_come(ledger, "hall", "原大厅节点已交出全部记录"))
            self._tail_awaited = False

    # -- taking over --------------------------------------------------------------------------------------

    def _take_over(self, order: Order) -> None:
        self._hear_anew()
        self._seen.clear()
        with self._lock:
            self._target = next_epoch(self._known.highest, first=self._known.first)
            self.mode = "promoting"
        log.warning("taking over as epoch %d", self._target)
        done = False
        try:
            self._lines.to("")
            # a node that still lives stops at once, and hands over what it has
            self._peer_answers = self._peer.mode(self._target) is not None
            self._collect()
            unheard = tuple(sorted(self._expected() & self._unheard()))
            day = business_day(self._store.now())
            seized = self._store.write(
                lambda ledger: take_over(
                    ledger,
                    order,
                    peer=self._peer.node_id,
                    epoch=self._target,
                    day=day,
                    unheard=unheard,
                    seen=tuple(self._seen.values()),
                )
            )
            done = True
            self._tail_awaited = None
            log.warning("took over: %d dossiers seized, %d terminals unheard", seized, len(unheard))
        finally:
            with self._lock:
                self._read_journal()
                self.mode = "serving" if done else "standby"

    def _collect(self) -> None:
        waited = 0.0
        while waited < self._collect_s and not self._stopping:
            if not self._expected() & self._unheard():
                return
            threading.Event().wait(0.1)
            waited += 0.1

    def _expected(self) -> frozenset[str]:
        return self._terminals | {self._peer.node_id} if self._peer_answers else self._terminals


__all__ = ["Station"]
