"""Our own bugs must not stop the hall: log them, apologise once, keep running."""

import logging
import re
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger(__name__)

_LONG_NUMBER = re.compile(r"\d{7,}[0-9Xx]?")

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class FaultHooks(QObject):
    """Takes over sys.excepthook, threading.excepthook and Qt's messages between install() and remove().

    An exception raised in a slot never reaches whoever emitted the signal, so this is the only place that
    sees it. Numbers of seven digits and more are struck out of the log: an exception's text may carry an ID
    number.

    Signals:
        faulted: a text for people (Chinese); emitted from any thread, so connect it queued or to a QObject.
    """

    faulted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._old_except = sys.excepthook
        self._old_thread = threading.excepthook

    def install(self) -> None:
        """Call once on the GUI thread, after logging is set up."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_log_qt_message)

    def remove(self) -> None:
        """Give back what install() took."""
        sys.excepthook = self._old_except
        threading.excepthook = self._old_thread
        qInstallMessageHandler(None)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception):
            self._old_except(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected exception\n%s", _LONG_NUMBER.sub("#", text))
        self.faulted.emit(
            self.tr(
                "刚才这一步没有完成，程序仍在运行，已保存的内容不受影响。请再试一次；仍不行请联系工作人员。"
            )
        )

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", _LONG_NUMBER.sub("#", message))
