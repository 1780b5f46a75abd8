"""The commands `pin` and `officer`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from hall.journal.refusal import Refusal
from sync.starting import START_FAULTS, refused
from yichuang import access
from yichuang.cli_words import fail

Login = Annotated[str, typer.Argument(help="登录名：小写字母、数字、点、横线")]


def add_access(app: typer.Typer, folder: Callable[[], Path]) -> None:
    """`folder`: what --data names, once the options are read."""
    officer = typer.Typer(help="部门账号（大厅节点或县中心的服务不用停）", no_args_is_help=True)
    app.add_typer(officer, name="officer")

    @app.command()
    def pin(employee_no: Annotated[str, typer.Argument(help="工号")]) -> None:
        """给窗口人员设或换 PIN，同时解除锁定（窗口程序不用退出）。"""
        with plain_words():
            typer.echo(access.give_pin(folder(), employee_no))

    @officer.command("add")
    def add(
        login: Login,
        name: Annotated[str, typer.Option("--name", help="姓名")],
        role: Annotated[list[str], typer.Option("--role", help="、".join(access.ROLES) + "；可写多次")],
        desk: Annotated[list[str] | None, typer.Option("--desk", help="部门名称；可写多次")] = None,
        person: Annotated[
            str | None, typer.Option("--staff", help="同时在窗口上班的，写工号对应的人员编号")
        ] = None,
    ) -> None:
        """建立一个部门账号；密码随后输入。"""
        with plain_words():
            typer.echo(access.add_officer(folder(), login, name, role, desk or [], person))

    @officer.command("list")
    def listed() -> None:
        """列出账号。"""
        with plain_words():
            for line in access.officer_lines(folder()):
                typer.echo(line)

    @officer.command("password")
    def password(login: Login) -> None:
        """换密码，解除锁定，退出原来的登录。"""
        with plain_words():
            typer.echo(access.change_password(folder(), login))

    @officer.command("off")
    def off(login: Login) -> None:
        """停用账号，退出原来的登录；办过的事仍记着姓名。"""
        with plain_words():
            typer.echo(access.switch_officer(folder(), login, active=False))

    @officer.command("on")
    def on(login: Login) -> None:
        """重新启用账号。"""
        with plain_words():
            typer.echo(access.switch_officer(folder(), login, active=True))


@contextmanager
def plain_words() -> Iterator[None]:
    """What is wrong as a sentence and an exit status, never a trace."""
    try:
        yield
    except Refusal as exc:
        fail(exc.text, 2)
    except START_FAULTS as exc:
        told = refused(exc)
        fail(told.text, told.status)
