"""What the journal's questions about closed machines mean on the simulated disk (simulate.answers has the rest)."""

from collections.abc import Mapping

from hall.journal import rows as journal
from hall.journal.prepared import Prepared, Row
from yichuang.simulate.disk import Answer, Rec, SimDisk


def _add_closed(d: SimDisk, record: str, inc: str, origin: str, seq: int, dossier: str) -> int:
    d.put(d.tables.closed, (record, inc), (origin, seq, dossier))
    return 1


def _forget_closed(d: SimDisk, dossier: str) -> int:
    mine = [key for key, row in d.tables.closed.items() if row[2] == dossier]
    return sum(d.drop(d.tables.closed, key) for key in mine)


def _add_word(d: SimDisk, record: str, origin: str, about: str, adopted: bool, why: str, dossier: str) -> int:
    d.put(d.tables.tail_words, record, (origin, about, adopted, why, dossier))
    return 1


def _forget_words(d: SimDisk, dossier: str) -> int:
    mine = [key for key, row in d.tables.tail_words.items() if row[4] == dossier]
    return sum(d.drop(d.tables.tail_words, key) for key in mine)


def _closings(d: SimDisk) -> list[Row]:
    found = []
    for (record, inc), (origin, _, _) in d.tables.closed.items():
        if inc == "" and (pos := d.tables.ids.get(record)) is not None:
            r = d.tables.records[pos]
            found.append((origin, pos, r.origin, r.id, r.raw))
    return sorted(found, key=lambda row: row[1])


def _before(r: Rec, origin: str, inc: str, pos: int) -> bool:
    return (r.origin, r.inc) == (origin, inc) and r.pos < pos


def _set_late(d: SimDisk, its_id: str, its_dossier: str, verdict: str, why: str | None) -> int:
    found = d.tables.late.get(its_id)
    if found is None or found[0] != its_dossier or found[1] == "adopted":
        return 0
    d.put(d.tables.late, its_id, (found[0], verdict, why))
    return 1


CLOSED: Mapping[Prepared, Answer] = {
    journal.CLOSED_PLACES: lambda d, origin: [
        (record, inc, row[1]) for (record, inc), row in d.tables.closed.items() if row[0] == origin
    ],
    journal.CLOSED_IN: lambda d, dossier: [
        (row[0], inc, row[1]) for (_, inc), row in d.tables.closed.items() if row[2] == dossier
    ],
    journal.CLOSINGS: _closings,
    journal.LAST_SEQ_BEFORE: lambda d, origin, inc, pos: [
        (max((r.seq for r in d.tables.records.values() if _before(r, origin, inc, pos)), default=None),)
    ],
    journal.ADD_CLOSED: _add_closed,
    journal.FORGET_CLOSED: _forget_closed,
    journal.TAIL_WORDS: lambda d, about, origin: [
        (row[2], row[3])
        for _, row in sorted(d.tables.tail_words.items())
        if (row[1], row[0]) == (about, origin)
    ],
    journal.TAIL_WORDS_IN: lambda d, dossier: [
        (row[1],) for row in d.tables.tail_words.values() if row[4] == dossier
    ],
    journal.ADD_TAIL_WORD: _add_word,
    journal.FORGET_TAIL_WORDS: _forget_words,
    journal.SET_LATE: _set_late,
}
