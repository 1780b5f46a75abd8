"""What a clerk may take as an e-licence: what an office issued and holds, never what a citizen writes or brings."""

import re

from hall.catalogue.loading import load_items, resources_dir
from hall.catalogue.model import MaterialRequirement

OWN_PAPER = re.compile(
    r"申请书|申请表|申报表|登记表|承诺书|声明书|照片|合影|合同$|协议|说明$|章程|平面|制度|意见书"
)
LICENCE = re.compile(r"居民身份证$|居民户口簿|营业执照|结婚证|不动产权证书$|^居住证$|残疾人证$")


def materials() -> list[MaterialRequirement]:
    items = load_items(resources_dir())
    return [m for item in items if item.guide for m in item.guide.materials]


def test_forms_promises_photos_and_contracts_are_no_licences() -> None:
    own = [m for m in materials() if OWN_PAPER.search(m.name) and m.licence_code is None]
    assert len(own) > 25
    assert [m.name for m in own if m.electronic_ok] == []


def test_what_an_office_issued_may_be_shown_as_a_licence() -> None:
    licences = [m for m in materials() if LICENCE.search(m.name) or m.licence_code]
    assert len(licences) > 30
    assert [m.name for m in licences if not m.electronic_ok] == []


def test_what_is_no_licence_is_asked_for_on_paper() -> None:
    assert [m.name for m in materials() if not m.electronic_ok and not (m.original_n or m.copies_asked)] == []
