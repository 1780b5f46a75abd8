"""Many schedules on all processors, and what they showed together."""

import contextlib
import json
import logging
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yichuang.simulate.answers import ANSWERS
from yichuang.simulate.machine import Rules
from yichuang.simulate.plants import PLANTS
from yichuang.simulate.rules import KINDS
from yichuang.simulate.schedule import play

FAULTS = ("crash", "restore", "clone", "partition", "power_cut", "seize")
AT_ONCE = 200
FELL = "fell"
"""Our own code raised: as bad as a rule that does not hold."""


@dataclass
class Shown:
    """Of some schedules. `wrong` counts schedules by kind, not single records."""

    schedules: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first_seed: int | None = None
    first_text: str = ""

    def add(self, other: "Shown") -> None:
        self.schedules += other.schedules
        self.wrong.update(other.wrong)
        self.faults.update(other.faults)
        if self.first_seed is None or (other.first_seed is not None and other.first_seed < self.first_seed):
            self.first_seed, self.first_text = other.first_seed, other.first_text

    def report(self) -> dict[str, Any]:
        return {
            "schedules": self.schedules,
            **{kind: self.wrong[kind] for kind in KINDS},
            FELL: self.wrong[FELL],
            "seed_of_first_failure": self.first_seed,
            "faults": {kind: self.faults[kind] for kind in FAULTS},
        }


def run(
    schedules: int, seed: int, plant: str | None = None, jobs: int | None = None, kept: Path | None = None
) -> Shown:
    """Seeds `seed` to `seed + schedules - 1`. What stands in the file `kept` is not played again."""
    shown = Shown()
    known = _known(kept)
    pieces = []
    for start in range(seed, seed + schedules, AT_ONCE):
        end = min(start + AT_ONCE, seed + schedules)
        if (start, end) in known:
            shown.add(known[start, end])
        else:
            pieces.append((start, end, plant))
    with ExitStack() as held:
        out = held.enter_context(kept.open("a", encoding="utf-8")) if kept is not None else None
        for piece, part in zip(pieces, _all_played(pieces, jobs), strict=True):
            shown.add(part)
            if out is not None:
                line = {"from": piece[0], "to": piece[1], **vars(part)}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                out.flush()
    return shown


def _all_played(pieces: list[tuple[int, int, str | None]], jobs: int | None) -> Iterator[Shown]:
    """In their order."""
    workers = min(jobs or os.cpu_count() or 1, len(pieces))
    if workers <= 1:
        yield from map(_piece, pieces)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_piece, pieces)


def _known(kept: Path | None) -> dict[tuple[int, int], Shown]:
    """Pieces by their seeds; the last line may have been cut off in the middle."""
    found: dict[tuple[int, int], Shown] = {}
    if kept is None or not kept.exists():
        return found
    for text in kept.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):
            line = json.loads(text)
            found[line.pop("from"), line.pop("to")] = Shown(
                line["schedules"], Counter(line["wrong"]), Counter(line["faults"]), line["first_seed"],
                line["first_text"],
            )  # fmt: skip
    return found


def tale(seed: int, plant: str | None) -> list[str]:
    """What happens in one schedule, and what did not hold."""
    lines: list[str] = []
    with _planted(plant) as rules:
        outcome = play(seed, rules, lines.append)
    return [*lines, *(f"{wrong.kind}: {wrong.text}" for wrong in outcome.wrong)]


def all_plants(seed: int, tries: int, most: int, jobs: int | None = None) -> list[dict[str, Any]]:
    """For each planted bug: how many of the tries found it within `most` schedules, and the median that it took."""
    todo = [(name, seed + t * most, most) for name in PLANTS for t in range(tries)]
    found: dict[str, list[int]] = {name: [] for name in PLANTS}
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        for (name, _, _), n in zip(todo, pool.map(_until_found, todo), strict=True):
            if n is not None:
                found[name].append(n)
    return [
        {
            "plant": name,
            "what": plant.what,
            "tries": tries,
            "found": len(found[name]),
            "median": statistics.median(found[name]) if found[name] else None,
            "redundant": plant.redundant,
        }
        for name, plant in PLANTS.items()
    ]


def _until_found(todo: tuple[str, int, int]) -> int | None:
    """How many schedules it took; None for more than there were."""
    plant, seed, most = todo
    for n, part in enumerate(_played(seed, seed + most, plant), 1):
        if part.wrong:
            return n
    return None


def _piece(piece: tuple[int, int, str | None]) -> Shown:
    shown = Shown()
    for part in _played(*piece):
        shown.add(part)
    return shown


def _played(start: int, end: int, plant: str | None) -> Iterator[Shown]:
    # what the protocol logs is what the schedule does to it
    logged = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with _planted(plant) as rules:
            for seed in range(start, end):
                yield _one(seed, rules)
    finally:
        logging.disable(logged)


def _planted(plant: str | None) -> AbstractContextManager[Rules]:
    rules = Rules(answers=ANSWERS)
    return nullcontext(rules) if plant is None else PLANTS[plant].planted(rules)


def _one(seed: int, rules: Rules) -> Shown:
    try:
        outcome = play(seed, rules)
    except Exception as exc:
        return Shown(1, Counter({FELL: 1}), Counter(), seed, f"{type(exc).__name__}: {exc}")
    if not outcome.wrong:
        return Shown(1, Counter(), outcome.faults)
    kinds = Counter({wrong.kind for wrong in outcome.wrong})
    return Shown(1, kinds, outcome.faults, seed, outcome.wrong[0].text)
