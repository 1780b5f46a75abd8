from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_reader import protocol
from devices.id_reader.card import (
    ETHNIC_NAMES,
    CardDataError,
    CardKind,
    IdCard,
    check_digit,
    decode_text,
    encode_text,
)
from devices.id_reader.protocol import Sw
from devices.id_reader.simulator import card_from_json

CARD = IdCard(
    name="古丽·测试",
    sex="女",
    ethnic_code="05",
    ethnic_name="维吾尔",
    birth=date(1990, 1, 1),
    address="某省某市某县某路1号",
    id_number="652301199001010021",
    authority="某县公安局",
    valid_from=date(2020, 5, 6),
    valid_to=None,
)


def blanks() -> bytearray:
    return bytearray(b" \0" * 128)


def put(block: bytearray, at: int, text: str) -> None:
    data = text.encode("utf-16-le")
    block[at : at + len(data)] = data


def golden_resident() -> bytearray:
    """Written by the published offsets, not by our encoder."""
    block = blanks()
    for at, text in (
        (0, "古丽·测试"), (30, "2"), (32, "05"), (36, "19900101"), (52, "某省某市某县某路1号"),
        (122, "652301199001010021"), (158, "某县公安局"), (188, "20200506"), (204, "长期"),
    ):  # fmt: skip
        put(block, at, text)
    return block


@pytest.mark.parametrize(
    ("ours", "manual"),
    [
        (protocol.RESET, "AAAAAA9669000310FFEC"),
        (protocol.STATUS, "AAAAAA9669000311FFED"),
        (protocol.SAM_ID, "AAAAAA9669000312FFEE"),
        (protocol.FIND, "AAAAAA96690003200122"),
        (protocol.SELECT, "AAAAAA96690003200221"),
        (protocol.READ, "AAAAAA96690003300132"),
        (protocol.encode_answer(Sw.OK), "AAAAAA9669000400009094"),
        (protocol.encode_answer(Sw.SELF_TEST), "AAAAAA9669000400006064"),
        (protocol.encode_answer(Sw.NO_CARD), "AAAAAA9669000400008084"),
        (protocol.encode_answer(Sw.SELECT_FAILED), "AAAAAA9669000400008185"),
        (protocol.encode_answer(Sw.READ_FAILED), "AAAAAA9669000400004145"),
        (protocol.encode_answer(Sw.CARD_FOUND, bytes(4)), "AAAAAA9669000800009F0000000097"),
        (protocol.encode_answer(Sw.OK, bytes(8)), "AAAAAA9669000C00009000000000000000009C"),
    ],
)
def test_golden_frames(ours: bytes, manual: str) -> None:
    assert ours == bytes.fromhex(manual)
    if len(ours) > 10:
        answer = protocol.scan(ours).answer
        assert answer is not None
        assert answer.status == ours[9]


def test_whole_card_answer_is_1295_bytes() -> None:
    data = protocol.encode_card_data(bytes(golden_resident()), b"\x57\x4c")
    answer = protocol.encode_answer(Sw.OK, data)
    assert len(answer) == 1295
    assert answer[5:14] == bytes.fromhex("0508 0000 9001 0004 00")
    card = protocol.decode_card(data)
    assert card.name == "古丽·测试"
    assert card.wlt == b"\x57\x4c".ljust(1024, b"\0")


def test_resident_layout_by_published_offsets() -> None:
    assert decode_text(bytes(golden_resident())) == CARD
    assert encode_text(CARD) == bytes(golden_resident())


def test_foreigner_layout_by_published_offsets() -> None:
    block = blanks()
    for at, text in (
        (0, "TESTER, INVENTED"), (120, "1"), (122, "XXX652390010199"), (152, "XXX"), (158, "测试者"),
        (188, "20200506"), (204, "20300506"), (220, "19850203"), (236, "01"), (240, "1500"), (248, "I"),
    ):  # fmt: skip
        put(block, at, text)
    card = decode_text(bytes(block))
    assert (card.kind, card.name, card.name_latin) == (CardKind.FOREIGNER_2017, "测试者", "TESTER, INVENTED")
    assert (card.birth, card.nationality, card.authority) == (date(1985, 2, 3), "XXX", "1500")
    put(block, 158, " " * 15)
    assert decode_text(bytes(block)).name == "TESTER, INVENTED"


