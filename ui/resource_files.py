"""Where the files under resources/ lie, in a checkout and in a frozen program."""

from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Absolute path of a file or folder under resources/.

    PyInstaller keeps packages and data side by side, so the way from this file is the same there.
    """
    return Path(__file__).resolve().parent.parent.joinpath("resources", *parts)
