"""Rules of rating and rectification (domain.md 7.6, R21-R23). Pure."""

import re
from enum import Enum

from hall.journal.refusal import Refusal


class RatingState(Enum):
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    TIMEOUT = "timeout"
    DECLINED = "declined"
    DEFAULTED = "defaulted"


class RatingAct(Enum):
    SUBMIT = "submit"
    TIME_OUT = "time_out"
    DECLINE = "decline"
    DEFAULT = "default"


_R, _A = RatingState, RatingAct
RATING_MOVES: dict[tuple[RatingState, RatingAct], RatingState] = {
    (_R.REQUESTED, _A.SUBMIT): _R.SUBMITTED,
    (_R.REQUESTED, _A.TIME_OUT): _R.TIMEOUT,
    (_R.REQUESTED, _A.DECLINE): _R.DECLINED,
    (_R.TIMEOUT, _A.SUBMIT): _R.SUBMITTED,
    (_R.DECLINED, _A.SUBMIT): _R.SUBMITTED,
    (_R.TIMEOUT, _A.DEFAULT): _R.DEFAULTED,
    (_R.DECLINED, _A.DEFAULT): _R.DEFAULTED,
}


class RectificationState(Enum):
    """差评整改."""

    OPEN = "open"
    VERIFYING = "verifying"
    FIX_NOW = "fix_now"
    LEDGER = "ledger"
    EXPLAINED = "explained"
    REPLIED = "replied"
    REVISITED = "revisited"
    CLOSED = "closed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REMOVED_FROM_SCORE = "removed_from_score"


_X = RectificationState
RECTIFICATION_MOVES: dict[RectificationState, tuple[RectificationState, ...]] = {
    _X.OPEN: (_X.VERIFYING,),
    _X.VERIFYING: (_X.FIX_NOW, _X.LEDGER, _X.EXPLAINED, _X.APPEALED),
    _X.FIX_NOW: (_X.REPLIED,),
    _X.LEDGER: (_X.REPLIED,),
    _X.EXPLAINED: (_X.REPLIED,),
    _X.REPLIED: (_X.REVISITED,),
    _X.REVISITED: (_X.CLOSED,),
    _X.APPEALED: (_X.UPHELD, _X.REMOVED_FROM_SCORE),
    _X.UPHELD: (_X.FIX_NOW, _X.LEDGER, _X.EXPLAINED),
    _X.REMOVED_FROM_SCORE: (),
    _X.CLOSED: (),
}

LEVELS_ZH = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD = (1, 2)
_REASON = re.compile(r"[1-5]\d\d", re.ASCII)
"""好差评 reason code: its first digit is the level (code table rating_reasons)."""


def advance_rating(state: RatingState, act: RatingAct) -> RatingState:
    try:
        return RATING_MOVES[state, act]
    except KeyError:
        raise Refusal("rated_before", "这次服务已经评价过，不能再评。") from None


def check_answer(level: int, reasons: tuple[str, ...], text: str) -> None:
    """A bad rating says why, else it cannot be mended (R21). Raises Refusal."""
    if level not in LEVELS_ZH:
        raise Refusal("level", "请选择一个满意度。")
    if level in BAD and not reasons and not text.strip():
        raise Refusal("reason_missing", "请选择或写下不满意的原因，我们好改进。")
    if any(not _REASON.fullmatch(r) or r[0] != str(level) for r in reasons) or len(set(reasons)) < len(
        reasons
    ):
        # only codes of the national list travel unsealed; words of one's own go into the text
        raise Refusal("reason_code", "请从所列原因中选择。")
    if len(reasons) > 8:
        raise Refusal("too_long", "原因最多选 8 条。")


def advance_rectification(state: RectificationState, to: RectificationState) -> None:
    if to not in RECTIFICATION_MOVES[state]:
        raise Refusal("rectification_state", "整改单现在不能这样处理。")
