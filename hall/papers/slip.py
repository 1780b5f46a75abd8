"""A ticket as neutral lines. A ticket-printer driver turns them into bytes; nothing here knows a printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hall.papers.wording import REPRINT_MARK, SAMPLE_MARK, clean_text, short_moment

QR_CAPTION = "到窗口出示此码"
AWAY_ADVICE = "请到综合窗口出示本号"
VALID_RULE = "号码只在当天有效。"
ORDER_RULE = "按先后叫号，优先和预约的先叫。"


@dataclass(frozen=True, slots=True)
class TicketSlip:
    """号票. Holds no personal data: `qr_payload` is an opaque claim, never a name or an ID number."""

    hall: str
    number: str
    business: str
    where: str
    people_ahead: int | None
    """None when the node is away: the slip then says nothing rather than something wrong."""
    estimate_min: int | None
    issued_at: datetime
    qr_payload: str
    missed_rule: str
    """What happens to who does not come when called."""
    notes: tuple[str, ...] = ()
    """What concerns this number alone; said before the rules."""
    away: bool = False
    """The number comes from the kiosk's own series; any comprehensive window takes it."""
    reprint: bool = False
    sample: bool = False


class Align(Enum):
    """Where a line of a slip stands."""

    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class SlipText:
    """One paragraph. `size` 1..4 is a multiple of the printer's normal character; the printer side wraps
    it.
    """

    text: str
    size: int = 1
    bold: bool = False
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        if not 1 <= self.size <= 4:
            raise ValueError("size is 1 to 4")


@dataclass(frozen=True, slots=True)
class SlipQr:
    """A QR code, centred."""

    data: str


@dataclass(frozen=True, slots=True)
class SlipRule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class SlipFeed:
    """Blank lines of normal height."""

    lines: int


SlipLine = SlipText | SlipQr | SlipRule | SlipFeed


def slip_lines(slip: TicketSlip) -> tuple[SlipLine, ...]:
    """The ticket from top to bottom: hall, number, business, where, waiting, time, tips, QR."""
    lines: list[SlipLine] = []
    if slip.sample:
        lines.append(SlipText(SAMPLE_MARK, bold=True, align=Align.CENTRE))
    lines.append(SlipText(clean_text(slip.hall), bold=True, align=Align.CENTRE))
    if slip.reprint:
        lines.append(SlipText(f"【{REPRINT_MARK}】", align=Align.CENTRE))
    lines += [
        SlipFeed(1),
        SlipText(clean_text(slip.number), size=4, bold=True, align=Align.CENTRE),
        SlipFeed(1),
        SlipText(clean_text(slip.business), size=2, bold=True, align=Align.CENTRE),
    ]
    if slip.away:
        lines.append(SlipText(AWAY_ADVICE, size=2, align=Align.CENTRE))
    if slip.where:
        # queue and windows each on a line of its own: large type must not cut 「97—99号窗口」
        for part in clean_text(slip.where).split(" ", 1):
            lines.append(SlipText(part, size=2, bold=True, align=Align.CENTRE))
    lines.append(SlipRule())
    if slip.people_ahead is not None:
        lines.append(SlipText(f"前面等候：{slip.people_ahead} 人"))
    if slip.estimate_min is not None:
        wait = f"约 {slip.estimate_min} 分钟" if slip.estimate_min else "马上轮到您"
        lines.append(SlipText(f"预计等候：{wait}"))
    lines += [SlipText(f"取号时间：{short_moment(slip.issued_at)}"), SlipRule()]
    tips = (*slip.notes, f"{slip.missed_rule}。", VALID_RULE, ORDER_RULE)
    lines += [SlipText(clean_text(tip)) for tip in tips]
    if slip.qr_payload:
        lines += [SlipFeed(1), SlipQr(slip.qr_payload), SlipText(QR_CAPTION, align=Align.CENTRE)]
    lines.append(SlipFeed(1))
    return tuple(lines)
