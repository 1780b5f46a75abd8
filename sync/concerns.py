"""What waits on a machine, where, since when, and what to do, in whole Chinese sentences. Pure.

The same words stand on the counter's page and on the command line. `Health` of a machine is not here: a concern
is something that somebody may have to do something about, or may be calm about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from hall.calendar.opening import china_time
from hall.journal.book import CHAIN_BROKEN, FORKED, TAKEN_BACK
from sync.link_note import LinkFares
from sync.room import SCANS_STOP_BYTES, TICKETS_STOP_BYTES, WARN_BYTES
from sync.stand import Stand

MANY_RECORDS = 200_000
MANY_BYTES = 2 * 1024**3
"""Outbox from which on people are told (guide sync, rule 17)."""
SOON_S = 90
"""What is younger than that on a line that is up is no concern."""
OLD_S = 3600
"""A link away, or a fact unsent, for so long is worth a call to the people who keep it."""


class Weight(IntEnum):
    """How grave; the heaviest stands first."""

    CALM = 0
    """It will pass by itself."""
    LOOK = 1
    """Somebody should know."""
    ACT = 2
    """Somebody must do something."""


@dataclass(frozen=True, slots=True)
class Concern:
    """`what` happened and waits where; `todo`: what is safe and what to do; `since_ms` UTC or None."""

    kind: str
    weight: Weight
    what: str
    todo: str
    since_ms: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that concerns are read from."""

    stand: Stand
    link: LinkFares | None
    free_bytes: int | None
    now: datetime
    county_up: bool | None = None
    """At a terminal: what the node says of its own line."""
    parent: str = ""
    """At a terminal of a pair: which of the two machines serves; empty where there is one only."""
    stand_in: str = ""
    """Likewise: the other one, while it could take over."""


def concerns(seen: Seen) -> tuple[Concern, ...]:
    """The heaviest first; empty when nothing waits and nothing is wrong."""
    found = [*_life(seen), *_link(seen), *_facts(seen), *_blobs(seen), *_odd(seen), *_disk(seen)]
    return tuple(sorted(found, key=lambda c: -c.weight))


def above(role: str, follows: str = "") -> str:
    """What this machine calls its parent; a node that stands by `follows` the other one."""
    if follows:
        return "正在服务的节点"
    return "县中心" if role == "hall" else "大厅节点"


def _life(seen: Seen) -> list[Concern]:
    s = seen.stand
    if s.suspect:
        what = f"{_up(seen)}那里有本机另一份不同的记录：可能有另一台电脑在用本机的身份（克隆、旧备份）。"
        todo = (
            "本机新办的件照常保存，但不动旧卷宗。请信息科找出另一台并停掉它，核对两台的当天办件，"
            "再按安装手册第 12 节处理。"
        )
        return [Concern("fork", Weight.ACT, what, todo)]
    if s.settled:
        return []
    unheard = seen.link.unheard if seen.link is not None else ()
    if s.role == "terminal" or not unheard:
        what = f"本机由备份恢复或从头开始，正在向{_up(seen)}取回以前上传过的内容。"
        todo = "取回以前不发号、不编办件号、不动旧卷宗；接好网线等它自己完成，不要重复恢复。"
    else:
        what = f"本机由备份恢复或从头开始，还有 {len(unheard)} 台下级机器没有报到：{_some(unheard)}。"
        todo = "请把这些机器都打开、连上网；它们各报一遍以后本机自动恢复正常。确已报废的，先在 machine.json 里删去。"
    return [Concern("unsettled", Weight.ACT, what, todo, count=len(unheard))]


