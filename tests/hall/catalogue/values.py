"""Small invented values for catalogue tests."""

from hall.calendar.legal_time import Limit
from hall.catalogue.model import (
    ApplicantKind,
    CaseType,
    Fee,
    ItemGuide,
    ItemType,
    MaterialRequirement,
    Option,
    ProcessStep,
    ReviewHandbook,
    ScenarioQuestion,
    ServiceItem,
)


def material(id: str, name: str = "", required_if: str | None = None, **more: object) -> MaterialRequirement:
    values: dict[str, object] = {
        "content": "试",
        "issuer": "试",
        "original_n": 1,
        "copy_n": 0,
        "electronic_ok": True,
        "principal": True,
        "review_points": ("看",),
        "sample": "样",
    }
    return MaterialRequirement(id=id, name=name or id, required_if=required_if, **(values | more))  # type: ignore[arg-type]


def question(id: str, *values: str, ask_if: str | None = None, stop: str | None = None) -> ScenarioQuestion:
    """The last value stops the scenario when `stop` is given."""
    options = tuple(Option(v, v, stop if stop and v == values[-1] else None) for v in values)
    return ScenarioQuestion(id, f"问{id}", options, ask_if)


def guide(**more: object) -> ItemGuide:
    values: dict[str, object] = {
        "objects_text": "自然人",
        "basis": ("某法第一条",),
        "conditions": ("年满十八周岁",),
        "materials": (material("form", "申请表"),),
        "process": (ProcessStep("受理", "窗口", "当场"),),
        "statutory_limit": Limit(20),
        "statutory_note": "",
        "promised_limit": Limit(5),
        "fee": Fee(False, "不收费"),
        "discretion": "符合条件即办理",
        "result_name": "批文",
        "result_kind": "批文",
        "review": ReviewHandbook("当场", "齐全", ("看",), "齐全即受理"),
        "place": "大厅",
        "time": "工作日",
        "phone": "待补充",
        "supervision": "12345",
    }
    return ItemGuide(**(values | more))  # type: ignore[arg-type]


def item(id: str = "t-1", name: str = "试办事项", department: str = "公安局", **more: object) -> ServiceItem:
    values: dict[str, object] = {
        "item_type": ItemType.LICENCE,
        "case_type": CaseType.COMMITTED,
        "objects": (ApplicantKind.PERSON,),
        "guide": guide(),
    }
    return ServiceItem(id=id, name=name, department=department, source="试", **(values | more))  # type: ignore[arg-type]
