"""The reason of an extension as long as the page lets it be, with the approving head's name behind it."""

import re

from hall.intake import views as intake
from hall.people.model import Role
from tests.server_app.site import Site
from tests.server_app.test_desk_walk import dispatched


def test_the_longest_reason_that_the_page_takes_is_taken(site: Site) -> None:
    case = dispatched(site)
    officer = site.officer("wang", Role.REVIEWER, Role.APPROVER, Role.CHIEF_REP)
    officer.act(case, "take")
    page = officer.open(f"/desk/case/{case}")
    room = {
        name: int(re.search(rf'name="{name}"[^>]*maxlength="(\d+)"', page)[1])  # type: ignore[index]
        for name in ("extend_reason", "extend_head")
    }
    typed = {name: "延" * most for name, most in room.items()}
    assert officer.act(case, "extend", extend_days="10", **typed) == 303
    assert "已延期" in officer.html
    with site.node.store.read() as conn:
        (told,) = [a for a in intake.acts(conn, case) if a.kind == "extended"]
    assert "机关负责人" in str(told.detail)
