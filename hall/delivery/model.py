"""The delivery's state machine (domain.md 7.5), and which documents go out with a result. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum

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


class DocumentKind(StrEnum):
    """What goes over the counter: the organ's decision, and what it grants."""

    DECISION = "decision"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a result. `number`: of the decision its 文号, of the result its own, empty where it has none."""

    kind: DocumentKind
    title: str
    number: str


DECISION_TITLES = {True: "准予决定书", False: "不予许可决定书"}
"""By whether it was granted."""


def documents_due(
    *, granted: bool, decision_no: str | None, result_name: str, result_no: str | None
) -> tuple[Document, ...]:
    """What the person gets, and nothing else. Who is refused gets the decision only."""
    decision = Document(DocumentKind.DECISION, DECISION_TITLES[granted], decision_no or "")
    if not granted:
        return (decision,)
    return (decision, Document(DocumentKind.RESULT, result_name, result_no or ""))


def require_in_hand(due: tuple[Document, ...], in_hand: Collection[str]) -> None:
    """A decision that was only recorded is no paper: each document has been seen. Raises Refusal, naming the others."""
    missing = "、".join(f"《{d.title}》" for d in due if d.kind not in in_hand)
    if missing:
        raise Refusal("not_in_hand", f"{missing}还没有确认原件在手，不能点收、交付。")


def matches(expected_name: str, expected_cert: str, name: str, cert_no: str) -> bool:
    """Same person by certificate number; the name must agree too."""
    same_card = bool(cert_no.strip()) and _plain(expected_cert) == _plain(cert_no)
    return same_card and _plain(expected_name) == _plain(name)


def _plain(text: str) -> str:
    return text.replace(" ", "").replace("·", "").replace("•", "").upper()
