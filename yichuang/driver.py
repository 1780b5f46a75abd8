"""Runs one desktop app in this process and obeys lines on standard input, as a person at the screen would.

The apps contain nothing for this. Widgets are found by accessible name, as a screen reader finds them; each
line is one JSON object, each answer too. `python -m yichuang.driver counter|kiosk|display --data DIR`.
"""

import argparse
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# before PySide6, which reads the source of every module that is imported after it: 0.3 s of a start
import sync.starting  # noqa: F401

# isort: split

from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

EDITORS = (QLineEdit, QTextEdit, QPlainTextEdit)
DEFAULT_WAIT_S = 30.0
POLL_MS = 50


class NotFound(Exception):
    """No such widget can be seen now."""


class Hands(QObject):
    """Presses, types and looks. Everything runs on the GUI thread.

    Signals:
        asked: one request (dict), queued from the reading thread.
    """

    asked = Signal(object)

    def __init__(self, quit_app: Callable[[], None]) -> None:
        super().__init__()
        self._quit = quit_app
        self._acts: dict[str, Callable[[dict[str, Any]], Any]] = {
            "press": self._press,
            "type": self._type,
            "key": self._key,
            "keys": self._keys,
            "choose": self._choose,
            "rows": self._rows,
            "texts": lambda _: self.texts(),
            "names": lambda _: sorted({w.accessibleName() for w in visible() if w.accessibleName()}),
            "text": self._text,
            "wait": self._wait,
            "wait_any": self._wait_any,
            "grab": self._grab,
            "stroke": self._stroke,
        }
        self.asked.connect(self.obey, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def obey(self, request: dict[str, Any]) -> None:
        """Do one thing and answer on standard output."""
        if request.get("op") == "quit":
            say({"id": request.get("id"), "ok": True})
            self._quit()
            return
        try:
            value = self._acts[str(request["op"])](request)
            say({"id": request.get("id"), "ok": True, "value": value})
        except NotFound as exc:
            say({"id": request.get("id"), "ok": False, "error": str(exc), "seen": self.texts()[:80]})
        except Exception as exc:
            say({"id": request.get("id"), "ok": False, "error": f"{type(exc).__name__}: {exc}"})

    def texts(self) -> list[str]:
        """Every text that can be read on the screens now."""
        found: list[str] = []
        for w in visible():
            text = text_of(w)
            if text:
                found.append(text)
        return found

    def _press(self, request: dict[str, Any]) -> None:
        button = self._find(str(request["name"]), QAbstractButton, request)
        if not button.isEnabled():
            raise NotFound(f"{request['name']} cannot be pressed now")
        for _ in range(int(request.get("times", 1))):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _type(self, request: dict[str, Any]) -> None:
        field = self._find(str(request["name"]), EDITORS, request)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        commit(field, str(request["text"]))
        if request.get("enter"):
            QTest.keyClick(field, Qt.Key.Key_Return)

    def _key(self, request: dict[str, Any]) -> None:
        target = self._target(request)
        combination = QKeySequence(str(request["key"]))[0]  # type: ignore[index]
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def _keys(self, request: dict[str, Any]) -> None:
        """A burst of characters and Enter, as a barcode scanner types it."""
        target = self._target(request)
        for char in str(request["text"]):
            QTest.keyClicks(target, char)
        QTest.keyClick(target, Qt.Key.Key_Return)

    def _choose(self, request: dict[str, Any]) -> None:
        view = self._find(str(request["name"]), QAbstractItemView, request)
        wanted = str(request["text"])
        model = view.model()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if wanted in row_text(view, row):
                view.scrollTo(index)
                view.setFocus(Qt.FocusReason.OtherFocusReason)
                view.setCurrentIndex(index)
                QTest.mouseClick(
                    view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center()
                )
                if request.get("enter", False):
                    QTest.keyClick(view, Qt.Key.Key_Return)
                return
        raise NotFound(f"no line with {wanted} in {request['name']}")

    def _rows(self, request: dict[str, Any]) -> list[str]:
        view = self._find(str(request["name"]), QAbstractItemView, request)
        return [row_text(view, row) for row in range(view.model().rowCount())]

    def _text(self, request: dict[str, Any]) -> str:
        return text_of(self._find(str(request["name"]), QWidget, request))

    def _wait(self, request: dict[str, Any]) -> str:
        """Until a text is (or with "gone": is no longer) to be read, in a named widget or anywhere."""
        wanted = str(request.get("text", ""))
        name = request.get("name")
        gone = bool(request.get("gone"))
        deadline = time.monotonic() + float(request.get("timeout_s", DEFAULT_WAIT_S))
        while True:
            found = next((t for t in self._candidates(name) if wanted in t), None)
            if (found is None) is gone:
                return found or ""
            if time.monotonic() > deadline:
                what = f"{wanted!r} in {name}" if name else repr(wanted)
                raise NotFound(f"waited in vain {'to lose' if gone else 'for'} {what}")
            rest(POLL_MS)

    def _wait_any(self, request: dict[str, Any]) -> str:
        """The first of several texts that can be read anywhere."""
        wanted = [str(t) for t in request["texts"]]
        deadline = time.monotonic() + float(request.get("timeout_s", DEFAULT_WAIT_S))
        while True:
            seen = self.texts()
            found = next((t for t in wanted if any(t in s for s in seen)), None)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise NotFound(f"waited in vain for one of {wanted}")
            rest(POLL_MS)

    def _candidates(self, name: object) -> Iterator[str]:
        for w in visible():
            if name is None:
                yield text_of(w)
            elif w.accessibleName() == name:
                yield text_of(w) or w.accessibleName()

    def _grab(self, request: dict[str, Any]) -> str:
        windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.width() > 50]
        wanted = request.get("window")
        chosen = next((w for w in windows if wanted and wanted in w.windowTitle()), None)
        window = chosen or self._main_window(windows)
        path = Path(str(request["path"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        rest(50)
        if not window.grab().save(str(path)):
            raise OSError(f"cannot write {path}")
        return str(path)

    def _stroke(self, request: dict[str, Any]) -> None:
        """Write on a pad with the finger: a few joined lines."""
        pad = self._find(str(request["name"]), QWidget, request)
        w, h = pad.width(), pad.height()
        for start in (0.2, 0.5):
            points = [(start, 0.3), (start + 0.1, 0.7), (start + 0.2, 0.4), (start + 0.25, 0.6)]
            where = [QPoint(int(x * w), int(y * h)) for x, y in points]
            QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=where[0])
            for point in where[1:]:
                QTest.mouseMove(pad, point)
                rest(10)
            QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=where[-1])

    def _main_window(self, windows: list[QWidget]) -> QWidget:
        if not windows:
            raise NotFound("no window is open")
        return max(windows, key=lambda w: (w.isActiveWindow(), w.width() * w.height()))

    def _target(self, request: dict[str, Any]) -> QWidget:
        if request.get("name"):
            named: QWidget = self._find(str(request["name"]), QWidget, request)
            return named
        focus = QApplication.focusWidget()
        if focus is not None:
            return focus
        return self._main_window([w for w in QApplication.topLevelWidgets() if w.isVisible()])

    def _find(self, name: str, kind: type[Any] | tuple[type[Any], ...], request: dict[str, Any]) -> Any:
        deadline = time.monotonic() + float(request.get("timeout_s", DEFAULT_WAIT_S))
        while True:
            fitting = [w for w in visible() if isinstance(w, kind)]
            named = [w for w in fitting if w.accessibleName() == name]
            for w in named or [w for w in fitting if plain_text(w) == name]:
                if w.isEnabled() or time.monotonic() > deadline:
                    return w
            if time.monotonic() > deadline:
                raise NotFound(f"cannot see {name}")
            rest(POLL_MS)


def rest(ms: int) -> None:
    """Let the app work. QTest.qWait would hold the interpreter's lock and stop every other thread meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def visible() -> Iterator[QWidget]:
    """All widgets that can be seen, window by window, the active one first."""
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for window in sorted(windows, key=lambda w: not w.isActiveWindow()):
        yield window
        for child in window.findChildren(QWidget):
            if child.isVisible():
                yield child


def text_of(w: QWidget) -> str:
    """What somebody reads in a widget; a list gives its lines."""
    if isinstance(w, QAbstractItemView):
        return "\n".join(row_text(w, row) for row in range(w.model().rowCount() if w.model() else 0))
    return plain_text(w) or w.accessibleDescription()


def plain_text(w: QWidget) -> str:
    if isinstance(w, QLabel | QAbstractButton | QLineEdit):
        return str(w.text())
    if isinstance(w, QTextEdit | QPlainTextEdit):
        return str(w.toPlainText())
    if isinstance(w, QComboBox):
        return str(w.currentText())
    text = getattr(w, "text", None)
    if callable(text):
        value = text()
        return value if isinstance(value, str) else ""
    return ""


def row_text(view: QAbstractItemView, row: int) -> str:
    model = view.model()
    index = model.index(row, 0)
    parts = [
        model.data(index, role) for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
    ]
    return " ".join(str(p) for p in parts if p)


def commit(field: QWidget, text: str) -> None:
    """Type as an input method does: Chinese comes whole, plain characters as keys."""
    if text.isascii():
        if not text:
            QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)
        return
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="yichuang.driver")
    parser.add_argument("app", choices=("counter", "kiosk", "display"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--show", action="store_true", help="on a real display")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        filename=options.data / f"{options.app}.log", level=logging.INFO,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )  # fmt: skip
    width, height = (int(v) for v in options.size.split("x"))
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens(options.data, width, height)}"
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    app = QApplication(sys.argv[:1])
    from ui.fault_hooks import FaultHooks
    from ui.fonts import load_fonts

    hooks = FaultHooks()
    hooks.install()
    load_fonts()
    window, close = open_app(options.app, options.data, (width, height))
    window.resize(width, height)
    window.show()
    window.activateWindow()
    hands = Hands(app.quit)

    def read() -> None:
        for line in sys.stdin:
            try:
                request = json.loads(line)
            except ValueError:
                continue
            hands.asked.emit(request)
        hands.asked.emit({"op": "quit"})

    threading.Thread(target=read, name="driver-input", daemon=True).start()
    say({"ready": options.app, "pid": os.getpid()})
    app.exec()
    window.close()
    close()
    hooks.remove()
    return 0


def open_app(name: str, data: Path, size_px: tuple[int, int]) -> tuple[QWidget, Callable[[], None]]:
    """Build the app as its own program does.

    size_px: of a kiosk's or display's screen; without a window manager Qt may hold the second for the first.
    """
    if name == "counter":
        from counter_app.start import start

        counter = start(data)
        return counter.window, counter.close
    from kiosk_app.start import start as start_kiosk

    running = start_kiosk(data, display=name == "display", size_px=size_px)
    return running.window, running.close


def screens(data: Path, width: int, height: int) -> Path:
    """Two virtual screens: the worker's and, beside it, the citizen's."""
    path = data / "screens.json"
    second = {"name": "citizen", "x": width, "y": 0, "width": 1280, "height": 800}
    first = {"name": "main", "x": 0, "y": 0, "width": width, "height": height}
    for screen in (first, second):
        screen.update({"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1.0})
    path.write_text(json.dumps({"screens": [first, second]}), encoding="utf-8")
    return path


if __name__ == "__main__":
    raise SystemExit(main())
