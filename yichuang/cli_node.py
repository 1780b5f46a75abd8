"""The command `node`: a hall with two nodes, and machines that are lost for good, as IT handles them at a node."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from server_app.machines import orders as machine_orders
from server_app.standby.orders import Asked, Told
from sync.join_file import read_join_file
from yichuang import lost_machines, node_orders
from yichuang.cli_access import plain_words
from yichuang.cli_words import Data, JsonFlag, Yes, put, sure

By = Annotated[str, typer.Option("--by", help="决定人姓名")]
Reason = Annotated[str, typer.Option("--reason", help="理由")]


def add_node(app: typer.Typer, folder: Callable[[], Path]) -> None:
    """`folder`: what --data names, once the options are read."""
    node = typer.Typer(
        help="大厅节点、备用节点和下级机器（在节点或县中心那台机器上执行，服务要开着）", no_args_is_help=True
    )
    app.add_typer(node, name="node")

    def show_all(where: Path, told: Told) -> None:
        for line in node_orders.lines_of(read_join_file(where), told):
            typer.echo(line)

    @node.command("show")
    def show(data: Data = None, as_json: JsonFlag = False) -> None:
        """本机正在服务，还是备用。"""
        where = data or folder()
        with plain_words():
            told = node_orders.ask(where, Asked(do="tell"))
            if as_json:
                put(told.model_dump(exclude={"refused"}))
            else:
                show_all(where, told)

    @node.command("promote")
    def promote(by: By, reason: Reason, data: Data = None) -> None:
        """让本机（备用节点）接替大厅节点。"""
        where = data or folder()
        with plain_words():
            show_all(where, node_orders.take_over(where, by, reason, typer.echo))

    @node.command("serve")
    def serve(by: By, reason: Reason, data: Data = None) -> None:
        """大厅节点启动后谁都联系不上时，仍然开始服务。"""
        where = data or folder()
        with plain_words():
            show_all(where, node_orders.ask(where, Asked(do="serve_unheard", by=by, reason=reason)))

    @node.command("closed")
    def closed(by: By, reason: Reason, data: Data = None) -> None:
        """原大厅节点不会再回来了：文号接着编（它最后编的文号可能没有交接）。"""
        where = data or folder()
        with plain_words():
            show_all(where, node_orders.ask(where, Asked(do="tail_lost", by=by, reason=reason)))

    @node.command("machines")
    def machines(data: Data = None, as_json: JsonFlag = False) -> None:
        """下级机器的情况：在线、联系不上、已停用，手里有几份卷宗。"""
        with plain_words():
            told = lost_machines.ask(data or folder(), machine_orders.Asked(do="list"))
            if as_json:
                put([row.model_dump() for row in told.rows])
                return
            for line in lost_machines.lines_of(told):
                typer.echo(line)

    @node.command("close-machine")
    def close_machine(
        machine: Annotated[str, typer.Argument(help="机器的名称或编号，见 node machines")],
        by: By,
        reason: Reason,
        yes: Yes = False,
        data: Data = None,
    ) -> None:
        """停用一台彻底坏了、丢了的机器：收回它的卷宗，作废它的号和密钥。不能再启用。"""
        where = data or folder()
        with plain_words():
            found = lost_machines.found(where, machine)
            sure(lost_machines.question(found), yes=yes)
            asked = machine_orders.Asked(do="close", machine=found.node, by=by, reason=reason)
            for line in lost_machines.closed_lines(lost_machines.ask(where, asked)):
                typer.echo(line)
