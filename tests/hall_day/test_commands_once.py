"""The same command twice has one effect, for every command of the hall; rebuilt tables equal live ones."""

import dataclasses
import inspect
from collections.abc import Iterator

import pytest

import hall.delivery.commands
import hall.feedback.commands
import hall.intake.commands
import hall.queueing.commands
import hall.review.commands
from tests.hall.builders import differences_after_rebuild, machine, raws
from tests.hall_day.whole_day import Day, live_through

MODULES = (
    hall.queueing.commands, hall.intake.commands, hall.review.commands, hall.delivery.commands,
    hall.feedback.commands,
)  # fmt: skip
COMMANDS = sorted(
    f"{name}@{module.__name__}"
    for module in MODULES
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if cls.__module__ == module.__name__ and any(f.name == "command_id" for f in dataclasses.fields(cls))
)


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    hall = machine("node-1", "hall")
    yield live_through(hall)
    hall.store.close()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_given_again_changes_nothing(day: Day, name: str) -> None:
    given, before = day.given[name], raws(day.hall)
    again = day.hall.store.handle(given.command, given.handler)
    assert not given.outcome.replayed
    assert given.outcome.records
    assert again.replayed
    assert [r.env.id for r in again.records] == [r.env.id for r in given.outcome.records]
    assert raws(day.hall) == before


def test_rebuilt_tables_equal_live_ones_after_the_whole_day(day: Day) -> None:
    assert differences_after_rebuild(day.hall) == []


def test_after_a_rebuild_a_command_is_still_known(day: Day) -> None:
    differences_after_rebuild(day.hall)
    before = raws(day.hall)
    for given in day.given.values():
        assert day.hall.store.handle(given.command, given.handler).replayed
    assert raws(day.hall) == before
