"""A disk that is full, broken or read-only at a chosen act of SQLite or of Python."""

import enum
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from yichuang.torture import vfs
from yichuang.torture.vfs import File


class Trouble(enum.Enum):
    FULL = "full"
    BROKEN = "broken"
    READ_ONLY = "read_only"


_IO = {
    "open": vfs.CANTOPEN,
    "write": vfs.IOERR_WRITE,
    "truncate": vfs.IOERR_TRUNCATE,
    "sync": vfs.IOERR_FSYNC,
    "delete": vfs.IOERR_DELETE,
    "shared": vfs.IOERR_SHMMAP,
}
_ANSWERS = {
    # what unixWrite and its neighbours make of ENOSPC, EIO and EROFS
    Trouble.FULL: {
        **_IO,
        "write": vfs.FULL,
        "shared": vfs.IOERR_SHMSIZE,
        "delete": vfs.OK,
        "truncate": vfs.OK,
    },
    Trouble.BROKEN: _IO,
    Trouble.READ_ONLY: {**_IO, "open": vfs.READ_ONLY},
}
_ERRNO = {Trouble.FULL: errno.ENOSPC, Trouble.BROKEN: errno.EIO, Trouble.READ_ONLY: errno.EROFS}


@dataclass
class Injector:
    """Counts acts from `arm` on; the `at`-th one fails, and with `lasting` all that follow until `heal`."""

    root: str
    trouble: Trouble | None = None
    at: int = 0
    lasting: bool = False
    count: int = 0
    hits: int = 0
    last: str = ""
    """The act that failed last."""

    def arm(self, trouble: Trouble, at: int, *, lasting: bool) -> None:
        self.trouble, self.at, self.lasting, self.count, self.hits = trouble, at, lasting, 0, 0

    def heal(self) -> None:
        self.trouble = None

    def _act(self, name: str) -> int:
        trouble = self.trouble
        if trouble is None:
            return vfs.OK
        self.count += 1
        if self.count != self.at and not (self.lasting and self.count > self.at):
            return vfs.OK
        self.hits += 1
        self.last = name
        return _ANSWERS[trouble][name]

    # -- SQLite -----------------------------------------------------------------------------------------

    def opening(self, path: str) -> int:
        # a file that is there can be opened on a full disk
        if self.trouble is Trouble.FULL and os.path.exists(path):
            return vfs.OK
        return self._act("open")

    def opened(self, file: File, *, made: bool) -> None:
        """Nothing to say."""

    def write(self, file: File, offset: int, data: bytes) -> int:
        return self._act("write")

    def truncate(self, file: File, size: int) -> int:
        return self._act("truncate")

    def sync(self, file: File) -> int:
        return self._act("sync")

    def delete(self, path: str, *, flushed: bool) -> int:
        return self._act("delete")

    def shared_memory(self, file: File, *, grows: bool) -> int:
        return self._act("shared") if grows else vfs.OK

    # -- Python -----------------------------------------------------------------------------------------

    def before_call(self, path: Any) -> None:
        """Raises OSError."""
        trouble = self.trouble
        if trouble is None or not os.path.abspath(os.fspath(path)).startswith(self.root):
            return
        if self._act("write") != vfs.OK:
            number = _ERRNO[trouble]
            raise OSError(number, os.strerror(number), os.fspath(path))


@contextmanager
def troubled(root: Path) -> Iterator[Injector]:
    """What SQLite and Python do below `root` meanwhile may be refused. Raises NoVfs."""
    injector = Injector(f"{root.resolve()}{os.sep}")
    with vfs.watching(root, injector), _python_calls(injector):
        yield injector


@contextmanager
def _python_calls(injector: Injector) -> Iterator[None]:
    system_fsync = os.fsync

    def fsync(handle: Any) -> None:
        no = handle if isinstance(handle, int) else handle.fileno()
        injector.before_call(os.readlink(f"/proc/self/fd/{no}"))
        system_fsync(handle)

    def told(system: Callable[..., None]) -> Callable[..., None]:
        def call(path: Any, *rest: Any, **more: Any) -> None:
            injector.before_call(path)
            system(path, *rest, **more)

        return call

    with (
        patch.object(os, "fsync", fsync),
        patch.object(os, "replace", told(os.replace)),
        patch.object(os, "mkdir", told(os.mkdir)),
        patch.object(os, "link", told(os.link)),
    ):
        yield
