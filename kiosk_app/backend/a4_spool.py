"""Whole pages: handed to CUPS ("cups:QUEUE") or laid into a folder ("folder:PATH") for another program."""

import hashlib
import logging
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hall.papers.content import OneTimeNotice

log = logging.getLogger(__name__)

SPOOL_TIMEOUT_S = 30


class NoticeSpool:
    """Prints 一次性告知清单. One thread, the printer's. The press is made at the first page (it is heavy)."""

    def __init__(
        self,
        address: str,
        *,
        notice: Callable[[str, date], OneTimeNotice | None],
        today: Callable[[], date],
        make_press: Callable[[], Callable[[OneTimeNotice], bytes]],
    ) -> None:
        """address: of join.devices["a4_printer"]. Raises ValueError for another form."""
        self._kind, _, self._where = address.partition(":")
        if self._kind not in ("cups", "folder") or not self._where:
            raise ValueError("a4_printer is cups:QUEUE or folder:PATH")
        self._notice = notice
        self._today = today
        self._make_press = make_press
        self._press: Callable[[OneTimeNotice], bytes] | None = None

    def print_notice(self, matter_name: str) -> bool:
        """False when there is no notice of that name or the spooler does not take it."""
        notice = self._notice(matter_name, self._today())
        if notice is None:
            return False
        if self._press is None:
            self._press = self._make_press()
        data = self._press(notice)
        try:
            return self._to_cups(data) if self._kind == "cups" else self._to_folder(data)
        except (OSError, subprocess.TimeoutExpired) as exc:
            log.warning("A4 page was not taken: %s", type(exc).__name__)
            return False

    def _to_folder(self, data: bytes) -> bool:
        folder = Path(self._where)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"notice-{hashlib.sha256(data).hexdigest()[:16]}.pdf"
        draft = path.with_suffix(".new")
        draft.write_bytes(data)
        draft.replace(path)
        return True

    def _to_cups(self, data: bytes) -> bool:
        lp = shutil.which("lp")
        if lp is None:
            log.warning("no lp on this machine")
            return False
        done = subprocess.run(
            [lp, "-d", self._where, "-o", "media=A4"], input=data, check=False, capture_output=True,
            timeout=SPOOL_TIMEOUT_S,
        )  # fmt: skip
        return done.returncode == 0
