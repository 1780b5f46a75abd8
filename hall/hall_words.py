"""What papers say of the hall itself: where, when, whom to ask, where a result is fetched."""

from hall.catalogue.hall_profile import WindowKind
from hall.catalogue.model import PENDING_TEXT, ItemGuide
from hall.catalogue.queues import ranges_text
from hall.reference import Reference

_HALL_HOURS = "大厅对外办公时间"
"""What a guide says when it keeps no hours of its own."""


def window_text(ref: Reference, window: int | None) -> str:
    return ref.profile.name if window is None else f"{ref.profile.name} {window}号窗口"


def contact_of(ref: Reference, guide: ItemGuide | None) -> str:
    """Whom to ask; a phone that is not known yet is left out rather than printed as a gap."""
    phone = guide.phone if guide else PENDING_TEXT
    return f"{ref.profile.name}" + ("任一窗口" if phone == PENDING_TEXT else f"，电话 {phone}")


def query_how() -> str:
    return "凭办件编号或身份证，在大厅自助机“查进度”或任一窗口查询"


def opening_text(ref: Reference, guide_time: str) -> str:
    """The guide's own hours; the profile's seasons where the guide only points to them."""
    if guide_time != _HALL_HOURS:
        return guide_time
    seasons = ref.profile.hours.seasons
    named = len(seasons) > 1
    return ("工作日：" if named else "工作日 ") + "；".join(
        (f"{s.name}（{s.from_month}月{s.from_day}日起）" if named else "")
        + "、".join(r.text for r in s.ranges)
        for s in seasons
    )


def collect_at(ref: Reference) -> str:
    """昌吉市政务中心97—99号窗口: where results that came from a department are handed out."""
    groups = [g for _, g in ref.profile.groups()]
    wanted = [g.code for g in groups if g.serves_all_others] or [
        g.code for g in groups if g.kind is WindowKind.DELIVERY
    ]
    numbers = sorted(w.no for w in ref.profile.windows if w.group_code in wanted)
    return f"{ref.profile.name} {ranges_text(numbers)}" if numbers else f"{ref.profile.name}任一综合窗口"
