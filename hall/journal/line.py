"""Which records of a dossier count, and in which order. Pure."""

from collections.abc import Iterable

from hall.journal.admission import Verdict
from hall.journal.envelope import Envelope
from hall.journal.facts import DossierMoved, DossierSeized
from hall.journal.kernel import DossierRow


def is_second(env: Envelope, row: DossierRow, verdict: Verdict) -> bool:
    """For a place in the dossier that is taken, without a seizure between them: two machines wrote under one name."""
    same = (env.token.centre, env.token.hall) == (row.token.centre, row.token.hall)
    return same and env.n <= row.n and verdict in (Verdict.QUARANTINED, Verdict.LATE)


def in_line(
    stored: Iterable[tuple[int, Envelope]],
) -> tuple[list[tuple[int, Envelope]], list[tuple[int, Envelope]]]:
    """(records that stand, records that a seizure cut off), each in the order in which they count."""
    ordered = sorted(
        stored, key=lambda x: (x[1].token.rank, x[1].n, x[1].type_name != DossierMoved.TYPE, x[1].h)
    )
    seizures = [env for _, env in ordered if env.type_name == DossierSeized.TYPE]

    def cut_off(env: Envelope) -> bool:
        return any(s.token > env.token and s.n <= env.n for s in seizures)

    return (
        [(pos, env) for pos, env in ordered if not cut_off(env)],
        [(pos, env) for pos, env in ordered if cut_off(env)],
    )
