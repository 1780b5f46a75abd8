"""The hall's node dies while the hall works, and the standby takes over: real processes, terminals without screens."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from yichuang.failover.day import play

RUNS = 3


def measure_failover() -> dict[str, Any]:
    """The worst of some runs; one of them with a node that hangs instead of dying."""
    outcomes = []
    for seed in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
            outcomes.append(play(Path(folder), seed=seed, how="freeze" if seed == RUNS - 1 else "kill"))
    found = [asdict(outcome) for outcome in outcomes]
    return {
        "runs": RUNS,
        **{name: max(one[name] for one in found) for name in ("kiosk_s", "promote_s")},
        **{
            name: sum(one[name] for one in found) for name in found[0] if name not in ("kiosk_s", "promote_s")
        },
        "promote_each_s": [one["promote_s"] for one in found],
    }
