"""Bytes are a record's exactly when writing what they say gives them again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.journal.canonical import NotCanonical, decode, encode

# marks that join with what stands before them, also across a quotation mark or a colon
TEXT = st.text(alphabet='aé\u0301\u0338\u0301\u0345\u1161\uac00=<"\\/:,[{\u2028\x7f\x00中𠮷', max_size=6)
WHOLE = st.one_of(st.integers(-(2**65), 2**65), st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1]))
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), WHOLE, TEXT, st.floats(allow_nan=True)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


def plain(raw: bytes) -> bool:
    """The rule, slowly."""
    try:
        value = json.loads(raw)
        return isinstance(value, dict) and encode(value) == raw
    except (NotCanonical, ValueError):
        return False


@given(st.dictionaries(TEXT, VALUE, max_size=4), st.booleans(), st.booleans(), st.booleans())
def test_reading_keeps_the_rule(value: dict[str, Any], ascii_only: bool, sort: bool, tight: bool) -> None:
    separators = (",", ":") if tight else None
    raw = json.dumps(value, ensure_ascii=ascii_only, sort_keys=sort, separators=separators).encode()
    if plain(raw):
        assert decode(raw) == value
    else:
        with pytest.raises(NotCanonical):
            decode(raw)


@pytest.mark.parametrize("inside", [b"1", b"{}", b"[]", b"[1]"])
@pytest.mark.parametrize("depth", [15, 16, 17])
def test_depth(depth: int, inside: bytes) -> None:
    raw = b'{"a":' * depth + inside + b"}" * depth
    if plain(raw):
        decode(raw)
    else:
        with pytest.raises(NotCanonical):
            decode(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a":1,"a":1}', b'{"a":"\\u0041"}', b'{"a":"\\ud800"}', b'{"a":01}', b"[]", b'{"b":1,"a":1}']
)
def test_other_ways_to_write_the_same(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(raw)


ODD = [
    b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b"\xef\xbb\xbf{}", b"", b"null", b" {}", b"{}\n", b'{"a":1,}',
    b'{"a":-0}', b'{"a":1e2}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":Infinity}',
    b'{"a":9223372036854775807}', b'{"a":9223372036854775808}', b'{"a":12345678901234567890123}',
    b'{"a":"\\u001f"}', b'{"a":"\\u001F"}', b'{"a":"\x1f"}', b'{"a":"\\b\\f\\n\\r\\t"}', b'{"a":"\\/"}',
    b'{"a":"\x7f"}', b'{"\\n":1}', b'{"\\u0000":1}', b'{"a":[{"c":1,"b":2}]}', '{"a":"\u2028"}'.encode(),
    '{"\U00010000":1,"\uffff":2}'.encode(), '{"\uffff":2,"\U00010000":1}'.encode(),
]  # fmt: skip


@pytest.mark.parametrize("raw", ODD)
def test_two_parsers_agree_on_what_is_odd(raw: bytes) -> None:
    if plain(raw):
        decode(raw)
    else:
        with pytest.raises(NotCanonical):
            decode(raw)


@given(st.data())
def test_two_parsers_agree_on_spoiled_records(data: st.DataObject) -> None:
    raw = bytearray(encode({"n": [1, None, {"x": "é\n"}], "name": "示例", "seq": 12}))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 1))] = data.draw(
            st.sampled_from([b"", b"0", b"-", b".", b"e", b'"', b"\\", b"{", b"]", b",", b" ", b"\xff", b"u"])
        )
    if plain(bytes(raw)):
        decode(bytes(raw))
    else:
        with pytest.raises(NotCanonical):
            decode(bytes(raw))
