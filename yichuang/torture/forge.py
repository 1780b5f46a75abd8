"""Starts programs by forking itself, everything imported: a start costs its own work, not Python's.

Reads JSON lines {"name", "program", "args", "log"}; answers {"name", "pid"} and, when one has ended,
{"name", "pid", "status"}. Each program is a process of its own, and dies with the forge.
"""

import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from typing import Any

from server_app import __main__ as server
from yichuang.torture import writer

PROGRAMS: dict[str, Callable[[], int]] = {"server": server.main, "writer": writer.main}
_DIE_WITH_PARENT = 1


def main() -> None:
    running: dict[int, str] = {}
    rest = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.02)
        if ready:
            data = os.read(0, 1 << 16)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    os._exit(_become(order))
                running[pid] = order["name"]
                _say(name=order["name"], pid=pid)
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            _say(name=running.pop(pid), pid=pid, status=os.waitstatus_to_exitcode(status))
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _say(**what: Any) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


def _become(order: dict[str, Any]) -> int:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    # until the program listens to it itself
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(log)
    os.close(nothing)
    sys.argv = [order["program"], *order["args"]]
    try:
        status = PROGRAMS[order["program"]]()
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 70
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    main()
