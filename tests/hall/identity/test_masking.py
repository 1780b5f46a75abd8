import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.identity.masking import mask_address, mask_free_text, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王明", "王*"),
        ("王小明", "王*明"),
        ("欧阳小明", "欧*明"),
        ("买买提·吐尔逊", "买**·吐"),
        ("买买提•吐尔逊", "买**·吐"),
        ("古丽娜尔·阿不都热依木", "古**·阿"),
        ("A·买买提", "A**·买"),
        ("王", "*"),
        ("", ""),
        ("  王明 ", "王*"),
        ("JOHN SMITH", "J** S"),
        ("𠮷田明", "𠮷*明"),
        ("葛\U000e0100明", "葛\U000e0100*"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("name", "longer"),
    [("王小明", "欧阳小小小明"), ("买买提·吐尔逊", "买买提江阿吉·吐尔逊阿依"), ("JO SM", "JOHN SMITH")],
)
def test_a_mask_does_not_tell_how_long_the_name_is(name: str, longer: str) -> None:
    assert len(mask_name(name)) == len(mask_name(longer))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("652301199001011234", "6523**********1234"),
        ("110105491231002", "1101*******1002"),
        ("E12345678", "E1*****78"),
        ("1234", "1***"),
        ("1", "*"),
        ("", ""),
    ],
)
def test_certificate_numbers(number: str, shown: str) -> None:
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138****1234"),
        ("138 0000 1234", "138****1234"),
        ("+8613800001234", "138****1234"),
        ("0994-2345612", "0994-*****12"),
        ("12345", "***45"),
        ("", ""),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("新疆昌吉市六工镇十三户村3组12号", "新疆昌吉市六工镇****"),
        ("昌吉市宁边路街道东方社区5栋", "昌吉市宁边路街道****"),
        ("和硕县特吾里克路8号", "和硕县****"),
        ("广元市昭化区某路1号", "广元市昭化区****"),
        ("乌审旗嘎鲁图镇", "乌审旗嘎鲁图镇"),
        ("12号院", "****"),
        ("", ""),
    ],
)
def test_addresses_down_to_the_town(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_numbers_inside_a_sentence() -> None:
    text = "申请人652301199001011234，电话13800001234，编号6523010120260302001000123"
    shown = "申请人6523**********1234，电话138****1234，编号6523010120260302001000123"
    assert mask_free_text(text) == shown


@given(st.text(min_size=2, max_size=40))
def test_a_masked_name_never_shows_the_whole_name(name: str) -> None:
    plain = "".join(name.split())
    if len(plain) >= 2 and "*" not in plain:
        assert mask_name(name) != name
