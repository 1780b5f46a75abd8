"""The measurements measure what they say. How long anything takes is no matter here."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from hall.catalogue.loading import resources_dir
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from yichuang import bench_catchup, bench_claims, bench_journal, bench_papers, bench_sync
from yichuang.bench_timing import Timing, at_once
from yichuang.benches import BENCHES, Asked
from yichuang.private_postgres import programs

ROOT = Path(__file__).resolve().parents[2]


def test_percentiles_are_values_that_were_measured() -> None:
    timing = Timing(tuple(float(n) for n in random.Random(1).sample(range(1, 101), 100)))
    assert timing.at(0.0) == 1.0
    assert timing.at(0.5) == 51.0
    assert timing.at(0.99) == 100.0
    assert timing.at(1.0) == 100.0
    assert Timing((7.0,)).at(0.95) == 7.0


def test_runs_a_second_follow_from_their_lengths() -> None:
    assert Timing((10.0, 10.0, 20.0, 40.0)).per_s == 50


def test_claims_with_lost_answers_call_every_ticket_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_claims, "LOST_PART", 0.5)
    monkeypatch.setattr(bench_claims, "CALLS", 4)
    figures = bench_claims._claims(4, 0.0)
    assert figures["replies_lost"] > 0
    assert figures["called"] == figures["tickets"] == 16
    assert figures["double_calls"] == 0
    assert figures["p99_ms"] > 0


def test_a_double_call_would_be_counted() -> None:
    assert bench_claims.doubles(["a", "b", "a"]) == 1


def test_halls_are_heard_to_the_last_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_sync, "RECORDS", 1_000)
    figures = bench_sync.measure_sync("sqlite")
    assert figures["records"] >= 1_000
    assert figures["records_per_s"] > 0
    assert figures["bytes"] < figures["records"] * 600, "packed"


@pytest.mark.parametrize("db", ["sqlite", "postgresql"])
def test_a_catch_up_is_taken_in_between_claims(monkeypatch: pytest.MonkeyPatch, db: str) -> None:
    if db == "postgresql" and programs() is None:
        pytest.skip("no PostgreSQL here")
    monkeypatch.setattr(bench_catchup, "RECORDS", 1_500)
    monkeypatch.setattr(bench_catchup, "CLAIMERS", 4)
    monkeypatch.setattr(bench_catchup, "WAITING", 8)
    for room in (bench_catchup, bench_claims):
        monkeypatch.setattr(room, "PAUSE_S", 0.02)
        monkeypatch.setattr(room, "LOST_PART", 0.3)
    figures = bench_catchup.measure_catchup(db)
    assert figures["records"] >= 1_500
    assert figures["seconds"] > 0
    assert figures["claims"] > 0
    assert figures["p99_ms"] >= figures["p50_ms"] > 0
    assert figures["double_calls"] == 0


def test_a_fault_of_one_client_is_not_swallowed() -> None:
    def fails() -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        at_once([lambda: None, fails])


def test_journal_and_tickets_give_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_journal, "SECONDS", 0.05)
    journal = BENCHES["journal"](Asked())
    assert journal["single_per_s"] > 0
    assert journal["grouped_sealed_per_s"] > 0
    assert journal["bytes_per_record"] > 300
    tickets = BENCHES["tickets"](Asked())
    assert tickets["issued_per_s"] > 0
    assert tickets["duplicate_numbers"] == 0


@pytest.mark.parametrize("make", [bench_papers._receipt, bench_papers._acceptance, bench_papers._correction])
def test_measured_papers_are_papers(make: object) -> None:
    press = PaperPress(FontSet.in_folder(resources_dir() / "fonts"))
    assert press.render(make(1)).startswith(b"%PDF")  # type: ignore[operator]


def test_overlap_of_two_sheets() -> None:
    from yichuang.bench_page import overlap

    sheet = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))
    half = ((50.0, 0.0), (150.0, 0.0), (150.0, 100.0), (50.0, 100.0))
    assert overlap(sheet, sheet) == pytest.approx(1.0)
    assert overlap(sheet, half) == pytest.approx(1 / 3, abs=1e-3)


def test_the_list_of_benches_loads_no_opencv() -> None:
    code = "import sys, yichuang.benches; sys.exit('cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
