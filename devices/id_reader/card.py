"""What an ID card says, as values; and the 256-byte text block of the chip, both ways. Pure.

Source: vendor copies of the SAM_V machine-readable text description (GA 467, GA/T 490); ethnic
codes GB/T 3304. UTF-16LE, padded with blanks. Offsets are bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

TEXT_SIZE = 256
PHOTO_SIZE = 1024
TYPE_AT = 248
"""Two bytes that tell the layout: blank resident, I foreigner (2017), J Hong Kong, Macao, Taiwan."""

FOREVER = "长期"


class CardKind(Enum):
    RESIDENT = "resident"
    FOREIGNER_2017 = "foreigner_2017"
    HK_MACAO_TAIWAN = "hk_macao_taiwan"


class CardDataError(ValueError):
    """The chip's text breaks its own layout. The message never quotes the text."""


@dataclass(frozen=True, slots=True, repr=False)
class IdCard:
    """One card as read. `repr` shows nothing personal, so that no log line can.

    `name` is the Chinese name, or the Latin one where a foreigner's card has no Chinese name.
    Names on old cards may hold private-use characters: they are kept as the chip has them.
    """

    name: str
    sex: str
    """男, 女, 未知 or 未说明 (GB/T 2261.1)."""
    ethnic_code: str
    """Two digits of GB/T 3304; empty on cards that carry none."""
    ethnic_name: str
    birth: date
    address: str
    id_number: str
    authority: str
    """Issuing authority: a name on resident cards, a 4-character code on foreigners' cards."""
    valid_from: date
    valid_to: date | None
    """None: 长期, valid without end."""
    kind: CardKind = CardKind.RESIDENT
    wlt: bytes = b""
    """The 1024 photo bytes in the proprietary WLT form; a licensed library turns them into a picture."""
    name_latin: str = ""
    nationality: str = ""
    """Three letters, foreigners only."""
    pass_number: str = ""
    """Travel permit number, Hong Kong, Macao and Taiwan residents only."""

    def __repr__(self) -> str:
        return f"<IdCard {self.kind.value}, content withheld>"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Field name to (offset, length in bytes)."""

    kind: CardKind
    letter: str
    fields: Mapping[str, tuple[int, int]] = field(repr=False)


_RESIDENT = _Layout(
    CardKind.RESIDENT,
    " ",
    {
        "name": (0, 30),
        "sex": (30, 2),
        "ethnic_code": (32, 4),
        "birth": (36, 16),
        "address": (52, 70),
        "id_number": (122, 36),
        "authority": (158, 30),
        "valid_from": (188, 16),
        "valid_to": (204, 16),
    },
)
_HK_MACAO_TAIWAN = _Layout(
    CardKind.HK_MACAO_TAIWAN,
    "J",
    {k: v for k, v in _RESIDENT.fields.items() if k != "ethnic_code"} | {"pass_number": (220, 18)},
)
_FOREIGNER = _Layout(
    CardKind.FOREIGNER_2017,
    "I",
    {
        "name_latin": (0, 120),
        "sex": (120, 2),
        "id_number": (122, 30),
        "nationality": (152, 6),
        "name": (158, 30),
        "valid_from": (188, 16),
        "valid_to": (204, 16),
        "birth": (220, 16),
        "authority": (240, 8),
    },
)
_LAYOUTS = {layout.letter: layout for layout in (_RESIDENT, _HK_MACAO_TAIWAN, _FOREIGNER)}
_SEX = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"

# GB/T 3304. A table that is copied widely lacks 25 水 and shifts everything behind it.
ETHNIC_NAMES: Mapping[str, str] = {
    f"{number:02d}": name
    for number, name in enumerate(
        "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 "
        "东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 "
        "俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺".split(),
        start=1,
    )
} | {"97": "其他", "98": "外国血统中国籍人士"}


def check_digit(body: str) -> str:
    """Last character for the first 17 digits of a citizen number (GB 11643, MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(body, _CHECK_WEIGHTS, strict=True)) % 11]


