"""The commands `sync status`, `why`, `verify`, `bundle`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yichuang import bundles
from yichuang.cli_access import plain_words
from yichuang.cli_words import Data, JsonFlag, fail, put
from yichuang.machines import BadData, find_machines, names_in
from yichuang.sync_report import (
    note_review,
    seen_in,
    status_json,
    status_lines,
    why_json,
    why_lines,
)
from yichuang.verifying import say_findings


def add_sync(app: typer.Typer, folder: Callable[[], Path]) -> None:
    """`folder`: what --data names before the command."""
    sync = typer.Typer(help="同步：什么在等、在哪里、等多久、怎么办", no_args_is_help=True)
    app.add_typer(sync, name="sync")

    @sync.command("status")
    def status(data: Data = None, as_json: JsonFlag = False) -> None:
        """每台机器：等着送出的、隔离的、迟到的、断开多久、怎么办。程序开着、停着都可以看。"""
        now, found, unreadable = datetime.now(UTC), [], []
        for machine in find_machines(data or folder()):
            try:
                found.append((machine, seen_in(machine, now)))
            except BadData as exc:
                unreadable.append(str(exc))
        if as_json:
            put([status_json(machine, seen) for machine, seen in found])
        else:
            names = names_in(data or folder())
            for machine, seen in found:
                for line in status_lines(machine, seen, names):
                    typer.echo(line)
        if unreadable:
            # after the others: one that is damaged does not hide them
            raise BadData("\n".join(unreadable))

    @sync.command("why")
    def why(
        key: Annotated[str, typer.Argument(help="号码、办件编号、卷宗号、记录号")],
        data: Data = None,
        as_json: JsonFlag = False,
    ) -> None:
        """一条记录、一个号、一个办件：何时何机写的，谁已持有，等什么。"""
        where = data or folder()
        found = why_json(where, key)
        if not found:
            fail(f"没有找到“{key}”：这里的机器都没有它。", 2)
        if as_json:
            put(found)
            return
        for line in why_lines(where, key):
            typer.echo(line)

    @sync.command("verify")
    def verify(data: Data = None, as_json: JsonFlag = False) -> None:
        """核对全部日志：链、摘要、回执和签名、记号、重建表、扫描件；不对就退出 1 并指出位置。"""
        if not say_findings(data or folder(), as_json=as_json):
            raise typer.Exit(1)

    @sync.command("reviewed")
    def reviewed(
        by: Annotated[str, typer.Option("--by", help="核对人姓名")],
        note: Annotated[str, typer.Option("--note", help="核对和处理的结果")],
        data: Data = None,
    ) -> None:
        """隔离的记录都核对、处理过了：以后只提示新的。记录本身不删除、不改动。"""
        with plain_words():
            typer.echo(note_review(data or folder(), by, note, datetime.now(UTC)))

    bundle = typer.Typer(help="断网时用 U 盘送：加密、签名，只有上级能打开", no_args_is_help=True)
    sync.add_typer(bundle, name="bundle")

    @bundle.command("export")
    def export(
        out: Annotated[Path, typer.Argument(help="写到哪个文件")],
        everything: Annotated[
            bool, typer.Option("--all", help="全部，不只是上级还没有的（上级丢了数据时）")
        ] = False,
        data: Data = None,
    ) -> None:
        """把上级还没有的记录和扫描件写成一个文件；程序不用停。"""
        with plain_words():
            for line in bundles.export(data or folder(), out, datetime.now(UTC), everything=everything):
                typer.echo(line)

    @bundle.command("import")
    def bring_in(path: Annotated[Path, typer.Argument(help="U 盘上的文件")], data: Data = None) -> None:
        """在上级导入下级的文件（并写好回程文件），或在下级导入回程文件。重复导入没有关系。没有全部接上时退出 1。"""
        with plain_words():
            lines, whole = bundles.bring_in(data or folder(), path, datetime.now(UTC))
        for line in lines:
            typer.echo(line)
        if not whole:
            raise typer.Exit(1)
