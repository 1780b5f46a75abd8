"""What every command says in the same way."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="输出一个 JSON 值")]
Data = Annotated[
    Path | None, typer.Option("--data", help="数据目录（一台机器，或几台机器的上一级）；可写在前面")
]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问，直接执行")]


def put(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def fail(text: str, status: int) -> NoReturn:
    """The text on standard error, then out."""
    sys.stderr.write(text + "\n")
    raise typer.Exit(status)


def sure(question: str, *, yes: bool) -> None:
    """Goes on when `yes` was given or a person answers it; else out, and nothing was done."""
    if yes:
        return
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        fail("\n没有执行：没有得到确认。确定要执行的，请在命令后面加 --yes。", 2)
    if not agreed:
        fail("没有执行。", 2)
