"""RFC 9421 and RFC 9530 vectors, and that any change to a signed message is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from sync import signing
from sync.signing import BadSignature

# RFC 9421, B.1.4: test-key-ed25519
PRIVATE = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"
PUBLIC = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
# RFC 9421, B.2.6
PARTS = [
    ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("@method", "POST"),
    ("@path", "/foo"),
    ("@authority", "example.com"),
    ("content-type", "application/json"),
    ("content-length", "18"),
]
PARAMS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


def raw_keys() -> tuple[bytes, bytes]:
    private = load_der_private_key(base64.b64decode(PRIVATE), None)
    public = load_der_public_key(base64.b64decode(PUBLIC))
    return private.private_bytes_raw(), public.public_bytes_raw()  # type: ignore[union-attr]


def test_rfc9421_ed25519_vector() -> None:
    private, public = raw_keys()
    base = signing.signature_base(signing.covered_lines(PARTS), PARAMS)
    assert base.decode().splitlines()[0] == '"date": Tue, 20 Apr 2021 02:07:55 GMT'
    assert base.decode().splitlines()[-1] == f'"@signature-params": {PARAMS}'
    assert base64.b64encode(signing.sign_bytes(private, base)).decode() == SIGNATURE
    signing.verify_bytes(public, base64.b64decode(SIGNATURE), base)


def test_rfc9530_content_digest_vector() -> None:
    digest = signing.content_digest(b'{"hello": "world"}')
    assert digest == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"


HEADERS = {signing.NODE: "w1", signing.INC: "a" * 32, signing.NONCE: "f.0", signing.REQUEST: "r1"}
TARGET = "/v1/feed/hall?handle=x&pos=5"


def signed() -> tuple[dict[str, str], bytes]:
    private, public = signing.new_signing_key()
    headers = signing.sign_request("GET", TARGET, HEADERS, b"", private=private, keyid="w1", created=5)
    signing.verify_request("GET", TARGET, headers, b"", public=public, keyid="w1")
    signing.verify_request("get", TARGET, headers, b"", public=public, keyid="w1")
    return headers, public


@pytest.mark.parametrize(
    ("method", "target", "body", "keyid"),
    [
        ("POST", TARGET, b"", "w1"),
        ("GET", "/v1/feed/queue?handle=x&pos=5", b"", "w1"),
        ("GET", "/v1/feed/hall?handle=x&pos=6", b"", "w1"),
        ("GET", "/v1/feed/hall", b"", "w1"),
        ("GET", TARGET, b"x", "w1"),
        ("GET", TARGET, b"", "w2"),
    ],
)
def test_a_changed_request_is_refused(method: str, target: str, body: bytes, keyid: str) -> None:
    headers, public = signed()
    with pytest.raises(BadSignature):
        signing.verify_request(method, target, headers, body, public=public, keyid=keyid)


def test_every_header_counts() -> None:
    headers, public = signed()
    for name in headers:
        for value in ("", headers[name] + "0", headers[name][:-1]):
            with pytest.raises(BadSignature):
                signing.verify_request(
                    "GET", TARGET, {**headers, name: value}, b"", public=public, keyid="w1"
                )
        without = {k: v for k, v in headers.items() if k != name}
        with pytest.raises(BadSignature):
            signing.verify_request("GET", TARGET, without, b"", public=public, keyid="w1")


def test_a_signature_over_fewer_parts_is_refused() -> None:
    private, public = signing.new_signing_key()
    params = signing.signature_params(signing.covered_names(("@method",)), 5, "w1")
    signature = signing.sign_bytes(private, signing.signature_base('"@method": GET', params))
    headers = {
        **HEADERS,
        "content-digest": signing.content_digest(b""),
        "signature-input": f"yichuang={params}",
        "signature": f"yichuang=:{base64.b64encode(signature).decode()}:",
    }
    with pytest.raises(BadSignature, match="covered"):
        signing.verify_request("GET", TARGET, headers, b"", public=public, keyid="w1")


def test_an_answer_belongs_to_its_request() -> None:
    private, public = signing.new_signing_key()
    headers = {signing.NODE: "n1", signing.REQUEST: "r1"}
    out = signing.sign_answer(200, headers, b"{}", private=private, keyid="n1", created=5)
    signing.verify_answer(200, out, b"{}", public=public, keyid="n1", request="r1")
    for status, body, keyid, request in (
        (409, b"{}", "n1", "r1"), (200, b"[]", "n1", "r1"), (200, b"{}", "n2", "r1"), (200, b"{}", "n1", "r2"),
    ):  # fmt: skip
        with pytest.raises(BadSignature):
            signing.verify_answer(status, out, body, public=public, keyid=keyid, request=request)
    with pytest.raises(BadSignature):
        signing.verify_answer(200, out, b"{}", public=signing.new_signing_key()[1], keyid="n1", request="r1")


def test_a_header_cannot_smuggle_a_line() -> None:
    private, _ = signing.new_signing_key()
    with pytest.raises(BadSignature):
        signing.sign_request(
            "GET",
            TARGET,
            {**HEADERS, signing.NONCE: 'x\n"@path": /y'},
            b"",
            private=private,
            keyid="w1",
            created=5,
        )
