"""Writes resources/calendar/national.json from the chinesecalendar package (State Council notices 2020-2026).

Run by hand once a year when the package knows the next year: python -m tools.make_calendar
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

FIRST_YEAR = 2020
LAST_YEAR = 2026
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def national_days() -> list[dict[str, str]]:
    """Only days that differ from the weekend rule or carry a holiday's name, in order."""
    rows = []
    day = date(FIRST_YEAR, 1, 1)
    while day <= date(LAST_YEAR, 12, 31):
        worked = chinese_calendar.is_workday(day)
        if worked and day.weekday() >= 5:
            rows.append(
                {"day": day.isoformat(), "kind": "made_up", "name": f"{NAMES[workdays[day]]}调休上班"}
            )
        elif not worked and day in holidays:
            rows.append({"day": day.isoformat(), "kind": "holiday", "name": NAMES[holidays[day]]})
        day += timedelta(days=1)
    return rows


def main() -> None:
    layer = {
        "name": "国家",
        "source": "国务院办公厅年度部分节假日安排的通知，经 chinesecalendar 数据整理",
        "covered_years": list(range(FIRST_YEAR, LAST_YEAR + 1)),
        "days": national_days(),
    }
    path = Path(__file__).resolve().parents[1] / "resources" / "calendar" / "national.json"
    days = ",\n    ".join(json.dumps(d, ensure_ascii=False) for d in layer["days"])
    head = json.dumps({k: v for k, v in layer.items() if k != "days"}, ensure_ascii=False, indent=2)
    path.write_text(head[:-2] + ',\n  "days": [\n    ' + days + "\n  ]\n}\n", encoding="utf-8")
    print(f"{path.name}: {len(layer['days'])}")


if __name__ == "__main__":
    main()
