"""What a child gives back to a parent that was restored from a backup, piece by piece: its own records by its signed
words (sync.give_back), and what it handed over in claims (sync.parcels).
"""

from hall.journal.port import JournalPort
from sync import give_back, parcels
from sync.wire import ChainAt, Head, HelloAnswer, ParcelBody, ReturnBody


class Returns:
    """Belongs to the facts lane's thread."""

    def __init__(self, store: JournalPort) -> None:
        self._store = store
        self._wants: list[Head] = []
        self._receipts: list[str] = []
        self._vain: dict[tuple[str, str], int] = {}
        """Where a chain could not be given back any further: no word leads on, or the parent refused."""

    def waiting(self) -> bool:
        return bool(self._wants or self._receipts)

    def asked(self, hello: HelloAnswer) -> None:
        """After a hello."""
        others = [want for want in self._wants if want.origin != hello.node]
        self._wants, self._receipts = list(hello.wants), list(hello.parcels)
        self.asked_also(others)

    def asked_also(self, wants: list[Head]) -> None:
        """After a comparison: chains of other machines."""
        asked = {(want.origin, want.inc) for want in self._wants}
        self._wants += [want for want in wants if (want.origin, want.inc) not in asked]

    def next(self) -> ReturnBody | ParcelBody | None:
        while self._receipts:
            with self._store.read() as conn:
                parcel = parcels.owed(conn, self._receipts[-1])
            if parcel is not None:
                return parcel
            self._receipts.pop()
        while self._wants:
            with self._store.read() as conn:
                body = give_back.next_return(conn, self._wants[0])
            if body is not None:
                return body
            self._give_up()
        return None

    def vain(self) -> list[ChainAt]:
        return [ChainAt(origin=origin, inc=inc, seq=seq) for (origin, inc), seq in self._vain.items()]

    def _give_up(self) -> None:
        want = self._wants.pop(0)
        self._vain[want.origin, want.inc] = want.seq

    def parcel_taken(self) -> None:
        """Or refused: it is not sent twice in one session."""
        self._receipts.pop()

    def returned(self, seq: int | None) -> None:
        """The parent has its chain up to `seq` now; None: it refused."""
        want = self._wants[0]
        if seq is None or seq <= want.seq:
            self._give_up()
        else:
            self._wants[0] = want.model_copy(update={"seq": seq})
