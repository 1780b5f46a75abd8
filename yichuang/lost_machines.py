"""How the machines below stand, and closing one of them: told to the service that runs in a node's folder."""

from pathlib import Path

from itsdangerous import BadSignature
from pydantic import ValidationError

from hall.journal.refusal import Refusal
from server_app.machines.orders import PATH, Asked, Row, Told, named, seal_of
from server_app.serving import address_in
from sync.join_file import read_join_file
from yichuang.node_orders import NotTheService, post

_STANDING_ZH = {
    "online": "在线",
    "away": "联系不上",
    "never": "还没联系上",
    "cloned": "有两台在用同一身份",
    "closed": "已停用",
}


def ask(folder: Path, asked: Asked) -> Told:
    """Raises Refusal, BadJoinFile."""
    join = read_join_file(folder)
    if join.role == "terminal":
        raise Refusal("not_a_node", "这台机器是终端：请在大厅节点或县中心那台机器上执行。")
    url = address_in(folder)
    if url is None:
        raise Refusal("no_service", "这台机器的服务没有开着，请先启动服务。")
    seal = seal_of(bytes.fromhex(join.sign_private))
    try:
        told = seal.read_told(post(url + PATH, seal.asked(asked)))
    except (BadSignature, ValidationError) as exc:
        raise NotTheService from exc
    if told.refused:
        raise Refusal("refused", told.refused)
    return told


def found(folder: Path, machine: str) -> Row:
    """Which machine is meant, before it is closed. Raises Refusal, BadJoinFile."""
    return named(ask(folder, Asked(do="list")).rows, machine)


def question(row: Row) -> str:
    """What closing it means, to be answered with yes or no."""
    kept = f"，它手里的 {row.dossiers} 份卷宗由大厅收回" if row.dossiers else ""
    return (
        f"停用“{row.name}”（{_STANDING_ZH[row.standing]}，编号 {row.node}）：它的密钥和号作废{kept}，"
        "停用以后不能恢复。确定吗？"
    )


def lines_of(told: Told) -> list[str]:
    lines = []
    for row in told.rows:
        words = [row.name, row.kind, _STANDING_ZH[row.standing]]
        words += [f"最近联系 {row.heard}"] if row.heard else []
        words += [f"手里 {row.dossiers} 份卷宗"] if row.dossiers else []
        words += [f"{row.tail} 条记录等认定"] if row.tail else []
        words += [row.closed] if row.closed else []
        lines += ["　".join(words), f"  编号 {row.node}"]
    return lines or ["本机没有登记下级机器。"]


def closed_lines(told: Told) -> list[str]:
    lines = ["这台机器早已停用。" if told.again else "已停用：它的密钥已作废，再开机也不能办业务。"]
    lines.append(f"收回 {told.seized} 份卷宗，窗口可以接着办。")
    if told.voided:
        lines.append(f"作废 {len(told.voided)} 个号：{'、'.join(told.voided)}。请通知这些群众重新取号。")
    lines.append(
        "没有送到的业务由窗口凭群众手里的收件凭证补录；从它硬盘里找回的记录，在网页“机器”里逐件认定。"
    )
    return lines
