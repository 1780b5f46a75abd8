"""./run yichuang simulate: the deterministic simulation of a county, which an engineer of the buyer can run again."""

from pathlib import Path
from typing import Annotated

import typer

from yichuang.cli_words import JsonFlag, fail, put


def add_simulate(app: typer.Typer) -> None:
    """Its rooms are imported when it is run: the other commands start without them."""

    @app.command()
    def simulate(
        schedules: Annotated[int, typer.Option("--schedules", min=1, help="多少个日程")] = 1000,
        seed: Annotated[int, typer.Option("--seed", min=0, help="第一个日程的种子，其余依次加一")] = 1,
        plant: Annotated[str | None, typer.Option("--plant", help="故意种下的错；all 依次试每一个")] = None,
        tries: Annotated[int, typer.Option("--tries", min=1, help="--plant all：每个错找几回")] = 5,
        jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="用几个处理器")] = None,
        told: Annotated[bool, typer.Option("--tell", help="说出这一个日程里发生的事")] = False,
        kept: Annotated[Path | None, typer.Option("--keep", help="逐批记到这个文件，中断后接着跑")] = None,
        as_json: JsonFlag = False,
    ) -> None:
        """模拟一个县的机器、线路、断电、恢复和克隆：没有丢失、重复、分叉、两个持有者才退出 0。"""
        from yichuang.simulate import running
        from yichuang.simulate.plants import PLANTS

        if plant == "all":
            table = running.all_plants(seed, tries, schedules, jobs)
            put(table)
            if any(not row["redundant"] and row["found"] < row["tries"] for row in table):
                raise typer.Exit(1)
            return
        if plant is not None and plant not in PLANTS:
            fail(f"没有种下的错“{plant}”。可选：all、{'、'.join(PLANTS)}", 2)
        if told:
            for line in running.tale(seed, plant):
                typer.echo(line)
            return
        shown = running.run(schedules, seed, plant, jobs, kept)
        report = shown.report()
        if as_json:
            put(report)
        else:
            for name, value in report.items():
                typer.echo(f"{name}: {value}")
        if shown.wrong:
            again = f"./run yichuang simulate --seed {shown.first_seed} --tell" + (
                f" --plant {plant}" if plant else ""
            )
            typer.echo(f"{shown.first_text}\n{again}", err=True)
            raise typer.Exit(1)
