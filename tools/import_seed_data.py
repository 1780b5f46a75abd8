"""Writes hall profiles, packages and bare item rows from the transcribed plans and the layout choices.

    python -m tools.import_seed_data [--seeds-data FILE] [--out resources]

The results are committed: nothing reads the transcription at run time. Items that have a complete guide in
a file of their own (resources/catalogue/items/<id>.json) are not written as bare rows.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin

from tools.seed_halls import hall_profile

ROOT = Path(__file__).resolve().parents[1]
Data = dict[str, Any]
PACKAGE_SOURCE = "喀什地区政务服务“一件事一次办”改革工作实施方案 附件1"
CHANGJI_SOURCE = "昌吉市政务服务“综合窗口”改革实施方案 三（一）"


def folded(name: str) -> str:
    """The same item is printed with brackets of either width."""
    return name.replace("（", "(").replace("）", ")")


def package_item_ids(packages: list[Data]) -> dict[str, str]:
    """Id of each item name: where it comes first (p06-05: package 6, row 5), with a letter for
    alternatives.
    """
    ids: dict[str, str] = {}
    for package in packages:
        for row in package["items"]:
            names = row.get("alternatives") or [row["item"]]
            for place, name in enumerate(names):
                letter = "ab"[place] if len(names) > 1 else ""
                ids.setdefault(folded(name), f"p{package['no']:02d}-{row['no']:02d}{letter}")
    return ids


def package_file(seeds: Data, layouts: Data, ids: dict[str, str]) -> Data:
    rules = layouts["packages"]
    packages = []
    for package in seeds["packages"]:
        waits = rules["waits_for"].get(package["no"], {})
        rows = [_row(row, waits, ids) for row in package["items"]]
        done = {
            "no": package["no"],
            "name": package["name"],
            "lead": package["lead"],
            "lead_department": seeds["lead_department_alias"][package["lead"]],
            "rows": rows,
            "questions": _questions(rows, rules["questions"]),
        }
        if waits:
            done["prerequisites_basis"] = rules["waits_basis"]
        settled = rules["settled"].get(package["no"], {})
        shared = rules["shared"].get(package["no"], [])
        if settled or shared:
            done["settled"] = _child_answers(settled)
            done["shared"] = [_shared(question) for question in shared]
            done["answers_basis"] = rules["answers_basis"]
        packages.append(done)
    return {"source": PACKAGE_SOURCE, "packages": packages}


def _row(row: Data, waits: Data, ids: dict[str, str]) -> Data:
    names = row.get("alternatives") or [row["item"]]
    done = {
        "no": row["no"],
        "name": row["item"],
        "department_cell": row["department_verbatim"],
        "department": row["department"],
        "item_ids": [ids[folded(name)] for name in names],
    }
    for key in ("department_basis", "alternatives", "choice_group", "choice_basis"):
        if key in row:
            done[key] = row[key]
    if row["no"] in waits:
        done["waits_for"] = waits[row["no"]]
    return done


def _child_answers(rows: Data) -> list[Data]:
    """{p04-02.kind: sale} as the catalogue writes it."""
    split = [(key.split("."), option) for key, option in rows.items()]
    return [{"item_id": item, "question": question, "option": option} for (item, question), option in split]


def _shared(question: Data) -> Data:
    options = []
    for value, rule in question["options"].items():
        option = {"value": value, "label": rule["label"], "answers": _child_answers(rule["answers"])}
        if "leaves_out" in rule:
            option["leaves_out"] = rule["leaves_out"]
        options.append(option)
    return {"id": question["id"], "text": question["text"], "options": options}


def _questions(rows: list[Data], rules: Data) -> list[Data]:
    questions = []
    groups: dict[str, list[Data]] = {}
    for row in rows:
        if "choice_group" in row:
            groups.setdefault(row["choice_group"], []).append(row)
    for number, (group, members) in enumerate(groups.items(), start=1):
        options = [
            {
                "value": f"row{r['no']}",
                "label": rules[group]["labels"][r["no"]],
                "row": r["no"],
                "item_id": r["item_ids"][0],
            }
            for r in members
        ]
        basis = members[0]["choice_basis"]
        questions.append(
            {"id": f"choice{number}", "text": rules[group]["text"], "basis": basis, "options": options}
        )
    for row in rows:
        if "alternatives" in row:
            options = [
                {"value": item_id, "label": name, "row": row["no"], "item_id": item_id}
                for name, item_id in zip(row["alternatives"], row["item_ids"], strict=True)
            ]
            text = rules["退休类型"]["text"]
            basis = "原文在同一单元格以“/”并列"
            questions.append({"id": f"kind{row['no']}", "text": text, "basis": basis, "options": options})
    return questions


def package_items(seeds: Data, ids: dict[str, str]) -> list[Data]:
    """One bare item per id: name and department only."""
    items: dict[str, Data] = {}
    for package in seeds["packages"]:
        for row in package["items"]:
            for name in row.get("alternatives") or [row["item"]]:
                item_id = ids[folded(name)]
                items.setdefault(
                    item_id,
                    {"id": item_id, "name": name, "department": row["department"], "source": PACKAGE_SOURCE},
                )
    return list(items.values())


def changji_items(seeds: Data, layouts: Data, ids: dict[str, str]) -> list[Data]:
    """The businesses that 昌吉's plan names, by zone; names only, none twice."""
    rules = layouts["halls"]["changji"]
    items: list[Data] = []
    for zone in seeds["halls"]["changji"]["zones"]:
        no = zone["no"]
        if no in (4, 5):
            continue  # the plan says "items of these departments", it names none
        kinds: dict[str, str | None] = dict.fromkeys(zone["business"])
        for group in zone["windows"]:
            for name in group.get("business", []):
                kinds.setdefault(name, group["kind"])
        named = {
            n: k for n, k in kinds.items() if k not in ("综合咨询", "收费", "发证") and folded(n) not in ids
        }
        for place, (name, kind) in enumerate(named.items(), start=1):
            item = {
                "id": f"cj{no:02d}-{place:02d}",
                "name": name,
                "department": rules["business_departments"].get(name, rules["zone_departments"][no]),
                "source": CHANGJI_SOURCE,
                "halls": ["changji"],
                "zones": [f"Z{no:02d}"],
            }
            if kind == "行政处罚":
                item["item_type"] = "02"
            items.append(item)
    return sorted(items, key=lambda item: item["id"])


