"""What every command says in the same way."""

import json
import sys
from typing import Any, NoReturn

import typer


def put(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def fail(text: str, status: int) -> NoReturn:
    """The text on standard error, then out."""
    sys.stderr.write(text + "\n")
    raise typer.Exit(status)
