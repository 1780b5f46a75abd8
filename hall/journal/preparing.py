"""What a database needs before a store writes in it: this program's tables, and the one machine that it belongs to."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from hall.journal import migrate, schema
from hall.journal.codec import EventTypes
from hall.journal.condition import JournalGone
from hall.journal.ids import new_incarnation
from hall.journal.kernel import Clock, Identity, Kernel
from hall.journal.projection import Projections
from hall.journal.rebuild import rebuild
from hall.journal.refusal import StoreFault
from hall.journal.sealing import KeyRing


@dataclass(frozen=True, slots=True)
class Who:
    """Who this machine is when its database is first made."""

    node_id: str
    role: str
    hall: str
    begun: bool = False
    """It has had a journal: an empty database is not its own, and is refused (JournalGone)."""
    peer: str = ""
    """At a node of a pair: the other one."""


def make_tables(conn: Connection) -> None:
    if migrate.revision(conn) is None:
        schema.metadata.create_all(conn)
        migrate.stamp(conn)
    elif not migrate.is_current(conn):
        raise StoreFault("这个数据库由旧版本的程序写成，须先升级。")
    else:
        migrate.check_tables(conn, schema.metadata)


def replaying(
    who: Who, types: EventTypes, projections: Projections, keys: KeyRing, clock: Clock
) -> migrate.Replay:
    def replay(conn: Connection) -> None:
        if conn.execute(select(schema.machine)).first() is not None:
            rebuild(conn, Kernel(identity_in(conn, who), clock, types, projections, keys))

    return replay


def identity_in(conn: Connection, who: Who) -> Identity:
    row = conn.execute(select(schema.machine)).mappings().first()
    if row is None:
        if who.begun:
            raise JournalGone
        inc = new_incarnation()
        conn.execute(
            insert(schema.machine).values(
                one=1,
                node_id=who.node_id,
                inc=inc,
                role=who.role,
                hall=who.hall,
            )
        )
        return Identity(who.node_id, inc, who.role, who.hall)
    if row["node_id"] != who.node_id:
        raise StoreFault("这个数据库属于另一台机器，不能在本机使用。")
    return Identity(row["node_id"], row["inc"], row["role"], row["hall"], row["settled"], row["suspect"])
