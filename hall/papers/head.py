"""What every paper shares: its head, and whom it is about. Frozen values, as all of `content`."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What every paper shares."""

    organ: str
    """The organ in whose name the paper is issued, in full."""
    title: str
    number: str | None
    """Document number; None while a paper goes out under its case number."""
    number_note: str = field(default="", kw_only=True)
    """Printed in the number's place when there is none: why."""
    date: date
    case_no: str
    """Also the QR code's only content; empty when there is no case yet (then there is no QR code)."""
    package_no: str = ""
    """Of the 一件事 that the case is part of; empty for a case of its own."""
    sample: bool = False
    """The item is an example of the product, not policy: every page says so."""
    reprint: bool = False
    copy_label: str = ""
    """Such as 存档联, 送达联."""
    contact: str = ""
    """Person or office, phone, address: whom to ask about this paper."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whom the paper is about, and who came in their place."""

    name: str
    cert_kind: str
    """Such as 居民身份证, 统一社会信用代码."""
    cert_no: str
    phone: str = ""
    address: str = ""
    legal_representative: str = ""
    agent_name: str = ""
    agent_cert_no: str = ""
    agent_phone: str = ""
    organisation: bool = False
