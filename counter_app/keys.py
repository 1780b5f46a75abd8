"""Every command of the counter: its key, its words, and the initials that Ctrl+K finds it by."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    HELP = "help"
    CALL_NEXT = "call_next"
    RECALL = "recall"
    MISS = "miss"
    START = "start"
    HOLD = "hold"
    NOTICE = "notice"
    CAPTURE = "capture"
    MAIN = "main"
    PRINT = "print"
    RATE = "rate"
    DONE = "done"
    FIND = "find"
    TRANSFER = "transfer"
    QUEUE_LIST = "queue_list"
    SLIP = "slip"
    NEW_CASE = "new_case"
    NEXT_CASE = "next_case"
    READ_CARD = "read_card"
    AGENT = "agent"
    ENLARGE = "enlarge"
    DISPATCH = "dispatch"
    CORRECTIONS = "corrections"
    DELIVERY = "delivery"
    CITIZEN_SIGN = "citizen_sign"
    EXCHANGE = "exchange"
    STAND_IN = "stand_in"
    LOST_CASE = "lost_case"
    LOCK = "lock"
    BACK = "back"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`initials` are the pinyin initials of `text` (hanzi only); a test compares them with pypinyin."""

    action: Action
    key: str
    text: str
    initials: str
    group: str


KEYS = (
    KeyRow(Action.CALL_NEXT, "F2", "呼叫下一位", "hjxyw", "叫号"),
    KeyRow(Action.RECALL, "F3", "再呼一次", "zhyc", "叫号"),
    KeyRow(Action.MISS, "F4", "过号", "gh", "叫号"),
    KeyRow(Action.START, "F5", "开始办理", "ksbl", "叫号"),
    KeyRow(Action.HOLD, "F6", "挂起", "gq", "叫号"),
    KeyRow(Action.DONE, "F12", "结束本号", "jsbh", "叫号"),
    KeyRow(Action.TRANSFER, "Ctrl+T", "转到其他队列", "zdqtdl", "叫号"),
    KeyRow(Action.QUEUE_LIST, "Ctrl+L", "到等候名单", "ddhmd", "叫号"),
    KeyRow(Action.SLIP, "Ctrl+S", "扫号票办理", "shpbl", "叫号"),
    KeyRow(Action.NEW_CASE, "Ctrl+N", "再办一件", "zbyj", "收件"),
    KeyRow(Action.NEXT_CASE, "Ctrl+Tab", "下一个办件", "xygbj", "收件"),
    KeyRow(Action.READ_CARD, "Ctrl+I", "读身份证", "dsfz", "收件"),
    KeyRow(Action.AGENT, "Ctrl+G", "由代理人办理", "ydlrbl", "收件"),
    KeyRow(Action.CAPTURE, "F8", "拍摄", "ps", "收件"),
    KeyRow(Action.NOTICE, "F7", "一次性告知", "ycxgz", "收件"),
    KeyRow(Action.MAIN, "F9", "办这一步", "bzyb", "收件"),
    KeyRow(Action.PRINT, "F10", "打印", "dy", "收件"),
    KeyRow(Action.DISPATCH, "Ctrl+P", "派件情况", "pjqk", "收件"),
    KeyRow(Action.CORRECTIONS, "Ctrl+B", "收补正材料", "sbzcl", "其他"),
    KeyRow(Action.DELIVERY, "Ctrl+D", "出件", "cj", "其他"),
    KeyRow(Action.CITIZEN_SIGN, "Ctrl+E", "请群众签字", "qqzqz", "其他"),
    KeyRow(Action.ENLARGE, "Ctrl+O", "放大查看", "fdck", "其他"),
    KeyRow(Action.RATE, "F11", "请群众评价", "qqzpj", "其他"),
    KeyRow(Action.FIND, "Ctrl+K", "查找", "cz", "其他"),
    KeyRow(Action.EXCHANGE, "Ctrl+R", "数据收发", "sjsf", "其他"),
    KeyRow(Action.STAND_IN, "Ctrl+J", "备用节点", "byjd", "其他"),
    KeyRow(Action.LOST_CASE, "Ctrl+Y", "补录和收回", "blhsh", "其他"),
    KeyRow(Action.LOCK, "Ctrl+Q", "锁屏", "sp", "其他"),
    KeyRow(Action.HELP, "F1", "按键一览", "ajyl", "其他"),
    KeyRow(Action.BACK, "Esc", "返回", "fh", "其他"),
)


_OF_A_FIELD = {Action.SAVE: "回车"}
"""Keys that the field which is typed in takes itself: shown on a button, no shortcut of the window."""


def key_of(action: Action) -> str:
    """The key as it is printed on the button."""
    return _OF_A_FIELD.get(action) or next(row.key for row in KEYS if row.action is action)
