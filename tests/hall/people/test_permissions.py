import pytest

from hall.people.model import Role
from hall.people.permissions import Action, Need, allowed, permission, roles_for


def test_every_action_has_a_line_and_somebody() -> None:
    for action in Action:
        assert roles_for(action), action


def test_nobody_but_the_citizen_rates() -> None:
    assert roles_for(Action.RATE) == {Role.CITIZEN}


def test_it_staff_never_read_identity_or_scans() -> None:
    assert not allowed(Role.IT, Action.READ_FULL_ID)
    assert not allowed(Role.IT, Action.SEE_RATER)
    assert not allowed(Role.IT, Action.VIEW_AUDIT)
    assert allowed(Role.IT, Action.VIEW_TECHNICAL_AUDIT)
    assert allowed(Role.IT, Action.MANAGE_DEVICES)


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER, Role.DELIVERY, Role.REVIEWER, Role.HALL_MANAGER])
def test_the_staff_who_were_rated_do_not_see_the_rater(role: Role) -> None:
    assert not allowed(role, Action.SEE_RATER)


def test_a_clerk_acts_through_powers() -> None:
    def needs(action: Action) -> frozenset[Need]:
        grant = permission(Role.CLERK, action)
        assert grant is not None
        return grant.needs

    assert needs(Action.ACCEPT) == {Need.POWER_ACCEPT, Need.CERTIFICATE}
    assert needs(Action.DECIDE) == {Need.IMMEDIATE_ITEM, Need.POWER_HANDLE}
    assert needs(Action.DELIVER) == {Need.POWER_ISSUE}
    assert needs(Action.SEAL) == {Need.POWER_SEAL}


def test_moves_against_the_queue_and_second_corrections_need_a_reason() -> None:
    for action in (Action.REORDER_QUEUE, Action.VOID, Action.REOPEN, Action.SECOND_CORRECTION, Action.SEIZE):
        for role in roles_for(action):
            grant = permission(role, action)
            assert grant is not None
            assert Need.REASON in grant.needs


def test_only_heads_extend_and_only_the_hall_manager_refunds() -> None:
    assert roles_for(Action.EXTEND) == {Role.APPROVER}
    assert roles_for(Action.REFUND) == {Role.HALL_MANAGER}
    assert roles_for(Action.COLLECT_FEE) == {Role.CASHIER}
    assert permission(Role.GUIDE, Action.ACCEPT) is None
