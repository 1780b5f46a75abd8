"""Reads hall profiles and the catalogue from resource files; says file, place and reason of every mistake."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from hall.calendar.loading import hall_layer, load_layer
from hall.calendar.model import DayEntry, WorkCalendar
from hall.catalogue.catalogue import HallCatalogue
from hall.catalogue.hall_profile import FORBID_UNKNOWN_KEYS, HallProfile
from hall.catalogue.model import Package, ServiceItem
from hall.catalogue.package_scenario import check_shared
from hall.catalogue.publish import can_go_live
from hall.catalogue.queues import routes_for
from hall.catalogue.scenario import ConditionWrong, check_scenario
from hall.catalogue.window_layout import lay_out_windows

T = TypeVar("T")
HALL_CODES: Final = ("changji", "zhaohua", "kashi", "heshuo", "wushen")
_SERIES: Final = re.compile(r"[A-Z]{1,2}")


class CatalogueFileError(Exception):
    """A resource file cannot be used; the text names file, place and reason in Chinese."""


@dataclass(frozen=True, slots=True)
class _Items:
    items: tuple[ServiceItem, ...]
    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class _Packages:
    source: str
    packages: tuple[Package, ...]
    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class _Sound:
    pinyin: str
    initials: str
    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


def resources_dir() -> Path:
    """The resources folder beside the packages, in a checkout and in the frozen program alike."""
    return Path(__file__).resolve().parents[2] / "resources"


def load_profile(path: Path) -> HallProfile:
    """Read a hall profile and lay out its windows. Raises CatalogueFileError."""
    profile = _read(path, TypeAdapter(HallProfile))
    if profile.windows:
        raise CatalogueFileError(f"{path.name} 不应包含“windows”：窗口由区域和组推算")
    series = [queue.series for _, group in profile.groups() for queue in group.queues]
    series += [kiosk.own_series for kiosk in profile.kiosks]
    for letters in series:
        if not _SERIES.fullmatch(letters):
            raise CatalogueFileError(f"{path.name} 号码系列“{letters}”应为1至2个大写字母")
    _unique(path.name, "号码系列", series)
    _unique(path.name, "区域编号", (zone.code for zone in profile.zones))
    _unique(path.name, "窗口组编号", (group.code for _, group in profile.groups()))
    _unique(path.name, "日历日期", (str(d.day) for d in profile.calendar_days))
    _unique(path.name, "单位名称", (department.name for department in profile.departments))
    return replace(profile, windows=lay_out_windows(profile.code, profile.zones))


def load_profiles(resources: Path) -> tuple[HallProfile, ...]:
    """The five halls in the order of HALL_CODES."""
    return tuple(load_profile(resources / "halls" / f"{code}.json") for code in HALL_CODES)


def load_items(resources: Path) -> tuple[ServiceItem, ...]:
    """Every item of resources/catalogue/items, checked. Raises CatalogueFileError."""
    folder = resources / "catalogue" / "items"
    adapter = TypeAdapter(_Items)
    sounds = _sounds(resources)
    found: list[ServiceItem] = []
    for path in sorted(folder.glob("*.json")):
        for item in _read(path, adapter).items:
            _check_item(path, item)
            sound = _sound(sounds, item.id, item.name)
            found.append(replace(item, pinyin=sound.pinyin, initials=sound.initials))
    _unique("事项文件", "事项编号", (item.id for item in found))
    return tuple(found)


def load_packages(resources: Path) -> tuple[Package, ...]:
    """The packages, verbatim cells and resolved departments. Raises CatalogueFileError."""
    path = resources / "catalogue" / "packages.json"
    packages = _read(path, TypeAdapter(_Packages)).packages
    _unique(path.name, "套餐序号", (str(package.no) for package in packages))
    for package in packages:
        _check_package(path, package)
    sounds = _sounds(resources)
    return tuple(replace(p, initials=_sound(sounds, f"package:{p.no}", p.name).initials) for p in packages)


def _sounds(resources: Path) -> dict[str, _Sound]:
    return _read(resources / "catalogue" / "pinyin.json", TypeAdapter(dict[str, _Sound]))


def _sound(sounds: dict[str, _Sound], key: str, name: str) -> _Sound:
    sound = sounds.get(key)
    if sound is None:
        raise CatalogueFileError(f"pinyin.json 缺少事项“{name}”（{key}）的拼音")
    return sound


def load_hall_catalogue(resources: Path, hall_code: str) -> HallCatalogue:
    """Profile, items offered by the hall, and packages, checked against each other. Raises
    CatalogueFileError.
    """
    path = resources / "halls" / f"{hall_code}.json"
    profile = load_profile(path)
    every = load_items(resources)
    packages = load_packages(resources)
    ids = {item.id for item in every}
    for package in packages:
        missing = [item_id for item_id in package.item_ids() if item_id not in ids]
        if missing:
            raise CatalogueFileError(f"packages.json 套餐“{package.name}”引用了不存在的事项 {missing[0]}")
        try:
            check_shared(package, {item.id: item for item in every})
        except ConditionWrong as error:
            raise CatalogueFileError(f"packages.json 套餐“{package.name}”：{error}") from error
    own = {queue.series for _, group in profile.groups() for queue in group.queues}
    for _, group in profile.groups():
        if not set(group.relieves) <= own:
            raise CatalogueFileError(f"{path.name} 窗口组 {group.code} 的“relieves”引用了不存在的号码系列")
        missing = [item_id for item_id in group.serves_items if item_id not in ids]
        if missing:
            raise CatalogueFileError(f"{path.name} 窗口组 {group.code} 引用了不存在的事项 {missing[0]}")
    items = tuple(item for item in every if routes_for(profile, item))
    known = {item.id: item for item in every if item.halls is None or hall_code in item.halls}
    catalogue = HallCatalogue(profile, items, packages, MappingProxyType(known))
    if profile.live and (reasons := can_go_live(profile, catalogue).reasons):
        raise CatalogueFileError(f"{path.name} 写明正式运行（live），但还不能：{'；'.join(reasons)}")
    return catalogue


def load_calendar(resources: Path, profile: HallProfile) -> WorkCalendar:
    """The hall's calendar: national layer, its region's when it has one, and the hall's own days."""
    folder = resources / "calendar"
    region = (
        load_layer(folder / f"region_{profile.calendar_region}.json") if profile.calendar_region else None
    )
    own = hall_layer({d.day: DayEntry(d.kind, d.name) for d in profile.calendar_days})
    return WorkCalendar(load_layer(folder / "national.json"), region, own)


