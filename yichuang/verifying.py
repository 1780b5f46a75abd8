"""`yichuang verify` and `yichuang sync verify`: every machine's journal, said as lines or as JSON."""

from pathlib import Path

import typer

from yichuang.cli_words import put
from yichuang.machines import find_machines, verify_machine


def say_findings(data: Path, *, as_json: bool) -> bool:
    """True when everything is as it was written. Raises BadData."""
    machines = find_machines(data)
    findings = [finding for folder in machines for finding in verify_machine(folder)]
    if as_json:
        put({"machines": [f.name for f in machines], "findings": findings, "ok": not findings})
        return not findings
    for f in findings:
        typer.echo(f"{f['machine']}：{f['place']}：{f['what']}")
    told = f"发现 {len(findings)} 处问题。" if findings else "全部完好。"
    typer.echo(f"检查了 {len(machines)} 台机器，{told}")
    if findings:
        typer.echo("先检查这台电脑的硬盘和内存，再按安装手册第 12 节从备份恢复；不要删除任何文件。")
    return not findings
