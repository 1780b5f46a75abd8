"""What set-up says to people: Chinese first, English behind it for whoever searches for the words.

Everything goes to standard error, so that `./run yichuang ... --json` stays clean on standard output.
"""

from __future__ import annotations

import sys


class SetupFailed(Exception):
    """Set-up cannot go on; the text tells a person what to do.

    `exit_code` 3: the machine lacks something that a person with rights must install.
    """

    def __init__(self, chinese: str, english: str, *, exit_code: int = 1) -> None:
        super().__init__(f"{chinese} / {english}")
        self.exit_code = exit_code


def say(chinese: str, english: str) -> None:
    """Print one line to standard error at once."""
    print(f"{chinese} / {english}", file=sys.stderr, flush=True)
