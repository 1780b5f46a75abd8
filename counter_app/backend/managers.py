"""Who stands behind an order that only a manager may give: a number and a PIN, checked at this window."""

from counter_app.backend.bench import Bench
from hall.journal.refusal import Refusal
from hall.people.model import Staff
from hall.people.permissions import Action, allowed


def manager(bench: Bench, staff_no: str, pin: str, refused: str) -> Staff:
    """Raises Refusal, with `refused` for somebody who is no manager."""
    person = bench.ref.staff_by_no(staff_no)
    # also for a number that nobody has: it must not be told apart by an answer that comes sooner
    right = bench.verify_pin(staff_no, pin)
    if person is None or not right:
        raise Refusal("wrong_pin", "工号或 PIN 不对，请重新输入。")
    if not person.active or not any(allowed(role, Action.SEIZE) for role in person.roles):
        raise Refusal("not_manager", refused)
    return person
