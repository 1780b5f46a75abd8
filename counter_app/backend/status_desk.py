"""Links, devices and how far a case has travelled."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from counter_app.backend.bench import Bench
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.stand_in_desk import Nodes
from counter_app.status.ports import Health, HealthRow, StatusBoard
from counter_app.values import CaseId, Mark, SyncMarks
from hall.journal import schema
from sync.clocks import apart_text
from sync.closed_note import closed_words
from sync.concerns import MANY_RECORDS, size_text
from sync.room import SCANS_STOP_BYTES, WARN_BYTES

HealthSource = Callable[[], HealthRow]


@dataclass(frozen=True, slots=True)
class Status:
    """Implements StatusDesk."""

    bench: Bench
    packages: PackageDesk
    devices: tuple[HealthSource, ...]
    nodes: Callable[[], Nodes] = Nodes

    def status(self) -> StatusBoard:
        link = self.bench.up.link()
        nodes = self.nodes()
        name = nodes.served_by
        node = HealthRow("node", name, Health.OK, "正常")
        if link.connecting:
            node = HealthRow("node", name, Health.UNKNOWN, "正在连接")
        elif closed := closed_words(self.bench.data, self.bench.node_id):
            node = HealthRow("node", "本机", Health.FAULT, "已停用", closed)
        elif not link.up:
            hint = link.problem or "已办的都存在本机；先办手上的件，或凭号票直接办理。"
            if nodes.ready:
                hint = f"{nodes.ready}可以接替：请大厅管理人员按 Ctrl+J。手上的件照常办，也可凭号票直接办理。"
            node = HealthRow("node", name, Health.FAULT, "断开", hint)
        if not link.up or link.county_up is None:
            county = HealthRow("county", "县中心", Health.UNKNOWN, "未知")
        elif link.county_up:
            county = HealthRow("county", "县中心", Health.OK, "正常")
        else:
            hint = "大厅内照常办理；送县中心的办件等网络恢复后自动送达。"
            county = HealthRow("county", "县中心", Health.ATTENTION, "断开", hint)
        rows = (
            county, node, *self._clock(link.node_ms), *self._disk(), *_outbox(link.waiting),
            *(source() for source in self.devices),
        )  # fmt: skip
        return StatusBoard(rows, link.waiting)

    def _disk(self) -> tuple[HealthRow, ...]:
        """A row only while the disk is nearly full."""
        free = self.bench.free()
        if free is None or free >= WARN_BYTES:
            return ()
        stopped = free < SCANS_STOP_BYTES
        hint = "已停止新增扫描件，其余照常办理" if stopped else "再少就不能新增扫描件"
        health = Health.FAULT if stopped else Health.ATTENTION
        return (
            HealthRow("disk", "本机磁盘", health, f"剩 {size_text(free)}", f"{hint}；请信息科清理磁盘。"),
        )

    def _clock(self, node_ms: int | None) -> tuple[HealthRow, ...]:
        """A row only while this PC's clock is visibly off: nothing here works by it, but papers print its times."""
        word = apart_text(self.bench.now(), node_ms)
        if not word:
            return ()
        hint = f"本机时间比大厅{word}，请信息科校准；文书日期以大厅为准。"
        return (HealthRow("clock", "本机时间", Health.FAULT, word, hint),)

    def sync_marks(self, case_id: CaseId) -> SyncMarks:
        """Where every record of the case has arrived, by the watermarks."""
        cases = self.packages.children(case_id) if self.packages.knows(case_id) else (case_id,)
        r, w = schema.record.c, schema.watermark.c
        with self.bench.store.read() as conn:
            last = conn.execute(
                select(r.origin, r.inc, r.seq).where(r.dossier.in_([case_id, *cases])).order_by(r.pos)
            ).all()
            held = {
                (m.origin, m.inc): m
                for m in conn.execute(select(w.origin, w.inc, w.held_parent, w.held_root))
            }
        if not last:
            return SyncMarks()
        me = self.bench.node_id
        hall = centre = True
        for origin, inc, seq in last:
            mark = held.get((origin, inc))
            if origin == me:
                hall = hall and mark is not None and mark.held_parent >= seq
                centre = centre and mark is not None and mark.held_root >= seq
        mine = [x for x in last if x.origin == me]
        if not mine:
            # everything here came from the node, so the hall has it; of the centre this PC knows nothing
            return SyncMarks(Mark.ARRIVED, Mark.ARRIVED, Mark.UNKNOWN)
        return SyncMarks(
            Mark.ARRIVED,
            Mark.ARRIVED if hall else Mark.WAITING,
            Mark.ARRIVED if centre else Mark.WAITING,
        )


def _outbox(waiting: int) -> tuple[HealthRow, ...]:
    """A row only when very much waits: weeks without a line."""
    if waiting < MANY_RECORDS:
        return ()
    hint = "断网太久；都存在本机，照常办理。请信息科恢复网络，或用 U 盘送（按 Ctrl+R 看详情）。"
    return (HealthRow("outbox", "待上传", Health.ATTENTION, f"{waiting} 条", hint),)
