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


def put(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def fail(text: str, status: int) -> NoReturn:
    """The text on standard error, then out."""
    sys.stderr.write(text + "\n")
    raise typer.Exit(status)
