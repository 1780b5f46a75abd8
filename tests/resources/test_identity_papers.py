"""Which materials of the catalogue are identity papers: told by a field, so that no program guesses from a name."""

import re

import pytest

from hall.catalogue.loading import HALL_CODES, resources_dir
from hall.catalogue.model import MaterialRequirement
from hall.identity.identity_paper import IdentityPaper
from hall.reference import load_reference

NAMES = {
    IdentityPaper.CARD: re.compile("居民身份证|居住证|护照|通行证"),
    IdentityPaper.BOOK: re.compile("户口簿"),
}
SURRENDERED = {("p11-03", "old_id")}
"""The old card that the police take back for the new one."""


@pytest.mark.parametrize("code", HALL_CODES)
def test_every_identity_paper_is_marked_and_nothing_else(code: str) -> None:
    items = load_reference(resources_dir(), code).catalogue.items
    found: dict[IdentityPaper | None, set[str]] = {kind: set() for kind in (*IdentityPaper, None)}
    for item in items:
        for m in item.guide.materials if item.guide else ():
            if (item.id, m.id) in SURRENDERED:
                assert m.identity is None
                continue
            found[m.identity].add(m.name)
    for kind, names in NAMES.items():
        assert [name for name in found[kind] if not names.search(name)] == []
        assert [
            name for other in found if other is not kind for name in found[other] if names.search(name)
        ] == []
        assert found[kind]


def test_what_must_be_given_back_says_so_in_its_guide() -> None:
    for item in load_reference(resources_dir(), "changji").catalogue.items:
        marked: list[MaterialRequirement] = [
            m for m in (item.guide.materials if item.guide else ()) if m.identity
        ]
        assert all(m.return_original for m in marked), item.id
