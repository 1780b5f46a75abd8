"""Which materials of the catalogue are identity papers: told by a field, so that no program guesses from a name."""

import re

import pytest

from hall.catalogue.loading import HALL_CODES, resources_dir
from hall.catalogue.model import MaterialRequirement
from hall.reference import load_reference

NAMES = re.compile("居民身份证|户口簿|居住证|护照|通行证")
SURRENDERED = {("p11-03", "old_id")}
"""The old card that the police take back for the new one."""


@pytest.mark.parametrize("code", HALL_CODES)
def test_every_identity_paper_is_marked_and_nothing_else(code: str) -> None:
    items = load_reference(resources_dir(), code).catalogue.items
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for item in items:
        for m in item.guide.materials if item.guide else ():
            if (item.id, m.id) in SURRENDERED:
                assert not m.identity
                continue
            found[m.identity].add(m.name)
    assert [name for name in found[True] if not NAMES.search(name)] == []
    assert [name for name in found[False] if NAMES.search(name)] == []
    assert len(found[True]) >= 5


def test_what_must_be_given_back_says_so_in_its_guide() -> None:
    for item in load_reference(resources_dir(), "changji").catalogue.items:
        marked: list[MaterialRequirement] = [
            m for m in (item.guide.materials if item.guide else ()) if m.identity
        ]
        assert all(m.return_original for m in marked), item.id
