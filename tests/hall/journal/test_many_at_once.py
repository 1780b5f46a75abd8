"""A push that asks its rows once ends exactly where one record after another would end."""

import random
from collections.abc import Sequence
from contextlib import nullcontext

import pytest

from hall.journal.admission import Verdict
from hall.journal.envelope import parse
from hall.journal.facts import DossierErased, DossierMoved
from hall.journal.ledger import Ledger, parsed
from hall.journal.rebuild import rebuilt_tables
from hall.journal.rebuild import rows as rows_of
from hall.journal.schema import chain_head, dossier_key, metadata, record
from hall.journal.sealing import Wraps
from hall.journal.store import Store, Who
from tests.hall.journal.flow import append, carry, open_dossier, raws
from tests.hall.journal.world import EVERYBODY, HallKeys, NoteWritten, memory_store

KEYS = HallKeys()
FATES = ("kept", "moved", "seized", "seized", "erased")


def history(chance: random.Random) -> tuple[list[bytes], list[tuple[str, Wraps]]]:
    """Records of two machines that move, seize, erase and write what cannot stand in a table twice."""
    window = memory_store(Who("w1", "terminal", "h"), KEYS)
    node = memory_store(Who("n1", "hall", "h"), KEYS)
    for n in range(4):
        dossier = f"d{n}"
        open_dossier(window, dossier, *(f"{dossier} {k}" for k in range(chance.randint(0, 3))))
        fate = chance.choice(FATES)
        if fate == "moved":
            append(window, dossier, DossierMoved("n1", "ask"))
            carry(window, node)
            append(node, dossier, NoteWritten(f"{dossier} node"))
        elif fate == "seized":
            carry(window, node)
            append(window, dossier, NoteWritten(f"{dossier} too late"))
            node.write(lambda ledger, d=dossier: ledger.seize(d, below=EVERYBODY, by="科长", reason="人不在"))  # type: ignore[misc]
            append(node, dossier, NoteWritten(f"{dossier} after"))
        elif fate == "erased":
            window.write(
                lambda ledger, d=dossier: ledger.append(d, DossierErased("科长", "到期"), actor="w1")
            )  # type: ignore[misc]
    if chance.random() < 0.4:
        # each machine may write them; the centre's table takes the words once
        open_dossier(window, "x", "the same words")
        open_dossier(node, "y", "the same words")
    wraps: list[tuple[str, Wraps]] = []
    found: list[bytes] = []
    for store in (window, node):
        with store.read() as conn:
            wraps += [
                (r["dossier"], Wraps(r["wrap_hall"], r["wrap_centre"])) for r in rows_of(conn, dossier_key)
            ]
        found += raws(store, origin=store.identity.node_id)
        store.close()
    return found, wraps


def garbled(records: Sequence[bytes], chance: random.Random) -> list[bytes]:
    """Out of order, doubled, broken and forked."""
    out = list(records)
    for _ in range(chance.randint(0, 6)):
        a, b = chance.randrange(len(out)), chance.randrange(len(out))
        out[a], out[b] = out[b], out[a]
    for _ in range(chance.randint(0, 3)):
        out.insert(chance.randrange(len(out) + 1), chance.choice(out))
    if chance.random() < 0.5:
        raw = chance.choice(out)
        out.insert(
            chance.randrange(len(out) + 1), raw.replace(b'"w1"', b'"w2"') if raw.count(b'"w1"') else raw[:-2]
        )
    if chance.random() < 0.5:
        field = chance.choice((b'"mono":', b'"seq":'))
        out.insert(chance.randrange(len(out) + 1), chance.choice(out).replace(field, field + b"1"))
    return out


def taken(
    records: Sequence[bytes],
    wraps: Sequence[tuple[str, Wraps]],
    sizes: Sequence[int],
    many: bool,
    from_above: bool = False,
) -> object:
    centre = memory_store(Who("c1", "county", "h"), KEYS)

    def admit(ledger: Ledger, some: Sequence[bytes]) -> list[Verdict]:
        ledger.admit_guarded()
        for dossier, wrap in wraps:
            ledger.put_wraps(dossier, wrap)
        with ledger.many(parsed(some)) if many else nullcontext():
            return [ledger.admit(raw, "peer", place=place(raw), from_above=from_above) for raw in some]

    verdicts, start = [], 0
    for size in sizes:
        part = records[start : start + size]
        verdicts += centre.write(lambda ledger, part=part: admit(ledger, part))  # type: ignore[misc]
        start += size
    state = everything(centre)
    centre.close()
    return verdicts, state


def place(raw: bytes) -> tuple[str, str, int] | None:
    try:
        env = parse(raw)
    except ValueError:
        return None
    return env.origin, env.inc, env.seq


def everything(store: Store) -> dict[str, list[str]]:
    tables = {*rebuilt_tables(store.kernel), record, chain_head, *metadata.sorted_tables} - {
        metadata.tables["machine"]
    }
    with store.read() as conn:
        return {t.name: sorted(map(repr, rows_of(conn, t))) for t in tables}


@pytest.mark.parametrize("seed", range(16))
def test_many_at_once_end_where_one_by_one_do(seed: int) -> None:
    chance = random.Random(seed)
    records, wraps = history(chance)
    coming = garbled(records, chance)
    sizes = [chance.randint(1, 20) for _ in coming]
    assert taken(coming, wraps, sizes, many=True) == taken(coming, wraps, sizes, many=False), f"seed {seed}"


@pytest.mark.parametrize("seed", range(16))
def test_also_where_the_parent_has_another_line(seed: int) -> None:
    """What a machine wrote on a fork is displaced by what comes from above, in a page as one by one."""
    chance = random.Random(seed)
    records, wraps = history(chance)
    coming = list(records)
    for raw in chance.sample(records, 3):
        coming.append(raw.replace(b'"mono":', b'"mono":1').replace(b'"id":"', b'"id":"f'))
    sizes = [chance.randint(1, 20) for _ in coming]
    assert taken(coming, wraps, sizes, True, True) == taken(coming, wraps, sizes, False, True), f"seed {seed}"


def test_wraps_that_come_together_are_kept_as_those_that_come_alone() -> None:
    """Known ones stay, one that cannot be opened is parked and still relayed."""
    window = memory_store(Who("w1", "terminal", "h"), KEYS)
    for dossier in ("d1", "d2", "d3"):
        open_dossier(window, dossier)
    with window.read() as conn:
        found = {
            r["dossier"]: Wraps(bytes(r["wrap_hall"]), bytes(r["wrap_centre"]))
            for r in rows_of(conn, dossier_key)
        }
    window.close()
    broken = found | {"d2": Wraps(found["d2"].hall, found["d3"].centre[:-1] + b"x")}
    states = []
    for together in (True, False):
        centre = memory_store(Who("c1", "county", "h"), KEYS)
        centre.write(lambda ledger: ledger.put_wraps("d1", found["d1"]))

        def keep(ledger: Ledger, together: bool = together) -> None:
            swapped = broken | {"d1": found["d3"]}
            if together:
                ledger.put_all_wraps(swapped)
            else:
                for dossier, its in swapped.items():
                    ledger.put_wraps(dossier, its)

        centre.write(keep)
        states.append(everything(centre))
        centre.close()
    assert states[0] == states[1]
    assert "wrap_broken:d2" in str(states[0]["quarantine"])
    assert len(states[0]["dossier_key"]) == 3
