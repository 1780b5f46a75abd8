"""What the delivery page says of documents, prints and the proof of service. No Qt."""

from collections.abc import Sequence

from counter_app.delivery.documents import DueDocument
from counter_app.delivery.state import DeliveryStep
from counter_app.device_ports import PrintOutcome
from counter_app.values import PaperRow
from ui.notice import Notice
from ui.tokens import Tone


def not_in_hand(lacking: Sequence[DueDocument]) -> str:
    """Why nothing is handed over, and where each missing document comes from."""
    titles = "、".join(f"《{d.title}》" for d in lacking)
    sources = "；".join(f"《{d.title}》{d.source}" for d in lacking)
    return f"{titles}还没有确认原件在手，不能交付。拿到手、核对无误后按空格；还没有的：{sources}。"


def document_printed(paper: PaperRow, outcome: PrintOutcome) -> Notice:
    """A printed decision is not in hand yet: it wants its seal."""
    out, tone = _printed(paper, outcome)
    return Notice(f"{out}{paper.by_hand}{paper.seal_text}盖好章、拿到手后按空格确认。", tone)


def document_not_printed(paper: PaperRow, why: str) -> Notice:
    return Notice(f"《{paper.title}》没有打印：{why}排除后按 F10 打印。", Tone.WRONG)


def proof_printed(paper: PaperRow, outcome: PrintOutcome, step: DeliveryStep) -> Notice:
    out, tone = _printed(paper, outcome)
    signing = step is DeliveryStep.SIGN
    told = "请领取人在回证上签字；看到签字后按 F9 完成交付。" if signing else paper.seal_text
    return Notice(out + paper.by_hand + told, tone)


def proof_not_printed(paper: PaperRow, why: str, step: DeliveryStep, *, waiting: bool) -> Notice:
    """`waiting`: nobody can sign before there is a proof, so one written by hand may take its place."""
    text = f"送达回证没有打印：{why}排除后按 F10 打印。"
    if step is DeliveryStep.DONE:
        text = f"交付已登记，{text}{paper.seal_text}"
    elif waiting:
        text += f"打不了时，请领取人在手写回证上签字，写上编号 {paper.number}，看到签字后按 F9 完成交付。"
    return Notice(text, Tone.WRONG)


def _printed(paper: PaperRow, outcome: PrintOutcome) -> tuple[str, Tone]:
    if outcome is not PrintOutcome.PRINTED:
        told = f"《{paper.title}》已送到打印机，没有收到打完的回音，请看一下出纸口。"
        return told, Tone.ATTENTION
    return f"《{paper.title}》已打印。", Tone.ATTENTION if paper.by_hand else Tone.DONE
