"""An officer and what they may do: domain.md 8 as asked by every route. Pure."""

from dataclasses import dataclass

from hall.people.model import Role
from hall.people.permissions import Action, Need, permission

DESK_ROLES = frozenset(
    {
        Role.REVIEWER,
        Role.APPROVER,
        Role.CHIEF_REP,
        Role.SUPERVISOR,
        Role.HALL_MANAGER,
        Role.CENTRE_ADMIN,
    }
)
"""Roles that an account may hold. Window staff sign in at their window, never here."""

SEES_ALL = frozenset({Role.SUPERVISOR, Role.HALL_MANAGER, Role.CENTRE_ADMIN})
"""May look at the lists of every desk, masked and without acting."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who is signed in."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    desks: tuple[str, ...]
    """Desks of their department here, e.g. "市公安局@node"."""

    @property
    def sees_all(self) -> bool:
        return bool(self.roles & SEES_ALL)

    @property
    def runs_machines(self) -> bool:
        """Closes machines, takes dossiers back from them, judges what came too late."""
        return any(permission(role, Action.SEIZE) is not None for role in self.roles)

    def may_see(self, desk: str) -> bool:
        return desk in self.desks or self.sees_all

    def may(self, action: Action, desk: str) -> bool:
        """By some role, at this desk. Reasons and orders are asked for by the form."""
        return self.needs(action, desk) is not None

    def needs(self, action: Action, desk: str) -> frozenset[Need] | None:
        """What must still be given for the act (reason, order); None when it is not theirs to do."""
        best: frozenset[Need] | None = None
        for role in self.roles:
            grant = permission(role, action)
            if grant is None or (Need.OWN_DEPARTMENT in grant.needs and desk not in self.desks):
                continue
            left = grant.needs - {Need.OWN_DEPARTMENT}
            if best is None or len(left) < len(best):
                best = left
        return best
