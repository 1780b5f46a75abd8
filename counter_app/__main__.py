"""Start the counter app: `python -m counter_app --data DIR [--windowed]`."""

import argparse
import logging
import sys
from pathlib import Path

# before PySide6, which reads the source of every module that is imported after it: 0.3 s of a start
from sync.starting import START_FAULTS, refused

# isort: split

from PySide6.QtWidgets import QApplication

from counter_app.start import start
from ui.fault_hooks import FaultHooks
from ui.fonts import load_fonts
from ui.view_refusal import DamageWatch, refuse


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0; else that of sync.starting, with the reason in a window and on standard error."""
    parser = argparse.ArgumentParser(prog="counter_app", description="窗口工作台")
    parser.add_argument("--data", type=Path, required=True, help="本机数据目录（内有 machine.json）")
    parser.add_argument("--windowed", action="store_true", help="不最大化")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    app = QApplication(sys.argv[:1])
    hooks = FaultHooks()
    hooks.install()
    load_fonts()
    watch = DamageWatch()
    try:
        counter = start(options.data, damaged=lambda exc: watch.found.emit(exc.text))
    except START_FAULTS as exc:
        told = refused(exc)
        refuse(told.text)
        hooks.remove()
        return told.status
    if options.windowed:
        counter.window.show()
    else:
        counter.window.showMaximized()
    status = app.exec()
    counter.close()
    hooks.remove()
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
