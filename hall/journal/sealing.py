"""Personal data at rest: one data key a dossier, wrapped for the hall and for the centre.

Fields: AES-256-GCM with the record id as associated data. Blobs: AES-256-GCM, named by the SHA-256 of the
sealed bytes. Wraps: X25519 with a one-time key, HKDF-SHA256, AES-256-GCM. Destroying the wraps (and the
unwrapped key in the encrypted file) erases the person while the hash chain stays whole.
"""

import base64
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hall.journal import canonical
from hall.journal.canonical import JsonValue

_NONCE = 12


class CannotOpen(ValueError):
    """The sealed bytes were changed or the key is another one."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Public keys to wrap for, and the private keys this machine may use (a kiosk has none)."""

    hall_public: bytes
    centre_public: bytes
    hall_private: bytes | None = None
    centre_private: bytes | None = None

    def wraps(self, data_key: bytes) -> "Wraps":
        return Wraps(wrap(self.hall_public, data_key), wrap(self.centre_public, data_key))

    def unwrap(self, wraps: "Wraps") -> bytes | None:
        """The data key, or None when this machine may not read. Raises CannotOpen."""
        if self.hall_private is not None and wraps.hall:
            return unwrap(self.hall_private, wraps.hall)
        if self.centre_private is not None and wraps.centre:
            return unwrap(self.centre_private, wraps.centre)
        return None


@dataclass(frozen=True, slots=True)
class Wraps:
    """A dossier's data key, sealed to the hall and to the centre."""

    hall: bytes
    centre: bytes


def wrap_broken(dossier: str) -> str:
    """Code in the quarantine of a dossier's key that does not open."""
    return f"wrap_broken:{dossier}"[:200]


def new_key_pair() -> tuple[bytes, bytes]:
    """(private, public), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def new_data_key() -> bytes:
    return secrets.token_bytes(32)


def wrap(public: bytes, data_key: bytes) -> bytes:
    one_time = X25519PrivateKey.generate()
    shared = one_time.exchange(X25519PublicKey.from_public_bytes(public))
    mine = one_time.public_key().public_bytes_raw()
    nonce = secrets.token_bytes(_NONCE)
    return mine + nonce + AESGCM(_derive(shared, mine, public)).encrypt(nonce, data_key, None)


def unwrap(private: bytes, wrapped: bytes) -> bytes:
    """Raises CannotOpen."""
    key, mine = _loaded(private)
    if len(wrapped) < 32 + _NONCE + 16:
        raise CannotOpen("wrap too short")
    theirs, nonce, body = wrapped[:32], wrapped[32 : 32 + _NONCE], wrapped[32 + _NONCE :]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
        return AESGCM(_derive(shared, theirs, mine)).decrypt(nonce, body, None)
    except (InvalidTag, ValueError) as exc:
        raise CannotOpen("wrap") from exc


# loading a key costs as much as using it
@lru_cache(maxsize=8)
def _loaded(private: bytes) -> tuple[X25519PrivateKey, bytes]:
    """(the key, its public half)."""
    key = X25519PrivateKey.from_private_bytes(private)
    return key, key.public_key().public_bytes_raw()


def seal_fields(data_key: bytes, record_id: str, values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The `enc` part of an envelope; empty for no values."""
    if not values:
        return {}
    nonce = secrets.token_bytes(_NONCE)
    body = AESGCM(data_key).encrypt(
        nonce, canonical.written(cast(JsonValue, canonical.cleaned(values))), record_id.encode()
    )
    return {"a": "aes256gcm", "b": base64.b64encode(nonce + body).decode()}


def open_fields(data_key: bytes, record_id: str, enc: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Raises CannotOpen."""
    if not enc:
        return {}
    text = enc.get("b")
    if enc.get("a") != "aes256gcm" or not isinstance(text, str):
        raise CannotOpen("unknown sealing")
    try:
        body = base64.b64decode(text, validate=True)
        plain = AESGCM(data_key).decrypt(body[:_NONCE], body[_NONCE:], record_id.encode())
        value = canonical.decode(plain)
        return canonical.cleaned(value) if canonical.holds_nul(plain) else value
    except (InvalidTag, ValueError) as exc:
        raise CannotOpen("fields") from exc


def seal_blob(data_key: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(data_key).encrypt(nonce, plain, b"blob")


def open_blob(data_key: bytes, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    try:
        return AESGCM(data_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], b"blob")
    except (InvalidTag, ValueError) as exc:
        raise CannotOpen("blob") from exc


def _derive(shared: bytes, one_time: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=one_time + public, info=b"yichuang wrap").derive(
        shared
    )