def _check_item(path: Path, item: ServiceItem) -> None:
    if item.guide is not None:
        _unique(path.name, f"事项“{item.name}”的材料编号", (m.id for m in item.guide.materials))
        for number, material in enumerate(item.guide.materials, start=1):
            if material.original_n < 0 or material.copy_n < 0:
                raise CatalogueFileError(f"{path.name} 第{number}项材料“{material.name}”的份数不能为负")
            if not (material.original_n or material.copy_n or material.electronic_ok):
                raise CatalogueFileError(
                    f"{path.name} 第{number}项材料“{material.name}”没有份数也不收电子证照"
                )
    try:
        check_scenario(item)
    except ConditionWrong as error:
        raise CatalogueFileError(f"{path.name} 事项“{item.name}”：{error}") from error


def _check_package(path: Path, package: Package) -> None:
    rows = {row.no: row for row in package.rows}
    for row in package.rows:
        place = f"{path.name} 套餐“{package.name}”第{row.no}行"
        if len(row.item_ids) != max(1, len(row.alternatives)):
            raise CatalogueFileError(f"{place}的事项编号与可选事项数量不符")
        if any(no not in rows or no == row.no for no in row.waits_for):
            raise CatalogueFileError(f"{place}的前置行不存在")
    for question in package.questions:
        for option in question.options:
            if option.row not in rows or option.item_id not in rows[option.row].item_ids:
                raise CatalogueFileError(f"{path.name} 套餐“{package.name}”的选项“{option.label}”无对应行")


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CatalogueFileError(f"{path.name} 无法读取：{error.strerror}") from error
    try:
        return adapter.validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(f"第{p + 1}项" if isinstance(p, int) else f"“{p}”" for p in first["loc"])
        more = f"（共{error.error_count()}处）" if error.error_count() > 1 else ""
        raise CatalogueFileError(
            f"{path.name} {place}：{_reason(first['type'], first['msg'])}{more}"
        ) from error


def _reason(kind: str, message: str) -> str:
    reasons = {
        "missing": "缺少此项",
        "unexpected_keyword_argument": "不认识的字段",
        "string_type": "应为文字",
        "int_type": "应为整数",
        "bool_type": "应为 true 或 false",
        "enum": "不在允许的取值之内",
        "json_invalid": "不是有效的JSON",
        "dataclass_type": "应为对象",
        "tuple_type": "应为列表",
    }
    return reasons.get(kind, message)


def _unique(file: str, what: str, values: Iterable[str]) -> None:
    twice = [value for value, n in Counter(values).items() if n > 1]
    if twice:
        raise CatalogueFileError(f"{file} {what}“{twice[0]}”重复")
