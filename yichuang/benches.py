"""Measurements that `./run yichuang bench NAME --json` makes. Most take some 15 seconds.

A figure is what this machine did in this minute; nothing here passes or fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be chosen; a bench takes what concerns it."""

    db: str = "sqlite"
    windows: int = 50


def journal() -> dict[str, Any]:
    """Appends to an encrypted journal with FULL durability: one by one, and many at once."""
    from yichuang.bench_journal import measure_journal

    return measure_journal()


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


def sync(asked: Asked) -> dict[str, Any]:
    """Four halls send a centre what they wrote: signed pushes over HTTP."""
    from yichuang.bench_sync import measure_sync

    return measure_sync(asked.db)


def catchup(asked: Asked) -> dict[str, Any]:
    """A node that was away sends seven days of its hall while others claim from the machine that takes them in."""
    from yichuang.bench_catchup import measure_catchup

    return measure_catchup(asked.db)


def claims(asked: Asked) -> dict[str, Any]:
    """Windows call at once over HTTP, 5 % of the answers are lost behind the commit and asked for again."""
    from yichuang.bench_claims import measure_claims

    return measure_claims(asked.windows)


def failover() -> dict[str, Any]:
    """The node dies while the hall works: the kiosk's own number, and the standby in its place. About a minute."""
    from yichuang.bench_failover import measure_failover

    return measure_failover()


BENCHES: Mapping[str, Callable[[Asked], dict[str, Any]]] = MappingProxyType(
    {
        "journal": lambda _: journal(),
        "tickets": lambda _: tickets(),
        "page": lambda _: page(),
        "papers": lambda _: papers(),
        "sync": sync,
        "claims": claims,
        "failover": lambda _: failover(),
        "catchup": catchup,
    }
)
