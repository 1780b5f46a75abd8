"""What a child takes from its parent without being told: offers to its side, and moves that got lost."""

from hall.journal.kernel import dossier_row
from hall.journal.port import JournalPort
from sync import claims
from sync.wire import ClaimBody, HelloAnswer

AGAIN_S = 30.0
RAREST_S = 3600.0
"""An offer whose beginning never came may have been withdrawn without a word: it is asked for ever more rarely."""
_UNSEEN = "offer-"


class StandingClaims:
    """Belongs to the facts lane's thread, but for `look`."""

    def __init__(self, store: JournalPort) -> None:
        self._store = store
        self._look = True
        self._todo: list[ClaimBody] = []
        self._not_before: dict[str, tuple[float, float]] = {}
        """By request id: when it may be asked again, and how long that wait is."""

    def look(self) -> None:
        """There may be something new at the parent. Takes no lock."""
        self._look = True

    def waiting(self) -> bool:
        """Whether `next` may have one at once: never before this machine is settled."""
        return self._store.identity.settled and (self._look or bool(self._todo))

    def refused(self, claim: ClaimBody, now: float) -> None:
        """Ask again later: it may have been taken by another, or the parent is not settled."""
        _, waited_s = self._not_before.get(claim.req_id, (0.0, 0.0))
        longest_s = RAREST_S if claim.req_id.startswith(_UNSEEN) else AGAIN_S
        wait_s = min(max(AGAIN_S, 2 * waited_s), longest_s)
        self._not_before[claim.req_id] = (now + wait_s, wait_s)

    def next(self, parent: HelloAnswer, now: float) -> ClaimBody | None:
        me = self._store.identity
        if not me.settled:
            return None
        if self._look:
            self._look = False
            found = self._found(parent)
            self._todo = [c for c in found if self._not_before.get(c.req_id, (0.0, 0.0))[0] <= now]
        return self._todo.pop() if self._todo else None

    def _found(self, parent: HelloAnswer) -> list[ClaimBody]:
        me = self._store.identity
        found: dict[str, ClaimBody] = {}
        with self._store.read() as conn:
            # a standby takes nothing from the node whose copy it keeps
            above = me.role == "hall" and parent.role == "county"
            for wish in claims.standing_wishes(conn, parent.node) if above else []:
                req_id = claims.standing_id(wish.id, wish.token, me.node_id)
                found[wish.id] = _claim(req_id, wish.id, wish.n)
            unseen = claims.offered_to_me_unseen(conn, me.node_id, parent.node) if above else {}
            for dossier, offer in unseen.items():
                found.setdefault(dossier, _claim(f"{_UNSEEN}{offer}"[:200], dossier, 0))
            for dossier in claims.moved_to_me_unseen(conn, me.node_id):
                row = dossier_row(conn, dossier)
                found[dossier] = _claim(f"again-{dossier}"[:200], dossier, 0 if row is None else row.n)
        return list(found.values())


def _claim(req_id: str, dossier: str, have_n: int) -> ClaimBody:
    return ClaimBody(req_id=req_id, dossier=dossier, actor=claims.HALL_ACTOR, have_n=have_n)