def sounds(items: list[Data]) -> Data:
    """Pinyin without tones and initials, so that no program needs the pinyin library to search."""
    found = {}
    for item in items:
        text = re.sub(r"[^0-9A-Za-z\u3400-\u9fff]", "", item["name"])
        full = lazy_pinyin(text, style=Style.NORMAL)
        initials = "".join(p if p.isascii() and not p.isalpha() else p[0] for p in full).lower()
        found[item["id"]] = {"pinyin": "".join(full).lower(), "initials": initials}
    return dict(sorted(found.items()))


def write(path: Path, data: Data) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds-data", type=Path, default=ROOT / "tests" / "resources" / "seeds_data.yaml")
    parser.add_argument("--out", type=Path, default=ROOT / "resources")
    options = parser.parse_args()
    seeds = yaml.safe_load(options.seeds_data.read_text(encoding="utf-8"))
    layouts = yaml.safe_load((ROOT / "tools" / "seed_layouts.yaml").read_text(encoding="utf-8"))
    ids = package_item_ids(seeds["packages"])
    catalogue = options.out / "catalogue"
    own_files = sorted(
        p for p in (ROOT / "resources/catalogue/items").glob("*.json") if not p.name.startswith("rows_")
    )
    guided = [item for path in own_files for item in json.loads(path.read_text(encoding="utf-8"))["items"]]
    guided_ids = {item["id"] for item in guided}
    bare = [item for item in package_items(seeds, ids) if item["id"] not in guided_ids]
    local = [item for item in changji_items(seeds, layouts, ids) if item["id"] not in guided_ids]
    packages = package_file(seeds, layouts, ids)
    named = [{"id": f"package:{p['no']}", "name": p["name"]} for p in packages["packages"]]
    write(catalogue / "packages.json", packages)
    write(catalogue / "items" / "rows_packages.json", {"items": bare})
    write(catalogue / "items" / "rows_changji.json", {"items": local})
    write(catalogue / "pinyin.json", sounds([*bare, *local, *guided, *named]))
    departments = sorted({item["department"] for item in [*package_items(seeds, ids), *guided]})
    for code in layouts["halls"]:
        write(
            options.out / "halls" / f"{code}.json",
            hall_profile(code, seeds, layouts, ids, local, departments),
        )
    print(f"{len(guided)} guides, {len(bare)} package items and {len(local)} local items without a guide")


if __name__ == "__main__":
    main()
