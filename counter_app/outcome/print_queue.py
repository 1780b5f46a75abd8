"""Papers on their way to the printer: one after another, whatever is pressed meanwhile. QtCore only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from counter_app.commands import Commands
from counter_app.device_ports import A4Printer, PrintOutcome
from counter_app.values import NewId, PaperId, PaperRow
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

_DOWN = 2
"""One paper may fail for its own sake; as many in a row are the printer's, and the rest is not tried."""


@dataclass(slots=True)
class PrintRun:
    """What became of the papers since the printer last had nothing to do."""

    printed: list[PaperRow] = field(default_factory=list)
    sent: list[PaperRow] = field(default_factory=list)
    failed: list[PaperRow] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def parted(self, apart: Collection[PaperId]) -> tuple["PrintRun", "PrintRun"]:
        """(without these papers, only these)"""

        def only(inside: bool) -> PrintRun:
            def kept(papers: list[PaperRow]) -> list[PaperRow]:
                return [paper for paper in papers if (paper.paper_id in apart) is inside]

            return PrintRun(kept(self.printed), kept(self.sent), kept(self.failed), self.troubles)

        return only(False), only(True)


class PrintQueue(QObject):
    """Signals:
    moved: a paper goes to the printer now, or others wait behind it.
    answered: (PaperRow, PrintOutcome), or None for the outcome: it did not print.
    ended: the PrintRun, when nothing waits any more.
    """

    moved = Signal()
    answered = Signal(object, object)
    ended = Signal(object)

    def __init__(
        self, *, printer: A4Printer, runner: Runner, new_id: NewId, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._printer = printer
        self._commands = Commands(runner=runner, new_id=new_id)
        self._papers: list[PaperRow] = []
        """The first is with the printer."""
        self._in_a_row = 0
        self._run = PrintRun()

    @property
    def ids(self) -> tuple[PaperId, ...]:
        """The first is with the printer, the others wait."""
        return tuple(paper.paper_id for paper in self._papers)

    def add(self, papers: Sequence[PaperRow]) -> None:
        """Print these too; what is on its way already is not printed twice."""
        self._papers += [paper for paper in papers if paper.paper_id not in self.ids]
        if self._commands.busy:
            self.moved.emit()
        else:
            self._next()

    def notice(self) -> Notice:
        """What happens just now."""
        first, *others = self._papers
        text = self.tr("正在打印%1。").replace("%1", f"《{first.title}》")
        if others:
            more = self.tr("正在打印%1，还有 %2 份等候打印。").replace("%1", f"《{first.title}》")
            text = more.replace("%2", str(len(others)))
        return Notice(text)

    def notice_of_left(self, run: PrintRun) -> Notice:
        """Of papers whose case has been put down meanwhile: F10 does not mean them any more."""
        first = run.failed[0].number + (self.tr("等") if len(run.failed) > 1 else "")
        text = self.tr("前面办件的%1（%2）没有打印：%3请按 Ctrl+K 找到该办件，再按 F10 打印。")
        text = text.replace("%1", named(run.failed)).replace("%2", first)
        return Notice(text.replace("%3", "".join(dict.fromkeys(run.troubles))), Tone.WRONG)

    def notice_of(self, run: PrintRun) -> Notice:
        """What became of all papers of a run; what is not out comes first."""
        text, tone = "", Tone.DONE
        if run.failed:
            text = self.tr("%1已生成并保存，但没有打印：%2排除后按 F10 打印。").replace(
                "%1", named(run.failed)
            )
            text, tone = text.replace("%2", "".join(dict.fromkeys(run.troubles))), Tone.WRONG
        if run.sent:
            sent = self.tr("%1已送到打印机，没有收到打完的回音，请看一下出纸口。")
            text += sent.replace("%1", named(run.sent))
        if run.printed:
            text += self.tr("%1已打印。").replace("%1", named(run.printed))
        out = (*run.sent, *run.printed)
        if not run.failed and (run.sent or any(paper.by_hand for paper in out)):
            tone = Tone.ATTENTION
        return Notice(text + "".join(dict.fromkeys(paper.by_hand + paper.seal_text for paper in out)), tone)

    def _next(self) -> None:
        if not self._papers:
            run, self._run, self._in_a_row = self._run, PrintRun(), 0
            self.ended.emit(run)
            return
        self.moved.emit()
        paper_id = self._papers[0].paper_id
        self._commands.run(
            ("print", paper_id),
            self.tr("正在打印"),
            lambda command_id: self._printer.print_paper(command_id, paper_id, 1),
            self._on_printed,
            self._on_failed,
        )

    def _on_printed(self, outcome: PrintOutcome) -> None:
        paper = self._papers.pop(0)
        (self._run.printed if outcome is PrintOutcome.PRINTED else self._run.sent).append(paper)
        self._in_a_row = 0
        self.answered.emit(paper, outcome)
        self._next()

    def _on_failed(self, notice: Notice) -> None:
        paper = self._papers.pop(0)
        self._run.failed.append(paper)
        self._run.troubles.append(notice.text)
        self._in_a_row += 1
        if self._in_a_row == _DOWN:
            self._run.failed += self._papers
            self._papers.clear()
        self.answered.emit(paper, None)
        self._next()


def named(papers: Sequence[PaperRow]) -> str:
    """「《收件凭证》10 份、《受理通知书》」: the papers of a package differ in their numbers only."""
    counts: dict[str, int] = {}
    for paper in papers:
        counts[paper.title] = counts.get(paper.title, 0) + 1
    return "、".join(f"《{title}》" + (f"{n} 份" if n > 1 else "") for title, n in counts.items())
