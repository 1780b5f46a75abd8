"""The command line as a person and as a script use it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sync.machine_folder import open_journal
from tests.yichuang.machines_on_disk import Keys, Place, change_one_byte, issue, serve, set_up
from yichuang import __main__ as program
from yichuang.benches import BENCHES
from yichuang.cli import make_app, none_text


def run(*arguments: str) -> Result:
    return CliRunner().invoke(make_app(), list(arguments))


def said(*arguments: str) -> Any:
    """The one JSON value on standard output."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def node(tmp_path: Path) -> Place:
    place = set_up(tmp_path, "node", "node", Keys.fresh())
    store = place.open()
    serve(store, issue(store))
    store.close()
    return place


def test_a_hall_is_shown_with_its_zones(tmp_path: Path) -> None:
    summary = said("hall", "show", "changji", "--json")
    assert summary["code"] == "changji"
    text = run("hall", "show", "changji")
    assert text.exit_code == 0
    for zone in summary["zones"]:
        assert zone["name"] in text.stdout


def test_an_unknown_hall_is_refused_with_the_known_ones() -> None:
    result = run("hall", "show", "nowhere")
    assert result.exit_code == 2
    assert "changji" in result.stderr
    assert result.stdout == ""


def test_what_the_plan_does_not_say_is_called_so() -> None:
    assert none_text(None) == "原文未写"
    assert none_text(0) == "0"


def test_all_packages_are_listed_with_their_items() -> None:
    rows = said("packages", "--json")
    assert len(rows) == 18
    lines = run("packages").stdout.splitlines()
    assert len(lines) == 18 + sum(len(row["items"]) for row in rows)


def test_a_visit_is_traced_as_text_and_as_json(node: Place) -> None:
    data = str(node.folder.parent)
    text = run("--data", data, "trace", "A001")
    assert text.exit_code == 0
    assert text.stdout.splitlines()[-1] == "链条完整。"
    assert said("--data", data, "trace", "A001", "--json")["unbroken"] is True


def test_an_unknown_visit_is_exit_2(node: Place) -> None:
    result = run("--data", str(node.folder), "trace", "Z999")
    assert result.exit_code == 2
    assert "Z999" in result.stderr


def test_a_broken_chain_is_exit_1_and_still_shown(node: Place) -> None:
    change_one_byte(node, "ticket.issued/1")
    result = run("--data", str(node.folder), "trace", "A001", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["faults"]


def test_whole_journals_verify(node: Place) -> None:
    told = said("--data", str(node.folder.parent), "verify", "--json")
    assert told == {"machines": ["node"], "findings": [], "ok": True}
    assert "全部完好" in run("--data", str(node.folder.parent), "verify").stdout


def test_a_changed_byte_is_exit_1_with_its_place(node: Place) -> None:
    change_one_byte(node, "ticket.issued/1")
    result = run("--data", str(node.folder), "verify", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert not told["ok"]
    assert all(set(f) == {"machine", "place", "what"} for f in told["findings"])
    assert "先检查这台电脑的硬盘和内存" in run("--data", str(node.folder), "verify").stdout


def test_a_folder_without_data_is_plain_words_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["yichuang", "--data", str(tmp_path), "verify"])
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 2
    shown = capsys.readouterr()
    assert "没有机器的数据" in shown.err
    assert "Traceback" not in shown.err + shown.out


def test_an_unknown_bench_names_the_known_ones() -> None:
    result = run("bench", "speed")
    assert result.exit_code == 2
    assert all(name in result.stderr for name in BENCHES)


def test_no_command_shows_help() -> None:
    result = run()
    assert "verify" in result.output
    assert "trace" in result.output


def test_a_lost_journal_is_given_up_only_by_name_and_reason(tmp_path: Path) -> None:
    place = set_up(tmp_path, "node", "node", Keys.fresh())
    open_journal(place.join, place.folder).close()
    asked = ("--data", str(place.folder), "begin-anew", "--by", "示例甲", "--reason", "磁盘损坏", "--yes")
    whole = run(*asked)
    assert (whole.exit_code, "完好" in whole.stderr) == (2, True)
    (place.folder / "journal.db").unlink()
    assert run("--data", str(place.folder), "begin-anew").exit_code == 2
    unasked = run(*asked[:-1])
    assert (unasked.exit_code, "没有执行" in unasked.stderr) == (2, True)
    done = run(*asked)
    assert (done.exit_code, "已从头开始" in done.stdout) == (0, True), done.output
    journal = open_journal(place.join, place.folder)
    assert not journal.store.identity.settled
    journal.close()


def test_a_hall_of_samples_is_told_why_it_may_not_open() -> None:
    result = run("hall", "check", "changji")
    assert result.exit_code == 1
    assert "示例事项不是现行政策" in result.stdout
    assert run("hall", "check", "nowhere").exit_code == 2
