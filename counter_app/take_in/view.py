"""The middle during a visit: whose case, which step, and the step's page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter_app.outcome.view import OutcomeView
from counter_app.take_in.materials import MaterialsState
from counter_app.take_in.state import Step, TakeInState
from counter_app.take_in.view_applicant import ApplicantView
from counter_app.take_in.view_materials import MaterialsView
from counter_app.take_in.view_steps import ItemView, ReviewView, ScenarioView
from counter_app.values import Mark, SyncMarks
from counter_app.view_parts import show_notice
from ui.buttons import BigButton
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.stepper import Stepper
from ui.three_state_mark import Safekeeping, ThreeStateMark
from ui.tokens import Palette, Tone


class TakeInView(QWidget):
    """Signals:
    case_picked: index of a case tab. new_pressed: another item.
    """

    case_picked = Signal(int)
    new_pressed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.item = ItemView(palette)
        self.applicant = ApplicantView()
        self.scenario = ScenarioView(palette)
        self.materials = MaterialsView(palette)
        self.review = ReviewView(palette)
        self.outcome = OutcomeView(palette)
        self._pages: dict[Step, QWidget] = {
            Step.ITEM: self.item,
            Step.APPLICANT: self.applicant,
            Step.SCENARIO: self.scenario,
            Step.MATERIALS: self.materials,
            Step.REVIEW: self.review,
            Step.OUTCOME: self.outcome,
        }
        self._names = (
            self.tr("申请人"),
            self.tr("情形"),
            self.tr("材料"),
            self.tr("确认"),
            self.tr("受理"),
        )
        self._step = Step.ITEM
        self._take_in_notice = self._material_notice = self._outcome_notice = Notice("")
        self._title = WrapLabel("", role="lead", name=self.tr("正在办的事项"))
        self._title.set_bold()
        self._detail = WrapLabel("", role="caption", tone="muted", name=self.tr("办件情况"))
        self._marks = ThreeStateMark()
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(6)
        self._tab_names: tuple[str, ...] = ()
        self._stepper = Stepper(self._names)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._notice = NoticeBar(name=self.tr("办件提示"))
        self._earlier = NoticeBar(name=self.tr("补正中的件"))
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._detail, 1)
        line.addWidget(self._marks, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._tabs)
        head.addWidget(self._title)
        head.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(self._stepper)
        column.addWidget(self._earlier)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)

    def show_state(self, state: TakeInState) -> None:
        self._step = state.step
        self._stack.setCurrentWidget(self._pages[state.step])
        case = state.case
        choosing = state.step is Step.ITEM
        self._head.setVisible(case is not None and not choosing)
        self._stepper.setVisible(not choosing)
        self._stepper.show_steps(self._names, max(int(state.step) - 1, 0))
        if case is not None:
            size = (
                self.tr("（%1 项）").replace("%1", str(case.item.package_size))
                if case.item.package_size
                else ""
            )
            self._title.setText(case.item.name + size)
            parts = (case.stage_text, case.masked_name, case.case_no)
            self._detail.setText(" · ".join(part for part in parts if part))
        known = case.to_correct if case is not None and not choosing else ""
        earlier = self.tr("此人有一件补正中，交材料请按 Ctrl+B（%1）").replace("%1", known)
        show_notice(self._earlier, Notice(earlier, Tone.ATTENTION) if known else Notice(""))
        self._show_tabs(state)
        self.item.show_state(state)
        self.applicant.show_state(state)
        self.scenario.show_state(state)
        self.review.show_state(state)
        busy = Notice(f"{state.busy}…") if state.busy and not state.notice.text else state.notice
        self._take_in_notice = busy
        self._show_notice()

    def show_materials(self, state: MaterialsState) -> None:
        self.materials.show_state(state)
        self._material_notice = state.notice
        self._show_notice()

    def show_outcome_notice(self, notice: Notice) -> None:
        self._outcome_notice = notice
        self._show_notice()

    def show_marks(self, marks: SyncMarks) -> None:
        kept = (marks.here is Mark.ARRIVED, marks.hall is Mark.ARRIVED, marks.centre is Mark.ARRIVED)
        self._marks.show_safekeeping(Safekeeping(*kept))

    def focus_step(self) -> None:
        """Put the focus where the step's keys work."""
        match self._step:
            case Step.ITEM:
                self.item.line.setFocus()
            case Step.APPLICANT:
                self.applicant.focus_first()
            case Step.SCENARIO:
                self.scenario.options.setFocus()
            case Step.MATERIALS:
                self.materials.rows.setFocus()
            case Step.REVIEW:
                self.review.rows.setFocus()
            case Step.OUTCOME:
                self.outcome.focus_acts()

    def _show_notice(self) -> None:
        by_step = {Step.MATERIALS: self._material_notice, Step.OUTCOME: self._outcome_notice}
        own = by_step.get(self._step)
        if self._step is Step.REVIEW and self._outcome_notice.text:
            own = self._outcome_notice
        show_notice(self._notice, own if own is not None and own.text else self._take_in_notice)

    def _show_tabs(self, state: TakeInState) -> None:
        names = tuple(case.item.name for case in state.cases) if len(state.cases) > 1 else ()
        if names != self._tab_names:
            self._tab_names = names
            while self._tabs.count():
                entry = self._tabs.takeAt(0)
                widget = entry.widget() if entry is not None else None
                if widget is not None:
                    widget.deleteLater()
            for at, name in enumerate(names):
                tab = BigButton(name, kind="choice", name=f"{self.tr('办件')}{at + 1} {name}")
                tab.setCheckable(True)
                tab.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                tab.setProperty("case_at", at)
                tab.clicked.connect(self._on_tab)
                self._tabs.addWidget(tab)
        for at in range(self._tabs.count()):
            entry = self._tabs.itemAt(at)
            button = entry.widget() if entry is not None else None
            if isinstance(button, BigButton):
                button.setChecked(at == state.case_at)

    def _on_tab(self) -> None:
        button = self.sender()
        if button is not None:
            self.case_picked.emit(int(button.property("case_at")))
