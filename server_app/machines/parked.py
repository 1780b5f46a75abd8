"""Bytes that were put aside because they fit nowhere: shown to a manager, who says that they were looked at.

They never count: what has to be put right is entered anew.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from hall.journal import envelope, schema
from hall.journal.closing import Order
from hall.journal.store import Store
from server_app.machines.listing import Naming, when
from server_app.machines.wording import record_zh
from sync.reviewed import review, reviewed_up_to

MOST = 50
_WHY_ZH = {
    "forked": "与已有的记录同名、内容不同（克隆的硬盘、旧备份）",
    "chain_broken": "接不上这台机器以前的记录",
    "lost": "随磁盘丢失，只占位置",
    "taken_back": "上级没有采用",
    "quarantine_full": "这台机器被搁置的内容太多，以后的不再另存",
    "bad_record": "不是完整的记录",
    "misplaced": "位置不对",
    "unreadable": "内容看不懂，可能要升级程序",
    "not_projected": "内容与现有的办件对不上",
    "name_of_another": "用了别的机器的卷宗名",
    "opened_elsewhere": "同名的卷宗已由别的机器开立",
    "not_stored": "本机的数据库存不下",
    "wrap_broken": "密钥坏了，打不开",
    "may_not_seize": "没有权限收回卷宗",
    "may_not_erase": "没有权限销毁个人信息",
    "may_not_judge_machines": "没有权限停用或确认机器",
    "may_not_open_day": "没有权限开营业日",
}


@dataclass(frozen=True, slots=True)
class ParkedRow:
    what: str
    at: str
    """By the writer's clock; empty where the bytes do not tell."""
    machine: str
    why: str


@dataclass(frozen=True, slots=True)
class ParkedBook:
    """Of one machine's folder."""

    store: Store
    folder: Path
    naming: Naming

    def rows(self, conn: Connection) -> tuple[ParkedRow, ...]:
        """Those that nobody has looked at, newest first."""
        q = schema.quarantine.c
        query = select(q.code, q.source, q.raw).where(q.no > reviewed_up_to(self.folder))
        return tuple(self._row(conn, *row) for row in conn.execute(query.order_by(q.no.desc()).limit(MOST)))

    def looked_at(self, order: Order) -> int:
        """Everything that lies there now. Raises Refusal, OSError."""
        order.checked()
        now: datetime = self.store.now()
        with self.store.read() as conn:
            return review(conn, self.folder, by=order.name, note=order.reason, now=now)

    def _row(self, conn: Connection, code: str, source: str, raw: bytes) -> ParkedRow:
        why = _WHY_ZH.get(code.partition(":")[0], "不合规则")
        try:
            env = envelope.parse(bytes(raw))
        except envelope.BadRecord:
            return ParkedRow("看不懂的内容", "", self.naming.name(conn, source), why)
        return ParkedRow(record_zh(env.type_name), when(env.wall_ms), self.naming.name(conn, env.origin), why)