def decode_text(block: bytes, wlt: bytes = b"") -> IdCard:
    """256 bytes of the chip to a card. Raises CardDataError."""
    if len(block) != TEXT_SIZE:
        raise CardDataError("text block is not 256 bytes")
    layout = _LAYOUTS.get(_text(block, TYPE_AT, 2) or " ")
    if layout is None:
        raise CardDataError("unknown document type")
    raw = {name: _text(block, at, size) for name, (at, size) in layout.fields.items()}
    sex = _SEX.get(raw["sex"])
    if sex is None:
        raise CardDataError("sex code")
    ethnic_code = raw.get("ethnic_code", "")
    if layout is _RESIDENT and ethnic_code not in ETHNIC_NAMES:
        raise CardDataError("ethnic code")
    name = raw["name"] or raw.get("name_latin", "")
    if not name:
        raise CardDataError("no name")
    _check_number(raw["id_number"], layout)
    return IdCard(
        name=name,
        sex=sex,
        ethnic_code=ethnic_code,
        ethnic_name=ETHNIC_NAMES.get(ethnic_code, ""),
        birth=_day(raw["birth"]),
        address=raw.get("address", ""),
        id_number=raw["id_number"],
        authority=raw["authority"],
        valid_from=_day(raw["valid_from"]),
        valid_to=None if raw["valid_to"] == FOREVER else _day(raw["valid_to"]),
        kind=layout.kind,
        wlt=wlt,
        name_latin=raw.get("name_latin", ""),
        nationality=raw.get("nationality", ""),
        pass_number=raw.get("pass_number", ""),
    )


def encode_text(card: IdCard) -> bytes:
    """A card to the 256 bytes its chip would hold (simulator, tests).

    Raises CardDataError where a field is too long or breaks the layout.
    """
    layout = next(item for item in _LAYOUTS.values() if item.kind is card.kind)
    sex = next((code for code, word in _SEX.items() if word == card.sex), None)
    if sex is None:
        raise CardDataError("sex")
    foreigner = card.kind is CardKind.FOREIGNER_2017
    values = {
        "name": "" if foreigner and card.name == card.name_latin else card.name,
        "sex": sex,
        "ethnic_code": card.ethnic_code,
        "birth": f"{card.birth:%Y%m%d}",
        "address": card.address,
        "id_number": card.id_number,
        "authority": card.authority,
        "valid_from": f"{card.valid_from:%Y%m%d}",
        "valid_to": f"{card.valid_to:%Y%m%d}" if card.valid_to else FOREVER,
        "name_latin": card.name_latin,
        "nationality": card.nationality,
        "pass_number": card.pass_number,
    }
    block = bytearray(" ".encode("utf-16-le") * (TEXT_SIZE // 2))
    for name, (at, size) in layout.fields.items():
        try:
            data = values[name].encode("utf-16-le")
        except UnicodeEncodeError:
            raise CardDataError(f"{name} holds half a character") from None
        if len(data) > size:
            raise CardDataError(f"{name} is too long")
        block[at : at + len(data)] = data
    block[TYPE_AT : TYPE_AT + 2] = layout.letter.encode("utf-16-le")
    decode_text(bytes(block))  # the same checks as for a real card
    return bytes(block)


def _text(block: bytes, at: int, size: int) -> str:
    try:
        text = block[at : at + size].decode("utf-16-le").strip(" \0\u3000")
    except UnicodeDecodeError:
        raise CardDataError("half a character") from None  # the cause would quote the card
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in text):
        raise CardDataError("control character")
    return text


def _day(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise CardDataError("date")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise CardDataError("date") from None


def _check_number(number: str, layout: _Layout) -> None:
    if not number.isascii():
        raise CardDataError("number")
    if layout is _FOREIGNER:
        if not (len(number) == 15 and number[:3].isalpha() and number[:3].isupper() and number[3:].isdigit()):
            raise CardDataError("number")
    elif not (len(number) == 18 and number[:17].isdigit() and number[17] == check_digit(number[:17])):
        raise CardDataError("number")
