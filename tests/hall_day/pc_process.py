"""A window's PC as a process that can be killed: does what it is told by lines, and says when it is on its disk."""

import json
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hall.reference import load_reference
from sync.join_file import read_join_file
from tests.hall import builders
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.site import Machine
from yichuang.processes import Lines

SCRIPT = Path(__file__)


class Told:
    """Such a process as the test holds it; `written` is all that it has said to be done."""

    def __init__(self, process: Lines) -> None:
        self._process = process
        self.written: set[str] = set()

    def do(self, what: str, *args: Any) -> Any:
        self._process.tell({"do": what, "args": args})
        told = self._process.next_line()
        self.written |= set(told["written"])
        return told["value"]


def main() -> None:
    # names of dossiers and commands are told to other machines: no two processes may count alike
    builders._numbers = count(time.time_ns())
    folder = Path(sys.argv[1])
    join = read_join_file(folder)
    place = Machine(
        join.name, join.kind, folder, node_id=join.node_id,
        keys=(bytes.fromhex(join.sign_private), bytes.fromhex(join.sign_public)),
    )  # fmt: skip
    pc = Pc(place, load_reference(resource_path(), join.hall))
    say({"ready": True})
    for line in sys.stdin:
        told = json.loads(line)
        found = getattr(pc if hasattr(pc, told["do"]) else pc.at, told["do"])(*told["args"])
        say({"value": found if isinstance(found, str | bool) else None, "written": sorted(pc.written)})
    pc.close()


def say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
