"""The whole hall as its users meet it: every process started, the screens worked, things cut, the books compared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ("notice.pdf", "receipt.pdf", "correction.pdf", "decision.pdf", "delivery.pdf", "materials.pdf")


@pytest.mark.system
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("hall", "cut"),
    [
        ("changji", None), ("changji", "county"), ("changji", "node"), ("changji", "printer"),
        ("changji", "camera"), ("changji", "standby"), ("wushen", None),
    ],
)  # fmt: skip
def test_the_demo_hall_loses_nothing(tmp_path: Path, hall: str, cut: str | None) -> None:
    command = [sys.executable, "-m", "yichuang", "demo", "--headless", "--hall", hall, "--seed", "8"]
    command += ["--out", str(tmp_path)]
    command += {None: [], "standby": ["--standby"]}.get(cut, ["--cut", str(cut)])
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stdout[-3000:]
    books = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert books["facts"]["lost"] == 0
    assert books["facts"]["written"] == books["facts"]["at_centre"] > 100
    for paper in PAPERS:
        assert (tmp_path / paper).read_bytes().startswith(b"%PDF-"), paper
