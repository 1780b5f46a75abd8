"""The versions of the protocol: the server is updated first, then halls, then terminals."""

from dataclasses import dataclass

PROTOCOL = 1
OLDEST_PROTOCOL = 1
"""Two older protocols are understood, once there are any."""


@dataclass(frozen=True, slots=True)
class Speaks:
    """The versions of the protocol that one program understands."""

    oldest: int = OLDEST_PROTOCOL
    newest: int = PROTOCOL

    def with_peer(self, oldest: int, newest: int) -> int | None:
        """The version for both; None when they have none in common."""
        agreed = min(self.newest, newest)
        return agreed if agreed >= max(self.oldest, oldest) else None


SPEAKS = Speaks()
"""This program."""
