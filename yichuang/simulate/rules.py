"""What must hold when a schedule has healed, and at every moment before."""

import contextlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hall.journal.admission import Verdict
from hall.journal.book import SHELVED, lost_bytes
from hall.journal.facts import DossierMoved, ForkFound
from hall.journal.machine import closing_dossier_id
from yichuang.simulate.closings import place_of
from yichuang.simulate.disk import Rec, Tables
from yichuang.simulate.machine import Machine
from yichuang.simulate.world import CENTRE, World, parked_ids

KINDS = ("lost", "doubled", "forked", "two_owners", "unconverged")
ALARMS = ("forked", "chain_broken", "misplaced")
STANDS = frozenset((Verdict.ACCEPTED.value, Verdict.LATE.value))


@dataclass(frozen=True, slots=True)
class Wrong:
    """One rule that did not hold. `kind` is one of KINDS."""

    kind: str
    text: str


def judged(world: World) -> list[Wrong]:
    """After healing."""
    return [*_lost(world), *_doubled(world), *_forked(world), *_two_owners(world), *_unconverged(world)]


def told_ids(tables: Tables) -> set[str]:
    """Records that a machine below has put aside and told of."""
    told = [json.loads(r.raw)["data"].get("raw") for r in tables.records.values() if r.type == ForkFound.TYPE]
    return {str(json.loads(raw)["id"]) for raw in told if raw is not None}


def _lost(world: World) -> list[Wrong]:
    centre = world.machines[CENTRE].tables
    there = centre.ids.keys() | parked_ids(centre) | told_ids(centre)
    lost = [r for r in world.acknowledged if r not in there]
    scans = [b for b in centre.blobs if b not in world.machines[CENTRE].blobs.files and _somewhere(world, b)]
    unheld = [f"{name} {inc[:6]}" for name, m in world.buried.items() for inc in _overruled(world, m)]
    return (
        [Wrong("lost", f"acknowledged records of closed machines do not count: {unheld}")] * bool(unheld)
        + [Wrong("lost", f"{len(lost)} records never reached the centre: {lost[:3]}")] * bool(lost)
        + [Wrong("lost", f"{len(scans)} scans never reached the centre")] * bool(scans)
    )


def _overruled(world: World, m: Machine) -> list[str]:
    """Chains of a closed machine of which its parent had said that it holds more than what counts. A parent that was
    put back may have lost its word.
    """
    centre = world.machines[CENTRE].tables
    if world.counts["restore"]:
        return []
    held = {inc: mark[0] for (origin, inc), mark in m.tables.marks.items() if origin == m.name}
    return [inc for inc, seq in held.items() if place_of(centre, m.name, inc) < seq]


def _somewhere(world: World, digest: str) -> bool:
    return any(digest in m.blobs.files for m in world.machines.values())


def _doubled(world: World) -> list[Wrong]:
    tables = world.machines[CENTRE].tables
    said = Counter(words for _, words in tables.notes.values())
    wrong = [Wrong("doubled", f"{words!r} was written {n} times") for words, n in said.items() if n > 1]
    moves = Counter(_ask(r.raw) for r in tables.records.values() if _counted_move(r))
    return wrong + [Wrong("doubled", f"{key} was answered {n} times") for key, n in moves.items() if n > 1]


def _counted_move(r: Any) -> bool:
    return bool(r.type == DossierMoved.TYPE and r.verdict == Verdict.ACCEPTED.value)


def _ask(raw: bytes) -> tuple[str, str]:
    value = json.loads(raw)
    return str(value["dossier"]), str(value["data"]["ask"])


def _forked(world: World) -> list[Wrong]:
    """Two records at one place of a chain: somebody must have put one of them aside and said so."""
    wrong = []
    noticed, left = world.put_aside(), world.on_disks()
    for place, records in world.written.items():
        there = [r for r in records if r in left]
        if len(there) > 1 and not noticed.intersection(there):
            wrong.append(Wrong("forked", f"fork at {place} that nobody noticed: {there}"))
    if not _any_fork(world):
        # nobody wrote two: then nobody may cry out
        for name, m in world.machines.items():
            cries = [code for _, code, _ in m.tables.quarantine.values() if code in ALARMS]
            if cries:
                wrong.append(Wrong("forked", f"{name} found {cries} where there was no fork"))
    return wrong


def _two_owners(world: World) -> list[Wrong]:
    """Of one token only one machine may ever have written, and one line of records counts."""
    return [
        Wrong("two_owners", f"{dossier} under {token} was written by {sorted(origins)}")
        for (dossier, token), origins in world.writers.items()
        if len(origins) > 1
    ]


def _unconverged(world: World) -> list[Wrong]:
    wrong = []
    centre = world.machines[CENTRE]
    for name, m in world.machines.items():
        for text in _differs(world, m, centre):
            wrong.append(Wrong("unconverged", f"{name} {text}"))
    return wrong


def _differs(world: World, m: Machine, centre: Machine) -> list[str]:
    found = []
    if not m.journal.identity.settled:
        found.append("is not settled")
    missing = {r for r in _shown_to(world, m, centre) - m.tables.ids.keys() if not r.startswith("shelved:")}
    if missing:
        found.append(f"lacks {len(missing)} records: {sorted(missing)[:3]}")
    if {r for r in m.tables.ids.keys() - centre.tables.ids.keys() if not r.startswith("shelved:")}:
        found.append("has records that the centre has not")
    broken = world.destroyed
    for part in ("dossiers", "notes", "late"):
        mine, theirs = getattr(m.tables, part), getattr(centre.tables, part)
        # the first column of notes and of late records is their dossier, the key of a dossier itself
        other = {
            key if part == "dossiers" else value[0] for key, value in mine.items() if theirs.get(key) != value
        }
        if other - broken:
            found.append(f"sees other {part} of {sorted(other - broken)}")
    held = {m.tables.records[pos].dossier for pos in m.tables.held} - broken - _put_aside(world)
    if held:
        found.append(f"holds back records of {sorted(held)}")
    odd = {r.verdict for r in m.tables.records.values() if not _is_lost(r)} - STANDS
    if odd and not world.counts["clone"] and not _any_fork(world):
        found.append(f"judged {sorted(odd)}")
    return found


def _put_aside(world: World) -> set[str]:
    """Dossiers of which a record was put aside after a fork: what follows it waits, for all to see, until a person has
    entered it anew or seized the dossier.
    """
    found = set()
    for m in world.machines.values():
        for _, _, raw in m.tables.quarantine.values():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                found.add(str(json.loads(raw)["dossier"]))
    return found


def _is_lost(r: Rec) -> bool:
    """Bytes that hold the place of a record which was lost with a disk."""
    return r.type == SHELVED and r.raw == lost_bytes((r.origin, r.inc, r.seq))


def _any_fork(world: World) -> bool:
    return any(len(records) > 1 for records in world.written.values())


def _shown_to(world: World, m: Machine, centre: Machine) -> set[str]:
    """With one hall everybody sees everything; with two, each what its own machines wrote."""
    halls = [o for o in world.machines.values() if o.role == "hall"]
    if m is centre or len(halls) == 1:
        return set(centre.tables.ids)
    node = m if m.role == "hall" else m.above
    assert node is not None
    mine = {node.name, *node.children}
    told = closing_dossier_id(CENTRE)
    return {r.id for r in centre.tables.records.values() if r.origin in mine or r.dossier == told}
