"""Random schedules in which machines, lines and disks fail; a failure prints the seed that brings it back.

`./run yichuang simulate --seed SEED --tell` says what happens in one of them.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yichuang.cli import make_app
from yichuang.simulate import running
from yichuang.simulate.plants import PLANTS

PIECES, EACH = 40, 500
"""20,000 schedules. More, and a million once: docs/evidence/sync.md."""


@pytest.mark.parametrize("piece", range(PIECES))
def test_nothing_is_lost_doubled_or_forked_and_all_agree(piece: int) -> None:
    shown = running.run(EACH, 1 + piece * EACH, jobs=1)
    assert not shown.wrong, f"simulate --seed {shown.first_seed} --tell: {shown.first_text}"
    assert shown.schedules == EACH
    assert all(shown.faults[kind] for kind in running.FAULTS), "every kind of fault happened"


@pytest.mark.parametrize("name", PLANTS)
def test_every_bug_can_be_planted(name: str) -> None:
    assert running.run(2, 1, name, jobs=1).schedules == 2


def test_the_same_seed_plays_the_same() -> None:
    assert running.tale(77, None) == running.tale(77, None)


def test_the_command_reports_in_json() -> None:
    told = CliRunner().invoke(
        make_app(), ["simulate", "--schedules", "3", "--seed", "5", "--jobs", "1", "--json"]
    )
    report = json.loads(told.stdout)
    assert told.exit_code == 0
    assert (report["schedules"], report["lost"], report["seed_of_first_failure"]) == (3, 0, None)
    assert set(report["faults"]) == set(running.FAULTS)


def test_a_planted_bug_fails_the_command_and_names_its_seed() -> None:
    told = CliRunner().invoke(
        make_app(),
        ["simulate", "--schedules", "200", "--seed", "1", "--plant", "late-counts", "--jobs", "1"],
    )
    assert told.exit_code == 1
    assert "./run yichuang simulate --seed" in told.stderr


def test_a_long_run_that_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.jsonl"
    whole = running.run(450, 1, jobs=1, kept=kept).report()
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    # killed in the middle of the third line
    kept.write_text("\n".join([*lines[:2], lines[2][:20]]) + "\n", encoding="utf-8")
    played: list[tuple[int, int, str | None]] = []
    truly = running._piece
    monkeypatch.setattr(running, "_piece", lambda piece: [played.append(piece), truly(piece)][1])
    assert running.run(450, 1, jobs=1, kept=kept).report() == whole
    assert played == [(401, 451, None)]
