"""Which arrangement belongs to which paper."""

from typing import assert_never

from hall.papers.blocks import Block
from hall.papers.compose_letters import (
    acceptance,
    correction,
    decision,
    extension,
    not_accepted,
    not_needed,
    special_procedure,
    tolerance,
)
from hall.papers.compose_notices import one_time_notice, package_notice
from hall.papers.compose_receipts import delivery_proof, errand_receipt, receipt
from hall.papers.content import (
    Acceptance,
    CorrectionNotice,
    Decision,
    DeliveryProof,
    ErrandReceipt,
    ExtensionNotice,
    NotAccepted,
    NotNeeded,
    OneTimeNotice,
    PackageNotice,
    Paper,
    Receipt,
    SpecialProcedureNotice,
    ToleranceNotice,
)


def compose(paper: Paper) -> list[Block]:
    """The paper's column from title to signature."""
    match paper:
        case OneTimeNotice():
            return one_time_notice(paper)
        case PackageNotice():
            return package_notice(paper)
        case Receipt():
            return receipt(paper)
        case ErrandReceipt():
            return errand_receipt(paper)
        case DeliveryProof():
            return delivery_proof(paper)
        case Acceptance():
            return acceptance(paper)
        case CorrectionNotice():
            return correction(paper)
        case NotAccepted():
            return not_accepted(paper)
        case NotNeeded():
            return not_needed(paper)
        case Decision():
            return decision(paper)
        case SpecialProcedureNotice():
            return special_procedure(paper)
        case ExtensionNotice():
            return extension(paper)
        case ToleranceNotice():
            return tolerance(paper)
        case _:
            assert_never(paper)
