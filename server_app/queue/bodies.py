"""What kiosks and windows may send to the queue, checked strictly."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sync.wire import BadBody, Name

Series = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]
WindowNo = Annotated[int, Field(ge=1, le=999)]
B = TypeVar("B", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    command_id: Name


class IssueBody(_Body):
    ticket: Name
    """Dossier id of the new ticket, chosen by the caller."""
    queue: Series
    matter: Annotated[str, StringConstraints(max_length=200)]
    item_id: Name | None = None
    priority: Literal["none", "elder", "soldier", "disabled", "pregnant", "rescue"] = "none"
    source: Literal["kiosk", "counter", "guide"] = "kiosk"
    actor: Name | None = None
    """Who helped; the machine itself when nobody did."""


class NextBody(_Body):
    window: WindowNo
    window_name: Words
    staff: Name
    queues: Annotated[list[Series], Field(min_length=1, max_length=100)]
    prior_queues: Annotated[list[Series], Field(max_length=100)] = []


class ThisBody(_Body):
    ticket: Name
    window: WindowNo
    window_name: Words
    staff: Name


class ReactivateBody(_Body):
    ticket: Name
    staff: Name


class CancelBody(_Body):
    ticket: Name
    actor: Name
    reason: Words


class TopBody(_Body):
    ticket: Name
    manager: Name
    reason: Words


def read_body(kind: type[B], body: dict[str, Any]) -> B:
    """Raises BadBody, which names fields and never repeats their content."""
    try:
        return kind.model_validate(body)
    except ValidationError as exc:
        where = ", ".join(sorted({".".join(map(str, e["loc"][:2])) for e in exc.errors()})[:5])
        raise BadBody(f"{kind.__name__}: {where}") from None
