"""What a 补正告知书 says of one defect: what is wrong stands apart from what to bring."""

from hall.papers.content import Defect

OTHER = "其他"
"""The name under which a defect stands that belongs to no material of the list."""
_TURNS = ("，请", "。请", "；请", "\n请", ",请", ";请")
"""Where a clerk's words turn from what is wrong to what to do."""
_MARKS = "，。；,; \n"
_ASKS = {True: "请补交", False: "请改正后再交", None: "请补交或改正"}
"""By what the fact says of the material: never handed in, handed in and wrong, not said (an older record)."""


def defect_of(material: str, text: str, missing: bool | None) -> Defect:
    """The clerk's text cut where it turns to what to do; the demand names the material and says each thing once."""
    problem, how = _parted(text)
    ask = (
        f"{_ASKS[missing]}：{material}。"
        if material != OTHER
        else ""
        if how
        else "请按左栏所列补齐或者改正。"
    )
    return Defect(material, problem or _NOT_RIGHT[missing], f"{ask}{how}")


_NOT_RIGHT = {True: "没有提交", False: "不符合要求", None: "不齐全或者不符合要求"}
"""Where the clerk wrote only what to do."""


def _parted(text: str) -> tuple[str, str]:
    """「没有签名」 and 「请申请人签名。」"""
    text = text.strip()
    if text.startswith("请"):
        return "", _ended(text)
    at = min((found for turn in _TURNS if (found := text.find(turn)) > 0), default=-1)
    if at < 0:
        return text, ""
    return text[:at].rstrip(_MARKS), _ended(text[at + 1 :])


def _ended(text: str) -> str:
    return text.rstrip(_MARKS) + "。"
