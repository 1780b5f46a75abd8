"""How a list tells what became of a paper at the printer: the same words wherever papers are listed."""

from PySide6.QtCore import QCoreApplication

from counter_app.values import PaperId, PaperRow, PrintMark
from counter_app.view_rows import ListRow
from ui.tokens import Tone


def paper_list_row(
    paper: PaperRow, title: str, detail: str, badge: str, printing: tuple[PaperId, ...]
) -> ListRow:
    """`badge`: of a paper that is out. `printing`: the first is with the printer, the others wait."""
    if paper.paper_id in printing:
        now = paper.paper_id == printing[0]
        return ListRow(title, detail, _tr("正在打印") if now else _tr("等候打印"), "printer", Tone.INFO)
    if paper.mark is PrintMark.NOT_PRINTED:
        return ListRow(title, detail, _tr("未打印"), "printer-off", Tone.WRONG)
    if paper.mark is PrintMark.UNSURE:
        return ListRow(title, detail, _tr("打印结果不明"), "printer-off", Tone.ATTENTION)
    if paper.mark is PrintMark.SENT:
        badge = " · ".join(part for part in (badge, _tr("已送打印机")) if part)
    return ListRow(title, detail, badge, "file-text")


def _tr(text: str) -> str:
    return QCoreApplication.translate("PaperRows", text)
