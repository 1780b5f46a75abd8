"""One node of a pair on a real store, whose thread does not run."""

from collections.abc import Callable
from typing import Any, cast

from hall.queueing import commands as cmd
from hall.queueing import handlers
from server_app.standby.copies import Copies
from server_app.standby.lines import Lines
from server_app.standby.station import Station
from sync.other_node import OtherNode
from sync.wire import ModeAnswer
from tests.hall.builders import DAY, fresh, machine

NODE, STANDBY, PC, KIOSK = "node-1", "node-2", "pc-1", "k1"


class FakeOther:
    """The other machine: `says` is its answer, `asked` the epochs that it was told."""

    def __init__(self, node_id: str) -> None:
        self.node_id = node_id
        self.says: ModeAnswer | None = None
        self.asked: list[int] = []
        self.on_asked: Callable[[], None] = lambda: None

    def mode(self, epoch: int) -> ModeAnswer | None:
        self.asked.append(epoch)
        self.on_asked()
        return self.says

    def close(self) -> None:
        """Nothing is open."""


def says(node: str, mode: Any, epoch: int, serves: str = "") -> ModeAnswer:
    return ModeAnswer(
        node=node, mode=mode, epoch=epoch, serves=serves, nonce="n", copy_ms=None, heard=0, expected=0
    )


class Bench:
    """A station over a real store, whose thread does not run: `step` is one round of it."""

    def __init__(self, node: str, *, first: bool) -> None:
        self.here = machine(node, "hall")
        self.other = FakeOther(STANDBY if first else NODE)
        self.centre = FakeOther("c1")
        self.unheard = {KIOSK, PC}
        self.changes = 0
        self.station = self.started(first)

    def started(self, first: bool) -> Station:
        store = self.here.store
        return Station(
            store, peer=cast(OtherNode, self.other), centre=cast(OtherNode, self.centre), first=first,
            lines=Lines({}), copies=cast(Copies, None), terminals=[PC, KIOSK],
            unheard=lambda: frozenset(self.unheard), hear_anew=lambda: None, changed=self._changed, collect_s=0.3,
        )  # fmt: skip

    def _changed(self) -> None:
        self.changes += 1

    def step(self) -> str:
        self.station._step()
        return self.station.mode

    def open_day(self, epoch: int) -> None:
        self.here.do(cmd.OpenDay(fresh("c"), DAY, epoch, "hall"), handlers.open_day)

    def close(self) -> None:
        self.station.stop()
        self.here.store.close()
