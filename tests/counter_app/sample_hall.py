"""What the fake hall offers: two items, a package's materials, the five levels. All invented."""

from dataclasses import replace

from counter_app.rating.ports import RatingLevelRow
from counter_app.take_in.ports import ItemRow, MaterialRow, Option, Question
from counter_app.values import ItemId, MaterialId

ITEMS = (
    ItemRow(ItemId("birth"), "新生儿出生“一件事”", "", "公安局", "承诺件", "5 个工作日", 6, "xsecsyjs"),
    ItemRow(
        ItemId("shop"),
        "个体工商户设立登记",
        "11650000",
        "市场监督管理局",
        "即办件",
        "当场办结",
        0,
        "gtgshsldj",
    ),
)
BIRTH_QUESTIONS = (
    Question("q1", "孩子随谁落户？", (Option("father", "父亲"), Option("mother", "母亲"))),
    Question("q2", "父母是否已办结婚登记？", (Option("yes", "是"), Option("no", "否"))),
)


def material(number: int, name: str, **more: object) -> MaterialRow:
    return replace(MaterialRow(MaterialId(f"m{number}"), name), **more)  # type: ignore[arg-type]


BIRTH_MATERIALS = (
    material(1, "父亲身份证", shared_by=3, copies_needed=1, electronic_ok=True),
    material(2, "出生医学证明（副页）", review_points=("签发单位有印章", "新生儿姓名与申请表一致")),
    material(3, "预防接种证", tolerable=True),
    material(4, "结婚证", waivable="数据共享"),
)
RATING_LEVELS = (
    RatingLevelRow(5, "非常满意", "mood-happy"),
    RatingLevelRow(4, "满意", "mood-smile"),
    RatingLevelRow(3, "基本满意", "mood-neutral"),
    RatingLevelRow(2, "不满意", "mood-sad", ((210, "材料要求说不清"), (211, "等候时间太长"))),
    RatingLevelRow(1, "非常不满意", "mood-angry", ((110, "态度不好"), (111, "多次往返"))),
)
