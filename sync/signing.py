"""HTTP Message Signatures (RFC 9421) with Ed25519, exactly as this protocol uses them.

A request is signed over @method, @path, @query, content-digest (RFC 9530) and our four headers; an answer
over @status, content-digest, the answerer's node and the request it answers. The set of covered parts is
fixed: a message that covers less or other parts is refused. `created` is carried but never checked, since
hall machines have dead clocks; freshness comes from the nonce of `hello`.
"""

import base64
import hashlib
import re
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
_VALUE = re.compile(r"[\x21-\x7e]{1,256}")
_INPUT = re.compile(
    r'yichuang=(\([^()]*\));created=(\d{1,12});keyid="([\x21\x23-\x5b\x5d-\x7e]{1,128})";alg="ed25519"'
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
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(parts: Sequence[tuple[str, str]], params: str) -> bytes:
    """RFC 9421, section 2.5: one line a covered part, the parameters last."""
    lines = [f'"{name}": {value}' for name, value in parts]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode("ascii")


def signature_params(names: Sequence[str], created: int, keyid: str) -> str:
    covered = " ".join(f'"{name}"' for name in names)
    return f'({covered});created={created};keyid="{keyid}";alg="ed25519"'


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
    out = {**_lower(headers), "content-digest": content_digest(body)}
    return _sign(out, _request_parts(method, target, out), REQUEST_PARTS, private, keyid, created)


def verify_request(
    method: str, target: str, headers: Mapping[str, str], body: bytes, *, public: Public, keyid: str
) -> None:
    """Raises BadSignature unless `keyid` signed exactly this request."""
    given = _lower(headers)
    _check_digest(given, body)
    _verify(given, _request_parts(method, target, given), REQUEST_PARTS, public, keyid)


def sign_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, private: Private, keyid: str, created: int
) -> dict[str, str]:
    """As sign_request, for an answer; `headers` holds the answerer's node and the request's id."""
    out = {**_lower(headers), "content-digest": content_digest(body)}
    return _sign(out, _answer_parts(status, out), ANSWER_PARTS, private, keyid, created)


def verify_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, public: Public, keyid: str, request: str
) -> None:
    """Raises BadSignature unless `keyid` gave exactly this answer to exactly this request."""
    given = _lower(headers)
    if given.get(REQUEST) != request or given.get(NODE) != keyid:
        raise BadSignature("answer to another request")
    _check_digest(given, body)
    _verify(given, _answer_parts(status, given), ANSWER_PARTS, public, keyid)


def _sign(
    out: dict[str, str],
    parts: Sequence[tuple[str, str]],
    names: Sequence[str],
    private: Private,
    keyid: str,
    created: int,
) -> dict[str, str]:
    params = signature_params(names, created, keyid)
    signature = sign_bytes(private, signature_base(parts, params))
    out["signature-input"] = f"{_LABEL}={params}"
    out["signature"] = f"{_LABEL}=:{base64.b64encode(signature).decode()}:"
    return out


def _verify(
    given: Mapping[str, str],
    parts: Sequence[tuple[str, str]],
    names: Sequence[str],
    public: Public,
    keyid: str,
) -> None:
    signed_input = _INPUT.fullmatch(given.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(given.get("signature", ""))
    if signed_input is None or signature is None:
        raise BadSignature("signature headers")
    if signed_input[1] != "(" + " ".join(f'"{name}"' for name in names) + ")" or signed_input[3] != keyid:
        raise BadSignature("covered parts or key")
    params = given["signature-input"].removeprefix(f"{_LABEL}=")
    verify_bytes(public, base64.b64decode(signature[1]), signature_base(parts, params))


def _request_parts(method: str, target: str, headers: Mapping[str, str]) -> list[tuple[str, str]]:
    path, _, query = target.partition("?")
    values = {"@method": method.upper(), "@path": path, "@query": f"?{query}"}
    return [(name, values.get(name) or _header(headers, name)) for name in REQUEST_PARTS]


def _answer_parts(status: int, headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, str(status) if name == "@status" else _header(headers, name)) for name in ANSWER_PARTS]


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if not _VALUE.fullmatch(value):
        raise BadSignature(f"header {name}")
    return value


def _check_digest(headers: Mapping[str, str], body: bytes) -> None:
    if headers.get("content-digest") != content_digest(body):
        raise BadSignature("content digest")


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
