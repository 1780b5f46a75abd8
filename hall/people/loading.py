"""Reads the staff and authorisations of a hall from resource files and checks them against its profile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter, ValidationError

from hall.catalogue.hall_profile import FORBID_UNKNOWN_KEYS, HallProfile
from hall.people.model import Staff
from hall.people.powers import Authorisation


class PeopleFileError(Exception):
    """A file of staff or letters cannot be used; the text names file, place and reason in Chinese."""


@dataclass(frozen=True, slots=True)
class HallPeople:
    """Staff and letters of one hall. `demo`: invented people and letters, never to be used in a real hall."""

    hall: str
    demo: bool
    staff: tuple[Staff, ...]
    authorisations: tuple[Authorisation, ...]

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


def load_people(resources: Path, profile: HallProfile) -> HallPeople:
    """Read resources/halls/people/<code>.json. Raises PeopleFileError."""
    path = resources / "halls" / "people" / f"{profile.code}.json"
    try:
        people = TypeAdapter(HallPeople).validate_json(path.read_bytes(), strict=True)
    except OSError as error:
        raise PeopleFileError(f"{path.name} 无法读取：{error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(f"第{p + 1}项" if isinstance(p, int) else f"“{p}”" for p in first["loc"])
        raise PeopleFileError(f"{path.name} {place}：{first['msg']}") from error
    _check(path.name, people, profile)
    return people


def _check(file: str, people: HallPeople, profile: HallProfile) -> None:
    if people.hall != profile.code:
        raise PeopleFileError(f"{file} 属于大厅“{people.hall}”，不是“{profile.code}”")
    zones = {zone.code for zone in profile.zones}
    ids = {person.id for person in people.staff}
    for person in people.staff:
        unknown = [c.zone_code for c in person.certificates if c.zone_code not in zones]
        if unknown:
            raise PeopleFileError(f"{file} {person.employee_no} 的上岗考核区域“{unknown[0]}”不存在")
        if person.stands_in_for is not None and person.stands_in_for not in ids:
            raise PeopleFileError(f"{file} {person.employee_no} 的A岗人员不存在")
    groups = {group.code for _, group in profile.groups()}
    for letter in people.authorisations:
        missing = [code for code in letter.groups or () if code not in groups]
        if missing:
            raise PeopleFileError(f"{file} 授权书{letter.letter_no} 的窗口组“{missing[0]}”不存在")
        if letter.valid_to is not None and letter.valid_to < letter.valid_from:
            raise PeopleFileError(f"{file} 授权书{letter.letter_no} 的有效期不正确")
    names = [p.id for p in people.staff] + [a.id for a in people.authorisations]
    twice = [value for value, n in Counter(names).items() if n > 1]
    if twice:
        raise PeopleFileError(f"{file} 编号“{twice[0]}”重复")
