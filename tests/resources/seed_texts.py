"""The five official plans as stored, with lines as `cat -n` counts them."""

import re
from pathlib import Path

SEEDS = Path(__file__).resolve().parent / "seeds"
FILES = {
    "changji": "000_edba4a8f809dbc6d.txt",
    "zhaohua": "001_235c7852403da8c0.txt",
    "kashi": "002_7a197023baaab84e.txt",
    "heshuo": "003_fee653dc3c70fe29.txt",
    "wushen": "004_61665ee97c13274d.txt",
}


def lines(hall: str) -> list[str]:
    """Line n of the plan is lines(hall)[n]; index 0 is empty."""
    return ["", *(SEEDS / FILES[hall]).read_text(encoding="utf-8").split("\n")]


def packed(text: str) -> str:
    """Without any white space: plans break words over lines and pages."""
    return re.sub(r"\s", "", text)


def whole(hall: str) -> str:
    return packed("".join(lines(hall)))


def annex_rows() -> list[tuple[int, str, str, list[tuple[str, str]]]]:
    """Annex 1 of 喀什 parsed from the text alone: (no, name, lead, [(item, department cell)]) for each
    package.

    A row is five cells, each on a line that starts with a tab; a line without a tab goes on in the cell
    above.
    """
    text = lines("kashi")
    cells: list[str] = []
    rows: list[list[str]] = []
    for line in text[79:629]:
        if line.startswith("\t"):
            cells.append(line.strip())
        elif line.strip():
            cells[-1] += line.strip()
        elif len(cells) == 5:
            rows.append(cells)
            cells = []
    assert not cells
    packages: list[tuple[int, str, str, list[tuple[str, str]]]] = []
    for no, name, item, lead, department in rows:
        if no:
            packages.append((int(no), name, lead, []))
        packages[-1][3].append((item, department))
    return packages
