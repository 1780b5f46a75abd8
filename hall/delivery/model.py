"""The delivery's state machine (domain.md 7.5). Pure."""

from enum import Enum

from hall.journal.refusal import Refusal


class DeliveryState(Enum):
    """出件状态."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    READY = "ready"
    HANDED_OVER = "handed_over"
    IN_LOCKER = "in_locker"
    PICKED = "picked"
    PACKED = "packed"
    MAILED = "mailed"
    SIGNED = "signed"
    PUBLISHED = "published"


class DeliveryAct(Enum):
    ARRIVE = "arrive"
    NOTIFY = "notify"
    HAND_OVER = "hand_over"
    PUT_IN_LOCKER = "put_in_locker"
    PICK = "pick"
    LOCKER_TIMEOUT = "locker_timeout"
    PACK = "pack"
    MAIL = "mail"
    SIGN = "sign"
    RETURN = "return"
    PUBLISH = "publish"


_S, _A = DeliveryState, DeliveryAct
TRANSITIONS: dict[tuple[DeliveryState, DeliveryAct], DeliveryState] = {
    (_S.EXPECTED, _A.ARRIVE): _S.ARRIVED,
    (_S.ARRIVED, _A.NOTIFY): _S.READY,
    (_S.READY, _A.HAND_OVER): _S.HANDED_OVER,
    (_S.READY, _A.PUT_IN_LOCKER): _S.IN_LOCKER,
    (_S.IN_LOCKER, _A.PICK): _S.PICKED,
    (_S.IN_LOCKER, _A.LOCKER_TIMEOUT): _S.READY,
    (_S.READY, _A.PACK): _S.PACKED,
    (_S.PACKED, _A.MAIL): _S.MAILED,
    (_S.MAILED, _A.SIGN): _S.SIGNED,
    (_S.MAILED, _A.RETURN): _S.READY,
    (_S.READY, _A.PUBLISH): _S.PUBLISHED,
}
STATE_ZH = {
    _S.EXPECTED: "待送达大厅",
    _S.ARRIVED: "已到大厅",
    _S.READY: "可领取",
    _S.HANDED_OVER: "已领取",
    _S.IN_LOCKER: "在取件柜",
    _S.PICKED: "已自助取件",
    _S.PACKED: "已打包",
    _S.MAILED: "已寄出",
    _S.SIGNED: "已签收",
    _S.PUBLISHED: "已发电子证照",
}
ENDED = (_S.HANDED_OVER, _S.PICKED, _S.SIGNED, _S.PUBLISHED)


def advance(state: DeliveryState, act: DeliveryAct) -> DeliveryState:
    """The state after `act`. Raises Refusal with the reason."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refusal("delivery_state", f"结果物{STATE_ZH[state]}，不能这样办理。") from None


def matches(expected_name: str, expected_cert: str, name: str, cert_no: str) -> bool:
    """Same person by certificate number; the name must agree too."""
    same_card = bool(cert_no.strip()) and _plain(expected_cert) == _plain(cert_no)
    return same_card and _plain(expected_name) == _plain(name)


def _plain(text: str) -> str:
    return text.replace(" ", "").replace("·", "").replace("•", "").upper()
