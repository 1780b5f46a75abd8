"""Measurements that `./run yichuang bench NAME --json` makes. Each takes at most some 15 seconds.

A figure is what this machine did in this minute; nothing here passes or fails.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


def journal() -> dict[str, Any]:
    """Appends to an encrypted journal with FULL durability: one by one, and many at once."""
    from yichuang.bench_journal import measure_journal

    return measure_journal()


def claims() -> dict[str, Any]:
    """20 windows call at once, 5 % of the answers are thrown away and asked for again."""
    from yichuang.bench_journal import measure_claims

    return measure_claims()


def tickets() -> dict[str, Any]:
    """Numbers issued by 8 clients at once, and the making of a slip's bytes."""
    from yichuang.bench_journal import measure_tickets

    return measure_tickets()


def page() -> dict[str, Any]:
    """Finding a sheet in preview frames, and making a page of a 5-megapixel frame."""
    # the only module here that loads OpenCV
    from yichuang.bench_page import measure_page

    return measure_page()


def papers() -> dict[str, Any]:
    """Official papers typeset as PDF/A-2b."""
    from yichuang.bench_papers import measure_papers

    return measure_papers()


BENCHES: Mapping[str, Callable[[], dict[str, Any]]] = MappingProxyType(
    {"journal": journal, "claims": claims, "tickets": tickets, "page": page, "papers": papers}
)
