"""Start a kiosk or a call display: `python -m kiosk_app --data DIR [--display] [--windowed]`."""

import argparse
import logging
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from hall.catalogue.loading import CatalogueFileError
from hall.journal.refusal import StoreFault
from hall.people.loading import PeopleFileError
from kiosk_app.backend.questions import QuestionsFileError
from kiosk_app.main import KioskWindow
from kiosk_app.start import start
from sync.join_file import BadJoinFile
from ui.fault_hooks import FaultHooks
from ui.fonts import load_fonts


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0; 2 when this machine is not set up, with the reason on standard error."""
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
    try:
        running = start(options.data, display=options.display)
    except (
        BadJoinFile, StoreFault, CatalogueFileError, PeopleFileError, QuestionsFileError
    ) as exc:  # fmt: skip
        sys.stderr.write(f"{exc}\n")
        hooks.remove()
        return 2
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
