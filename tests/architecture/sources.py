"""Which files are the project's own: what the architecture tests read. Works without git, in any copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PRODUCT = ("counter_app", "kiosk_app", "server_app", "yichuang", "ui", "sync", "devices", "hall")

# Made by machines (.gitignore) or by git; everything else is ours.
_GENERATED = {
    ".git",
    ".run",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "build",
    "dist",
    "out",
    "wheels",
}


def files(root: Path = ROOT, *, suffix: str = "") -> Iterator[Path]:
    """Every file of the project below `root`, in a fixed order."""
    for folder, names, entries in os.walk(root):
        names[:] = sorted(name for name in names if name not in _GENERATED)
        for entry in sorted(entries):
            if entry.endswith(suffix):
                yield Path(folder) / entry


def read_text(path: Path) -> str | None:
    """The file's text, or None when it is not UTF-8 text (fonts, pictures, sounds)."""
    content = path.read_bytes()
    if b"\0" in content[:4096]:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
