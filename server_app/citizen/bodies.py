"""What kiosks may send for a citizen, checked strictly."""

from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from sync.wire import BadBody, Name

CaseNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{24}$")]
CertNo = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{6,20}$")]
Reason = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
B = TypeVar("B", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AskBody(_Body):
    """By the number on a paper, or by the number of the card on the reader; one of the two."""

    request_id: Name
    case_no: CaseNo | None = None
    cert_no: CertNo | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.case_no is None) == (self.cert_no is None):
            raise ValueError("case_no or cert_no")
        return self


class RateBody(_Body):
    command_id: Name
    rating: Name
    level: Annotated[int, Field(ge=1, le=5)]
    reasons: Annotated[list[Reason], Field(max_length=8)] = []
    anonymous: bool = False


class AlertBody(_Body):
    command_id: Name
    kind: Literal["help", "no_paper", "print_unconfirmed", "printer_fault"]
    page: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")] = ""
    number: Annotated[str, StringConstraints(max_length=12, pattern=r"^[A-Z0-9]*$")] = ""


def read_body(kind: type[B], body: dict[str, Any]) -> B:
    """Raises BadBody, which names fields and never repeats their content."""
    try:
        return kind.model_validate(body)
    except ValidationError as exc:
        where = ", ".join(sorted({".".join(map(str, e["loc"][:2])) for e in exc.errors()})[:5])
        raise BadBody(f"{kind.__name__}: {where}") from None
