"""补录: what was lost with its machine is taken in again from the citizen's papers, once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from hall.catalogue.loading import resources_dir
from hall.intake import views as intake
from hall.intake.reentry import KIND, ReenterCase, reenter_case, reentered_as
from hall.journal import closing
from hall.journal.closing import Order
from hall.journal.refusal import Refusal
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.papers.wording import grouped
from hall.reference import load_reference
from tests.hall.builders import DAY, Machine, carry, fresh
from tests.hall.journal.world import EVERYBODY
from tests.hall.papers.reading import FONTS
from tests.hall.test_paperwork import says, text_of
from tests.hall_day.conftest import make  # noqa: F401

Maker = Callable[..., Machine]
BY = Order("z1", "王主任", "主机报废")


def reenter(window: Machine, case: str, old_no: str, **changes: object) -> None:
    command = ReenterCase(fresh("c"), case, old_no, changes.pop("day", DAY), window.staff)  # type: ignore[arg-type]
    window.do(command, reenter_case)


def lose(node: Machine, machine: str, name: str) -> None:
    node.write(partial(closing.close_origin, machine=machine, name=name, order=BY, below=EVERYBODY))


def test_a_lost_case_is_entered_again_once(make: Maker) -> None:  # noqa: F811
    node, lost, window = make("node-1", "hall"), make("pc-1"), make("pc-2")
    known = lost.received()
    carry(lost, node)
    receipt = lost.case(lost.received()).case_no
    case = window.draft(device_no=8)
    with pytest.raises(Refusal, match="没有停用过的机器"):
        reenter(window, case, receipt)
    lose(node, "pc-1", "1号窗口")
    carry(node, window)
    with pytest.raises(Refusal, match="还在，没有丢"):
        reenter(window, case, lost.case(known).case_no)
    for wrong in ("", "12", receipt[:-1] + str((int(receipt[-1]) + 1) % 10)):
        with pytest.raises(Refusal, match="请照群众手里的凭证"):
            reenter(window, case, wrong)
    with pytest.raises(Refusal, match="不能晚于今天"):
        reenter(window, case, receipt, day=DAY + timedelta(days=1))
    # papers print the number in groups
    reenter(window, case, f"{receipt[:4]} {receipt[4:]}")
    again = window.draft(device_no=8)
    with pytest.raises(Refusal, match="已经补录过，新编号"):
        reenter(window, again, receipt)
    carry(window, node)
    (told,) = [a for a in node.look(intake.acts, case) if a.kind == KIND]
    assert (told.document_no, told.on_day, told.detail) == (receipt, DAY, {"machine": "1号窗口"})
    assert node.look(reentered_as, receipt) == window.case(case).case_no


def test_the_new_receipt_names_the_old_number(make: Maker) -> None:  # noqa: F811
    node, lost, window = make("node-1", "hall"), make("pc-1"), make("pc-2")
    ref = load_reference(resources_dir(), "changji")
    press = PaperPress(FontSet.in_folder(FONTS))
    old_no = lost.case(lost.received()).case_no
    lose(node, "pc-1", "1号窗口")
    carry(node, window)
    case, other = window.draft(device_no=8), window.draft(device_no=8)
    reenter(window, case, old_no)
    for each in (case, other):
        window.applicant(each)
        window.check_all(each)
        window.receive(each)
    told = [text_of(window, ref, press, each, "received") for each in (case, other)]
    says(told[0], grouped(old_no))
    says(told[0], "本件为补录")
    assert "补录" not in told[1]


def test_what_another_pc_has_is_not_lost(make: Maker) -> None:  # noqa: F811
    node, alive, window = make("node-1", "hall"), make("pc-3"), make("pc-2")
    make("pc-1")
    alive.received(device_no=9)
    carry(alive, node)
    lose(node, "pc-1", "1号窗口")
    carry(node, window)
    on_its_way = alive.case(alive.received(device_no=9)).case_no
    case = window.draft(device_no=8)
    with pytest.raises(Refusal, match="另一台还在用的电脑"):
        reenter(window, case, on_its_way)


def test_a_case_that_is_taken_in_cannot_become_a_reentry(make: Maker) -> None:  # noqa: F811
    node, lost, window = make("node-1", "hall"), make("pc-1"), make("pc-2")
    receipt = lost.case(lost.received()).case_no
    lose(node, "pc-1", "1号窗口")
    carry(node, window)
    with pytest.raises(Refusal, match="收件以后"):
        reenter(window, window.received(device_no=8), receipt)
