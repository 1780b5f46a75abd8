"""A bundle as a file for a USB stick: sealed to one machine, signed by another, read piece by piece.

    magic | length header | (length signature ciphertext)* — the last piece says that it is the last

Every piece is signed by the sender (Ed25519) over the header, its number, whether it is the last, and its ciphertext;
so pieces cannot be changed, left out, added, put in another order or taken from another bundle. The key of the file
(AES-256-GCM) is wrapped to the receiver (X25519), so a lost stick tells nobody anything but who wrote to whom.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, ValidationError

from hall.journal.refusal import Refusal
from hall.journal.sealing import CannotOpen, new_data_key, unwrap, wrap
from sync import signing
from sync.signing import BadSignature, Private, Public
from sync.wire import Hash, Name, Text, Whole

MAGIC = b"yichuang-bundle\n"
VERSION = 1
MAX_HEADER = 16 * 1024
MAX_PIECE = 8 * 1024 * 1024
"""So much of a bundle is in memory at once."""
_LENGTH = struct.Struct(">I")
_SIGNATURE_BYTES = 64


class BadBundle(Refusal):
    """The file is not for this machine, not from one it knows, or not as it was written. Nothing more of it is used.

    `code`: "not_a_bundle", "newer", "not_for_us", "unknown_sender", "cut", "changed".
    """


class Kind(StrEnum):
    UP = "up"
    """From a machine to its parent."""
    BACK = "back"
    """The parent's answer."""


class Header(BaseModel):
    """In clear on the stick; signed with every piece."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    v: Whole
    kind: str
    id: Name
    sender: Name
    sender_name: Text
    sender_inc: Name
    to: Name
    hall: Name
    made_ms: Whole
    wrapped: Text
    """The file's key, wrapped to the receiver; hex."""
    reply: Hash
    """The sender's own X25519 key, to seal the answer to."""
    scope: Text
    handle: Text
    pos: Whole
    """How far the sender has read the receiver's feed `scope`; empty and 0 in an answer."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: bytes
    """One byte, of the sender's choice."""
    body: bytes


def reply_keys(sign_private: bytes) -> tuple[bytes, bytes]:
    """(private, public) X25519 of a machine, for answers to it: also a kiosk has one, which no hall key is given to."""
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yichuang bundle reply").derive(
        sign_private
    )
    key = X25519PrivateKey.from_private_bytes(seed)
    return seed, key.public_key().public_bytes_raw()


class BundleWriter:
    """Writes beside `path` and gives the file its name when it is whole; readable by its owner only."""

    def __init__(self, path: Path, header: Header, *, receiver: bytes, private: Private) -> None:
        """`header.wrapped` is set here. Raises OSError."""
        self._path, self._private = path, private
        self._aside = path.with_name(path.name + ".part")
        key = new_data_key()
        self._cipher = AESGCM(key)
        raw = header.model_copy(update={"wrapped": wrap(receiver, key).hex()}).model_dump_json().encode()
        self._bound = hashlib.sha256(MAGIC + raw).digest()
        self._number = 0
        self.bytes = 0
        handle = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._put(MAGIC + _LENGTH.pack(len(raw)) + raw)

    def add(self, kind: bytes, body: bytes) -> None:
        self._add(Piece(kind, body), last=False)

    def finish(self) -> None:
        """The file has its name, and is on the disk, when this returns."""
        self._add(Piece(b"E", b""), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._aside, self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:
            self._file.close()
            self._aside.unlink(missing_ok=True)

    def _add(self, piece: Piece, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._number += 1
        sealed = self._cipher.encrypt(nonce, piece.kind + piece.body, self._bound)
        signature = signing.sign_bytes(self._private, _signed(self._bound, nonce, sealed))
        self._put(_LENGTH.pack(len(sealed)) + signature + sealed)

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self.bytes += len(data)


class BundleReader:
    """One bundle on a stick. Nothing that `pieces` gives is anything but what the sender signed."""

    def __init__(self, path: Path) -> None:
        """Reads the header. Raises BadBundle, OSError."""
        self._path = path
        with open(path, "rb") as file:
            self.header, self._bound = _header(file)

    def pieces(self, *, private: bytes, sender: Public) -> Iterator[Piece]:
        """From the first; may be called again. `private`: this machine's X25519 key. Raises BadBundle, OSError."""
        try:
            cipher = AESGCM(unwrap(private, bytes.fromhex(self.header.wrapped)))
        except (CannotOpen, ValueError) as exc:
            raise BadBundle(
                "changed", "这个文件用本机的密钥打不开：被改动过，或双方的密钥登记得不对。"
            ) from exc
        with open(self._path, "rb") as file:
            _header(file)
            number = 0
            while True:
                piece, last = self._piece(file, number, cipher, sender)
                number += 1
                if last:
                    if file.read(1):
                        raise _changed(number)
                    return
                yield piece

    def _piece(self, file: BinaryIO, number: int, cipher: AESGCM, sender: Public) -> tuple[Piece, bool]:
        (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size))
        if not 17 <= length <= MAX_PIECE:
            raise _changed(number)
        signature, sealed = _exactly(file, _SIGNATURE_BYTES), _exactly(file, length)
        for last in (False, True):
            nonce = _nonce(number, last=last)
            try:
                signing.verify_bytes(sender, signature, _signed(self._bound, nonce, sealed))
                plain = cipher.decrypt(nonce, sealed, self._bound)
            except (BadSignature, InvalidTag):
                continue
            return Piece(plain[:1], plain[1:]), last
        raise _changed(number)


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    begin = file.read(len(MAGIC))
    if begin != MAGIC:
        raise BadBundle("not_a_bundle", "这不是一窗的交换文件，没有导入。请检查选的文件。")
    (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size))
    if length > MAX_HEADER:
        raise _changed(0)
    raw = _exactly(file, length)
    try:
        header = Header.model_validate_json(raw)
    except ValidationError as exc:
        raise _changed(0) from exc
    if header.v > VERSION:
        raise BadBundle("newer", "这个文件由更新版本的程序写成，请先升级本机的程序。")
    return header, hashlib.sha256(MAGIC + raw).digest()


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise BadBundle("cut", "这个文件不完整：多半是拷贝时拔早了。请从原机器重新拷贝，安全弹出后再拔。")
    return data


def _changed(number: int) -> BadBundle:
    return BadBundle(
        "changed",
        f"这个文件从第 {number + 1} 段起与对方签名的不符：被改动过，或 U 盘坏了。没有使用。请换一个 U 盘重新导出。",
    )


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _signed(bound: bytes, nonce: bytes, sealed: bytes) -> bytes:
    return b"yichuang bundle\n" + bound + nonce + hashlib.sha256(sealed).digest()
