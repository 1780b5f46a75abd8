"""接件 asked for by somebody who, when the case comes, is not of its department any more."""

import pytest
from sqlalchemy import select, update

from hall.intake.model import CaseState
from hall.journal import schema
from hall.people.model import Role
from server_app.accounts import tables
from server_app.accounts.manage import set_active
from tests.hall.builders import COUNTY_DESK
from tests.server_app.site import Site
from tests.server_app.test_desk_walk import dispatched


@pytest.mark.parametrize("change", ["left", "moved"])
def test_a_case_is_not_taken_in_the_name_of_who_is_not_of_its_desk(site: Site, change: str) -> None:
    case = dispatched(site, COUNTY_DESK)
    officer = site.officer("zhao", Role.REVIEWER, county=True)
    assert officer.act(case, "take") == 303
    if change == "left":
        set_active(site.centre.store, "zhao", False)
    else:
        a = tables.account
        moved = update(a).where(a.c.login == "zhao").values(desks="别的局@county")
        site.centre.store.write(lambda ledger: ledger.conn.execute(moved))
    site.settle()
    row = site.at(site.centre, case)
    assert (row.owner, row.state, row.officer) == ("c1", CaseState.DISPATCHED, None)
    with site.centre.store.read() as conn:
        assert conn.execute(select(schema.ask)).all() == [], "it is not looked at again"
    colleague = site.officer("qian", Role.REVIEWER, county=True)
    assert colleague.act(case, "take") == 303
    assert site.at(site.centre, case).officer == "officer-qian"
