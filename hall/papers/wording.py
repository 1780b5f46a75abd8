"""The fixed words of official papers: dates and money in Chinese form, legal bases, marks. Pure
functions.

Legal bases named here are those of the Administrative Licensing Law (行政许可法); they bind licences
(item type 01) only. A paper for any other type is given its own basis by the caller.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

SAMPLE_MARK = "示例事项，非现行政策"
REPRINT_MARK = "补打"
SEAL_PLACE = "（盖章处）"
WATERMARK = "此件经与原件核对无误，仅供办理政务服务事项时使用"
"""国办函〔2016〕108号; domain.md §13."""
WATERMARK_UNCOMPARED = "仅供办理政务服务事项时使用"
"""For a page that nobody has held against an original yet."""
RECEIPT_IS_NOT_ACCEPTANCE = "收件不等于受理"
PROVISIONAL = "（节假日安排未导入，期限为暂算）"
"""Behind a date that was counted over a year whose holidays are not known yet."""

BASIS_NOT_NEEDED = "《中华人民共和国行政许可法》第三十二条第一款第一项"
BASIS_NOT_ACCEPTED = "《中华人民共和国行政许可法》第三十二条第一款第二项"
BASIS_CORRECTION = "《中华人民共和国行政许可法》第三十二条第一款第四项"
BASIS_ACCEPTED = "《中华人民共和国行政许可法》第三十二条第一款第五项"
BASIS_GRANTED = "《中华人民共和国行政许可法》第三十八条第一款"
BASIS_DENIED = "《中华人民共和国行政许可法》第三十八条第二款"
BASIS_EXTENSION = "《中华人民共和国行政许可法》第四十二条第一款"
BASIS_SPECIAL = "《中华人民共和国行政许可法》第四十五条"

_BEIJING = timezone(timedelta(hours=8))
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
# Bidi overrides and isolates could make a name read as another name; joiners (200C, 200D) are real spelling.
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f]+")


def clean_text(text: str) -> str:
    """Text as it may be printed: `\\n` line ends, no control or direction-changing characters.

    Nothing else is changed: normalising would replace the compatibility ideographs that some names are
    written with.
    """
    text = re.sub("\r\n|[\r\u2028\u2029]", "\n", text).replace("\t", " ")
    text = "".join(ch for ch in text if ch == "\n" or unicodedata.category(ch) not in ("Cc", "Cs"))
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip(" \n")


def chinese_date(day: date) -> str:
    """`2026年11月22日`, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def beijing(moment: datetime) -> datetime:
    """The moment in Beijing time, which all halls keep. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment on a paper needs a time zone")
    return moment.astimezone(_BEIJING)


def chinese_moment(moment: datetime) -> str:
    """`2026年11月22日10时05分`, Beijing time."""
    local = beijing(moment)
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02d}分"


def short_moment(moment: datetime) -> str:
    """`2026-11-22 10:05`, Beijing time; for slips."""
    return f"{beijing(moment):%Y-%m-%d %H:%M}"


def noon_utc(day: date) -> datetime:
    """A fixed moment that stands for a paper's date, so that the same paper is the same bytes."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def money(amount: Decimal) -> str:
    """`¥1,234.50`. Raises ValueError unless the amount is finite, not negative and of at most two
    decimals.
    """
    return f"¥{_cents(amount) / Decimal(100):,.2f}"


def money_in_words(amount: Decimal) -> str:
    """`壹仟贰佰叁拾肆元伍角整` (支付结算办法 附一, capital figures). Below 10^12 yuan; raises ValueError
    otherwise.
    """
    cents = _cents(amount)
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    if yuan >= 10**12:
        raise ValueError("amount is too large to be written in words")
    words = f"{_whole_in_words(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    if fen:
        return f"{words}{_DIGITS[fen]}分"
    return f"{words or '零元'}整"


def _cents(amount: Decimal) -> int:
    if not amount.is_finite() or amount < 0:
        raise ValueError("an amount must be finite and not negative")
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError("an amount has at most two decimals")
    return int(cents)


def _whole_in_words(number: int) -> str:
    words = ""
    pending_zero = False
    for power, unit in ((8, "亿"), (4, "万"), (0, "")):
        group = number // 10**power % 10_000
        if not group:
            pending_zero = bool(words)
            continue
        if words and (pending_zero or group < 1000):
            words += "零"
        words += _group_in_words(group) + unit
        pending_zero = group % 10 == 0
    return words


def _group_in_words(group: int) -> str:
    words = ""
    for power, unit in ((3, "仟"), (2, "佰"), (1, "拾"), (0, "")):
        digit = group // 10**power % 10
        if digit:
            words += _DIGITS[digit] + unit
        elif words and group % 10**power and not words.endswith("零"):
            words += "零"
    return words


def grouped(number: str) -> str:
    """「6523 0101 2026…」: a long number as people copy it and read it aloud."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
