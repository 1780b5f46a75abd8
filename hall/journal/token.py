"""The dossier token: who may write next.

Ordered by (seized by centre, seized by hall, hops); each seizure names the seizer's incarnation, so two
seizers that never met cannot make the same token (guide sync, amendments: a plain term number had two
writers in 9,564 of 20,000 model schedules, the token none).
"""

from dataclasses import dataclass, replace
from functools import lru_cache, total_ordering


@total_ordering
@dataclass(frozen=True, slots=True)
class Token:
    """Right to append to one dossier. A move adds a hop; a seizure outranks every earlier token."""

    centre: int = 0
    hall: int = 0
    hops: int = 0
    seizer: str = ""
    """Incarnation of the last seizer, empty while never seized."""

    def moved(self) -> "Token":
        return replace(self, hops=self.hops + 1)

    def seized_by_hall(self, seizer: str) -> "Token":
        return Token(self.centre, self.hall + 1, self.hops + 1, seizer)

    def seized_by_centre(self, seizer: str) -> "Token":
        return Token(self.centre + 1, self.hall, self.hops + 1, seizer)

    def __lt__(self, other: "Token") -> bool:
        return self.rank < other.rank

    @property
    def rank(self) -> tuple[int, int, int]:
        return (self.centre, self.hall, self.hops)

    def as_json(self) -> list[str | int]:
        return [self.centre, self.hall, self.hops, self.seizer]

    @classmethod
    def from_json(cls, value: object) -> "Token":
        """Raises ValueError when it is not [int, int, int, str]."""
        if not isinstance(value, list) or len(value) != 4:
            raise ValueError("token has four parts")
        centre, hall, hops, seizer = value
        whole = type(centre) is type(hall) is type(hops) is int
        if (
            not whole
            or not 0 <= min(centre, hall, hops) <= max(centre, hall, hops) < 2**31
            or type(seizer) is not str
        ):
            raise ValueError("token is [centre, hall, hops, seizer]")
        return _token(centre, hall, hops, seizer)

    def text(self) -> str:
        """Compact text for a table column."""
        return f"{self.centre}.{self.hall}.{self.hops}.{self.seizer}"

    @classmethod
    def from_text(cls, text: str) -> "Token":
        centre, hall, hops, seizer = text.split(".", 3)
        return _token(int(centre), int(hall), int(hops), seizer)


# a hall has few tokens, each in thousands of records
@lru_cache(maxsize=1024)
def _token(centre: int, hall: int, hops: int, seizer: str) -> Token:
    return Token(centre, hall, hops, seizer)
