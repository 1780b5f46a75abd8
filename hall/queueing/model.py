"""The ticket's state machine. Pure: no clock, no SQL.

States and moves: domain.md 7.1; recall and re-activation R26. The waiting order (R27) stands in views.
"""

import re
from enum import Enum

from hall.journal.refusal import Refusal

MAX_CALLS = 3
REACTIVATE_WITHIN_MS = 30 * 60 * 1000
REACTIVATE_LAST = 3
MISSED_RULE_ZH = (
    f"叫号{MAX_CALLS}次没到就作废；{REACTIVATE_WITHIN_MS // 60_000}分钟内回来，到窗口说一声就能恢复一次"
)
"""As slips and displays tell it."""
CORRECTION_ZH = "交补正材料"
"""The matter of a number for handing in what a correction notice asked for; such a number names no item."""
SLIP_PREFIX = "YC1:T:"
"""QR code of a slip: YC1:T:<ticket dossier>:<number>. No personal data."""
MAX_SLIP_CODE = 120
OWN = "-own"
"""A request id names the ticket that the node issues; with this behind it, the one that the kiosk issues in its
own series when the node does not answer (decision 0014)."""
_SLIP_CODE = re.compile(
    re.escape(SLIP_PREFIX) + r"([0-9a-z-]+):([a-z]{1,3}[0-9]{3,6})", re.ASCII | re.IGNORECASE
)


class TicketState(Enum):
    """排队号的状态."""

    BOOKED = "booked"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    MISSED = "missed"
    TRANSFERRED = "transferred"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class TicketAct(Enum):
    """What can be done with a ticket."""

    CHECK_IN = "check_in"
    CALL = "call"
    RECALL = "recall"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    MISS = "miss"
    REACTIVATE = "reactivate"
    TRANSFER = "transfer"
    REQUEUE = "requeue"
    DONE = "done"
    CANCEL = "cancel"
    EXPIRE = "expire"
    VOID = "void"
    SERVED_BY_SLIP = "served_by_slip"


class Outcome(Enum):
    """What the service at the window ended with."""

    ACCEPTED = "accepted"
    PICKUP = "pickup"
    CONSULT = "consult"
    PAY = "pay"
    OTHER = "other"
    WRONG_QUEUE = "wrong_queue"


class Priority(Enum):
    """Why a ticket goes before others (S1 L60)."""

    NONE = "none"
    ELDER = "elder"
    SOLDIER = "soldier"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    RESCUE = "rescue"