def test_hong_kong_layout_by_published_offsets() -> None:
    block = golden_resident()
    put(block, 32, "  ")
    put(block, 122, "81000019900101001" + check_digit("81000019900101001"))
    put(block, 220, "H12345678")
    put(block, 248, "J")
    card = decode_text(bytes(block))
    assert (card.kind, card.pass_number) == (CardKind.HK_MACAO_TAIWAN, "H12345678")
    assert card.ethnic_code == ""


@pytest.mark.parametrize("kind", [kind.value for kind in CardKind])
def test_invented_cards_survive_the_chip(kind: str) -> None:
    card = card_from_json({"kind": kind, "name": "测试人", "sex": "男"})
    again = decode_text(encode_text(card))
    assert replace(again, ethnic_name="") == card


@pytest.mark.parametrize(
    ("at", "text", "why"),
    [
        (30, "7", "sex"),
        (32, "60", "ethnic"),
        (36, "19901301", "date"),
        (122, "652301199001010020", "number"),
        (122, "65230119900101００20", "number"),
        (188, "2020-5-6", "date"),
        (248, "Y", "document type"),
        (0, "\ud83d", "half a character"),
        (0, "换\n行", "control"),
        (0, " " * 15, "no name"),
    ],
)
def test_broken_text_is_refused_without_quoting_it(at: int, text: str, why: str) -> None:
    block = golden_resident()
    data = text.encode("utf-16-le", "surrogatepass")
    block[at : at + len(data)] = data
    with pytest.raises(CardDataError, match=why) as caught:
        decode_text(bytes(block))
    assert "古丽" not in str(caught.value)


def test_official_sample_numbers_have_a_right_check_digit() -> None:
    """Printed on the samples of the 2023 foreigners' card; the same MOD 11-2."""
    for number in ("932682198501010017", "911124198108030024"):
        assert check_digit(number[:17]) == number[17]


def test_ethnic_table_is_not_shifted() -> None:
    names = [ETHNIC_NAMES[code] for code in ("05", "17", "25", "26", "56")]
    assert names == ["维吾尔", "哈萨克", "水", "东乡", "基诺"]


def test_repr_withholds_the_person() -> None:
    data = protocol.encode_card_data(encode_text(CARD), b"")
    answer = protocol.scan(protocol.encode_answer(Sw.OK, data)).answer
    for shown in (repr(CARD), str(CARD), repr([CARD]), repr(answer)):
        assert "古丽" not in shown
        assert "6523" not in shown


@given(st.binary(max_size=300))
def test_scan_takes_any_bytes(data: bytes) -> None:
    scan = protocol.scan(data)
    assert len(scan.rest) <= len(data)


@given(st.binary(max_size=40), st.lists(st.integers(1, 200), max_size=30))
def test_answer_is_found_behind_noise_in_any_chunking(noise: bytes, cuts: list[int]) -> None:
    wanted = protocol.encode_answer(Sw.OK, bytes(range(200)))
    stream = noise.replace(b"\xaa", b"\x00") + protocol.PREAMBLE + b"\xff\xff" + wanted
    buffer, at = b"", 0
    for size in [*cuts, len(stream)]:
        scan = protocol.scan(buffer + stream[at : at + size])
        at += size
        if scan.answer is not None:
            assert scan.answer.data == bytes(range(200))
            return
        buffer = scan.rest
    pytest.fail("answer lost")


@given(st.binary(min_size=256, max_size=256))
def test_any_text_block_is_a_card_or_an_error(block: bytes) -> None:
    try:
        decode_text(block)
    except CardDataError:
        return
