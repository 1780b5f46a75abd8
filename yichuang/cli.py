"""Commands for hall IT staff. Output in Chinese; with --json one JSON value on standard output."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hall.catalogue.loading import (
    HALL_CODES,
    load_hall_catalogue,
    load_packages,
    load_profile,
    resources_dir,
)
from hall.catalogue.publish import can_go_live
from hall.catalogue.summary import hall_summary, packages_summary
from hall.journal.refusal import Refusal
from server_app.machines.wording import record_zh
from sync.starting import START_FAULTS, refused
from yichuang.cli_access import add_access
from yichuang.cli_backup import add_backup
from yichuang.cli_node import add_node
from yichuang.cli_simulate import add_simulate
from yichuang.cli_sync import add_sync
from yichuang.cli_words import JsonFlag, Yes, fail, put, sure
from yichuang.machines import trace_in
from yichuang.new_life import give_up_journal
from yichuang.torture.command import add_torture
from yichuang.verifying import say_findings


@dataclass
class Shared:
    """Options before the command."""

    data: Path = Path("data")


def make_app() -> typer.Typer:
    """The whole command line. Built here, not at import."""
    app = typer.Typer(help="一窗：政务服务大厅离线优先系统", no_args_is_help=True, add_completion=False)
    hall = typer.Typer(help="大厅资料", no_args_is_help=True)
    app.add_typer(hall, name="hall")
    shared = Shared()

    @app.callback()
    def options(
        data: Annotated[Path, typer.Option("--data", help="数据目录（一台机器，或演示的 data）")] = Path(
            "data"
        ),
    ) -> None:
        shared.data = data

    @hall.command("show")
    def show(
        code: Annotated[str, typer.Argument(help="、".join(HALL_CODES))], as_json: JsonFlag = False
    ) -> None:
        """显示一个大厅的专区和窗口（方案未写数量的为空）。"""
        if code not in HALL_CODES:
            fail(f"没有大厅“{code}”。可选：{'、'.join(HALL_CODES)}", 2)
        summary = hall_summary(load_profile(resources_dir() / "halls" / f"{code}.json"))
        if as_json:
            put(summary)
            return
        typer.echo(f"{summary['name']}　窗口合计：{none_text(summary['windows_total'])}")
        for zone in summary["zones"]:
            kinds = "、".join(f"{w['label']} {none_text(w['count'])}" for w in zone["windows"])
            typer.echo(f"  {zone['name']}：{kinds}")

    @hall.command("check")
    def check(code: Annotated[str, typer.Argument(help="、".join(HALL_CODES))]) -> None:
        """这个大厅能不能正式运行；不能就说明原因，退出 1。"""
        if code not in HALL_CODES:
            fail(f"没有大厅“{code}”。可选：{'、'.join(HALL_CODES)}", 2)
        catalogue = load_hall_catalogue(resources_dir(), code)
        verdict = can_go_live(catalogue.profile, catalogue)
        for reason in verdict.reasons:
            typer.echo(reason)
        if not verdict.ok:
            raise typer.Exit(1)
        typer.echo("可以正式运行。")

    @app.command()
    def packages(as_json: JsonFlag = False) -> None:
        """列出 18 个“一件事”套餐及其事项。"""
        rows = packages_summary(load_packages(resources_dir()))
        if as_json:
            put(rows)
            return
        for row in rows:
            typer.echo(f"{row['no']:>2} {row['name']}（牵头：{row['lead']}）")
            for item in row["items"]:
                typer.echo(f"     {item['no']}. {item['name']} — {item['department']}")

    @app.command()
    def trace(
        key: Annotated[str, typer.Argument(help="号码、办件编号或卷宗号")], as_json: JsonFlag = False
    ) -> None:
        """一次办事从取号到评价的全链，并证明没有断。"""
        found = trace_in(shared.data, key)
        if found is None:
            fail(f"没有找到“{key}”。", 2)
        if as_json:
            put(found)
        else:
            for line in found["lines"]:
                typer.echo(
                    f"{line['at']}  {line['stage']}  {record_zh(line['type'])}  {line['by']}  {line['device']}"
                )
            typer.echo("链条完整。" if found["unbroken"] else "链条有断：" + "；".join(found["faults"]))
        if not found["unbroken"]:
            raise typer.Exit(1)

    @app.command()
    def verify(as_json: JsonFlag = False) -> None:
        """检查每台机器的日志链、令牌、重建表；有一个字节不对就退出 1 并指出位置。"""
        if not say_findings(shared.data, as_json=as_json):
            raise typer.Exit(1)

    @app.command("begin-anew")
    def begin_anew(
        by: Annotated[str, typer.Option("--by", help="决定人姓名")],
        reason: Annotated[str, typer.Option("--reason", help="理由")],
        yes: Yes = False,
    ) -> None:
        """业务数据丢失或损坏、又没有备份时，让一台机器从头开始（原文件移开，不删除）。"""
        sure(f"让“{shared.data}”里的机器从头开始：只在本机、没有上传过的内容找不回来。确定吗？", yes=yes)
        try:
            lines = give_up_journal(shared.data, by=by, reason=reason)
        except Refusal as exc:
            fail(exc.text, 2)
        except START_FAULTS as exc:
            told = refused(exc)
            fail(told.text, told.status)
        for line in lines:
            typer.echo(line)

    add_access(app, lambda: shared.data)
    add_node(app, lambda: shared.data)
    add_sync(app, lambda: shared.data)
    add_backup(app, lambda: shared.data)
    add_torture(app)
    add_simulate(app)

    @app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
    def demo(context: typer.Context) -> None:
        """演示大厅（另见 ./run demo）。"""
        from yichuang.demo.main import run_demo

        raise typer.Exit(run_demo(context.args))

    @app.command()
    def bench(
        name: Annotated[str, typer.Argument(help="journal、catchup、claims、tickets、page、papers、sync")],
        db: Annotated[str, typer.Option("--db", help="sync、catchup 用：sqlite 或 postgresql")] = "sqlite",
        windows: Annotated[int, typer.Option("--windows", min=1, max=200, help="claims 用：几个窗口")] = 50,
        as_json: JsonFlag = False,
    ) -> None:
        """测量一项性能。"""
        from yichuang.bench_servers import NoPostgres
        from yichuang.benches import BENCHES, Asked

        if name not in BENCHES:
            fail(f"没有测量“{name}”。可选：{'、'.join(BENCHES)}", 2)
        if db not in ("sqlite", "postgresql"):
            fail("--db 只能是 sqlite 或 postgresql。", 2)
        try:
            figures = BENCHES[name](Asked(db, windows))
        except NoPostgres:
            fail("本机没有安装 PostgreSQL，测不了 --db postgresql。", 3)
        if as_json:
            put(figures)
        else:
            for key, value in figures.items():
                typer.echo(f"{key}: {value}")

    return app


def none_text(value: Any) -> str:
    return "原文未写" if value is None else str(value)
