"""What a program did to one folder, in order: SQLite's files by their VFS, other files by Python's own calls.

Of files that Python writes, the content is taken when it is flushed or gets its name, which is all that a promise
can rest on. The calls are replaced for the whole process while a recording runs, so nothing else should write there.
"""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from yichuang.torture import vfs
from yichuang.torture.disk import Disk
from yichuang.torture.vfs import File

Step = Callable[[Disk], None]


@dataclass(frozen=True, slots=True)
class Act:
    """One step, to be repeated on a simulated disk."""

    name: str
    path: str
    step: Step

    @property
    def flushes(self) -> bool:
        return self.name in ("sync", "folder")


@dataclass
class Recording:
    """`acts` grow from several threads; `len(acts)` is the time of this disk."""

    root: Path
    acts: list[Act] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _fresh: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.root = self.root.resolve()

    def note(self, name: str, path: str, step: Step) -> None:
        with self._lock:
            self.acts.append(Act(name, path, step))

    def inside(self, path: Any) -> str | None:
        """The path below the root; None for one elsewhere."""
        whole = os.path.abspath(os.fspath(path))
        return os.path.relpath(whole, self.root) if whole.startswith(f"{self.root}{os.sep}") else None

    # -- SQLite -----------------------------------------------------------------------------------------

    def opening(self, path: str) -> int:
        return vfs.OK

    def opened(self, file: File, *, made: bool) -> None:
        name = self._name(file)
        if file.flushes_folder:
            self._fresh.add(file.no)
        self.note("open", name, lambda disk: disk.open(file.no, name))

    def write(self, file: File, offset: int, data: bytes) -> int:
        self.note("write", self._name(file), lambda disk: disk.write(file.no, offset, data))
        return vfs.OK

    def truncate(self, file: File, size: int) -> int:
        self.note("truncate", self._name(file), lambda disk: disk.truncate(file.no, size))
        return vfs.OK

    def sync(self, file: File) -> int:
        self.note("sync", self._name(file), lambda disk: disk.flush(file.no))
        if file.no in self._fresh:
            self._fresh.discard(file.no)
            folder = os.path.dirname(self._name(file)) or "."
            self.note("folder", folder, lambda disk: disk.flush_path(folder))
        return vfs.OK

    def delete(self, path: str, *, flushed: bool) -> int:
        name = self.inside(path)
        if name is not None and os.path.exists(path):
            self.note("delete", name, lambda disk: disk.remove(name, flushed=flushed))
        return vfs.OK

    def shared_memory(self, file: File, *, grows: bool) -> int:
        return vfs.OK

    def _name(self, file: File) -> str:
        return os.path.relpath(file.path, self.root)

    # -- Python -----------------------------------------------------------------------------------------

    def content(self, path: str) -> None:
        """What the file holds now, not flushed."""
        name = self.inside(path)
        if name is None:
            return
        data = Path(path).read_bytes()
        self.note("content", name, lambda disk: disk.set(name, data))


@contextmanager
def recorded(root: Path) -> Iterator[Recording]:
    """Record what is done below `root`, which is empty now. Raises NoVfs."""
    recording = Recording(root)
    with vfs.watching(root, recording), _python_calls(recording):
        yield recording


@contextmanager
def _python_calls(recording: Recording) -> Iterator[None]:
    system_fsync, system_replace, system_link = os.fsync, os.replace, os.link
    system_mkdir, system_unlink, system_rmdir = os.mkdir, os.unlink, os.rmdir

    def fsync(handle: Any) -> None:
        system_fsync(handle)
        no = handle if isinstance(handle, int) else handle.fileno()
        path = os.readlink(f"/proc/self/fd/{no}")
        folder = stat.S_ISDIR(os.fstat(no).st_mode)
        name = "." if path == str(recording.root) else recording.inside(path)
        if name is None:
            return
        if not folder:
            recording.content(path)
        recording.note("folder" if folder else "sync", name, lambda disk: disk.flush_path(name))

    def replace(old: Any, new: Any, **rest: Any) -> None:
        source, target = recording.inside(old), recording.inside(new)
        if source is not None and target is not None:
            if not os.path.isdir(old) and not source.startswith("journal.db"):
                recording.content(os.fspath(old))
            recording.note("rename", target, lambda disk: disk.rename(source, target))
        system_replace(old, new, **rest)

    def link(old: Any, new: Any, **rest: Any) -> None:
        source, target = recording.inside(old), recording.inside(new)
        if source is not None and target is not None:
            recording.note("link", target, lambda disk: disk.link(source, target))
        system_link(old, new, **rest)

    def mkdir(path: Any, *rest: Any, **more: Any) -> None:
        system_mkdir(path, *rest, **more)
        name = recording.inside(path)
        if name is not None:
            recording.note("mkdir", name, lambda disk: disk.make_folder(name))

    def gone(system: Callable[..., None]) -> Callable[..., None]:
        def remove(path: Any, *, dir_fd: int | None = None) -> None:
            whole = path if dir_fd is None else os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), path)
            name = recording.inside(whole)
            system(path, dir_fd=dir_fd)
            if name is not None:
                recording.note("delete", name, lambda disk: disk.remove(name))

        return remove

    with (
        patch.object(os, "fsync", fsync),
        patch.object(os, "replace", replace),
        patch.object(os, "link", link),
        patch.object(os, "mkdir", mkdir),
        patch.object(os, "unlink", gone(system_unlink)),
        patch.object(os, "rmdir", gone(system_rmdir)),
    ):
        yield
