"""What one transaction knows of machines that were closed for good: which of their records lie aside.

The answer follows from the set of facts alone, so that all machines come to the same one in whatever order the
closing, the tail and the person's word reach them.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from hall.journal import rows
from hall.journal.envelope import Envelope
from hall.journal.facts import OriginClosed, TailAdopted, TailRejected

CLOSING_FACTS = (OriginClosed, TailAdopted, TailRejected)
MACHINE = ""
"""Instead of an incarnation: the row that every closed machine has."""


class ClosedChains:
    """Used by one Book. `me`: a machine that was closed itself goes by its own journal."""

    def __init__(self, conn: Connection, me: str) -> None:
        self._conn = conn
        self._me = me
        self._places: dict[str, Mapping[str, int]] = {}
        """By machine: incarnation to the place up to which it counts; empty for one that is not closed."""

    def aside(self, env: Envelope) -> bool:
        """Written behind the closed place, and nobody has adopted it."""
        if env.origin == self._me:
            return False
        places = self._places.get(env.origin)
        if places is None:
            places = self._places[env.origin] = self._read(env.origin)
        if not places or env.seq <= places.get(env.inc, 0):
            return False
        return not any(adopted for adopted, _ in self._words(env))

    def add_late(self, env: Envelope) -> None:
        """It waits for a person, or one has said already that it stays aside."""
        rows.ADD_LATE.run(self._conn, id=env.id, dossier=env.dossier, verdict="waiting")
        if self._places.get(env.origin):
            why = next((why for adopted, why in self._words(env) if not adopted), None)
            if why is not None:
                settled = {"its_id": env.id, "its_dossier": env.dossier, "verdict": "rejected", "why": why}
                rows.SET_LATE.run(self._conn, **settled)

    def apart(
        self, stored: Iterable[tuple[int, Envelope]]
    ) -> tuple[list[tuple[int, Envelope]], list[tuple[int, Envelope]]]:
        """(what may count, what lies aside)."""
        apart: tuple[list[tuple[int, Envelope]], list[tuple[int, Envelope]]] = ([], [])
        for each in stored:
            apart[self.aside(each[1])].append(each)
        return apart

    def _words(self, env: Envelope) -> list[tuple[bool, str]]:
        found = rows.TAIL_WORDS.all(self._conn, about=env.dossier, origin=env.origin)
        return [(bool(adopted), str(why)) for adopted, why in found]

    def _read(self, origin: str) -> Mapping[str, int]:
        places: dict[str, int] = {}
        for _, inc, seq in rows.CLOSED_PLACES.all(self._conn, origin=origin):
            places[inc] = max(seq, places.get(inc, 0))
        return places

    def keep(self, env: Envelope, event: OriginClosed | TailAdopted | TailRejected) -> list[str]:
        """A closing or a word counts from here on: gives the dossiers that have to be counted anew."""
        if isinstance(event, OriginClosed):
            self._places.pop(event.machine, None)
            places = {MACHINE: 0, **{chain.inc: chain.seq for chain in event.chains}}
            for inc, seq in places.items():
                rows.ADD_CLOSED.run(
                    self._conn, record=env.id, inc=inc, origin=event.machine, seq=seq, dossier=env.dossier
                )
            return self._beyond(event.machine, places)
        rows.ADD_TAIL_WORD.run(
            self._conn, record=env.id, origin=event.machine, about=event.dossier,
            adopted=isinstance(event, TailAdopted), why=event.why, dossier=env.dossier,
        )  # fmt: skip
        return [event.dossier]

    def forget(self, dossier: str) -> list[str]:
        """The facts of this dossier are counted anew: gives the dossiers that rested on them."""
        lowest: dict[str, dict[str, int]] = {}
        for origin, inc, seq in rows.CLOSED_IN.all(self._conn, dossier=dossier):
            lowest.setdefault(origin, {})[inc] = min(seq, lowest.get(origin, {}).get(inc, seq))
        found = [d for origin, places in lowest.items() for d in self._beyond(origin, places)]
        found += [about for (about,) in rows.TAIL_WORDS_IN.all(self._conn, dossier=dossier)]
        rows.FORGET_CLOSED.run(self._conn, dossier=dossier)
        rows.FORGET_TAIL_WORDS.run(self._conn, dossier=dossier)
        for origin in lowest:
            self._places.pop(origin, None)
        return [each for each in dict.fromkeys(found) if each != dossier]

    def _beyond(self, origin: str, places: Mapping[str, int]) -> list[str]:
        """Also what another closing lets count: its records were aside until this one came, or will be without it."""
        found: dict[str, None] = {}
        for inc, last in rows.CHAINS_OF.all(self._conn, origin=origin):
            place = min([places.get(inc, 0), *self._other_places(origin, inc)])
            if last > place:
                behind = rows.CHAIN_FROM.all(self._conn, origin=origin, inc=inc, seq=place + 1)
                found.update((row[2], None) for row in behind)
        # bytes that are no record have no dossier
        found.pop("", None)
        return list(found)

    def _other_places(self, origin: str, inc: str) -> Iterable[int]:
        by_fact: dict[str, dict[str, int]] = {}
        for record, its_inc, seq in rows.CLOSED_PLACES.all(self._conn, origin=origin):
            by_fact.setdefault(record, {})[its_inc] = seq
        return [places.get(inc, 0) for places in by_fact.values()]
