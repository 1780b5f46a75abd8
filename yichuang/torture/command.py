"""./run yichuang torture …: what an engineer of the buyer can run again."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from yichuang.cli_words import JsonFlag, fail, put

Seed = Annotated[int, typer.Option("--seed", min=0, help="随机种子；同一个种子切在同样的地方")]


def add_torture(app: typer.Typer) -> None:
    """Its rooms are imported when they are run: the other commands start without them."""
    torture = typer.Typer(help="拷打：断电、坏盘、杀进程、坏线路", no_args_is_help=True)
    app.add_typer(torture, name="torture")

    @torture.command()
    def power(
        cuts: Annotated[int, typer.Option("--cuts", min=1, help="断电多少次")] = 1000,
        seed: Seed = 1,
        rounds: Annotated[int, typer.Option("--rounds", min=1, help="录下的一天有几轮")] = 6,
        plant: Annotated[str | None, typer.Option("--plant", help="故意种下的错：synchronous-normal")] = None,
        as_json: JsonFlag = False,
    ) -> None:
        """在模拟的磁盘上断电：没有损坏、没有丢失已确认的内容才退出 0。"""
        from yichuang.torture.power import LAZY, cut_power

        if plant not in (None, LAZY):
            fail(f"--plant 只能是 {LAZY}。", 2)
        report = _watched(lambda: cut_power(cuts, seed, rounds=rounds, plant=plant))
        _tell(report.figures(), as_json, bad=report.corrupt or report.lost)

    @torture.command()
    def migration(
        cuts: Annotated[int, typer.Option("--cuts", min=1, help="断电多少次")] = 200,
        seed: Seed = 1,
        as_json: JsonFlag = False,
    ) -> None:
        """升级数据库途中断电，再次启动：记录一条不少、升级完成才退出 0。"""
        from yichuang.torture.migration import cut_migration

        report = _watched(lambda: cut_migration(cuts, seed))
        _tell(report.figures(), as_json, bad=report.corrupt)

    @torture.command()
    def disk(
        seed: Seed = 1,
        every: Annotated[
            bool,
            typer.Option("--every", help="每一步各坏六种（满、坏、只读，一次或持续）；否则每步随机取一种"),
        ] = False,
        as_json: JsonFlag = False,
    ) -> None:
        """磁盘在每一步写满、出错、变只读：没有损坏、没有丢失、恢复后接着能办才退出 0。"""
        from yichuang.torture.faults import spoil_disk

        report = _watched(lambda: spoil_disk(seed, every=every))
        _tell(report.figures(), as_json, bad=report.bad)

    @torture.command()
    def processes(
        db: Annotated[str, typer.Option("--db", help="县中心的数据库：sqlite 或 postgresql")] = "sqlite",
        seconds: Annotated[float, typer.Option("--seconds", min=1, help="杀多久")] = 40.0,
        seed: Seed = 1,
        plant: Annotated[str | None, typer.Option("--plant", help="故意种下的错：early-word")] = None,
        as_json: JsonFlag = False,
    ) -> None:
        """1 个县中心、3 个大厅、9 个窗口的真进程，不停地杀，线路又切又改：说过“已保存”的一条不丢、一条不重才退出 0。"""
        from yichuang.bench_servers import NoPostgres
        from yichuang.torture.storm import EARLY_WORD, rage

        if db not in ("sqlite", "postgresql"):
            fail("--db 只能是 sqlite 或 postgresql。", 2)
        if plant not in (None, EARLY_WORD):
            fail(f"--plant 只能是 {EARLY_WORD}。", 2)
        try:
            report = rage(db, seconds, seed, plant=plant)
        except NoPostgres:
            fail("本机没有安装 PostgreSQL，跑不了 --db postgresql。", 3)
        _tell(report.figures(), as_json, bad=report.bad)

    @torture.command()
    def full(
        rounds: Annotated[int, typer.Option("--rounds", min=1, help="各写满几轮")] = 3,
        seed: Seed = 1,
        as_json: JsonFlag = False,
    ) -> None:
        """大厅节点和窗口的磁盘真的写满再腾空（要 root 挂载小文件系统）：说过的不丢、有中文提示、自己恢复才退出 0。"""
        from yichuang.torture.full import NoMount, fill_disks

        try:
            report = fill_disks(rounds, seed)
        except NoMount:
            fail("当前用户不能挂载小文件系统（要 Linux 上的 root），这项拷打不能在这里跑。", 3)
        _tell(report.figures(), as_json, bad=report.bad)


def _watched(run: Callable[[], Any]) -> Any:
    from yichuang.torture.vfs import NoVfs

    try:
        return run()
    except NoVfs:
        fail("本系统的 sqlcipher3 不让人旁观它写磁盘（只有 Linux 版可以），这项拷打不能在这里跑。", 3)


def _tell(figures: dict[str, Any], as_json: bool, *, bad: int) -> None:
    if as_json:
        put(figures)
    else:
        for name, value in figures.items():
            typer.echo(f"{name}: {value}")
    if bad:
        raise typer.Exit(1)
