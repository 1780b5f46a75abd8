"""File systems that are really full: a hall node's and a counter's, small ones of their own, filled to the last byte.

Nobody is killed. What was said must be there, what is refused must be refused in words, and when there is room
again everything must go on by itself.
"""

import contextlib
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yichuang.torture.bad_line import BadLines
from yichuang.torture.deeds import Deeds
from yichuang.torture.storm import Report, Storm, storm_of

NODE, COUNTER = "node1", "counter1-1"
SIZE = "256m"
"""Above the room at which a hall stops giving numbers (sync.room)."""
FULL_S, AGAIN_S = 4.0, 30.0
_BALLAST, _PIECE = "ballast", 1 << 20


class NoMount(Exception):
    """This user may not mount a file system."""


@dataclass
class FullReport(Report):
    """`fills`: how often a disk was full; `words`: of the texts that were said, those about the disk."""

    fills: int = 0
    acknowledged_while_full: int = 0
    died: int = 0
    stuck: int = 0
    """Machines that did not go on by themselves when there was room again."""
    again_s: float = 0.0
    """The longest that one took for it."""
    words: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        return super().bad + self.died + self.stuck + (not self.words)

    def figures(self) -> dict[str, Any]:
        own = {
            "fills": self.fills, "acknowledged_while_full": self.acknowledged_while_full, "died": self.died,
            "stuck": self.stuck, "again_s": round(self.again_s, 2), "words": self.words,
        }  # fmt: skip
        return own | super().figures()


def fill_disks(rounds: int, seed: int) -> FullReport:
    """Raises NoMount."""
    report = FullReport("sqlite", seed)
    began = time.monotonic()
    with storm_of("sqlite", seed, report, prepare=_mount) as storm, BadLines(storm.lines) as lines:
        lines.calm()
        for name in storm.programs:
            storm.begin(name)
        # a machine does not start on a full disk, and says so: that is another matter
        while not all(storm.is_ready(name) for name in storm.programs):
            time.sleep(0.1)
        _goes_on(storm, COUNTER, 0)
        for _ in range(rounds):
            for names in ((NODE,), (COUNTER,), (NODE, COUNTER)):
                _fill(storm, report, names)
        storm.heal()
        storm.look_for_leaks()
        storm.end()
        storm.judge()
    report.words = [text for text in report.texts if "磁盘" in text]
    report.seconds = time.monotonic() - began
    return report


def _mount(root: Path, held: ExitStack) -> None:
    for name in (NODE, COUNTER):
        folder = root / "data" / name
        folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", f"yichuang-{name}", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as exc:
            raise NoMount from exc
        held.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False, capture_output=True)


def _fill(storm: Storm, report: FullReport, names: tuple[str, ...]) -> None:
    before = {name: storm.smithy.pid(name) for name in names}
    ballasts = [storm.root / "data" / name / _BALLAST for name in names]
    for ballast in ballasts:
        _take_all(ballast)
        report.fills += 1
    said = _told(storm, COUNTER)
    end = time.monotonic() + FULL_S
    while time.monotonic() < end:
        # what a checkpoint has given back is taken, too
        for ballast in ballasts:
            _take_all(ballast)
        time.sleep(0.2)
    now = _told(storm, COUNTER)
    if COUNTER in names:
        report.acknowledged_while_full += now - said
    for ballast in ballasts:
        ballast.unlink()
    took = _goes_on(storm, COUNTER, now)
    report.again_s = max(report.again_s, took)
    if took >= AGAIN_S:
        report.stuck += 1
        report.fail(f"{names}: the counter does not go on")
    for name, pid in before.items():
        if storm.smithy.pid(name) != pid:
            report.died += 1
            last = storm.programs[name].log.read_text("utf-8", "replace").strip().splitlines()[-3:]
            report.fail(f"{name} has ended on a full disk: {' / '.join(last)}")


def _take_all(ballast: Path) -> None:
    """Every byte that is left."""
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        for size in (_PIECE, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def _told(storm: Storm, name: str) -> int:
    return sum("refused" not in what for what in Deeds.read(storm.root / f"{name}.deeds").done.values())


def _goes_on(storm: Storm, name: str, told: int) -> float:
    """Seconds until something more was acknowledged there."""
    began = time.monotonic()
    while _told(storm, name) <= told and time.monotonic() - began < AGAIN_S:
        time.sleep(0.1)
    return time.monotonic() - began
