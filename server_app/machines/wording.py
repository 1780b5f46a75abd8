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
    "paper.printed": "打印文书",
    "claim.answered": "接件回执",
    "dossier.seized": "收回",
    "dossier.erased": "删去密钥",
    "late.adopted": "采纳迟到的记录",
    "late.rejected": "不采纳迟到的记录",
    "fork.found": "发现两份不同的记录",
    "origin.closed": "停用机器",
    "tail.adopted": "采纳停用机器的记录",
    "tail.rejected": "不采纳停用机器的记录",
    "machine.confirmed": "确认沿用机器",
    "ticket.reactivated": "过号激活",
    "ticket.requeued": "重新排队",
    "ticket.put_on_top": "优先",
    "ticket.cancelled": "取消号",
    "ticket.expired": "号过期",
    "ticket.voided": "号作废",
    "ticket.served_by_slip": "凭号票办理",
    "series.voided": "一批号作废",
    "ticket_request.made": "申请取号",
    "ticket_request.ended": "取号申请结束",
    "slip.begun": "开始打印号票",
    "window.resumed": "恢复窗口",
    "day.opened": "开始营业日",
    "node.replaced": "备用节点接替",
    "node.tail_handed_over": "原节点交出记录",
    "node.served_unheard": "未联系上别人就开始服务",
    "delivery.opened": "建立出件",
    "delivery.arrived": "结果到窗口",
    "delivery.ready": "可以领取",
    "delivery.receiver_checked": "核对领取人",
    "delivery.proof_issued": "出具领取凭据",
    "delivery.handed_over": "交给领取人",
    "delivery.put_in_locker": "放入自助柜",
    "delivery.picked": "从自助柜取走",
    "delivery.locker_timeout": "自助柜超时未取",
    "delivery.packed": "装封",
    "delivery.mailed": "寄出",
    "delivery.mail_signed": "邮件签收",
    "delivery.mail_returned": "邮件退回",
    "delivery.published": "公告送达",
    "rating.requested": "请群众评价",
    "rating.submitted": "评价",
    "rating.timed_out": "没有评价",
    "rating.declined": "不评价",
    "rectification.opened": "差评整改",
    "rectification.moved": "整改进展",
    "case.result_ready": "结果做好",
    "case.delivered": "送达",
    "case.taken": "部门接件",
    "case.sent_back": "退回窗口",
    "case.step_recorded": "记录审批步骤",
    "case.special_started": "开始特别程序",
    "case.special_ended": "特别程序结束",
    "case.limit_extended": "延长期限",
    "case.sent_up": "报送上级",
    "case.reentered": "补录",
    "case.precheck_asked": "请部门预审",
    "case.precheck_passed": "预审通过",
    "case.forwarded": "转出",
    "case.errand_answered": "答复来件",
    "case.round_opinion": "一件事补正意见",
    "case.left_out": "不进一件事",
    "package.opened": "建立一件事",
    "package.defects_filed": "汇总补正意见",
    "package.round_closed": "补正轮结束",
    "paper.print_begun": "开始打印文书",
    "number.drawn": "编文号",
    "page.ordered": "调整页序",
    "errand.page_attached": "来件扫描一页",
    "errand.page_removed": "来件删去一页",
    "errand.pages_ordered": "来件调整页序",
    "errand.taken": "接收来件",
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
