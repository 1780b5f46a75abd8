"""Short works go before long ones, and long ones come in turn."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from hall.journal.ledger import Ledger
from hall.journal.store import Who
from hall.journal.works import GROUP, Job, Long, Works
from tests.hall.journal.world import HallKeys, file_store


def short(_: Ledger) -> None:
    """Somebody stands and waits for it."""


def job(work: Any = short) -> Job:
    return Job(work, None, Future())


def test_long_works_let_short_ones_pass_and_come_in_turn() -> None:
    works = Works()
    longs, shorts = [job(Long(short)) for _ in range(2)], [job() for _ in range(3)]
    for one in (*longs, *shorts):
        works.put(one)
    assert works.short_waits()
    assert works.take() == shorts
    assert not works.short_waits()
    late = job()
    works.put(late)
    assert works.take() == longs[:1], "a hall that calls without end keeps no push out"
    assert works.take() == [late]
    assert works.take() == longs[1:]


def test_a_commit_takes_so_many_and_no_more() -> None:
    works = Works()
    shorts = [job() for _ in range(GROUP + 1)]
    for one in shorts:
        works.put(one)
    works.end()
    assert works.take() == shorts[:GROUP]
    assert works.take() == shorts[GROUP:]
    assert works.take() == [], "the end"


def test_a_long_work_hears_who_waits(tmp_path: Path) -> None:
    store = file_store(tmp_path / "journal.db", Who("n1", "hall", "h"), HallKeys())
    begun, waited = threading.Event(), threading.Event()

    def long(ledger: Ledger) -> bool:
        before = ledger.waited_for()
        begun.set()
        return not before and waited.wait(20) and ledger.waited_for()

    heard = store.submit(Long(long))
    assert begun.wait(20)
    answered = store.submit(short)
    waited.set()
    assert heard.result(20)
    answered.result(20)
    store.close()
