"""Puts one node of a pair together from its join file, and the line that every node keeps upwards."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from hall.journal.blobs import BlobStore
from hall.journal.store import Store
from hall.queueing import views as queue
from server_app.standby.copies import Copies
from server_app.standby.lines import Lines
from server_app.standby.station import Station
from sync.child import Child
from sync.join_file import JoinFile, Parent
from sync.link import Credentials
from sync.link_note import LinkNote
from sync.machine_folder import Journal
from sync.other_node import OtherNode
from sync.stand import subtree_of


def make_lines(
    join: JoinFile, journal: Journal, blobs: BlobStore, data: Path, unheard: Callable[[], frozenset[str]]
) -> Lines:
    """To the centre and to the other node, as far as the join file names them. A node settles after a restore only
    when no child is `unheard`.
    """
    below, note = subtree_of(join), LinkNote(data, journal.store.kernel.clock.now)
    epoch = partial(_epoch, journal.store)

    def line(above: Parent) -> Child:
        # the other node of a pair is below this one, too, but not where it is the one above
        mine = below - {above.node_id}
        return Child(
            journal.store, _credentials(join, above), blobs, base_url=above.url, scope="hall", mine=lambda: mine,
            may_settle=lambda: not unheard(), longest_wait_s=join.retry_within_s, marker=journal.marker,
            note=note, unheard=unheard, epoch=epoch,
        )  # fmt: skip

    named = {"centre": join.parent, "peer": join.peer}
    return Lines({where: partial(line, above) for where, above in named.items() if above is not None})


def make_station(
    join: JoinFile,
    store: Store,
    blobs: BlobStore,
    lines: Lines,
    *,
    unheard: Callable[[], frozenset[str]],
    hear_anew: Callable[[], None],
    changed: Callable[[], None],
) -> Station | None:
    """None where the hall has one node only."""
    if join.peer is None:
        return None
    return Station(
        store, peer=_other(store, join, join.peer), centre=_other(store, join, join.parent) if join.parent else None,
        first=not join.stands_by, lines=lines, copies=Copies(store, blobs),
        terminals=[c.node_id for c in join.children if c.kind != "node"],
        unheard=unheard, hear_anew=hear_anew, changed=changed,
    )  # fmt: skip


def _other(store: Store, join: JoinFile, above: Parent) -> OtherNode:
    return OtherNode(store, _credentials(join, above), base_url=above.url)


def _credentials(join: JoinFile, above: Parent) -> Credentials:
    pair = "" if join.peer is None else join.peer.node_id
    return Credentials(
        join.node_id, bytes.fromhex(join.sign_private), above.node_id, bytes.fromhex(above.public), pair
    )


def _epoch(store: Store) -> int:
    with store.read() as conn:
        return queue.queue_epoch(conn)
