"""PySide6 6.12.0 lost one reference to True on every emit of a Python signal: after some 500 emits Python
3.11 died with "bool_dealloc: deallocating True or False", often only after pytest had printed its success.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal

_EMITS = 5_000


class _Bell(QObject):
    """Signals: rung(bool)."""

    rung = Signal(bool)
    silent = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot be deallocated from Python 3.12 on")
@pytest.mark.parametrize("name", ["rung", "silent"])
def test_emitting_keeps_the_references_to_true(name: str) -> None:
    bell = _Bell()
    # Should the pin slip, the run must fail here and not die: borrow references enough for the loss.
    spare = [True] * (3 * _EMITS)
    before = sys.getrefcount(True)
    for _ in range(_EMITS):
        if name == "rung":
            bell.rung.emit(True)
        else:
            bell.silent.emit()
    moved = sys.getrefcount(True) - before
    assert abs(moved) < 50, f"{moved} references to True moved in {_EMITS} emits"
    assert len(spare) == 3 * _EMITS
