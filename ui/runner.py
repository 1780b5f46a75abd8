"""Run blocking work off the GUI thread; deliver the result on it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class Runner(Protocol):
    """Runs `work` elsewhere, then one of `done` / `failed` on the caller's thread."""

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Queue one job. Jobs of one runner keep their order."""
        ...


class QtRunner(QObject):
    """Runner with one worker thread: one for a database, one for each device.

    Create it on the GUI thread; `done` and `failed` run there. A BaseException that is no Exception
    (interpreter exit) is not reported.
    """

    _finished = Signal(object)  # Callable[[], None], to be called on the GUI thread

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Queue one job; raises RuntimeError after close()."""

        def report(future: "Future[T]") -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is None:
                result = future.result()
                self._finished.emit(lambda: done(result))
            elif isinstance(error, Exception):
                self._finished.emit(lambda: failed(error))

        self._pool.submit(work).add_done_callback(report)

    def close(self) -> None:
        """Drop jobs that have not started, wait for the running one, deliver nothing more."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
