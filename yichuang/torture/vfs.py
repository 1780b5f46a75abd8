"""SQLite's own files watched from Python: each write, sync, truncation and removal is told, and may be refused.

The wheel of sqlcipher3 exports SQLite's functions for virtual file systems, so no compiler is needed. The shim is
the system's own VFS with five functions in front of it (https://www.sqlite.org/c3ref/io_methods.html); reading,
locking and shared memory stay in C. It is process-wide: only one `watching` at a time, in a process of torture.
"""

import ctypes
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, cast
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlcipher3.dbapi2 as sqlcipher

OK = 0
READ_ONLY = 8
IOERR = 10
FULL = 13
IOERR_WRITE = IOERR | 3 << 8
IOERR_FSYNC = IOERR | 4 << 8
IOERR_TRUNCATE = IOERR | 6 << 8
IOERR_DELETE = IOERR | 10 << 8
IOERR_SHMSIZE = IOERR | 19 << 8
IOERR_SHMMAP = IOERR | 21 << 8
CANTOPEN = 14
_OPEN_READ_ONLY, _OPEN_READ_WRITE, _OPEN_CREATE = 0x1, 0x2, 0x4
_OPEN_JOURNAL, _OPEN_SUPER_JOURNAL, _OPEN_WAL = 0x800, 0x4000, 0x80000
_NAME = b"yichuang-torture"

_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Close = CFUNCTYPE(c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
_ShmMap = CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, POINTER(c_void_p))


class NoVfs(Exception):
    """This build of sqlcipher3 does not export what is needed."""


