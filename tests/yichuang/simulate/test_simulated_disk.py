"""The simulated disk answers as SQLite does: each question of some schedules is put to both."""

import logging
from typing import Any

import pytest

from hall.journal import rows as journal
from hall.journal.prepared import Prepared
from sync import rows as sync
from tests.yichuang.simulate.twin import NAMES, TwinDisk
from yichuang.simulate import machine, schedule
from yichuang.simulate.answers import ANSWERS

NOT_OF_THE_PROTOCOL = {
    sync.FURTHEST, sync.FIRST_BEYOND_QUEUE,
}  # fmt: skip
"""Asked by reports, and by terminals that change between two nodes of a hall: no schedule has them yet."""


def test_every_statement_has_an_answer() -> None:
    known = {v for room in (journal, sync) for v in vars(room).values() if isinstance(v, Prepared)}
    assert known - NOT_OF_THE_PROTOCOL == set(ANSWERS)


def test_the_same_question_has_the_same_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    asked: dict[str, int] = {}

    def disk(tables: Any, answers: Any) -> TwinDisk:
        return TwinDisk(tables, answers, asked)

    monkeypatch.setattr(machine, "SimDisk", disk)
    for seed in range(1, 71):
        assert not schedule.play(seed).wrong
    unasked = set(NAMES.values()) - asked.keys()
    assert len(unasked) < 25, sorted(unasked)
