"""The drill: a hall node restored from last week's backup gets everything back from its terminals and the centre."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import select

from hall.assembly import event_types, projections
from hall.delivery import views as delivery
from hall.intake.model import CaseState
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.store import Store
from hall.journal.verify import verify_file
from hall.people.model import Role
from server_app.main import build
from sync.backup import backups_in, home_of, make_backup
from sync.concerns import Seen, concerns
from sync.core import ChildCore
from sync.join_file import JoinFile, write_join_file
from sync.link import Credentials
from sync.link_note import LinkFares
from sync.restoring import restore
from sync.stand import stand_of
from tests.hall.builders import Machine, machine
from tests.server_app.site import CENTRE, KIOSK, NODE, Site
from tests.server_app.test_desk_walk import claim, dispatched

LAST_WEEK = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


class Drill:
    """A site whose node can be lost and put back, with a kiosk that speaks as well."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kiosk: Machine = machine(KIOSK, keys=site.keys, clock=site.clock)
        credentials = Credentials(KIOSK, site.signing[KIOSK][0], NODE, site.signing[NODE][1])
        blobs = BlobStore(site.folder / KIOSK)
        self.kiosk_core = ChildCore(
            self.kiosk.store, credentials, blobs, scope="queue", rng=Random(2),
            new_id=site.next_id, wall=lambda: LAST_WEEK,
        )  # fmt: skip
        self.kiosk.store.subscribe(lambda _: self.kiosk_core.wake())

    @property
    def folder(self) -> Path:
        return self.site.folder / NODE

    def settle(self) -> None:
        for _ in range(4):
            self.site._exchange(self.kiosk_core, self.site.node)
            self.site.settle()
        self.site._exchange(self.kiosk_core, self.site.node)

    def lose_the_node(self) -> None:
        self.site.node.stop()
        shutil.rmtree(self.folder)
        # the new PC has no marker of its own
        self.folder.with_name(f"{NODE}.marker").unlink()

    def start_the_node(self, join: JoinFile) -> None:
        site = self.site
        site.node_app = build(join, self.folder, clock=site.clock.clock())
        site.node = site.node_app.state.server
        site.node.parent._max_wait_s = 0.0
        assert site.node.child is not None
        above = site.node.child.core
        site.node.store.subscribe(lambda _: above.wake())


def ids(store: Store) -> set[str]:
    with store.read() as conn:
        return set(conn.scalars(select(schema.record.c.id)))


def kinds(drill: Drill, join: JoinFile) -> set[str]:
    node = drill.site.node
    unheard = tuple(sorted(node.parent.unheard()))
    with node.store.read() as conn:
        stand = stand_of(conn, join, BlobStore(drill.folder / "blobs"))
    link = LinkFares(True, LAST_WEEK, LAST_WEEK, "", () if stand.settled else unheard)
    return {c.kind for c in concerns(Seen(stand, link, None, LAST_WEEK))}


def test_a_node_restored_from_last_week_gets_all_back_and_says_when(site: Site, tmp_path: Path) -> None:
    drill = Drill(site)
    join = site.node_join
    write_join_file(drill.folder, join)
    before = dispatched(site)
    drill.settle()
    out = tmp_path / "backups"
    make_backup(join, drill.folder, out, keep=14, now=LAST_WEEK)
    # the week after: decided and handed over, another case to the node's desk, one to the centre, a kiosk's number
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER)
    assert officer.act(before, "take") == 303
    assert officer.act(before, "grant", valid_to="2028-12-31") == 303
    drill.settle()
    later = dispatched(site)
    at_centre = dispatched(site, "示例局@county")
    drill.kiosk.ticket()
    drill.settle()
    boss = site.officer("zhao", Role.REVIEWER, Role.APPROVER, county=True)
    assert boss.act(at_centre, "take") == 303
    drill.settle()
    # what had not left the windows when the node was lost
    unsent = site.window.draft()
    had = ids(site.node.store)
    assert later
    drill.lose_the_node()

    write_join_file(drill.folder, join)
    restore(backups_in(home_of(join, out))[0], join, drill.folder, now=LAST_WEEK)
    drill.start_the_node(join)
    assert not site.node.store.identity.settled
    assert len(ids(site.node.store)) < len(had)
    assert "unsettled" in kinds(drill, join)
    for _ in range(3):
        # the window shows what it has of others, gives it back, and shows that there is no more
        site.settle()
        site.now += 31
    assert not site.node.store.identity.settled, "the kiosk has not spoken yet"
    assert site.node.parent.unheard() == {KIOSK}
    drill.settle()

    assert site.node.store.identity.settled
    assert "unsettled" not in kinds(drill, join)
    assert had - ids(site.node.store) == set(), "nothing is lost"
    assert ids(site.window.store) - ids(site.node.store) == set()
    assert site.window.held(unsent) is not None
    assert [site.at(site.node, c).owner for c in (later, at_centre)] == ["n1", "c1"]
    assert site.at(site.node, before).state is CaseState.GRANTED
    # and it works on: what was decided is handed over
    claim(site, _delivery(site, before))
    drill.settle()
    site.node.store.close()
    key = bytes.fromhex(join.db_key)
    assert verify_file(drill.folder / "journal.db", key, event_types(), projections(), join.keys) == []
    # for the site's own end
    drill.start_the_node(join)
    drill.kiosk.store.close()


def test_a_centre_restored_from_last_week_is_refilled_by_its_halls(site: Site, tmp_path: Path) -> None:
    drill = Drill(site)
    join = site.centre_join
    write_join_file(site.folder / CENTRE, join)
    dispatched(site)
    drill.settle()
    out = tmp_path / "backups"
    make_backup(join, site.folder / CENTRE, out, keep=14, now=LAST_WEEK)
    later = dispatched(site, "示例局@county")
    boss = site.officer("zhao", Role.REVIEWER, Role.APPROVER, county=True)
    assert boss.act(later, "take") == 303
    drill.settle()
    had = ids(site.centre.store)
    scans = set(site.centre.blobs.digests())
    assert len(scans) == 2

    site.centre.stop()
    shutil.rmtree(site.folder / CENTRE)
    site.folder.joinpath(f"{CENTRE}.marker").unlink()
    write_join_file(site.folder / CENTRE, join)
    restore(backups_in(home_of(join, out))[0], join, site.folder / CENTRE, now=LAST_WEEK)
    site.centre_app = build(join, site.folder / CENTRE, clock=site.clock.clock())
    site.centre = site.centre_app.state.server
    site.centre.parent._max_wait_s = 0.0
    assert not site.centre.store.identity.settled
    drill.settle()

    assert site.centre.store.identity.settled
    assert had - ids(site.centre.store) == set(), "also what it had written itself, from the node's feed"
    assert site.at(site.centre, later).owner == CENTRE
    assert scans - set(site.centre.blobs.digests()) == set(), "scans that the node had sent are sent again"
    site.centre.store.close()
    key = bytes.fromhex(join.db_key)
    journal = site.folder / CENTRE / "journal.db"
    assert verify_file(journal, key, event_types(), projections(), join.keys) == []
    drill.kiosk.store.close()


def _delivery(site: Site, case: str) -> str:
    with site.node.store.read() as conn:
        (result,) = delivery.deliveries_of_case(conn, case)
    return result.id
