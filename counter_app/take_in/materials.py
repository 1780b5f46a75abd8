"""Walking the exact material list: what was brought, where the original lies, is it right. QtCore only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands
from counter_app.take_in.ports import (
    CaseStage,
    CaseView,
    IntakeDesk,
    MaterialRow,
    MaterialState,
    OriginalPlace,
    Presented,
    Verdict,
)
from counter_app.take_in.state import waits_for_check
from counter_app.values import NO_NOTICE, CaseId, MaterialId, NewId
from counter_app.visit.open_cases import OpenCases
from hall.identity.identity_paper import IdentityPaper
from hall.intake.model import counted, keeping_refused, leaves_a_trace, needed
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class MaterialsState:
    """The list with its cursor. `defect_text` is what is being typed; `writing_defect` shows the field."""

    materials: tuple[MaterialRow, ...] = ()
    at: int = 0
    editable: bool = False
    writing_defect: bool = False
    defect_text: str = ""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def unsaved(self) -> bool:
        """A reason is being typed; from Enter on it is on its way."""
        return self.writing_defect and not self.busy

    @property
    def current(self) -> MaterialRow | None:
        return self.materials[self.at] if self.at < len(self.materials) else None


class MaterialsPresenter(QObject):
    """Signals:
    state_changed: the new MaterialsState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        desk: IntakeDesk,
        cases: OpenCases,
        runner: Runner,
        new_id: NewId,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._cases = cases
        self._commands = Commands(runner=runner, new_id=new_id)
        self._case: CaseView | None = None
        self._typed: dict[tuple[CaseId, MaterialId], str] = {}
        """Reasons that were begun and neither saved nor given up: another row or case does not lose them."""
        cases.changed.connect(self._on_cases)
        self.state = MaterialsState()

    @Slot(int)
    def move(self, step: int) -> None:
        self.select(self.state.at + step)

    @Slot(int)
    def select(self, at: int) -> None:
        last = max(len(self.state.materials) - 1, 0)
        at = min(max(at, 0), last)
        if at != self.state.at:
            self._show(replace(self.state, at=at, writing_defect=False, defect_text="", notice=NO_NOTICE))

    def select_material(self, material_id: MaterialId) -> None:
        for at, row in enumerate(self.state.materials):
            if row.material_id == material_id:
                self.select(at)

    @Slot(object)
    def press_presented(self, presented: Presented) -> None:
        """1 original, 2 copy, 3 electronic. An original goes back to the citizen unless told otherwise."""
        row = self.state.current
        if row is None:
            return
        if presented is Presented.ELECTRONIC and not row.electronic_ok:
            text = self.tr("《%1》不是电子证照，只能收纸质的：原件按 1，复印件按 2。")
            self._say(text.replace("%1", row.name))
            return
        place = OriginalPlace.RETURNED if presented is Presented.ORIGINAL else OriginalPlace.NONE
        self._present(presented, 0 if presented is Presented.ELECTRONIC else counted(row.copies), place)

    @Slot(object)
    def press_original_place(self, place: OriginalPlace) -> None:
        row = self.state.current
        if row is None:
            return
        if row.presented not in (None, Presented.ORIGINAL):
            self._say(self.tr("先按 1 登记收到原件，再选原件去向。"))
            return
        refused = keeping_refused(row.identity, place.value, row.name)
        if refused:
            self._say(refused)
            return
        self._present(Presented.ORIGINAL, counted(row.copies), place)

    @Slot(int)
    def press_copies(self, step: int) -> None:
        """+ and -: how many were handed in, one at least."""
        if not self._commands.ready(self.press_copies, step):
            return
        row = self.state.current
        if row is None or row.presented in (None, Presented.ELECTRONIC):
            return
        self._present(row.presented, min(counted(counted(row.copies) + step), 99), row.original_place)

    @Slot()
    def press_ok(self) -> None:
        """Space: checked and right; the cursor goes on to the next open material."""
        # what was pressed just before (K, 3) counts, also while it is still being saved
        if not self._commands.ready(self.press_ok):
            return
        row = self.state.current
        if row is None or not self._may_edit():
            return
        if not leaves_a_trace(row.presented, row.original_place, len(row.pages)):
            self._say(self._what_is_lacking(row))
            return
        wanted = needed(row.presented, row.original_needed, row.copies_needed)
        if counted(row.copies) < wanted:
            text = self.tr("《%1》要 %2 份，只登记了 %3 份：收齐了按 + 加到实收份数，没收齐按 X 写明。")
            text = text.replace("%2", str(wanted)).replace("%3", str(counted(row.copies)))
            self._say(text.replace("%1", row.name))
            return
        self._check(Verdict.OK, "")

    @Slot()
    def press_defect(self) -> None:
        """X: open the field for what is wrong."""
        row = self.state.current
        if row is not None and self._may_edit():
            text = self._typed.get(self._key_of(row), row.defect)
            self._show(replace(self.state, writing_defect=True, defect_text=text, notice=NO_NOTICE))

    @Slot(str)
    def edit_defect(self, text: str) -> None:
        if self.state.current is not None:
            self._typed[self._key_of(self.state.current)] = text
        self._show(replace(self.state, defect_text=text))

    @Slot()
    def press_save_defect(self) -> None:
        text = self.state.defect_text.strip()
        if not text:
            self._say(self.tr("请写明哪里不符、怎样才对，会原样印在告知书上。"))
            return
        self._check(Verdict.DEFECTIVE, text)

    @Slot()
    def press_tolerate(self) -> None:
        """R: promised for later, only what is on the item's list of minor materials."""
        row = self.state.current
        if row is None or not self._may_edit():
            return
        if not row.tolerable:
            self._say(self.tr("这份是主要材料，不能容缺。"))
            return
        self._check(Verdict.TOLERATED, "")

    @Slot()
    def press_waive(self) -> None:
        """M: need not be handed in (shared data, commitment)."""
        row = self.state.current
        if row is None or not self._may_edit():
            return
        if not row.waivable:
            self._say(self.tr("这份材料没有免提交的依据。"))
            return
        self._check(Verdict.WAIVED, "")

    @Slot()
    def press_back(self) -> bool:
        """Esc closes the defect field and gives up what was typed."""
        if not self.state.writing_defect:
            return False
        if self.state.current is not None:
            self._typed.pop(self._key_of(self.state.current), None)
        self._show(replace(self.state, writing_defect=False, defect_text="", notice=NO_NOTICE))
        return True

    def keeps_writing(self) -> bool:
        """Is a reason being typed? Then whoever wants to go on is told to save it or to give it up."""
        if self.state.unsaved:
            self._say(self.tr("不符说明还没有保存：先按回车保存，或按 Esc 取消。"))
        return self.state.unsaved

    def _key_of(self, row: MaterialRow) -> tuple[CaseId, MaterialId]:
        case_id = self._case.case_id if self._case is not None else CaseId("")
        return case_id, row.material_id

    def _what_is_lacking(self, row: MaterialRow) -> str:
        """Why it cannot be called right yet, and the keys that help with this material."""
        keys = [self.tr("按 F8 拍摄")]
        if row.presented is not Presented.COPY:
            keys += [] if row.identity else [self.tr("原件留存按 K")]
            keys += [] if row.identity is IdentityPaper.CARD else [self.tr("转交部门按 S")]
        if row.electronic_ok:
            keys.append(self.tr("电子证照按 3"))
        if row.waivable:
            keys.append(self.tr("免交按 M"))
        text = self.tr("《%1》还没有拍摄，不能记为已核：%2。").replace("%2", "，".join(keys))
        return text.replace("%1", row.name)

    def _present(self, presented: Presented, copies: int, place: OriginalPlace) -> None:
        row, case = self.state.current, self._case
        if row is None or case is None or not self._may_edit():
            return
        case_id, material_id = case.case_id, row.material_id
        self._run(
            ("present", case_id, material_id, presented, copies, place),
            lambda command_id: self._desk.present_material(
                command_id, case_id, material_id, presented, copies, place
            ),
            None,
        )

    def _check(self, verdict: Verdict, text: str) -> None:
        row, case = self.state.current, self._case
        if row is None or case is None or not self._may_edit():
            return
        case_id, material_id = case.case_id, row.material_id

        def then() -> None:
            self._typed.pop((case_id, material_id), None)
            self._go_on()

        self._run(
            ("check", case_id, material_id, verdict, text),
            lambda command_id: self._desk.check_material(command_id, case_id, material_id, verdict, text),
            then,
        )

    def _run(
        self,
        key: tuple[object, ...],
        work: Callable[[UUID], CaseView],
        then: Callable[[], None] | None,
    ) -> None:
        if not self._commands.ready(self._run, key, work, then):
            return
        busy = self.tr("正在保存")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))

        def done(view: CaseView) -> None:
            self._show(replace(self.state, busy=""))
            self._cases.put(view)
            if then is not None:
                then()

        self._commands.run(key, busy, work, done, self._fail)

    def _go_on(self) -> None:
        """To the next material that is still open, below first, then from the top."""
        rows, at = self.state.materials, self.state.at
        order = [*range(at + 1, len(rows)), *range(at)]
        open_states = (MaterialState.REQUIRED, MaterialState.PRESENTED)
        following = next((i for i in order if rows[i].state in open_states), at)
        self._show(replace(self.state, at=following, writing_defect=False, defect_text="", notice=NO_NOTICE))

    def _may_edit(self) -> bool:
        if not self.state.editable:
            self._say(self.tr("已收件，材料不能再改。要补正请按 F7。"))
        return self.state.editable

    def _on_cases(self) -> None:
        case = self._cases.current
        other = case is None or self._case is None or case.case_id != self._case.case_id
        self._case = case
        if case is None:
            self._typed.clear()
            self._show(MaterialsState())
            return
        editable = case.stage in (CaseStage.DRAFT, CaseStage.CORRECTION) or waits_for_check(case)
        at = 0 if other else min(self.state.at, max(len(case.materials) - 1, 0))
        state = MaterialsState() if other else self.state
        self._show(replace(state, materials=case.materials, at=at, editable=editable))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: MaterialsState) -> None:
        self.state = state
        self.state_changed.emit(state)
