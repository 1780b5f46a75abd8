"""`journal.closed`: this machine was given up for lost, in the words that its parent said; kept for the next start.

Without it a PC that is switched on again without a network would go on as if nothing had been.
"""

import json
import logging
from pathlib import Path

from sync.marker import write_whole

log = logging.getLogger(__name__)

NAME = "journal.closed"


def keep_closed(folder: Path, node: str, words: str) -> None:
    """Safe to repeat. A folder that cannot be written stops nothing: the parent says it again."""
    if closed_words(folder, node) == words:
        return
    try:
        write_whole(folder / NAME, json.dumps({"node": node, "words": words}, ensure_ascii=False) + "\n")
    except OSError as exc:
        log.warning("that this machine is closed cannot be noted: %s", exc.strerror)


def closed_words(folder: Path, node: str) -> str:
    """Empty for a machine that works, also where the folder was another one's before."""
    try:
        kept = json.loads((folder / NAME).read_text("utf-8"))
        return str(kept["words"]) if kept["node"] == node else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
