"""The power goes while a journal is migrated; the next start brings it to its end."""

import sys
from pathlib import Path
from typing import Any

import pytest

from hall.journal import migrate
from yichuang.torture.migration import cut_migration

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the wheel exports SQLite's functions on Linux"
)


def test_no_cut_loses_a_record_or_leaves_half_a_migration() -> None:
    report = cut_migration(100, 3)
    assert report.failures == []
    assert report.corrupt == 0
    assert report.cuts > 80


def test_a_copy_that_is_not_flushed_before_the_swap_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = migrate.keyed

    def lazy(path: Path, key: bytes, *pragmas: str) -> Any:
        return real(path, key, *(p.replace("synchronous=FULL", "synchronous=OFF") for p in pragmas))

    monkeypatch.setattr(migrate, "keyed", lazy)
    assert cut_migration(100, 3).corrupt > 0
