"""The hall's two nodes as this window's line knows them, and the manager's order."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.managers import manager
from counter_app.stand_in.ports import Other, StandInBoard
from hall.calendar.opening import china_time
from sync.home import Home
from sync.wire import ModeAnswer

HALL_NODE, STANDBY = "大厅节点", "备用节点"


@dataclass(frozen=True, slots=True)
class Nodes:
    """Which machine this window's line goes to, by the name that people know it by, for every line that speaks of it.

    `ready`: the other one, while it could take over; else empty.
    """

    served_by: str = HALL_NODE
    ready: str = ""


class StandIn:
    """Implements StandInDesk."""

    def __init__(self, bench: Bench, home: Home) -> None:
        self._bench = bench
        self._home = home

    @refusing
    def stand_in(self) -> StandInBoard:
        pair, state = self._home.pair(), self._home.link_state()
        up = state.up or state.connecting
        if pair is None:
            return StandInBoard(Other.NONE, up)
        told = pair.other
        if pair.moving:
            return StandInBoard(Other.TAKING_OVER, up, pair.at_standby)
        if told is None:
            return StandInBoard(Other.AWAY, up, pair.at_standby)
        return StandInBoard(_other(told), up, pair.at_standby, _time(told.copy_ms), told.heard, told.expected)

    @refusing
    def take_over(self, command_id: UUID, staff_no: str, pin: str, reason: str) -> None:
        person = manager(self._bench, staff_no, pin, "只有大厅管理人员可以启用备用节点。")
        self._home.order_take_over(text_id(command_id), person.id, reason)

    def nodes(self) -> Nodes:
        """What is known just now; asks nobody."""
        pair = self._home.pair()
        if pair is None:
            return Nodes()
        # while one takes over, the line already goes to the machine that the journal does not name yet
        here, other = (STANDBY, HALL_NODE) if pair.at_standby is not pair.moving else (HALL_NODE, STANDBY)
        ready = not pair.moving and pair.other is not None and _other(pair.other) is Other.READY
        return Nodes(here, other if ready else "")


def _other(told: ModeAnswer) -> Other:
    match told.mode:
        case "promoting":
            return Other.TAKING_OVER
        case "waiting":
            return Other.UNSURE
        case "standby":
            return Other.READY if told.epoch > 0 else Other.EMPTY
    # it serves: the line is on its way there
    return Other.TAKING_OVER


def _time(ms: int | None) -> str:
    return "" if ms is None else china_time(datetime.fromtimestamp(ms / 1000, UTC)).strftime("%H:%M:%S")
