"""The installation guide's tables of machine.json: every field is in them, and their examples are understood."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from devices.doc_camera.address import parse_source
from devices.transport import parse_address
from sync.join_file import Child, JoinFile, Parent

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "install.zh.md").read_text("utf-8")
FIELDS = GUIDE.partition("### machine.json 的字段")[2].partition("`devices` 里的设备")[0]
DEVICES = GUIDE.partition("`devices` 里的设备")[2].partition("\n**")[0]
HEX = "64 位十六进制"


def rows(text: str) -> dict[str, list[str]]:
    """First name in a row -> its cells."""
    lines = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line] for line in lines]
    found = {row[0].split("`")[1]: row for row in cells}
    assert len(found) == len(cells), "a name stands twice"
    return found


def fields(model: type[BaseModel], before: str = "") -> set[str]:
    return {before + name for name in model.model_fields}


def test_every_field_is_in_the_table_and_nothing_else() -> None:
    nested = fields(Parent, "parent.") | fields(Child, "children[].")
    assert set(rows(FIELDS)) == fields(JoinFile) | nested
    required = {name for name, row in rows(FIELDS).items() if row[1].startswith("必填")}
    models: tuple[tuple[type[BaseModel], str], ...] = (
        (JoinFile, ""),
        (Parent, "parent."),
        (Child, "children[]."),
    )
    assert required == {
        before + name for m, before in models for name, field in m.model_fields.items() if field.is_required()
    }


def test_the_examples_make_a_join_file() -> None:
    def example(row: list[str]) -> Any:
        return "ab" * 32 if row[2] == HEX else json.loads(row[2].strip("`"))

    own: dict[str, Any] = {}
    parent: dict[str, Any] = {}
    child: dict[str, Any] = {}
    servers = ("parent", "peer", "standby")  # of the same three fields, which stand in the table once
    for name, row in rows(FIELDS).items():
        where, _, last = name.rpartition(".")
        if name not in (*servers, "children"):
            {"": own, "parent": parent, "children[]": child}[where][last] = example(row)
    text = json.dumps(own | dict.fromkeys(servers, parent) | {"children": [child]})
    assert JoinFile.model_validate_json(text).node_id == child["node_id"]


def test_every_device_that_the_apps_look_for_is_in_the_table() -> None:
    sources = "".join(
        (ROOT / path).read_text("utf-8")
        for path in ("counter_app/start.py", "kiosk_app/backend/equipment.py")
    )
    asked = set(re.findall(r'devices\.get\("(\w+)"', sources))
    asked |= set(re.findall(r'_address\(join, "(\w+)"', sources))
    assert asked == set(rows(DEVICES))


def test_the_addresses_in_the_table_are_understood() -> None:
    examples = {name: row[3].strip("`") for name, row in rows(DEVICES).items()}
    parse_source(examples["camera"])
    for name in ("id_reader", "pad", "ticket_printer"):
        parse_address(examples[name])
    assert examples["a4_printer"].startswith("cups:")


@pytest.mark.parametrize("line", re.findall(r'^\.run/venv/bin/python -c "(.+?)"', GUIDE, re.MULTILINE))
def test_the_command_in_the_guide_makes_keys(line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    private, public = done.stdout.split()
    assert private != public
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in (private, public))


def test_the_guide_has_a_command_for_each_kind_of_key() -> None:
    assert len(re.findall(r'^\.run/venv/bin/python -c "', GUIDE, re.MULTILINE)) == 2
