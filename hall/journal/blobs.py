"""Sealed scans and papers as files named by the SHA-256 of their sealed bytes.

A file is complete the moment it has its name: bytes are written aside, flushed to the disk, checked and
renamed. Uploads in pieces keep a session folder; its offset moves only after the piece is on the disk.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hall.journal.marking import is_blob_name
from hall.journal.refusal import StoreFault

MAX_BLOB_BYTES = 256 * 1024 * 1024
SESSION_LIFE_S = 7 * 24 * 3600
MOST_OF_ONE = 8
"""Uploads of one child at a time."""
_SESSION = re.compile(r"[0-9a-f]{32}")


class BadName(ValueError):
    """Not a digest or session id: never used as a path."""


class UnknownSession(LookupError):
    """The session has ended or belongs to another node."""


class WrongOffset(ValueError):
    """The piece does not start where the session stands; `offset` is where it does."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the session stands at {offset}")
        self.offset = offset


class BadPiece(ValueError):
    """The piece's CRC or size is wrong; nothing was kept of it."""


class DigestMismatch(ValueError):
    """The whole is not what its name says; the session is dropped."""


@dataclass(frozen=True, slots=True)
class Session:
    """An upload under way."""

    id: str
    owner: str
    offset: int


class BlobStore:
    """Files under `folder`; safe to call from several threads for different blobs and sessions."""

    def __init__(
        self,
        folder: Path,
        now_s: Callable[[], float] = time.time,
        room: Callable[[], None] = lambda: None,
    ) -> None:
        """`room` raises StoreFault where the disk has none for one more upload."""
        self._room = room
        self._folder = folder
        self._sessions = folder / "sessions"
        self._now_s = now_s

    def path(self, digest: str) -> Path:
        """Where the blob lies or would lie. Raises BadName."""
        if not is_blob_name(digest):
            raise BadName("digest")
        return self._folder / digest[:2] / digest[2:4] / digest

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        return self.path(digest).stat().st_size

    def put(self, sealed: bytes) -> str:
        """Keep sealed bytes; returns their SHA-256 as 64 hex digits. Safe to repeat. Raises StoreFault."""
        digest = hashlib.sha256(sealed).hexdigest()
        target = self.path(digest)
        aside = target.with_name(f"{digest}.{secrets.token_hex(4)}.part")
        try:
            if not target.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_through(aside, sealed)
                os.replace(aside, target)
            self._flush_names(target)
        except OSError as exc:
            raise disk_fault(exc) from exc
        return digest

    def open(self, digest: str) -> bytes:
        """The sealed bytes, checked against their name. Raises FileNotFoundError, StoreFault."""
        data = self.path(digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreFault("扫描件文件已损坏，与登记的摘要不符。请从上级重新下载或重新扫描。")
        return data

    def piece(self, digest: str, offset: int, size: int) -> bytes:
        """Some of its sealed bytes; none behind its end. Raises OSError."""
        with open(self.path(digest), "rb") as file:
            file.seek(offset)
            return file.read(size)

    def sound(self, digest: str) -> bool:
        """Whether the blob is here, can be read and is what its name says."""
        try:
            with open(self.path(digest), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False

    def digests(self) -> Iterator[str]:
        for path in self._folder.glob("??/??/*"):
            if is_blob_name(path.name):
                yield path.name

    def remove(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)

    # -- uploads in pieces ------------------------------------------------------------------------------

    def begin(self, owner: str) -> Session:
        """Open a session for one node. Raises StoreFault."""
        self._room()
        self._make_way(owner)
        session = Session(secrets.token_hex(16), owner, 0)
        folder = self._sessions / session.id
        try:
            folder.mkdir(parents=True)
            (folder / "data").touch()
            self._note(session, self._now_s())
        except OSError as exc:
            raise disk_fault(exc) from exc
        return session

    def _make_way(self, owner: str) -> None:
        """A child sends one blob at a time: of many uploads that it has begun the oldest go."""
        found = [folder for folder in self._inside(self._sessions) if self._owner(folder) == owner]
        for folder in sorted(found, key=self._touched_s)[: max(0, len(found) + 1 - MOST_OF_ONE)]:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _owner(session: Path) -> str:
        try:
            return str(json.loads((session / "note.json").read_text("utf-8"))["owner"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def session(self, session_id: str, owner: str) -> Session:
        """Where an upload stands. Raises BadName, UnknownSession."""
        folder = self._session_folder(session_id)
        try:
            note = json.loads((folder / "note.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError) as exc:
            raise UnknownSession(session_id) from exc
        if note["owner"] != owner:
            raise UnknownSession(session_id)
        return Session(session_id, note["owner"], note["offset"])

    def append(self, session_id: str, owner: str, offset: int, piece: bytes, crc: int) -> Session:
        """Add a piece; it is on the disk before the offset moves. Raises the errors of this module."""
        session = self.session(session_id, owner)
        if offset != session.offset:
            raise WrongOffset(session.offset)
        if zlib.crc32(piece) != crc or offset + len(piece) > MAX_BLOB_BYTES:
            raise BadPiece("crc or size")
        folder = self._session_folder(session_id)
        try:
            with open(folder / "data", "r+b") as file:
                # bytes of a piece that was cut off before its note was written
                file.truncate(offset)
                file.seek(offset)
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            grown = Session(session.id, owner, offset + len(piece))
            self._note(grown, self._now_s())
        except OSError as exc:
            raise disk_fault(exc) from exc
        return grown

    def finish(self, session_id: str, owner: str, digest: str) -> None:
        """Check the whole and give it its name. Raises DigestMismatch; the session ends either way."""
        target = self.path(digest)
        session = self.session(session_id, owner)
        folder = self._session_folder(session_id)
        data = folder / "data"
        try:
            with open(data, "r+b") as file:
                file.truncate(session.offset)
                os.fsync(file.fileno())
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found == digest:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(data, target)
                self._flush_names(target)
        except OSError as exc:
            raise disk_fault(exc) from exc
        shutil.rmtree(folder)
        if found != digest:
            raise DigestMismatch(digest)

    # -- uploads to the parent that a restart may go on with ----------------------------------------------

    def outgoing(self, digest: str) -> str | None:
        """The parent's session that an upload of this blob has begun."""
        try:
            session = self._outgoing(digest).read_text("ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return session if _SESSION.fullmatch(session) else None

    def note_outgoing(self, digest: str, session_id: str | None) -> None:
        """None forgets it. Only a hint: losing it costs sending the blob from its start."""
        path = self._outgoing(digest)
        if session_id is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(session_id, "ascii")

    def _outgoing(self, digest: str) -> Path:
        self.path(digest)
        return self._folder / "outgoing" / digest

    def expire(self) -> int:
        """Drop what nobody has touched for seven days: uploads that were never finished, files that a crash left
        half written, notes of uploads to the parent. Returns how many.

        A file that has its digest as its name is never touched: a fact may name it. Raises StoreFault.
        """
        dropped = 0
        old_s = self._now_s() - SESSION_LIFE_S
        try:
            for folder in self._inside(self._sessions):
                if self._touched_s(folder) < old_s:
                    shutil.rmtree(folder)
                    dropped += 1
            half = self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*.part")
            for path in (*half, *self._inside(self._folder / "outgoing")):
                with contextlib.suppress(FileNotFoundError):  # finished, or sent, meanwhile
                    if path.stat().st_mtime < old_s:
                        path.unlink()
                        dropped += 1
        except OSError as exc:
            raise disk_fault(exc) from exc
        return dropped

    @staticmethod
    def _inside(folder: Path) -> list[Path]:
        return list(folder.iterdir()) if folder.is_dir() else []

    def _touched_s(self, session: Path) -> float:
        """When the session got its last piece. One that ends just now is not old."""
        try:
            return float(json.loads((session / "note.json").read_text("utf-8"))["touched_s"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            pass  # cut off before its first note was written
        try:
            return session.stat().st_mtime
        except FileNotFoundError:
            return self._now_s()

    def _flush_names(self, target: Path) -> None:
        """The blob's own name, and those of the folders above it: each may have been made just now, or by a process
        that was killed before it flushed them.
        """
        for folder in (target.parent, target.parent.parent, self._folder, self._folder.parent):
            _flush_folder(folder)

    def _session_folder(self, session_id: str) -> Path:
        if not _SESSION.fullmatch(session_id):
            raise BadName("session")
        return self._sessions / session_id

    def _note(self, session: Session, touched_s: float) -> None:
        folder = self._session_folder(session.id)
        note = {"owner": session.owner, "offset": session.offset, "touched_s": touched_s}
        _write_through(folder / "note.new", json.dumps(note).encode())
        os.replace(folder / "note.new", folder / "note.json")


def _write_through(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle on a folder; the rename is journaled by NTFS
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_fault(exc: OSError) -> StoreFault:
    """What staff are told when a scan cannot be written."""
    if exc.errno == errno.ENOSPC:
        return StoreFault("磁盘已满，扫描件没有保存。请通知信息科清理磁盘，已保存的内容不受影响。")
    return StoreFault("扫描件没有保存：磁盘读写出错。请通知信息科检查磁盘。")
