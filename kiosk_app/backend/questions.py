"""Matters in people's own words, from resources/kiosk/questions.json."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk_app.backend.places import Places
from kiosk_app.ports import Question


class QuestionsFileError(Exception):
    """The file of questions cannot be used; the text says where."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    icon: str
    items: tuple[str, ...]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    questions: tuple[_Row, ...]


def load_questions(path: Path, places: Places) -> tuple[Question, ...]:
    """Those that this hall can serve, each with the matters it has here. Raises QuestionsFileError."""
    try:
        data = _File.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as exc:
        raise QuestionsFileError(f"自助机的问题清单 {path.name} 不能使用，请信息科检查。") from exc
    rows = (
        Question(row.text, row.icon, tuple(i for i in row.items if places.knows(i))) for row in data.questions
    )
    return tuple(row for row in rows if row.item_ids)
