"""⑤ What the window may decide, and the paper as it will be printed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from counter_app.outcome.ports import Act, ActChoice
from counter_app.outcome.state import OutcomeState
from counter_app.take_in.ports import CaseStage
from counter_app.values import PaperId, PaperRow
from counter_app.view_papers import paper_list_row
from counter_app.view_parts import CountLabel
from counter_app.view_preview import OpenablePreview
from counter_app.view_rows import ListRow, RowList
from hall.journal.typed_text import OPINION
from ui.labels import WrapLabel
from ui.tokens import Palette, Tone

_ICONS = {
    Act.RECEIVE: "receipt",
    Act.ACCEPT: "clipboard-check",
    Act.ACCEPT_TOLERANT: "clock",
    Act.CORRECT: "list-details",
    Act.NOT_ACCEPT: "circle-x",
    Act.UNNEEDED: "circle-x",
    Act.GRANT: "certificate",
    Act.DENY: "circle-x",
}


class OutcomeView(QWidget):
    """Signals:
    stepped, picked: the cursor over the acts. text_edited: the reason.
    paper_picked: index of a paper. page_turned: which of its pages is shown. acted: an Action.
    """

    stepped = Signal(int)
    picked = Signal(int)
    text_edited = Signal(str)
    paper_picked = Signal(int)
    page_turned = Signal(int)
    acted = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._page_at = 0
        self._pages: tuple[bytes, ...] = ()
        self._images: tuple[QImage, ...] = ()
        self._looked_at: tuple[str, ...] = ()
        self._caption = ""
        self._draft_ink = QColor(palette.wrong)
        self.acts = RowList(
            self.tr("办理决定"), palette, empty=self.tr("收件后在这里选择受理、补正或不予受理")
        )
        self._after = WrapLabel("", role="body", name=self.tr("办理结果"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("理由"))
        self.text.setPlaceholderText(self.tr("理由（会原样印在文书上）"))
        self.text.setTabChangesFocus(True)
        self.text.setMaximumHeight(96)
        self._count = CountLabel(OPINION, self.tr("理由"))
        self._defects_title = WrapLabel(self.tr("一次性告知书将列出"), role="caption", tone="muted")
        self.defects = RowList(self.tr("不符清单"), palette, empty=self.tr("没有标出不符的材料"))
        self.papers = RowList(self.tr("文书"), palette, empty=self.tr("还没有文书"))
        self._not_yet = self.tr("办理后打印，文书显示在这里")
        self.preview = OpenablePreview(self.tr("文书预览"), empty_text=self._not_yet)
        self.preview.opened.connect(self.acted)
        left, right = QVBoxLayout(), QVBoxLayout()
        for part, stretch in (
            (self._after, 0),
            (self.acts, 5),
            (self.text, 0),
            (self._count, 0),
            (self._defects_title, 0),
            (self.defects, 3),
        ):
            left.addWidget(part, stretch)
        right.addWidget(self.papers)
        right.addWidget(self.preview, 1)
        self._room = QWidget()
        left.addWidget(self._room, 5)
        left.setSpacing(6)
        right.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 11)
        row.addLayout(right, 10)
        self.acts.stepped.connect(self.stepped)
        self.acts.picked.connect(self.picked)
        self.acts.sideways.connect(self._turn_page)
        self.papers.stepped.connect(self._on_paper_stepped)
        self.papers.picked.connect(self.paper_picked)
        self.papers.sideways.connect(self._turn_page)
        self.text.textChanged.connect(self._on_text)

    def show_state(self, state: OutcomeState) -> None:
        case = state.case
        closed = case is not None and case.stage in (
            CaseStage.DISPATCHED,
            CaseStage.REFUSED,
            CaseStage.DECIDED,
            CaseStage.ELSEWHERE,
        )
        self._after.setText(case.stage_text if case is not None else "")
        self._after.setVisible(case is not None and case.stage is not CaseStage.DRAFT)
        self._after.set_bold()
        waiting = (CaseStage.ACCEPTED, CaseStage.CORRECTION)
        idle = case is not None and case.stage in waiting and not state.acts
        self.acts.setVisible(not closed and not idle)
        self._room.setVisible(closed or idle)
        self.acts.show_rows(tuple(_act_row(choice) for choice in state.acts), state.at)
        act = state.act
        self.text.setVisible(act is not None and act.needs_text and not act.refusal)
        if self.text.toPlainText() != state.text:
            self.text.setPlainText(state.text)
        self._count.show_for(state.text if not self.text.isHidden() else "")
        correcting = act is not None and act.act is Act.CORRECT and not act.refusal
        told = case is not None and case.stage is CaseStage.CORRECTION
        self._defects_title.setText(self.tr("一次性告知书列出的") if told else self.tr("一次性告知书将列出"))
        self._defects_title.setVisible(correcting or told)
        self.defects.setVisible(correcting or told)
        self.defects.show_rows(
            tuple(ListRow(d.material, d.text, "", "alert-triangle", Tone.ATTENTION) for d in state.defects)
        )
        self._show_papers(state)

    def _show_papers(self, state: OutcomeState) -> None:
        rows = [self._paper_row(paper, state.printing) for paper in state.papers]
        at = state.paper_at if rows else -1
        shown = state.shown_draft
        if state.draft is not None:
            title = self.tr("%1 · 样张").replace("%1", state.draft.title)
            count = len(state.draft.pages)
            badge = self.tr("%1 页").replace("%1", str(count)) if count else ""
            rows.append(ListRow(title, self.tr("还没有出具"), badge, "file-text", Tone.ATTENTION))
            at = len(rows) - 1 if shown is not None else at
        self.papers.show_rows(tuple(rows), at)
        self.papers.setFixedHeight(min(max(self.papers.content_height(), 40), 112))
        if shown is None:
            self.preview.set_empty(self.tr("正在打开文书") if state.papers else self._not_yet)
            self.preview.show_mark("", self._draft_ink)
            self._caption = ""
            self._show_pages(state.pages, (state.paper.paper_id,) if state.paper is not None else ())
            return
        self.preview.set_empty(shown.told)
        self.preview.show_mark(self.tr("样张"), self._draft_ink)
        self._caption = self.tr("样张：还没有出具")
        if shown.renewing:
            self._caption += self.tr("，正在更新")
        case = state.case
        self._show_pages(shown.pages, (case.case_id if case is not None else "", shown.title, "draft"))

    def _paper_row(self, paper: PaperRow, printing: tuple[PaperId, ...]) -> ListRow:
        pages = self.tr("%1 页").replace("%1", str(paper.page_count))
        return paper_list_row(paper, paper.title, paper.number, pages, printing)

    def focus_acts(self) -> None:
        (self.acts if not self.acts.isHidden() else self.papers).setFocus()

    def _show_pages(self, pages: tuple[bytes, ...], looked_at: tuple[str, ...]) -> None:
        """`looked_at` names what is shown: a draft that is made anew stays open at its page."""
        if looked_at != self._looked_at:
            self._looked_at, self._page_at = looked_at, 0
        if pages != self._pages:
            self._pages = pages
            self._images = tuple(QImage.fromData(page) for page in pages)
        self._turn_page(0)

    def _turn_page(self, step: int) -> None:
        self._page_at = min(max(self._page_at + step, 0), max(len(self._images) - 1, 0))
        self.page_turned.emit(self._page_at)
        self._draw_page()

    def _draw_page(self) -> None:
        if not self._images:
            self.preview.show_image(None)
            return
        turning = ""
        if len(self._images) > 1:
            turning = self.tr("第 %1 页，共 %2 页，左右键翻页").replace("%1", str(self._page_at + 1))
            turning = turning.replace("%2", str(len(self._images)))
        caption = "　".join(part for part in (self._caption, turning) if part)
        self.preview.show_image(self._images[self._page_at], caption)

    def _on_paper_stepped(self, step: int) -> None:
        self.paper_picked.emit(self.papers.currentIndex().row() + step)

    def _on_text(self) -> None:
        if self.text.hasFocus():
            self.text_edited.emit(self.text.toPlainText())


def _act_row(choice: ActChoice) -> ListRow:
    if choice.refusal:
        return ListRow(choice.title, choice.refusal, "现在不能", "lock", Tone.PLAIN, muted=True)
    detail = " · ".join(part for part in (choice.paper_title, choice.basis, choice.in_name_of) if part)
    return ListRow(choice.title, detail, "", _ICONS[choice.act], Tone.INFO, strong=True)
