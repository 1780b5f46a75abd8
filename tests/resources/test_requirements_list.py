"""docs/requirements.md says only what tests show."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# how many demands each section of the plans' analysis has
SECTIONS = {
    "A": 32,
    "B": 22,
    "C": 9,
    "D": 13,
    "E": 18,
    "F": 9,
    "G": 33,
    "H": 10,
    "I": 9,
    "J": 12,
    "K": 15,
    "L": 5,
    "M": 14,
    "N": 13,
    "O": 10,
    "P": 7,
}
STATES = {"shown", "partly", "not yet"}


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for line in (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[A-Z]\d{2}", cells[0]):
            assert len(cells) == 4, line
            found.append((cells[0], cells[1], cells[2], cells[3]))
    return found


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_all_231_demands_stand_there_once() -> None:
    wanted = [f"{letter}{n:02d}" for letter, count in SECTIONS.items() for n in range(1, count + 1)]
    assert len(wanted) == 231
    assert Counter(row[0] for row in rows()) == Counter(wanted)
    assert all(row[1] for row in rows())


def test_states_are_valid_and_what_is_shown_names_a_test() -> None:
    for number, _, state, test in rows():
        assert state in STATES, number
        assert (state == "not yet") == (test == "-"), number


def test_every_named_test_exists() -> None:
    for number, _, _, named in rows():
        for one in [] if named == "-" else named.split(", "):
            file, _, name = one.partition("::")
            path = ROOT / file
            assert path.is_file(), f"{number}: {file}"
            assert name.startswith("test_"), number
            assert name in functions_in(path), f"{number}: {name}"