class Source(Enum):
    """Where a ticket was issued."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    GUIDE = "guide"


_S, _A = TicketState, TicketAct
TRANSITIONS: dict[tuple[TicketState, TicketAct], TicketState] = {
    (_S.BOOKED, _A.CHECK_IN): _S.WAITING,
    (_S.BOOKED, _A.EXPIRE): _S.EXPIRED,
    (_S.WAITING, _A.CALL): _S.CALLED,
    (_S.WAITING, _A.CANCEL): _S.CANCELLED,
    (_S.WAITING, _A.EXPIRE): _S.EXPIRED,
    (_S.CALLED, _A.RECALL): _S.CALLED,
    (_S.CALLED, _A.START): _S.SERVING,
    (_S.CALLED, _A.MISS): _S.MISSED,
    (_S.CALLED, _A.EXPIRE): _S.EXPIRED,
    (_S.MISSED, _A.REACTIVATE): _S.WAITING,
    (_S.MISSED, _A.EXPIRE): _S.EXPIRED,
    (_S.SERVING, _A.HOLD): _S.HELD,
    (_S.SERVING, _A.TRANSFER): _S.TRANSFERRED,
    (_S.SERVING, _A.DONE): _S.DONE,
    (_S.SERVING, _A.EXPIRE): _S.EXPIRED,
    (_S.HELD, _A.RESUME): _S.CALLED,
    (_S.HELD, _A.EXPIRE): _S.EXPIRED,
    (_S.TRANSFERRED, _A.REQUEUE): _S.WAITING,
    (_S.TRANSFERRED, _A.EXPIRE): _S.EXPIRED,
    (_S.WAITING, _A.VOID): _S.EXPIRED,
    (_S.CALLED, _A.VOID): _S.EXPIRED,
    (_S.SERVING, _A.VOID): _S.EXPIRED,
    (_S.HELD, _A.VOID): _S.EXPIRED,
    (_S.MISSED, _A.VOID): _S.EXPIRED,
    (_S.TRANSFERRED, _A.VOID): _S.EXPIRED,
    (_S.BOOKED, _A.VOID): _S.EXPIRED,
    # a person who was served by the slip in hand is served, whoever called them meanwhile
    (_S.WAITING, _A.SERVED_BY_SLIP): _S.DONE,
    (_S.CALLED, _A.SERVED_BY_SLIP): _S.DONE,
    (_S.MISSED, _A.SERVED_BY_SLIP): _S.DONE,
    (_S.HELD, _A.SERVED_BY_SLIP): _S.DONE,
}

STATE_ZH = {
    _S.BOOKED: "已预约",
    _S.WAITING: "等待",
    _S.CALLED: "呼叫中",
    _S.SERVING: "办理中",
    _S.HELD: "挂起",
    _S.MISSED: "过号",
    _S.TRANSFERRED: "转窗中",
    _S.DONE: "完成",
    _S.CANCELLED: "已退号",
    _S.EXPIRED: "已作废",
}

_ACT_ZH = {
    _A.CHECK_IN: "签到",
    _A.CALL: "呼叫",
    _A.RECALL: "重呼",
    _A.START: "开始办理",
    _A.HOLD: "挂起",
    _A.RESUME: "恢复",
    _A.MISS: "过号",
    _A.REACTIVATE: "恢复排队",
    _A.TRANSFER: "转窗",
    _A.REQUEUE: "重新排队",
    _A.DONE: "完成",
    _A.CANCEL: "退号",
    _A.EXPIRE: "作废",
    _A.VOID: "作废",
    _A.SERVED_BY_SLIP: "凭号票办理",
}

OPEN_STATES = (_S.BOOKED, _S.WAITING, _S.CALLED, _S.SERVING, _S.HELD, _S.MISSED, _S.TRANSFERRED)


def advance(state: TicketState, act: TicketAct) -> TicketState:
    """The state after `act`. Raises Refusal with the reason."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refusal("ticket_state", f"号票{STATE_ZH[state]}，不能{_ACT_ZH[act]}。") from None


def may_recall(calls: int) -> None:
    """Raises Refusal after the third call (R26)."""
    if calls >= MAX_CALLS:
        raise Refusal("called_enough", "已呼叫三次，请按过号处理。")


def may_miss(calls: int, reason: str) -> None:
    """A number is missed after three calls, or earlier with a reason."""
    if calls < MAX_CALLS and not reason.strip():
        raise Refusal("miss_too_early", "未满三次呼叫，过号请写明原因。")


def may_reactivate(*, missed_ago_ms: int, missed_after: int, already: bool) -> None:
    """R26: once, within 30 minutes or while among the last three missed numbers."""
    if already:
        raise Refusal("reactivated_before", "本号已恢复过一次，请重新取号。")
    if missed_ago_ms > REACTIVATE_WITHIN_MS and missed_after >= REACTIVATE_LAST:
        raise Refusal("reactivate_late", "过号时间已久，请重新取号。")


NUMBERS_A_TURN = 500


def next_in_turn(last: int, turn: int) -> int:
    """The number after `last` (0: none yet) that this one of a pair of nodes may give.

    The first node has 1-499, 1000-1499 and so on, the standby 500-999, 1500-1999: whatever the one has given
    while nobody heard it, the other never prints the same number.
    """
    following = last + 1 if last else max(1, turn * NUMBERS_A_TURN)
    if following // NUMBERS_A_TURN % 2 != turn:
        following += NUMBERS_A_TURN
    return following


def ticket_number(series: str, seq: int) -> str:
    """Series letter and three digits; more digits after 999, never a repeated number."""
    return f"{series}{seq:03d}"


def slip_code(ticket: str, number: str) -> str:
    """What the QR code of a slip holds: the claim that a window without the node serves."""
    return f"{SLIP_PREFIX}{ticket}:{number}"


def read_slip_code(text: str) -> tuple[str, str] | None:
    """(ticket dossier, number) of a scanned code; None for a text that is no slip.

    A scanner is a keyboard: with Caps Lock on it types the code in the other case.
    """
    if len(text) >= MAX_SLIP_CODE:
        return None
    found = _SLIP_CODE.fullmatch(text)
    return (found[1].lower(), found[2].upper()) if found else None
