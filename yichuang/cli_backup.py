"""The commands `backup make`, `check`, `restore`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yichuang import backups
from yichuang.cli_access import plain_words
from yichuang.cli_words import Data

Out = Annotated[Path, typer.Argument(help="放备份的文件夹，在另一块磁盘或另一台设备上")]


def add_backup(app: typer.Typer, folder: Callable[[], Path]) -> None:
    """`folder`: what --data names before the command."""
    backup = typer.Typer(help="备份、检查备份、从备份恢复", no_args_is_help=True)
    app.add_typer(backup, name="backup")

    @backup.command("make")
    def make(
        out: Out,
        keep: Annotated[int, typer.Option("--keep", min=1, max=1000, help="每台机器保留最近几份")] = 14,
        data: Data = None,
    ) -> None:
        """备份，程序不用停；--data 下有几台机器就备份几台。有损坏的扫描件时退出 1。"""
        with plain_words():
            told = backups.make(data or folder(), out, keep, datetime.now(UTC))
        for line in told.lines:
            typer.echo(line)
        if not told.ok:
            raise typer.Exit(1)

    @backup.command("check")
    def check(
        out: Out,
        at: Annotated[str | None, typer.Option("--at", help="哪一份；不写是最新的")] = None,
        deep: Annotated[bool, typer.Option("--deep", help="连同链、回执、重建表一起核对（慢）")] = False,
        data: Data = None,
    ) -> None:
        """检查一份备份能不能用来恢复；不能就退出 1 并说明。"""
        with plain_words():
            told = backups.check(data or folder(), out, at, deep=deep)
        for line in told.lines:
            typer.echo(line)
        if not told.ok:
            raise typer.Exit(1)

    @backup.command("restore")
    def restore(
        out: Out,
        at: Annotated[str | None, typer.Option("--at", help="哪一份；不写是最新的")] = None,
        join: Annotated[
            Path | None, typer.Option("--join", help="另存的 machine.json；数据文件夹里还有的不用写")
        ] = None,
        data: Data = None,
    ) -> None:
        """恢复到空文件夹或原文件夹（先停程序）；原来的文件移开，不删除。"""
        with plain_words():
            for line in backups.put_back(data or folder(), out, at, join, datetime.now(UTC)):
                typer.echo(line)
