"""What papers say of the hall itself: where, when, whom to ask, where a result is fetched."""

from datetime import date

from hall.catalogue.hall_profile import WindowKind
from hall.catalogue.model import PENDING_TEXT, ItemGuide
from hall.catalogue.queues import ranges_text
from hall.papers.wording import PROVISIONAL, chinese_date
from hall.reference import Reference

_HALL_HOURS = "大厅对外办公时间"
"""What a guide says when it keeps no hours of its own."""


def window_text(ref: Reference, window: int | None) -> str:
    return ref.profile.name if window is None else f"{ref.profile.name} {window}号窗口"


def contact_of(ref: Reference, guide: ItemGuide | None) -> str:
    """Where and when to ask; address and phone only where they are known, rather than as a gap."""
    profile = ref.profile
    parts = [f"{profile.name}任一窗口", f"开放时间：{opening_text(ref, _HALL_HOURS)}"]
    if profile.address:
        parts.append(f"地址：{profile.address}")
    if phone := _phone(ref, guide):
        parts.append(f"电话：{phone}")
    return "，".join(parts)


def phone_to_ask(ref: Reference, guide: ItemGuide | None) -> str:
    """For the notice, which must have a phone: an empty one says where it will come from."""
    return _phone(ref, guide) or "大厅公布后填写"


def _phone(ref: Reference, guide: ItemGuide | None) -> str:
    """The item's own, else the hall's."""
    own = guide.phone if guide else PENDING_TEXT
    return own if own != PENDING_TEXT else ref.profile.phone


def place_text(ref: Reference, guide_place: str) -> str:
    return f"{guide_place}（{ref.profile.address}）" if ref.profile.address else guide_place


def query_how() -> str:
    return "凭办件编号或身份证，在大厅自助机“查进度”或任一窗口查询"


def result_told(by: date | None, *, on_the_spot: bool, provisional: bool) -> str:
    """When and how the applicant hears whether the matter is accepted (许可法 32). `by`: None in records of before it
    was written down.
    """
    if on_the_spot:
        return "本事项为即办件，当场告知是否受理，受理的当场办结；材料不全的，当场一次性告知全部补正内容。"
    latest = "" if by is None else f"，不迟于{chinese_date(by)}{PROVISIONAL if provisional else ''}"
    return (
        f"自收到材料之日起五个工作日内书面告知是否受理{latest}；材料不全的，一次性告知全部补正内容。"
        "告知的内容可到任一窗口领取，也可在自助机“查进度”查到。"
    )


def fetched_how(ref: Reference, *, on_the_spot: bool) -> str:
    """How a result will be fetched, as an acceptance says it."""
    later = f"可领取时凭有效身份证件到{collect_at(ref)}领取；自助机“取件”可查"
    return f"当场领取；当场未领的，{later}" if on_the_spot else later


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
