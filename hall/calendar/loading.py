"""Reads calendar layers from resource files and names the place of a mistake in Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hall.calendar.model import CalendarLayer, DayEntry, DayKind

_Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class CalendarFileError(Exception):
    """A calendar file cannot be used; the text names file, entry and reason for the person who imports it."""


class _Day(BaseModel):
    model_config = ConfigDict(extra="forbid")
    day: date
    kind: DayKind
    name: _Text


class _Layer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: _Text
    region: str | None = None
    source: _Text
    covered_years: list[Annotated[int, Field(ge=2000, le=2100)]]
    notes: list[_Text] = []
    days: list[_Day]


def load_layer(path: Path) -> CalendarLayer:
    """Read one layer. Raises CalendarFileError (unreadable, wrong form, a day twice)."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CalendarFileError(f"日历文件 {path.name} 无法读取：{error}") from error
    try:
        layer = _Layer.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"第{p + 1}条" if isinstance(p, int) else f"“{p}”" for p in first["loc"])
        raise CalendarFileError(f"日历文件 {path.name} {place}不正确：{first['msg']}") from error
    return CalendarLayer(layer.name, _entries(layer.days, path), frozenset(layer.covered_years), layer.source)


def _entries(days: list[_Day], path: Path) -> Mapping[date, DayEntry]:
    entries: dict[date, DayEntry] = {}
    for number, row in enumerate(days, start=1):
        if row.day in entries:
            raise CalendarFileError(f"日历文件 {path.name} “days”第{number}条：{row.day} 重复")
        entries[row.day] = DayEntry(row.kind, row.name)
    return entries


def hall_layer(entries: Mapping[date, DayEntry]) -> CalendarLayer:
    """The hall's own layer: days a hall profile sets apart (a move, a power cut, a Saturday opening)."""
    return CalendarLayer("大厅", dict(entries), frozenset(e.year for e in entries))