def _link(seen: Seen) -> list[Concern]:
    s, link = seen.stand, seen.link
    if not s.has_parent or link is None:
        return []
    if link.problem and link.up:
        if s.suspect or s.holes:
            return []  # told already, with its place
        return [Concern("problem", Weight.ACT, link.problem, "按上面的话处理；内容都在本机，没有丢。")]
    if link.up:
        if seen.county_up is not False:
            return []
        todo = "大厅内照常办理；送县中心的办件等网络恢复后自动送达。"
        return [Concern("county", Weight.CALM, "大厅到县中心的连接断开。", todo)]
    if link.last_ok is None and not link.problem:
        return []  # just started: nothing has come back yet, neither an answer nor a failure
    since = link.last_ok or link.since
    long = (seen.now - since).total_seconds() > OLD_S
    what = f"与{_up(seen)}的连接断开。" + (link.problem if "网络不通" not in link.problem else "")
    if seen.stand_in:
        todo = f"{seen.stand_in}可以接替：请大厅管理人员按 Ctrl+J。内容都存在本机，照常办理，不用重办。"
        return [Concern("away", Weight.LOOK, what, todo, _ms(since))]
    todo = "照常办理：内容都存在本机，连上后自动补传，不用重办。" + (
        "断开已久，请通知信息科查网线、交换机和" + _up(seen) + "主机。" if long else ""
    )
    return [Concern("away", Weight.LOOK if long else Weight.CALM, what, todo, _ms(since))]


def _facts(seen: Seen) -> list[Concern]:
    s = seen.stand
    found = []
    for chain in s.holes:
        whose = "本机" if chain.origin == s.node_id else f"机器 {chain.origin} "
        what = f"{whose}的记录缺第 {chain.held_here + 1} 条，其后的 {chain.newest - chain.held_here - 1} 条无法上传。"
        todo = "不要删除任何文件；请信息科从最近的备份补回（安装手册第 12 节“恢复”）。"
        found.append(Concern("hole", Weight.ACT, what, todo, count=chain.newest - chain.held_here))
    up = seen.link is not None and seen.link.up
    since = s.waiting_since_ms
    if s.waiting and not (up and _young(seen, since)):
        old = since is not None and (seen.now.timestamp() * 1000 - since) > OLD_S * 1000
        many = s.waiting >= MANY_RECORDS or s.blobs_waiting_bytes >= MANY_BYTES
        what = f"{s.waiting} 条记录存在本机，{_up(seen)}还没有。"
        if many:
            todo = "积压很多：断网太久，请信息科尽快恢复网络，或用 U 盘送（sync bundle export）。照常办理。"
        elif up and old:
            todo = "线路是通的却一直没有送到：请通知信息科看程序日志；内容都在本机，没有丢。"
        else:
            todo = "正在上传，不用做什么。" if up else "连上后自动上传，不用重办，也不要重装本机。"
        weight = Weight.LOOK if many or (up and old) else Weight.CALM
        found.append(Concern("facts", weight, what, todo, since, s.waiting))
    since = s.below_root_since_ms
    if s.has_parent and s.below_root and s.role == "terminal" and not _young(seen, since):
        what = f"{s.below_root} 条记录{_up(seen)}已收到，县中心还没有。"
        todo = "大厅内照常办理；大厅到县中心的网络恢复后自动送达。"
        found.append(Concern("root", Weight.CALM, what, todo, since, s.below_root))
    return found


def _young(seen: Seen, since_ms: int | None) -> bool:
    """On its way just now: the next answers, a heartbeat apart, will have settled it."""
    return since_ms is not None and seen.now.timestamp() * 1000 - since_ms < SOON_S * 1000


def _blobs(seen: Seen) -> list[Concern]:
    s = seen.stand
    found = []
    if s.blobs_waiting:
        what = f"{s.blobs_waiting} 份扫描件（共 {size_text(s.blobs_waiting_bytes)}）存在本机，{_up(seen)}还没有。"
        todo = "扫描件比文字慢，会自动续传；没有传完以前不要清理本机磁盘。"
        found.append(Concern("blobs", Weight.CALM, what, todo, count=s.blobs_waiting))
    if s.blobs_awaited:
        what = f"有 {s.blobs_awaited} 份扫描件登记了，文件还没有送到本机。"
        todo = "等下级机器自动传来；有部门急用的，请该窗口保持开机联网。"
        found.append(Concern("awaited", Weight.CALM, what, todo, count=s.blobs_awaited))
    return found


