"""Numbers that papers carry: document numbers, the blocks they are drawn from, and case numbers. Pure
rules.

Sources: domain.md §3 (one series per organ, kind and year; no gap without a void record);
党政机关公文处理工作条例 第九条 and GB/T 9704-2012 7.2.5 for the brackets 〔〕; GB/T 17710-2008 (ISO/IEC
7064:2003) for the check digit.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

_BRACKETS = str.maketrans("﹝﹞[]［］【】（）()", "〔〕" * 6)
_NUMBER = re.compile(r"(?P<prefix>[^〔〕\d]{2,40})〔(?P<year>\d{4})〕第?(?P<n>\d{1,9})号", re.ASCII)
_CASE_NO = re.compile(r"\d{24}", re.ASCII)


class NumberingRefused(Exception):
    """A number cannot be given, read or voided. Expected; the text is for the clerk."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number such as `昌市审批受字〔2023〕第12号`.

    `organ` is the organ's short code (机关代字, 昌市审批), `kind` the word of the kind of paper (受字).
    """

    organ: str
    kind: str
    year: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 1949 <= self.year <= 9999:
            raise NumberingRefused("文号的年份或顺序号不正确")
        if not self.organ or not self.kind or re.search(r"[\d〔〕\s]", self.organ + self.kind):
            raise NumberingRefused("机关代字和文种字不能为空，也不能含有数字、空格或括号")

    def text(self, pad: int = 0) -> str:
        """The printed form. `pad` is the least count of digits of the running number; 0 means no leading
        zeros.
        """
        return f"{self.organ}{self.kind}〔{self.year}〕第{self.n:0{pad}d}号"


def normal_brackets(text: str) -> str:
    """The text with every kind of year bracket turned into 〔〕 (U+3014, U+3015) and without blanks."""
    return re.sub(r"\s+", "", text).translate(_BRACKETS)


def parse_document_number(text: str, kinds: Collection[str]) -> DocumentNumber:
    """Read a number that a person typed or a file brought; `kinds` are the hall's words of kind (受字,
    补字).

    Raises NumberingRefused when it is not a number of one of these kinds.
    """
    found = _NUMBER.fullmatch(normal_brackets(text))
    if found is None:
        raise NumberingRefused("文号格式应为“机关代字＋文种字〔年份〕第×号”")
    prefix = found["prefix"]
    for kind in sorted(kinds, key=len, reverse=True):
        if prefix.endswith(kind) and len(prefix) > len(kind):
            return DocumentNumber(prefix[: -len(kind)], kind, int(found["year"]), int(found["n"]))
    raise NumberingRefused(f"“{prefix}”不是本大厅登记的文种")


@dataclass(frozen=True, slots=True)
class VoidedNumber:
    """A number that no paper will carry: who voided it, why, when (UTC)."""

    n: int
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NumberBlock:
    """A run of document numbers lent to one node: `first`..`last` of one organ, kind and year.

    Invariants: numbers below `next_n` were drawn, each once; a voided number is inside the block and
    voided once; when the block is closed every number was either drawn or voided by a named person.
    """

    organ: str
    kind: str
    year: int
    first: int
    last: int
    next_n: int
    voided: tuple[VoidedNumber, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last or not self.first <= self.next_n <= self.last + 1:
            raise NumberingRefused("号段的起止号不正确")

    @property
    def left(self) -> int:
        """How many numbers can still be drawn."""
        voided = {void.n for void in self.voided}
        return sum(1 for n in range(self.next_n, self.last + 1) if n not in voided)

    def draw(self, year: int) -> tuple[DocumentNumber, "NumberBlock"]:
        """The next free number and the block after it. Refused when empty or when `year` is not the
        block's.
        """
        if year != self.year:
            raise NumberingRefused(f"该号段属于{self.year}年，{year}年的文书须使用新号段")
        voided = {void.n for void in self.voided}
        n = self.next_n
        while n in voided:
            n += 1
        if n > self.last:
            raise NumberingRefused("号段已用完，请先申领新号段")
        return DocumentNumber(self.organ, self.kind, self.year, n), replace(self, next_n=n + 1)

    def void(self, n: int, *, by: str, reason: str, at: datetime) -> "NumberBlock":
        """Void one number, drawn (a spoilt paper) or not. Refused without a name and a reason, or twice."""
        if not self.first <= n <= self.last:
            raise NumberingRefused(f"第{n}号不在该号段内")
        if not by.strip() or not reason.strip():
            raise NumberingRefused("作废文号须写明作废人和原因")
        if any(void.n == n for void in self.voided):
            raise NumberingRefused(f"第{n}号已经作废")
        return replace(self, voided=(*self.voided, VoidedNumber(n, by, reason, at)))

    def close(self, *, by: str, reason: str, at: datetime) -> "NumberBlock":
        """Void every number that was not drawn, so that the series has no unexplained gap."""
        block = self
        done = {void.n for void in self.voided}
        for n in range(self.next_n, self.last + 1):
            if n not in done:
                block = block.void(n, by=by, reason=reason, at=at)
        return replace(block, next_n=self.last + 1)


@dataclass(frozen=True, slots=True)
class CaseNumberParts:
    """What a case number says: division (6 digits), hall (2), day, device (3) and running number of the
    day.
    """

    division: str
    hall: str
    day: date
    device: str
    sequence: int


def case_number(parts: CaseNumberParts) -> str:
    """24 digits: division, hall, YYYYMMDD, device, four of sequence, check digit. Raises NumberingRefused."""
    codes = ((parts.division, 6), (parts.hall, 2), (parts.device, 3))
    if any(len(code) != size or not re.fullmatch(r"\d+", code, re.ASCII) for code, size in codes):
        raise NumberingRefused("区划、大厅、设备代码须为6位、2位、3位数字")
    if not 1 <= parts.sequence <= 9999:
        raise NumberingRefused("本设备当日办件编号已用完")
    body = f"{parts.division}{parts.hall}{parts.day:%Y%m%d}{parts.device}{parts.sequence:04d}"
    return body + check_digit(body)


def read_case_number(text: str) -> CaseNumberParts:
    """Check a scanned or typed case number and take it apart. Raises NumberingRefused when a digit is
    wrong.
    """
    text = re.sub(r"[\s-]", "", text)
    if not _CASE_NO.fullmatch(text):
        raise NumberingRefused("办件编号应为24位数字")
    if check_digit(text[:-1]) != text[-1]:
        raise NumberingRefused("办件编号有误，请核对")
    try:
        day = date(int(text[8:12]), int(text[12:14]), int(text[14:16]))
    except ValueError as wrong:
        raise NumberingRefused("办件编号中的日期有误") from wrong
    return CaseNumberParts(text[:6], text[6:8], day, text[16:19], int(text[19:23]))


def check_digit(digits: str) -> str:
    """The MOD 11,10 check character of GB/T 17710-2008 for a string of digits.

    Finds every single wrong digit and nearly every swap of neighbours, which is what typing gets wrong.
    """
    carry = 10
    for digit in digits:
        total = (carry + int(digit)) % 10 or 10
        carry = total * 2 % 11
    return str((11 - carry) % 10)
