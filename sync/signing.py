"""HTTP Message Signatures (RFC 9421) with Ed25519, exactly as this protocol uses them.

A request is signed over @method, @path, @query, content-digest (RFC 9530) and our four headers; an answer
over @status, content-digest, the answerer's node and the request it answers. The set of covered parts is
fixed: a message that covers less or other parts is refused. `created` is carried but never checked, since
hall machines have dead clocks; freshness comes from the nonce of `hello`. Header names are lower case here, as in
sync.message: who reads them from a line makes them so.
"""

import hashlib
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NODE = "yichuang-node"
INC = "yichuang-inc"
NONCE = "yichuang-nonce"
REQUEST = "yichuang-request"

REQUEST_PARTS = ("@method", "@path", "@query", "content-digest", NODE, INC, NONCE, REQUEST)
ANSWER_PARTS = ("@status", "content-digest", NODE, REQUEST)

_LABEL = "yichuang"
_INPUT = re.compile(
    r'yichuang=((\([^()]*\));created=\d{1,12};keyid="([\x21\x23-\x5b\x5d-\x7e]{1,128})";alg="ed25519")'
)
_SIGNATURE = re.compile(r"yichuang=:([A-Za-z0-9+/]{86}==):")


class BadSignature(ValueError):
    """The message is not what the holder of the key signed. Never says more to the peer."""


def new_signing_key() -> tuple[bytes, bytes]:
    """(private, public), 32 raw bytes each."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


class SigningKey(Protocol):
    """A private key that is loaded already, or the simulator's."""

    def sign(self, data: bytes, /) -> bytes: ...


class CheckingKey(Protocol):
    """Its other half."""

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """Raises InvalidSignature."""


Private = bytes | SigningKey
Public = bytes | CheckingKey
"""Ed25519, 32 raw bytes, or a key that knows how to do it."""


def sign_bytes(private: Private, data: bytes) -> bytes:
    return (_signer(private) if isinstance(private, bytes) else private).sign(data)


def verify_bytes(public: Public, signature: bytes, data: bytes) -> None:
    """Raises BadSignature."""
    try:
        (_checker(public) if isinstance(public, bytes) else public).verify(signature, data)
    except (InvalidSignature, ValueError) as exc:
        raise BadSignature("signature") from exc


# loading a key costs as much as signing with it
@lru_cache(maxsize=16)
def _signer(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)


@lru_cache(maxsize=512)
def _checker(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def content_digest(body: bytes) -> str:
    """The Content-Digest header of the bytes as they travel (RFC 9530, section 2)."""
    return _digest_header(body) if body else _OF_NOTHING


def _digest_header(body: bytes) -> str:
    return f"sha-256=:{b2a_base64(hashlib.sha256(body).digest(), newline=False).decode()}:"


_OF_NOTHING = _digest_header(b"")
"""Polls have no body."""


def covered_lines(parts: Sequence[tuple[str, str]]) -> str:
    """RFC 9421, section 2.5: one line a covered part."""
    return "\n".join(f'"{name}": {value}' for name, value in parts)


def signature_base(lines: str, params: str) -> bytes:
    """What is signed: the parameters stand last."""
    return f'{lines}\n"@signature-params": {params}'.encode("ascii")


def covered_names(names: Sequence[str]) -> str:
    quoted = " ".join(f'"{name}"' for name in names)
    return f"({quoted})"


def signature_params(covered: str, created: int, keyid: str) -> str:
    return f'{covered};created={created};keyid="{keyid}";alg="ed25519"'


# they are the same for every message
_REQUEST_COVERED, _ANSWER_COVERED = covered_names(REQUEST_PARTS), covered_names(ANSWER_PARTS)
_REQUEST_LINES, _ANSWER_LINES = (
    covered_lines([(name, "?%s" if name == "@query" else "%s") for name in names])
    for names in (REQUEST_PARTS, ANSWER_PARTS)
)
_REQUEST_SHAPE, _ANSWER_SHAPE = (
    re.compile(covered_lines([(n, r"[^\n]*" if n.startswith("@") else r"[\x21-\x7e]{1,256}") for n in names]))
    for names in (REQUEST_PARTS, ANSWER_PARTS)
)


def sign_request(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    private: Private,
    keyid: str,
    created: int,
) -> dict[str, str]:
    """Headers plus Content-Digest, Signature-Input and Signature. `headers` holds our four already."""
    out = {**headers, "content-digest": content_digest(body)}
    return _sign(out, _request_lines(method, target, out), _REQUEST_COVERED, private, keyid, created)


def verify_request(
    method: str, target: str, headers: Mapping[str, str], body: bytes, *, public: Public, keyid: str
) -> None:
    """Raises BadSignature unless `keyid` signed exactly this request."""
    _check_digest(headers, body)
    _verify(headers, _request_lines(method, target, headers), _REQUEST_COVERED, public, keyid)


def sign_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, private: Private, keyid: str, created: int
) -> dict[str, str]:
    """As sign_request, for an answer; `headers` holds the answerer's node and the request's id."""
    out = {**headers, "content-digest": content_digest(body)}
    return _sign(out, _answer_lines(status, out), _ANSWER_COVERED, private, keyid, created)


def verify_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, public: Public, keyid: str, request: str
) -> None:
    """Raises BadSignature unless `keyid` gave exactly this answer to exactly this request."""
    if headers.get(REQUEST) != request or headers.get(NODE) != keyid:
        raise BadSignature("answer to another request")
    _check_digest(headers, body)
    _verify(headers, _answer_lines(status, headers), _ANSWER_COVERED, public, keyid)


def _sign(
    out: dict[str, str], lines: str, covered: str, private: Private, keyid: str, created: int
) -> dict[str, str]:
    params = signature_params(covered, created, keyid)
    signature = sign_bytes(private, signature_base(lines, params))
    out["signature-input"] = f"{_LABEL}={params}"
    out["signature"] = f"{_LABEL}=:{b2a_base64(signature, newline=False).decode()}:"
    return out


def _verify(given: Mapping[str, str], lines: str, covered: str, public: Public, keyid: str) -> None:
    signed_input = _INPUT.fullmatch(given.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(given.get("signature", ""))
    if signed_input is None or signature is None:
        raise BadSignature("signature headers")
    params, its_covered, its_keyid = signed_input.groups()
    if its_covered != covered or its_keyid != keyid:
        raise BadSignature("covered parts or key")
    verify_bytes(public, a2b_base64(signature[1]), signature_base(lines, params))


def _request_lines(method: str, target: str, headers: Mapping[str, str]) -> str:
    path, _, query = target.partition("?")
    its = headers.get
    return _in_lines(
        _REQUEST_SHAPE,
        _REQUEST_LINES % (
            method.upper(), path, query,
            its("content-digest", ""), its(NODE, ""), its(INC, ""), its(NONCE, ""), its(REQUEST, ""),
        ),
    )  # fmt: skip


def _answer_lines(status: int, headers: Mapping[str, str]) -> str:
    its = headers.get
    lines = _ANSWER_LINES % (status, its("content-digest", ""), its(NODE, ""), its(REQUEST, ""))
    return _in_lines(_ANSWER_SHAPE, lines)


def _in_lines(shape: re.Pattern[str], lines: str) -> str:
    """Raises BadSignature for a header that is absent, and for any part that is not one line."""
    if not shape.fullmatch(lines):
        raise BadSignature("headers")
    return lines


def _check_digest(headers: Mapping[str, str], body: bytes) -> None:
    if headers.get("content-digest") != content_digest(body):
        raise BadSignature("content digest")
