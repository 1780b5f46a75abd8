"""Who may do what: the hall's permission table as data.

A grant may carry needs: a power of the window, a reason, an own case. The caller checks the needs; a role
without a grant may never do the action.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hall.people.model import Role


class Action(StrEnum):
    TAKE_TICKET = "take_ticket"
    CALL = "call"
    REORDER_QUEUE = "reorder_queue"
    VIEW_QUEUE_ORDER = "view_queue_order"
    OPEN_TIDE = "open_tide"
    PROPOSE_TIDE = "propose_tide"
    DRAFT = "draft"
    RECEIVE = "receive"
    CORRECT = "correct"
    ACCEPT = "accept"
    TOLERATE = "tolerate"
    DISPATCH = "dispatch"
    REVIEW = "review"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DECIDE = "decide"
    SEAL = "seal"
    DELIVER = "deliver"
    COLLECT_FEE = "collect_fee"
    ASK_REFUND = "ask_refund"
    REFUND = "refund"
    RATE = "rate"
    SEE_RATER = "see_rater"
    RECTIFY = "rectify"
    CLOSE_RECTIFICATION = "close_rectification"
    REPORT_ISSUE = "report_issue"
    REGISTER_ISSUE = "register_issue"
    ANSWER_ISSUE = "answer_issue"
    URGE = "urge"
    DRAFT_URGE = "draft_urge"
    VOID = "void"
    REOPEN = "reopen"
    SECOND_CORRECTION = "second_correction"
    EDIT_MASTER = "edit_master"
    PROPOSE_MASTER = "propose_master"
    VIEW_MASTER = "view_master"
    MANAGE_DEVICES = "manage_devices"
    VIEW_DEVICES = "view_devices"
    READ_FULL_ID = "read_full_id"
    VIEW_AUDIT = "view_audit"
    VIEW_TECHNICAL_AUDIT = "view_technical_audit"
    SEIZE = "seize"


class Need(StrEnum):
    """What must also be true. POWER_*: an authorisation of the window; OWN: only their own; REASON: say
    why.
    """

    POWER_ACCEPT = "power_accept"
    POWER_HANDLE = "power_handle"
    POWER_ISSUE = "power_issue"
    POWER_SEAL = "power_seal"
    CERTIFICATE = "certificate"
    OWN = "own"
    OWN_WINDOW = "own_window"
    OWN_ZONE = "own_zone"
    OWN_DEPARTMENT = "own_department"
    IMMEDIATE_ITEM = "immediate_item"
    LISTED_ITEM = "listed_item"
    HEAD_OF_ORGAN = "head_of_organ"
    REASON = "reason"
    LOGGED = "logged"
    BY_ORDER = "by_order"
    IN_RECTIFICATION = "in_rectification"


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the table."""

    role: Role
    action: Action
    needs: frozenset[Need]


# "action | role:need+need, role …", one line an action. A role that is not named may not.
_TABLE: Final = """
take_ticket | citizen:own guide clerk hall_manager
call | clerk:own_window cashier:own_window delivery:own_window zone_manager:own_zone hall_manager
reorder_queue | zone_manager:reason hall_manager:reason
view_queue_order | zone_manager hall_manager supervisor
open_tide | hall_manager
propose_tide | zone_manager
draft | citizen:own guide clerk
receive | clerk:power_accept reviewer:own_department
correct | clerk:power_accept reviewer:own_department chief_rep:own_department
accept | clerk:power_accept+certificate reviewer:own_department
tolerate | citizen:own clerk:power_accept+listed_item reviewer:own_department
dispatch | clerk reviewer:own_department chief_rep:own_department hall_manager
review | reviewer:own_department approver:own_department chief_rep:own_department
ask_extension | reviewer:own_department
extend | approver:own_department+head_of_organ
decide | clerk:immediate_item+power_handle approver:own_department
seal | clerk:power_seal approver:own_department chief_rep:own_department
deliver | clerk:power_issue delivery:power_issue
collect_fee | cashier
ask_refund | cashier
refund | hall_manager
rate | citizen:own
see_rater | chief_rep:own_department+in_rectification supervisor:logged centre_admin:logged
rectify | clerk:own reviewer:own chief_rep:own_department zone_manager:own_zone hall_manager
close_rectification | supervisor
report_issue | citizen:own
register_issue | guide clerk hall_manager supervisor
answer_issue | reviewer:own_department chief_rep:own_department hall_manager supervisor
urge | supervisor centre_admin
draft_urge | hall_manager
void | hall_manager:reason supervisor:reason
reopen | hall_manager:reason supervisor:reason
second_correction | hall_manager:reason supervisor:reason
edit_master | hall_manager centre_admin
propose_master | approver:own_department chief_rep:own_department
view_master | supervisor
manage_devices | it centre_admin
view_devices | hall_manager
read_full_id | guide:own clerk:own delivery:own reviewer:own_department approver:own_department \
chief_rep:own_department supervisor:by_order+logged centre_admin:by_order+logged
view_audit | hall_manager supervisor centre_admin
view_technical_audit | it
seize | hall_manager:reason centre_admin:reason
"""


def permission(role: Role, action: Action) -> Grant | None:
    """The table's cell with its needs; None when this role may never do it."""
    for line in _TABLE.strip().splitlines():
        name, _, cells = line.partition(" | ")
        if name != action.value:
            continue
        for cell in cells.split():
            who, _, needs = cell.partition(":")
            if who == role.value:
                return Grant(role, action, frozenset(Need(n) for n in needs.split("+") if n))
    return None


def allowed(role: Role, action: Action) -> bool:
    """May this role do it at all? The needs of the grant are checked by the caller: see permission()."""
    return permission(role, action) is not None


def roles_for(action: Action) -> frozenset[Role]:
    """Every role that may do it."""
    return frozenset(role for role in Role if allowed(role, action))
