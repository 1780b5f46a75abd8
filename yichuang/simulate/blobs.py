"""Scans on the simulated disk: complete the moment they have their name, sessions move on piece by piece."""

import hashlib
import random
import zlib
from pathlib import Path

from hall.journal.blobs import (
    BadPiece,
    BlobStore,
    DigestMismatch,
    Session,
    UnknownSession,
    WrongOffset,
)

NEVER_TOUCHED = Path("never-touched")


class SimBlobs(BlobStore):
    """What BlobStore keeps in files, in dictionaries: they outlive the process."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(NEVER_TOUCHED, lambda: 0.0)
        self._rng = rng
        self.files: dict[str, bytes] = {}
        self.sessions: dict[str, tuple[str, bytes]] = {}
        self.going_out: dict[str, str] = {}

    def copy(self) -> "SimBlobs":
        other = SimBlobs(self._rng)
        other.files, other.sessions = dict(self.files), dict(self.sessions)
        other.going_out = dict(self.going_out)
        return other

    def has(self, digest: str) -> bool:
        return digest in self.files

    def size(self, digest: str) -> int:
        return len(self.open(digest))

    def put(self, sealed: bytes) -> str:
        digest = hashlib.sha256(sealed).hexdigest()
        self.files[digest] = sealed
        return digest

    def open(self, digest: str) -> bytes:
        if digest not in self.files:
            raise FileNotFoundError(digest)
        return self.files[digest]

    def piece(self, digest: str, offset: int, size: int) -> bytes:
        return self.open(digest)[offset : offset + size]

    def sound(self, digest: str) -> bool:
        return digest in self.files

    def begin(self, owner: str) -> Session:
        name = f"{self._rng.getrandbits(128):032x}"
        self.sessions[name] = (owner, b"")
        return Session(name, owner, 0)

    def session(self, session_id: str, owner: str) -> Session:
        return Session(session_id, owner, len(self._begun(session_id, owner)))

    def append(self, session_id: str, owner: str, offset: int, piece: bytes, crc: int) -> Session:
        got = self._begun(session_id, owner)
        if offset != len(got):
            raise WrongOffset(len(got))
        if zlib.crc32(piece) != crc:
            raise BadPiece
        self.sessions[session_id] = (owner, got + piece)
        return Session(session_id, owner, len(got) + len(piece))

    def finish(self, session_id: str, owner: str, digest: str) -> None:
        got = self._begun(session_id, owner)
        del self.sessions[session_id]
        if hashlib.sha256(got).hexdigest() != digest:
            raise DigestMismatch
        self.files[digest] = got

    def outgoing(self, digest: str) -> str | None:
        return self.going_out.get(digest)

    def note_outgoing(self, digest: str, session_id: str | None) -> None:
        if session_id is None:
            self.going_out.pop(digest, None)
        else:
            self.going_out[digest] = session_id

    def _begun(self, session_id: str, owner: str) -> bytes:
        known = self.sessions.get(session_id)
        if known is None or known[0] != owner:
            raise UnknownSession
        return known[1]
