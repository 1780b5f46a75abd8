"""The command `node` beside the two services of a hall."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from server_app.serving import ADDRESS
from tests.yichuang.test_cli import run
from yichuang.cli import make_app
from yichuang.failover.site import PairSite, pair_site
from yichuang.failover.terminals import until


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PairSite]:
    with pair_site(tmp_path, centre=False) as found:
        yield found


def mode(site: PairSite, folder: Path) -> tuple[str, bool]:
    told = json.loads(run("node", "show", "--data", str(folder), "--json").stdout)
    return told["mode"], told["copy_ms"] is not None


@pytest.mark.system
def test_it_has_the_standby_take_over_and_says_how_things_stand(site: PairSite) -> None:
    node, standby = site.node.folder, site.standby.folder
    before = run("--data", str(standby), "node", "show")
    assert before.exit_code == 2
    assert "服务没有开着" in before.stderr
    site.start(site.node)
    assert "暂不叫号" in run("--data", str(node), "node", "show").stdout
    without_reason = run("--data", str(node), "node", "serve", "--by", "示例", "--reason", " ")
    assert without_reason.exit_code == 2
    assert run("node", "serve", "--by", "示例", "--reason", "全厅停电", "--data", str(node)).exit_code == 0
    assert mode(site, node)[0] == "serving"
    site.start(site.standby)
    until(lambda: mode(site, standby) == ("standby", True), "the standby has a copy")
    site.kill(site.node)
    done = run("node", "promote", "--by", "示例", "--reason", "主机断电", "--data", str(standby))
    assert done.exit_code == 0, done.stderr
    assert "正在服务" in done.stdout
    assert "取号期次 2，由本机开启" in done.stdout
    closed = run("node", "closed", "--by", "示例", "--reason", "主机报废", "--data", str(standby))
    assert closed.exit_code == 0
    again = run("--data", str(standby), "node", "closed", "--by", "示例", "--reason", "主机报废")
    assert "没有在等" in again.stderr


@pytest.mark.system
def test_the_one_that_stands_by_raises_no_alarm(tmp_path: Path) -> None:
    with pair_site(tmp_path) as site:
        node, standby = site.node, site.standby
        site.start(node)
        assert (
            run("--data", str(node.folder), "node", "serve", "--by", "示例", "--reason", "停电").exit_code
            == 0
        )
        site.start(standby)

        def told() -> dict[str, Any]:
            (found,) = json.loads(run("sync", "status", "--data", str(standby.folder), "--json").stdout)
            return dict(found)

        def copied() -> bool:
            chains = {c["origin"]: c for c in told()["chains"]}
            return node.node_id in chains and told()["waiting"] == 0

        until(copied, "nothing waits")
        until(lambda: told()["link"] is not None and told()["link"]["up"], "the line is noted")
        assert [c["what"] for c in told()["concerns"] if c["kind"] == "problem"] == []
        assert "与正在服务的节点的连接：通" in run("sync", "status", "--data", str(standby.folder)).stdout


@pytest.mark.system
def test_it_shows_the_machines_below_and_closes_one(site: PairSite) -> None:
    node, lost = site.node.folder, site.windows[0]
    site.start(site.node)
    assert run("--data", str(node), "node", "serve", "--by", "示例", "--reason", "全厅停电").exit_code == 0
    shown = run("--data", str(node), "node", "machines").stdout
    assert f"{lost.name}　窗口电脑　还没联系上" in shown
    assert lost.node_id in shown
    order = ("--data", str(node), "node", "close-machine")
    why = ("--by", "信息科李工", "--reason", "主机烧毁")
    nobody = run(*order, "nobody", *why)
    assert nobody.exit_code == 2
    assert "没有登记这台机器" in nobody.stderr
    assert run(*order, lost.name, "--by", "信息科李工", "--reason", " ", "--yes").exit_code == 2
    unasked = run(*order, lost.name, *why)
    assert (unasked.exit_code, "没有执行" in unasked.stderr) == (2, True)
    refused = CliRunner().invoke(make_app(), [*order, lost.name, *why], input="n\n")
    assert (refused.exit_code, lost.node_id in refused.output) == (2, True)
    assert "已停用" not in run("node", "machines", "--data", str(node)).stdout
    done = run("node", "close-machine", lost.name, *why, "--yes", "--data", str(node))
    assert done.exit_code == 0, done.stderr
    assert "已停用" in done.stdout
    assert "收件凭证补录" in done.stdout
    assert "早已停用" in run(*order, lost.node_id, *why, "--yes").stdout
    rows = {
        row["node"]: row for row in json.loads(run("--data", str(node), "node", "machines", "--json").stdout)
    }
    assert rows[lost.node_id]["standing"] == "closed"
    assert "信息科李工：主机烧毁" in rows[lost.node_id]["closed"]
    terminal = run("--data", str(lost.folder), "node", "machines")
    assert "请在大厅节点" in terminal.stderr


@pytest.mark.system
def test_the_one_that_stands_by_closes_nothing(site: PairSite) -> None:
    site.start(site.node)
    site.start(site.standby)
    until(lambda: mode(site, site.standby.folder) == ("standby", True), "the standby has a copy")
    refused = run(
        "--data", str(site.standby.folder), "node", "close-machine", site.windows[0].name, "--by", "李工",
        "--reason", "烧毁", "--yes",
    )  # fmt: skip
    assert refused.exit_code == 2
    assert "请在正在服务的那一台上办" in refused.stderr


def test_a_service_that_has_just_died_is_said_and_nobody_is_sent_back_to_the_same_command(
    tmp_path: Path,
) -> None:
    with pair_site(tmp_path, centre=False) as site:
        folder = site.node.folder
    # what a service leaves behind that was killed
    (folder / ADDRESS).write_text("http://127.0.0.1:9", "utf-8")
    shown = run("node", "show", "--data", str(folder))
    assert shown.exit_code == 2
    assert "看服务是否开着" in shown.stderr
    assert "node show" not in shown.stderr
    ordered = run("node", "promote", "--by", "示例", "--reason", "断电", "--data", str(folder))
    assert "用 node show 看看是否已经办成" in ordered.stderr
