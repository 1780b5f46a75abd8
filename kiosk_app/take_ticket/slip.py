"""What stands on a ticket slip and on a printed guide. Pure text; names of people never appear."""

from PySide6.QtCore import QCoreApplication

from kiosk_app.ports import Guide, IssuedTicket, MaterialLine, Slip
from kiosk_app.wording import spaced


def _tr(text: str) -> str:
    return QCoreApplication.translate("Slip", text)


def ticket_slip(ticket: IssuedTicket, hall_name: str, *, reprint: bool = False) -> Slip:
    """The slip of a ticket. A reprint says so, so that two slips are not taken for two numbers."""
    lines = [ticket.item_name] if ticket.item_name else []
    lines.append(ticket.zone_name)
    if ticket.priority_text:
        lines.append(_tr("优先办理：{0}").format(ticket.priority_text))
    if ticket.away:
        lines.append(spaced(_tr("本号由自助机编号，请到{0}排队").format(ticket.queue_at)))
    elif ticket.people_ahead is not None:
        lines.append(_tr("取号时前面有 {0} 人").format(ticket.people_ahead))
    if ticket.seat and not ticket.away:
        lines.append(spaced(_tr("请到{0}等候").format(ticket.seat)))
    lines.append(f"{ticket.issued_at:%Y-%m-%d %H:%M}")
    if reprint:
        lines.append(_tr("补打，号码不变"))
    lines.append(_tr("当日有效，请留意叫号"))
    return Slip(hall_name, ticket.number, tuple(lines), ticket.code)


def guide_slip(guide: Guide, hall_name: str) -> Slip:
    """The material list and blocks of a guide, for taking home."""
    lines = [guide.matter.name]
    if guide.matter.sample:
        lines.append(sample_text())
    lines.append(_tr("要带的材料："))
    lines += [f"{index}. {material_text(line)}" for index, line in enumerate(guide.materials, 1)]
    for block in guide.blocks:
        lines += [f"【{block.title}】", block.text]
    return Slip(hall_name, "", tuple(lines))


def material_text(line: MaterialLine) -> str:
    """「出生医学证明（原件 1 份，复印件 1 份；可后补）」"""
    parts = []
    if line.originals:
        parts.append(_tr("原件 {0} 份").format(line.originals))
    if line.copies:
        parts.append(_tr("复印件 {0} 份").format(line.copies))
    inside = "，".join(parts)
    for extra in (_tr("可以后补") if line.can_follow else "", line.note):
        if extra:
            inside = f"{inside}；{extra}" if inside else extra
    return f"{line.name}（{inside}）" if inside else line.name


def sample_text() -> str:
    """What every screen and paper says of an invented item."""
    return _tr("示例事项，非现行政策")
