"""What `./run demo` tells whoever wants to follow by hand."""

import random

from hall.catalogue.loading import resources_dir
from hall.people.model import Role
from hall.reference import load_reference
from yichuang.access import ROLES
from yichuang.demo.cast import plan_cast
from yichuang.demo.open_hall import manager_line
from yichuang.demo.site import DEMO_PIN


def test_the_manager_that_the_window_asks_for_is_named() -> None:
    ref = load_reference(resources_dir(), "changji")
    line = manager_line(plan_cast(ref, random.Random(1)))
    (manager,) = {s for s in ref.people.staff if s.employee_no in line}
    assert Role.HALL_MANAGER in manager.roles
    assert all(word in line for word in (DEMO_PIN, "Ctrl+J", "Ctrl+Y"))


def test_the_guide_lists_every_role_of_an_account() -> None:
    guide = (resources_dir().parent / "docs/guides/install.zh.md").read_text("utf-8")
    assert "、".join(ROLES) in guide
