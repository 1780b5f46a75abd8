"""What only this machine's keys and its marker can prove of a journal: whose it is, how far it went, who signed."""

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from hall.journal import schema
from hall.journal.verify import Finding
from sync.ingest import check_receipt
from sync.join_file import JoinFile
from sync.machine_folder import marker_path
from sync.signing import BadSignature
from sync.wire import Receipt


def proofs(conn: Connection, join: JoinFile, folder: Path) -> Iterator[Finding]:
    """Every fault that the journal's own tables do not show."""
    me = conn.execute(select(schema.machine)).mappings().one()
    if me["node_id"] != join.node_id:
        yield Finding("machine", "数据库属于另一台机器，不是接入文件里的这一台")
        return
    yield from _marker(conn, join.node_id, me["inc"], folder)
    yield from _signatures(conn, join)


def _marker(conn: Connection, node: str, inc: str, folder: Path) -> Iterator[Finding]:
    """The marker outside the folder knows how far the own chain was."""
    try:
        kept = json.loads(marker_path(folder).read_text("utf-8"))
        its_node, its_inc, seq = str(kept["node"]), str(kept["inc"]), int(kept["seq"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    c = schema.chain_head.c
    head = conn.scalar(select(c.seq).where(c.origin == node, c.inc == its_inc)) or 0
    if its_node == node and (its_inc != inc or seq > head):
        yield Finding(
            "marker", f"文件夹旁的记号写到第 {seq} 条，数据库只到第 {head} 条：放回过旧备份，或末尾被删"
        )


def _signatures(conn: Connection, join: JoinFile) -> Iterator[Finding]:
    """By the machine above, or by either node of the hall. One that was replaced has no key in a join file any more."""
    above = (join.parent, join.standby)
    signers = join.signers | {n.node_id: bytes.fromhex(n.public) for n in above if n is not None}
    r = schema.receipt.c
    for origin, inc, seq, signed in conn.execute(select(r.origin, r.inc, r.seq, r.signed)):
        try:
            receipt = Receipt.model_validate_json(bytes(signed))
            public = signers.get(receipt.statement.by)
            if public is not None:
                check_receipt(receipt, receipt.statement.by, public)
        except (BadSignature, ValueError):
            yield Finding(f"{origin}/{inc}#{seq}", "回执不是上级签的，或被改动过")
