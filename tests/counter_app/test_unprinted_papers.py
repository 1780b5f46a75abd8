"""A paper that was made and did not come out of the printer is marked in the case's list until it has."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from counter_app.backend.print_book import PrintBook, RecordingPrinter
from counter_app.device_ports import DeviceTrouble, PrintOutcome
from counter_app.keys import Action
from counter_app.outcome.view import OutcomeView
from counter_app.values import CaseId, PaperId, PrintMark
from hall import paperwork
from hall.delivery import handlers as delivery
from hall.delivery.commands import HandOver
from hall.intake import commands as cmd
from hall.intake import printing
from hall.journal.refusal import NotWritten
from tests.counter_app.bench import Bench
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import FakePrinter, new_id
from tests.counter_app.test_papers_at_the_window import received_here
from tests.counter_app.visit_steps import check_all, serve, to_materials
from tests.hall.builders import ALL_PAPERS, CERT, DAY, NAME, fresh


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def mark(rig: Rig, case: str) -> PrintMark:
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    return paper.mark


class Spooler(FakePrinter):
    """A printer whose power fails, or that is not sure."""

    broken: BaseException | None = None

    def print_paper(self, command_id: object, paper_id: PaperId, copies: int) -> PrintOutcome:
        if self.broken is not None:
            raise self.broken
        return super().print_paper(new_id(), paper_id, copies)


class PowerCut(BaseException):
    """Nothing in the program may catch it."""


def test_what_the_printer_said_is_marked_until_the_paper_is_out(rig: Rig) -> None:
    case = received_here(rig)
    assert mark(rig, case) is PrintMark.NOT_PRINTED, "made here, never sent to the printer"
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    spooler = Spooler()
    printer = RecordingPrinter(spooler, rig.outcomes.prints)

    def try_it(*, fails: type[BaseException] | None) -> PrintMark:
        if fails is None:
            printer.print_paper(new_id(), paper.paper_id, 1)
        else:
            with pytest.raises(fails):
                printer.print_paper(new_id(), paper.paper_id, 1)
        # what a restarted program reads is what this one wrote
        assert PrintBook(rig.bench).marks([paper.paper_id]) == (mark(rig, case),)
        return mark(rig, case)

    spooler.broken = PowerCut()
    assert try_it(fails=PowerCut) is PrintMark.UNSURE
    spooler.broken = DeviceTrouble("没有纸")
    assert try_it(fails=DeviceTrouble) is PrintMark.NOT_PRINTED
    spooler.broken = DeviceTrouble("没有回应", maybe_out=True)
    assert try_it(fails=DeviceTrouble) is PrintMark.UNSURE
    spooler.broken, spooler.outcome = None, PrintOutcome.SENT
    assert try_it(fails=None) is PrintMark.SENT
    spooler.outcome = PrintOutcome.PRINTED
    assert try_it(fails=None) is PrintMark.NONE
    spooler.broken = DeviceTrouble("没有纸")
    assert try_it(fails=DeviceTrouble) is PrintMark.NONE, "a second try does not take the first paper back"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (None, PrintMark.NONE),
        (DeviceTrouble("没有纸"), PrintMark.NOT_PRINTED),
        (PowerCut(), PrintMark.UNSURE),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_print_that_cannot_be_written_down_is_not_called_unprinted(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, broken: BaseException | None, told: PrintMark, before: bool
) -> None:
    case = received_here(rig)
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    spooler = Spooler()
    printer = RecordingPrinter(spooler, rig.outcomes.prints)
    if before:
        spooler.broken = DeviceTrouble("卡纸")
        with pytest.raises(DeviceTrouble):
            printer.print_paper(new_id(), paper.paper_id, 1)
    spooler.broken = broken

    def full(*_: object) -> None:
        raise NotWritten("磁盘已满")

    with monkeypatch.context() as disk:
        disk.setattr(rig.bench.store, "handle", full)
        with nullcontext() if broken is None else pytest.raises(type(broken)):
            printer.print_paper(new_id(), paper.paper_id, 1)
        # F10 prints everything that is marked: what is out would come out twice
        assert mark(rig, case) is told
    spooler.broken = None
    printer.print_paper(new_id(), paper.paper_id, 1)
    assert mark(rig, case) is PrintMark.NONE
    assert PrintBook(rig.bench).marks([paper.paper_id]) == (PrintMark.NONE,)


def test_a_paper_in_the_printer_is_not_marked(rig: Rig) -> None:
    case = received_here(rig)
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    rig.outcomes.prints.begin(paper.paper_id)
    assert mark(rig, case) is PrintMark.NONE
    assert PrintBook(rig.bench).marks([paper.paper_id]) == (PrintMark.UNSURE,), "after a restart"


def test_a_word_that_this_program_does_not_know_is_not_sure(rig: Rig) -> None:
    case = received_here(rig)
    (paper,) = rig.outcomes.papers_of(CaseId(case))
    newer = cmd.RecordPrint(fresh("c"), paper.paper_id, "jammed", "w1")
    rig.pc.do(newer, printing.record_print)
    assert mark(rig, case) is PrintMark.UNSURE


@pytest.mark.parametrize("signed", ["by hand", "on the screen"])
def test_a_proof_that_never_came_to_the_printer_is_marked(rig: Rig, signed: str) -> None:
    case, result = rig.pc.ready()
    proof = PaperId(f"{case}/{result}")
    assert rig.outcomes.prints.marks([proof]) == (PrintMark.NONE,), "there is none yet"
    if signed == "by hand":
        rig.pc.issue_proof(result)
    else:
        on_screen = HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, "a" * 64, ALL_PAPERS)
        rig.pc.ruled(on_screen, delivery.hand_over)
    assert result in [name.id for name in rig.pc.look(paperwork.papers_of, rig.pc.case(case))], (
        "as it is listed"
    )
    assert rig.outcomes.prints.marks([proof]) == (PrintMark.NOT_PRINTED,)
    RecordingPrinter(Spooler(), rig.outcomes.prints).print_paper(new_id(), proof, 1)
    assert rig.outcomes.prints.marks([proof]) == (PrintMark.NONE,)


def test_the_list_is_read_again_when_the_printer_has_answered(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    bench.hall.mark = PrintMark.NOT_PRINTED
    bench.printer.trouble = "打印机没有纸了。"
    p.visit.act(Action.MAIN)
    view = bench.window.findChild(OutcomeView)
    assert isinstance(view, OutcomeView)
    assert view.papers.row(0).badge == "未打印"
    bench.printer.trouble, bench.hall.mark = "", PrintMark.NONE
    p.visit.act(Action.PRINT)
    assert view.papers.row(0).badge == "1 页"