def _odd(seen: Seen) -> list[Concern]:
    s = seen.stand
    found = []
    forked = sum(count for code, count in s.quarantine if code in (FORKED, CHAIN_BROKEN))
    taken_back = sum(count for code, count in s.quarantine if code == TAKEN_BACK)
    others = sum(count for _, count in s.quarantine) - forked - taken_back
    if forked:
        what = f"有 {forked} 条记录与已有的同名不同内容，两份都隔离保管，没有覆盖。"
        todo = "多半有克隆的机器：请信息科用 sync status 看来源，停掉多出来的那一台。"
        found.append(Concern("forked", Weight.ACT, what, todo, count=forked))
    if taken_back:
        what = f"本机写的 {taken_back} 条记录上级没有采用，本机也不再按它们办理；原文留着。"
        todo = "请信息科用 sync why 记录号 看原因；仍要办的，由本窗口重新办一笔。"
        found.append(Concern("taken_back", Weight.ACT, what, todo, count=taken_back))
    if others:
        what = f"有 {others} 条收到的记录不合规则，已隔离保管，没有生效，也没有丢。"
        todo = "请信息科用 sync why 记录号 看原因；要更正的由原窗口另办一笔，不改旧记录。"
        found.append(Concern("quarantine", Weight.LOOK, what, todo, count=others))
    if s.late and s.role != "terminal":
        what = f"有 {s.late} 条“迟到”的记录没有认定：卷宗被收回以后，原来的机器才送来。"
        todo = "请大厅管理人员在网页“机器”的“迟到与搁置”里采纳或不采纳；已经交给群众的文书照样有效。"
        found.append(Concern("late", Weight.LOOK, what, todo, count=s.late))
    if s.held:
        what = f"有 {s.held} 条记录先到了，它前面的还在路上，暂时没有生效。"
        todo = "前面的一到就自动生效；一天以上还在的，请打开写它的那台机器并联网。"
        age_s = 0.0 if s.held_since_ms is None else seen.now.timestamp() - s.held_since_ms / 1000
        weight = Weight.LOOK if age_s > 24 * 3600 else Weight.CALM
        found.append(Concern("held", weight, what, todo, s.held_since_ms, s.held))
    return found


def _disk(seen: Seen) -> list[Concern]:
    free = seen.free_bytes
    if free is None or free >= WARN_BYTES:
        return []
    what = f"本机磁盘只剩 {size_text(free)}。"
    if free < TICKETS_STOP_BYTES:
        todo = "已停止新增扫描件和新发号；手上的件可以办完。请信息科马上清理磁盘，不要删除数据文件夹里的任何文件。"
    elif free < SCANS_STOP_BYTES:
        todo = "已停止新增扫描件，其余照常办理。请信息科清理磁盘，不要删除数据文件夹里的任何文件。"
    else:
        todo = f"低于 {size_text(SCANS_STOP_BYTES)} 时将停止新增扫描件。请信息科尽早清理磁盘。"
    weight = Weight.ACT if free < SCANS_STOP_BYTES else Weight.LOOK
    return [Concern("disk", weight, what, todo, count=free)]


def age_text(since_ms: int | None, now: datetime) -> str:
    """「3 分钟前」, 「昨天」 is not said: hours and days are counted. Empty for None."""
    if since_ms is None:
        return ""
    minutes = max(0, round((now.timestamp() - since_ms / 1000) / 60))
    if minutes < 1:
        return "刚刚"
    if minutes < 120:
        return f"{minutes} 分钟前"
    return f"{round(minutes / 60)} 小时前" if minutes < 48 * 60 else f"{round(minutes / 1440)} 天前"


def time_text(ms: int) -> str:
    """Hall time to the second."""
    return f"{china_time(datetime.fromtimestamp(ms / 1000, UTC)):%Y-%m-%d %H:%M:%S}"


def _up(seen: Seen) -> str:
    return seen.parent or above(seen.stand.role, seen.stand.follows)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def size_text(count: int) -> str:
    """「1.5 GB」, 「300 MB」."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if count >= size:
            return f"{count / size:.{0 if count >= 10 * size else 1}f} {unit}"
    return f"{max(1, count // 1024)} KB"


def _some(names: tuple[str, ...]) -> str:
    shown = "、".join(names[:6])
    return shown if len(names) <= 6 else f"{shown} 等"
