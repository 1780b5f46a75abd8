"""Start a kiosk or a call display: `python -m kiosk_app --data DIR [--display] [--windowed]`."""

import argparse
import logging
import sys
from pathlib import Path

# before PySide6, which reads the source of every module that is imported after it: 0.3 s of a start
from sync.starting import START_FAULTS, refused

# isort: split

from PySide6.QtWidgets import QApplication

from kiosk_app.backend.questions import QuestionsFileError
from kiosk_app.main import KioskWindow
from kiosk_app.start import start
from ui.fault_hooks import FaultHooks
from ui.fonts import load_fonts
from ui.view_refusal import DamageWatch, refuse


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0; else that of sync.starting, with the reason in a window and on standard error."""
    parser = argparse.ArgumentParser(prog="kiosk_app", description="自助机和叫号屏")
    parser.add_argument("--data", type=Path, required=True, help="本机数据目录（内有 machine.json）")
    parser.add_argument("--display", action="store_true", help="叫号屏")
    parser.add_argument("--windowed", action="store_true", help="不全屏")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    # one line for each request would bury everything else; the link's state is on the screen
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    app = QApplication(sys.argv[:1])
    hooks = FaultHooks()
    hooks.install()
    load_fonts()
    watch = DamageWatch()
    try:
        running = start(
            options.data,
            display=options.display,
            damaged=lambda exc: watch.found.emit(exc.text),
        )
    except (QuestionsFileError, *START_FAULTS) as exc:
        told = refused(exc)
        refuse(told.text)
        hooks.remove()
        return told.status
    if isinstance(running.window, KioskWindow):
        hooks.faulted.connect(running.window.shell.apologise)
    if options.windowed:
        running.window.show()
    else:
        running.window.showFullScreen()
    status = app.exec()
    running.close()
    hooks.remove()
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
