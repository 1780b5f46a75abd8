"""One set-up at a time in a folder, also when two people start `./run` in the same second.

The operating system holds the lock, so it ends with the process however that dies. Children that are started
with `close_fds=False` hold it too: an installer that outlives us still keeps the next one out. The process id
written into the file is only there to be shown.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    # Windows locks are mandatory: lock a byte far behind the text, so that others can still read the text.
    _LOCKED_BYTE = 1 << 20

    def _try_lock(handle: IO[str]) -> bool:
        handle.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: IO[str]) -> bool:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def one_at_a_time(path: Path, *, waiting: Callable[[str], None], pause_s: float = 0.2) -> Iterator[None]:
    """Hold the lock file `path` for the length of the block; wait without limit while another process has it.

    `waiting` is called once, with the holder's process id as text ("?" when it has not written it yet).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="ascii") as handle:
        told = False
        while not _try_lock(handle):
            if not told:
                waiting(path.read_text(encoding="ascii").strip() or "?")
                told = True
            time.sleep(pause_s)
        os.set_inheritable(handle.fileno(), True)
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield
