"""One program on one data folder: an exclusive lock that ends with the process, however it dies.

The operating system holds it, so a kill or a power cut leaves nothing to clear away. Programs that only read
(verify, trace) do not take it.
"""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

LOCK = "machine.lock"
_NOTE_BYTES = 200
NODE_SERVICE = "大厅节点服务"
CENTRE_SERVICE = "县中心服务"

if sys.platform == "win32":
    import msvcrt

    # Windows locks are mandatory: a byte far behind the note, so that others can still read who holds it
    _LOCKED_BYTE = 1 << 20

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def in_use(folder: Path) -> bool:
    """Whether a program has this folder now. The lock is tried and let go at once, by any account that may read."""
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


class FolderInUse(Exception):
    """Another program works with this folder. `text` is for whoever started the second one."""

    def __init__(self, folder: Path, holder: str) -> None:
        self.is_service = holder.startswith((NODE_SERVICE, CENTRE_SERVICE))
        if self.is_service:
            # it has no window, and a restart of its host stops the whole hall
            service = "大厅服务" if holder.startswith(NODE_SERVICE) else CENTRE_SERVICE
            self.text = (
                f"这台主机上{service}已经在运行（{holder}），不必再启动一次，也不要重新启动这台主机。"
                "确实要重开的，由信息科先停止正在运行的这一个。"
            )
        else:
            self.text = (
                f"这台电脑上已经有一个一窗程序在用这份数据（{holder or folder}）。"
                "请到已经打开的窗口里继续；找不到那个窗口时，请重新启动电脑。"
            )
        super().__init__(self.text)


class FolderLock:
    """Held from the moment it is made until `release`, or the end of the process."""

    def __init__(self, folder: Path, program: str) -> None:
        """`program`: what people call it, shown to whoever starts a second one.

        Raises FolderInUse, and OSError where the folder cannot be written.
        """
        # never inherited: a child that outlives us must not keep the folder
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not _try_lock(handle):
                raise FolderInUse(folder, _note(handle))
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, f"{program}，进程号 {os.getpid()}".encode()[:_NOTE_BYTES])
        except BaseException:
            os.close(handle)
            raise
        self._handle: int | None = handle

    def release(self) -> None:
        """Safe to repeat. The file stays: removing it would let two programs lock two files of one name."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _note(handle: int) -> str:
    """Who holds it, as written there; "" while it is still being written."""
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, _NOTE_BYTES).decode(errors="ignore").strip()
