"""The five levels of satisfaction and their reasons, from the national table (resources/code_tables.yaml)."""

from pathlib import Path
from typing import Any

import yaml

from ui.rating_panel import RatingLevel, RatingReason

_ICONS = {5: "mood-happy", 4: "mood-smile", 3: "mood-neutral", 2: "mood-sad", 1: "mood-angry"}


def rating_levels(path: Path) -> tuple[RatingLevel, ...]:
    """Best first; a level's key is its number of stars. Raises OSError, KeyError for a broken table."""
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = sorted((int(entry["stars"]), str(entry["zh"])) for entry in table["satisfaction"].values())
    return tuple(
        RatingLevel(
            str(stars),
            text,
            _ICONS[stars],
            tuple(RatingReason(int(code), str(why)) for code, why in table["rating_reasons"][stars].items()),
        )
        for stars, text in reversed(rows)
    )
