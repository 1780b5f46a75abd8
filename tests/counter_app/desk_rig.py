"""A window's real desks over a real journal in memory; the line to the node is played by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from counter_app.backend.bench import Bench, Seat
from counter_app.backend.dispatch_desk import Dispatching
from counter_app.backend.numbers import Numbers, OrganCodes
from counter_app.backend.outcome_desk import Outcomes, PaperShelf
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.print_book import PrintBook
from counter_app.backend.thumbs import Thumbs
from hall.intake.package_events import PackageChild
from hall.journal.blobs import BlobStore
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.papers.preview import Previewer
from hall.reference import Reference, load_reference
from sync.child import ParentAway
from sync.join_file import JoinFile
from sync.uplink import Link, Uplink
from tests.hall.builders import DESK, Machine, fresh, item, machine
from tests.hall.package_builder import received_package
from ui.resource_files import resource_path

NODE = "node-1"


@cache
def changji() -> Reference:
    return load_reference(resource_path(), "changji")


@dataclass
class HandLine:
    """Uplink. `answers` are given one after another; without one the node is away."""

    answers: list[Callable[[], str]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    stands: Link = field(default_factory=lambda: Link(True, 0, "", True))
    claimed: list[str] = field(default_factory=list)
    line_up: bool = True
    """What is known of the line; a node that is killed is noticed a moment later."""
    reached: bool = True
    """Whether a request leaves this PC."""

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        raise ParentAway(sent=self.reached)

    def take(self, path: str, body: dict[str, Any], actor: str) -> str:
        self.asked.append(body)
        if not self.answers:
            raise ParentAway(sent=self.reached)
        return self.answers.pop(0)()

    def claim(self, dossier: str, actor: str) -> None:
        self.claimed.append(dossier)
        raise ParentAway

    def up(self) -> bool:
        return self.line_up

    def cut_off(self) -> bool:
        return not self.line_up

    def link(self) -> Link:
        return self.stands


@dataclass
class Rig:
    pc: Machine
    line: HandLine
    bench: Bench
    dispatching: Dispatching
    outcomes: Outcomes

    def package(self, *waits: tuple[str, ...], desks: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
        """A package of received children x-0, x-1, ...; each waits for the items named in its place, and goes
        to the desk named in its place (DESK without)."""
        cases = tuple(fresh("case") for _ in waits)
        kids = tuple(
            PackageChild(f"x-{n}", f"示例{n}", case, "示例局", wait)
            for n, (case, wait) in enumerate(zip(cases, waits, strict=True))
        )
        items = [item(id=k.item, name=k.name, desk=desks[n] if desks else DESK) for n, k in enumerate(kids)]
        return received_package(self.pc, kids, items, self.bench.window.no), cases

    def close(self) -> None:
        self.pc.store.close()


def make_rig(folder: Path) -> Rig:
    return make_desks(folder, machine("window-1"), HandLine())


def make_desks(folder: Path, pc: Machine, up: Uplink) -> Rig:
    """`up`: a HandLine, or a real child's."""
    ref, line = changji(), up if isinstance(up, HandLine) else HandLine()
    blobs = BlobStore(folder / "blobs")
    empty = "00" * 32
    join = JoinFile(
        node_id="window-1", name="1号窗口", role="terminal", kind="counter", hall="changji", device_no=3,
        series="V", db_key=empty, sign_private=empty, sign_public=empty, hall_public=empty,
        centre_public=empty,
    )  # fmt: skip
    bench = Bench(
        store=pc.store, up=up, blobs=blobs, ref=ref, join=join,
        press=PaperPress(FontSet.in_folder(resource_path("fonts"))), data=folder,
        thumbs=Thumbs(pc.store, blobs), verify_pin=lambda _no, _pin: True,
    )  # fmt: skip
    bench.seat = Seat(ref.people.staff[0], ref.profile.windows[0])
    desk = PackageDesk(bench)
    numbers = Numbers(bench, OrganCodes.load(resource_path(), "changji"))
    outcomes = Outcomes(bench, desk, numbers, Previewer(), PaperShelf(), PrintBook(bench))
    return Rig(pc, line, bench, Dispatching(bench, desk), outcomes)
