"""What has not arrived yet, read from this PC's journal and from what is known of its line."""

from collections.abc import Callable
from dataclasses import dataclass

from counter_app.backend.bench import Bench
from counter_app.backend.stand_in_desk import Nodes
from counter_app.exchange.ports import ConcernRow, ExchangeBoard, Leg, Station, Weight
from counter_app.status.ports import Health
from hall.calendar.opening import china_time
from sync import concerns as words
from sync.concerns import Concern, Seen, age_text, concerns
from sync.link_note import LinkFares, read_link_note
from sync.reviewed import reviewed_up_to
from sync.stand import Stand, stand_of
from sync.uplink import Link

_WEIGHTS = {words.Weight.CALM: Weight.CALM, words.Weight.LOOK: Weight.LOOK, words.Weight.ACT: Weight.ACT}


@dataclass(frozen=True, slots=True)
class Exchange:
    """Implements ExchangeDesk."""

    bench: Bench
    nodes: Callable[[], Nodes] = Nodes

    def exchange(self) -> ExchangeBoard:
        b = self.bench
        with b.store.read() as conn:
            stand = stand_of(conn, b.join, b.blobs, reviewed_up_to(b.data))
        link, now = b.up.link(), b.now()
        nodes = self.nodes()
        note = None if link.connecting else read_link_note(b.data)
        found = concerns(Seen(stand, note, b.free(), now, link.county_up, nodes.served_by, nodes.ready))
        rows = tuple(ConcernRow(c.what, c.todo, _WEIGHTS[c.weight], age_text(c.since_ms, now)) for c in found)
        stations = (
            Station("本机", *_here(found)),
            Station(nodes.served_by, *_node(link, note)),
            Station("县中心", *_county(link)),
        )
        return ExchangeBoard(stations, (_to_node(stand), _to_centre(stand)), rows)


def _here(found: tuple[Concern, ...]) -> tuple[str, Health]:
    kinds = {c.kind for c in found if c.weight is words.Weight.ACT}
    if kinds & {"fork", "forked", "hole"}:
        return "记录有异常", Health.FAULT
    if "unsettled" in kinds:
        return "正在取回", Health.ATTENTION
    if "disk" in kinds:
        return "磁盘快满", Health.FAULT
    return "照常保存", Health.OK


def _node(link: Link, note: LinkFares | None) -> tuple[str, Health]:
    if link.connecting:
        return "正在连接", Health.UNKNOWN
    if link.up:
        return "已连接", Health.OK
    last = note.last_ok if note is not None else None
    return (
        (f"断开，{china_time(last):%H:%M} 还通", Health.FAULT) if last is not None else ("断开", Health.FAULT)
    )


def _county(link: Link) -> tuple[str, Health]:
    if not link.up or link.county_up is None:
        return "未知", Health.UNKNOWN
    return ("已连接", Health.OK) if link.county_up else ("断开", Health.ATTENTION)


def _to_node(stand: Stand) -> Leg:
    parts = []
    if stand.waiting:
        parts.append(f"{stand.waiting} 条")
    if stand.blobs_waiting:
        parts.append(f"{stand.blobs_waiting} 份扫描件")
    # a line each: the way between two stations is narrow
    return Leg("\n".join((*parts, "在等")), True) if parts else Leg("都已送到", False)


def _to_centre(stand: Stand) -> Leg:
    return Leg(f"{stand.below_root} 条\n在等", True) if stand.below_root else Leg("都已送到", False)
