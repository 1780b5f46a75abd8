"""A window's PC as a process of its own, which a test kills: `python -m tests.hall_day.lost_window FOLDER`.

It answers one JSON line to each that it reads: "call" (call and start), "case" (a case taken in), "sent" (once the
node has everything).
"""

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

from hall.catalogue.loading import resources_dir
from hall.intake.authority import Rules
from hall.journal.engine import sqlite_engine
from hall.reference import load_reference
from tests.hall import builders
from tests.hall.builders import HandClock, Letters, Machine, plain_calendar
from yichuang.failover import site
from yichuang.failover.terminals import Window, until


def worker(window: Window, device_no: int) -> Machine:
    """The words of a clerk's work, on this window's journal."""
    letters = Letters()
    nowhere = sqlite_engine(Path(":memory:"), bytes(32))
    rules = Rules(letters, plain_calendar())
    return Machine(window.store, nowhere, letters, rules, HandClock(), staff=f"device-{device_no}")


def main() -> None:
    # two processes name their dossiers and commands
    builders._numbers = count(10_000)
    window = Window(
        site.Machine("window1", "counter", Path(sys.argv[1])), load_reference(resources_dir(), site.HALL)
    )
    until(lambda: window.up_now and window.epoch() == 1, "the hall is open")
    clerk = worker(window, window.join.device_no)
    _say({"up": True})
    for line in sys.stdin:
        match json.loads(line)["do"]:
            case "call":
                ticket = window.call_next()
                window.start(ticket)
                _say({"ticket": ticket})
            case "case":
                case = clerk.received(device_no=window.join.device_no)
                _say({"case": case, "case_no": clerk.case(case).case_no})
            case "sent":
                until(lambda: window.all_sent, "the node has everything")
                _say({"sent": True})
    window.close()


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
