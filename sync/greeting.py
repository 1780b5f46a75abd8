"""The parent's side of hello: who speaks, what is held of them, and whether this machine itself was restored."""

import contextlib
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping
from functools import partial

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from sync import feed, give_back, ingest, lost_places, outbox, parcels
from sync.access import ChildAccess, Unauthorised
from sync.aside import Aside
from sync.signing import BadSignature, Public
from sync.versions import Speaks
from sync.wire import Head, HelloAnswer, HelloBody, Receipt

log = logging.getLogger(__name__)

HEARTBEAT_S = 30
ASKED_AT_MOST = 3
CLONED = "cloned"


class OtherProtocol(Refusal):
    """No version of the protocol is understood on both sides."""

    def __init__(self) -> None:
        super().__init__("protocol", "本机程序与上级版本不相配，请升级本机程序。")


class Greeter:
    """Belongs to one Parent; its memory lasts as long as the process."""

    def __init__(
        self,
        store: JournalPort,
        aside: Aside,
        children: Mapping[str, ChildAccess],
        signers: Mapping[str, Public],
        speaks: Speaks,
        nonce: Callable[[str, str], str],
        now_ms: Callable[[], int],
    ) -> None:
        """`signers`: the keys of this node and of its peer. `nonce` is made from a node's id and incarnation."""
        self._store = store
        self._aside = aside
        self._children = children
        self._signers = signers
        self._speaks = speaks
        self._nonce = nonce
        self._now_ms = now_ms
        self._heard: set[str] = set()
        self._compared: set[str] = set()
        """Readers that have shown what they have of others, since this process started."""
        self._given_up: set[str] = set()
        self._wanted: Counter[str] = Counter()
        """How often a child was asked for a parcel."""
        self._spoke: dict[str, deque[str]] = {}
        """The incarnations under which each child has spoken of late, by turns."""
        self._cloned: set[tuple[str, str]] = set()
        self._confirmed: set[tuple[str, str]] = set()
        """Lives that a person lets go on, of machines that had a double: of each machine the one confirmed last."""

    def unheard(self) -> frozenset[str]:
        """Children that have not sent all they have since this process started. While not settled also those that have
        not shown what they have of others.
        """
        known = {node for node, child in self._children.items() if not child.revoked} - self._given_up
        # a standby speaks to the node that serves, which speaks for both
        heard = [self._children[node] for node in self._heard if node in self._children]
        spoken_for = {node for child in heard if child.role == "hall" for node in child.subtree}
        nodes = {node for node in known if self._children[node].role == "hall"}
        return frozenset((known - self._heard - (spoken_for & nodes)) | (known & self._uncompared()))

    def _uncompared(self) -> frozenset[str]:
        me = self._store.identity
        if me.settled or me.role != "hall":
            return frozenset()
        readers = {node for node, child in self._children.items() if feed.HALL in child.scopes}
        return frozenset(node for node in readers - self._compared if self._children[node].role != "hall")

    def siblings_of(self, child: ChildAccess) -> frozenset[str]:
        """At a hall node: the other machines below, of which this reader sees every record."""
        if self._store.identity.role != "hall":
            return frozenset()
        return frozenset(node for each in self._children.values() for node in each.subtree) - child.subtree

    def compared(self, child: ChildAccess) -> None:
        """It has told how far it has every chain, and nothing of that is lacking here but what it cannot give."""
        self._compared.add(child.node_id)

    def hear_anew(self) -> None:
        """From now on `unheard` tells who has not sent all it has since this call."""
        self._heard.clear()

    async def hello(self, child: ChildAccess, body: HelloBody, inc: str) -> HelloAnswer:
        """Raises Refusal."""
        agreed = self._speaks.with_peer(body.protocol_min, body.protocol_max)
        if agreed is None:
            raise OtherProtocol
        self._refuse_clones(child.node_id, inc)
        words = self._true_words(body.words)
        told = [*self._true_receipt(body.receipt), *words]
        if await self._aside.commit(self._store, partial(_was_restored, told=told)):
            await self.begin_anew()
        heads, wants = await self._aside.run(partial(self._heads, child, words))
        lost = await self._aside.run(partial(self._lost_parcels, child))
        self._wanted.update(lost)
        me = self._store.identity
        return HelloAnswer(
            node=me.node_id, inc=me.inc, role=me.role, protocol=agreed, nonce=self._nonce(child.node_id, inc),
            heads=heads, time_ms=self._now_ms(), heartbeat_s=HEARTBEAT_S, wants=wants, parcels=lost,
            settled=me.settled, confirmed=(child.node_id, inc) in self._confirmed,
        )  # fmt: skip

    async def begin_anew(self) -> None:
        log.error("a child has this machine's word for more than is here: restored from a backup")
        await self._aside.run(self._store.renew_incarnation)
        self._heard.clear()
        self._wanted.clear()
        self._compared.clear()

    async def heard_from(self, child: ChildAccess) -> None:
        """It has sent all it had."""
        if not self._store.identity.settled:
            lost = await self._aside.run(partial(self._lost_parcels, child))
            if lost:
                return
        self._heard.add(child.node_id)
        if self._root_has_heard_all():
            await self._aside.run(partial(lost_places.settle, self._store))

    def _root_has_heard_all(self) -> bool:
        """The root has nobody above it: when its children have told it all they hold, it settles."""
        me = self._store.identity
        return me.role == "county" and not me.settled and not self.unheard()

    def _refuse_clones(self, node: str, inc: str) -> None:
        """A process that begins anew takes another incarnation and never the older one again: two that speak by
        turns are two machines with one key (guide sync, rule 26). Both wait for a person.
        """
        spoke = self._spoke.setdefault(node, deque(maxlen=4))
        if not spoke or spoke[-1] != inc:
            spoke.append(inc)
        if len(spoke) == 4 and spoke[0] == spoke[2] and spoke[1] == spoke[3]:
            log.error("two machines speak under the name %s", node)
            self._cloned.update((node, each) for each in spoke)
            spoke.clear()
        if (node, inc) in self._cloned - self._confirmed:
            raise Refusal(CLONED, "有两台机器在用同一身份，两台都已停用，等信息科核对。")

    def cloned(self) -> frozenset[str]:
        """Machines that have a double, as far as this process has heard."""
        return frozenset(node for node, _ in self._cloned)

    def spoke_last(self, node: str) -> str:
        """The incarnation under which it spoke last; empty since this process started."""
        spoke = self._spoke.get(node)
        return spoke[-1] if spoke else ""

    def refuse_former_life(self, node: str, inc: str) -> None:
        """What a machine had sent before it was restored may come when it has been told already how far its chains lie
        here, and has gone on from there. In the writer's turn: hello asks for a turn between the two. Raises
        Unauthorised.
        """
        last = self.spoke_last(node)
        if last not in ("", inc):
            raise Unauthorised("stale_nonce")

    def do_not_wait(self, node: str) -> None:
        """A person has said that this machine never comes back: who was restored settles without it. Blocks."""
        self._given_up.add(node)
        if self._root_has_heard_all():
            lost_places.settle(self._store)

    def confirm(self, node: str, inc: str) -> None:
        """A person has switched the double off: this life of the machine goes on, any other stays outside."""
        self._confirmed = {life for life in self._confirmed if life[0] != node} | {(node, inc)}

    def _true_receipt(self, receipt: Receipt | None) -> list[Receipt]:
        """It, if this machine has signed it."""
        me = self._store.identity.node_id
        if receipt is None:
            return []
        try:
            ingest.check_receipt(receipt, me, self._signers[me])
        except BadSignature:
            return []
        return [receipt]

    def _true_words(self, words: list[Receipt]) -> list[Receipt]:
        """Those that this machine or its peer has signed, each of its own chain."""
        good = []
        for word in words:
            with contextlib.suppress(BadSignature):
                ingest.check_word(word, self._signers)
                good.append(word)
        return good

    def _heads(self, child: ChildAccess, words: list[Receipt]) -> tuple[list[Head], list[Head]]:
        """Chains of the child's subtree that are here, and own chains that the child can give back."""
        with self._store.read() as conn:
            found = outbox.heads(conn, child.subtree)
            wants = give_back.wanted(conn, words)
        heads = [
            Head(origin=o, inc=i, seq=head.seq, h=head.h.hex()) for (o, i), head in sorted(found.items())
        ]
        return heads, wants

    def _lost_parcels(self, child: ChildAccess) -> list[str]:
        """While restored and not settled: what the child may still have of what went to it. Asked for three times."""
        me = self._store.identity
        if me.settled:
            return []
        with self._store.read() as conn:
            vain = {receipt for receipt, times in self._wanted.items() if times >= ASKED_AT_MOST}
            return parcels.wanted(conn, me.node_id, child.subtree, vain)


def _was_restored(ledger: Ledger, told: list[Receipt]) -> bool:
    return any(ingest.proves_restore(ledger, receipt) for receipt in told)