class _Methods(Structure):
    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("rest_of_1", c_void_p * 6),
        ("shm_map", c_void_p),
        ("rest_of_3", c_void_p * 5),
    ]


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("file_bytes", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("app_data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("rest", c_void_p * 13),
    ]


@dataclass(frozen=True, slots=True)
class File:
    """One opening of one file."""

    no: int
    path: str
    flushes_folder: bool
    """A log that was made: its first sync also flushes the folder's entry (SQLite's unixSync)."""


class Watcher(Protocol):
    """Called on whichever thread uses the database. Anything but OK is the answer instead of the real act."""

    def opening(self, path: str) -> int:
        """READ_ONLY: the file may be read, as SQLite tries when writing is forbidden."""

    def opened(self, file: File, *, made: bool) -> None: ...
    def write(self, file: File, offset: int, data: bytes) -> int: ...
    def truncate(self, file: File, size: int) -> int: ...
    def sync(self, file: File) -> int: ...
    def delete(self, path: str, *, flushed: bool) -> int: ...
    def shared_memory(self, file: File, *, grows: bool) -> int: ...


def _library() -> Any:
    from sqlcipher3 import _sqlite3

    library = ctypes.CDLL(_sqlite3.__file__)
    try:
        find, register, unregister = (
            library.sqlite3_vfs_find,
            library.sqlite3_vfs_register,
            library.sqlite3_vfs_unregister,
        )
    except AttributeError as exc:
        raise NoVfs from exc
    find.restype = POINTER(_Vfs)
    find.argtypes = [c_char_p]
    register.argtypes = [POINTER(_Vfs), c_int]
    unregister.argtypes = [POINTER(_Vfs)]
    return library


@contextmanager
def watching(root: Path, watcher: Watcher) -> Iterator[None]:
    """Every file that SQLite opens under `root` meanwhile is told to `watcher`. Raises NoVfs.

    Databases opened in here must be closed in here.
    """
    library = _library()
    sqlcipher.connect(":memory:").close()  # SQLite registers its own file systems when it is first used
    system = library.sqlite3_vfs_find(None)
    shim = _Shim(system, str(root.resolve()) + os.sep, watcher)
    if library.sqlite3_vfs_register(byref(shim.vfs), 1) != OK:
        raise NoVfs
    try:
        yield
    finally:
        gc.collect()  # connections that a failed start has dropped
        library.sqlite3_vfs_register(system, 1)
        library.sqlite3_vfs_unregister(byref(shim.vfs))
    if shim.failed is not None:
        raise shim.failed
    if shim.open:
        raise RuntimeError(f"still open: {shim.open}")


class _Shim:
    def __init__(self, system: Any, root: str, watcher: Watcher) -> None:
        self._root = root
        self._watcher = watcher
        self._files: dict[int, tuple[File, _Methods]] = {}
        self._methods: dict[int, _Methods] = {}
        self._no = 0
        self.failed: BaseException | None = None
        self.vfs = _Vfs.from_buffer_copy(system.contents)
        self.vfs.name = _NAME
        self._system_open = _Open(self.vfs.open)
        self._system_delete = _Delete(self.vfs.delete)
        # held here: SQLite keeps only their addresses
        self._kept = [
            _Open(self._guarded(self._open)), _Delete(self._guarded(self._delete)),
            _Close(self._guarded(self._close)), _Write(self._guarded(self._write)),
            _Truncate(self._guarded(self._truncate)), _Sync(self._guarded(self._sync)),
            _ShmMap(self._guarded(self._shm_map)),
        ]  # fmt: skip
        opened, deleted, *self._ours = [cast(f, c_void_p) for f in self._kept]
        self.vfs.open, self.vfs.delete = opened.value, deleted.value

    @property
    def open(self) -> list[str]:
        return sorted(file.path for file, _ in self._files.values())

    def _guarded(self, act: Callable[..., int]) -> Callable[..., int]:
        def guarded(*arguments: Any) -> int:
            try:
                return act(*arguments)
            except BaseException as exc:  # ctypes would print it and answer OK
                self.failed = self.failed or exc
                return IOERR

        return guarded

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if not path.startswith(self._root):
            return int(self._system_open(vfs, name, file, flags, out))
        refused = self._watcher.opening(path)
        if refused == READ_ONLY and os.path.exists(path):
            flags = flags & ~(_OPEN_READ_WRITE | _OPEN_CREATE) | _OPEN_READ_ONLY
        elif refused != OK:
            c_void_p.from_address(file).value = None  # no methods: SQLite will not close it
            return CANTOPEN
        made = not os.path.exists(path)
        status = int(self._system_open(vfs, name, file, flags, out))
        if status != OK:
            return status
        slot = c_void_p.from_address(file)
        system = slot.value or 0
        own = self._methods.get(system)
        if own is None:
            own = self._methods[system] = _Methods.from_buffer_copy(_Methods.from_address(system))
            own.close, own.write, own.truncate, own.sync, own.shm_map = (f.value for f in self._ours)
        slot.value = ctypes.addressof(own)
        log = bool(flags & _OPEN_CREATE and flags & (_OPEN_JOURNAL | _OPEN_SUPER_JOURNAL | _OPEN_WAL))
        self._no += 1
        opened = File(self._no, path, log)
        self._files[file] = opened, _Methods.from_address(system)
        self._watcher.opened(opened, made=made)
        return OK

    def _close(self, file: int) -> int:
        _, system = self._files.pop(file)
        return int(_Close(system.close)(file))

    def _write(self, file: int, data: int, count: int, offset: int) -> int:
        opened, system = self._files[file]
        status = self._watcher.write(opened, offset, ctypes.string_at(data, count))
        return status if status != OK else int(_Write(system.write)(file, data, count, offset))

    def _truncate(self, file: int, size: int) -> int:
        opened, system = self._files[file]
        status = self._watcher.truncate(opened, size)
        return status if status != OK else int(_Truncate(system.truncate)(file, size))

    def _sync(self, file: int, flags: int) -> int:
        opened, system = self._files[file]
        status = self._watcher.sync(opened)
        return status if status != OK else int(_Sync(system.sync)(file, flags))

    def _delete(self, vfs: int, name: bytes, flush: int) -> int:
        path = os.fsdecode(name)
        if path.startswith(self._root):
            status = self._watcher.delete(path, flushed=bool(flush))
            if status != OK:
                return status
        return int(self._system_delete(vfs, name, flush))

    def _shm_map(self, file: int, region: int, size: int, extend: int, out: Any) -> int:
        opened, system = self._files[file]
        status = self._watcher.shared_memory(opened, grows=bool(extend))
        return status if status != OK else int(_ShmMap(system.shm_map)(file, region, size, extend, out))
