"""A centre, a node that is cut off, and a stick that people carry between them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hall.journal import schema
from hall.journal.store import Store
from server_app.sync_routes.children import children_of
from sync.bundle_in import open_bundle, take_in
from sync.bundle_out import Exported, write_back, write_up
from sync.bundle_steps import At, Step, StepDone, TakenIn, carry_out
from sync.machine_folder import open_journal
from sync.stand import stand_of
from tests.yichuang.machines_on_disk import Keys, Place, joined, set_up


class Trip:
    """A centre, a node that is cut off, and a stick between them."""

    def __init__(self, folder: Path) -> None:
        keys = Keys.fresh()
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.centre = set_up(folder, "centre", "centre", keys)
        self.centre.rejoin(centre_private=keys.centre[0].hex(), hall_private=None)
        self.node = set_up(folder, "node", "node", keys)
        self.kiosk = set_up(folder, "kiosk", "kiosk", keys)
        self.kiosk.rejoin(hall_private=None)
        joined(self.node, self.kiosk)
        joined(self.centre, self.node)
        self.stores = {
            p.folder: open_journal(p.join, p.folder).store for p in (self.centre, self.node, self.kiosk)
        }
        self._trips = 0

    def close(self) -> None:
        for store in self.stores.values():
            store.close()

    def store(self, place: Place) -> Store:
        return self.stores[place.folder]

    def export(self, place: Place, **how: Any) -> tuple[Path, Exported]:
        self._trips += 1
        path = self.stick / f"up-{self._trips}"
        with self.store(place).read() as conn:
            return path, write_up(conn, place.join, place.blobs, path, now_ms=self._trips, **how)

    def bring_in(self, place: Place, path: Path, spoil: Callable[[Step], None] = lambda _: None) -> TakenIn:
        opened = open_bundle(path, place.join, children_of(place.join.children))
        at = At(self.store(place), place.join, opened.child)

        def take(step: Step) -> StepDone:
            spoil(step)
            return carry_out(at, step)

        done = take_in(opened, take, place.blobs)
        if opened.child is not None:
            back = path.with_name(path.name + ".back")
            with self.store(place).read() as conn:
                write_back(conn, place.join, opened.child, opened.header, done, back, now_ms=1)
        return done

    def there_and_back(self) -> tuple[TakenIn, TakenIn]:
        path, _ = self.export(self.node)
        return self.bring_in(self.centre, path), self.bring_in(self.node, path.with_name(path.name + ".back"))

    def waiting(self, place: Place) -> tuple[int, int]:
        with self.store(place).read() as conn:
            stand = stand_of(conn, place.join, place.blobs)
        return stand.waiting, stand.blobs_waiting

    def picture(self, place: Place) -> list[Any]:
        """Everything in the journal but the command log's order."""
        tables = (schema.record, schema.chain_head, schema.dossier, schema.quarantine, schema.receipt,
                  schema.watermark, schema.feed_place, schema.blob_sent)  # fmt: skip
        with self.store(place).read() as conn:
            return [sorted(map(repr, conn.execute(select(table)).all())) for table in tables]

    def ids(self, place: Place) -> set[str]:
        with self.store(place).read() as conn:
            return set(conn.scalars(select(schema.record.c.id)))
