"""Records of a dossier in words, for who has to judge them without having seen them made."""

from collections.abc import Mapping

from hall.journal.canonical import JsonValue

KIND_ZH = {
    "ticket": "排队号",
    "visit": "凭号票办理",
    "case": "办件",
    "package": "一件事套餐",
    "errand": "来件",
    "delivery": "出件",
    "rating": "评价",
    "machine": "设备自身记录",
}
_TYPE_ZH = {
    "dossier.opened": "建立",
    "dossier.offered": "交出",
    "dossier.moved": "移交",
    "offer.withdrawn": "收回交出",
    "ticket.issued": "取号",
    "ticket.called": "呼叫",
    "ticket.started": "开始办理",
    "ticket.held": "挂起",
    "ticket.missed": "过号",
    "ticket.done": "办完",
    "ticket.transferred": "转窗",
    "visit.opened": "凭号票开始办理",
    "visit.done": "办完",
    "case.opened": "新建办件",
    "case.applicant_set": "登记申请人",
    "case.scenario_answered": "确定材料清单",
    "material.presented": "收材料",
    "material.checked": "核材料",
    "page.attached": "扫描一页",
    "page.removed": "删去一页",
    "case.received": "收件（收件凭证）",
    "case.accepted": "受理（受理通知书）",
    "case.correction_issued": "补正告知",
    "case.correction_returned": "补正收齐",
    "case.refused": "不予受理",
    "case.withdrawn": "撤回申请",
    "case.terminated": "终止办理",
    "case.voided": "作废",
    "case.dispatched": "分派部门",
    "case.decided": "作出决定",
    "errand.opened": "登记来件",
    "errand.handed_in": "收下来件",
    "window.opened": "开窗",
    "window.paused": "暂停窗口",
    "window.closed": "关窗",
    "slip.printed": "打印号票",
    "claim.answered": "接件回执",
    "paper.printed": "打印文书",
    "rating.given": "评价",
}
_PAPERS = ("case.received", "case.accepted", "case.correction_issued", "case.refused", "errand.handed_in")


def kind_zh(kind: str) -> str:
    return KIND_ZH.get(kind, "卷宗")


def record_zh(type_name: str) -> str:
    name = type_name.partition("/")[0]
    return _TYPE_ZH.get(name, name)


def gives_paper(type_name: str) -> bool:
    return type_name.partition("/")[0] in _PAPERS


def title_of(data: Mapping[str, JsonValue], type_name: str) -> str:
    """What a first record says its dossier is about; empty where it says nothing."""
    match type_name.partition("/")[0]:
        case "case.opened":
            item = data.get("item")
            name = item.get("name", "") if isinstance(item, dict) else ""
            return f"{data.get('case_no', '')}　{name}"
        case "ticket.issued":
            return f"{data.get('number', '')}　{data.get('matter', '')}"
        case "visit.opened":
            return f"{data.get('number', '')}"
        case "errand.opened":
            return f"{data.get('case_no', '')}"
    return ""
