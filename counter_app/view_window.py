"""The window: sign-in, desk or lock; keys to actions; presenters to views. It decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from counter_app.citizen_screen.view import CitizenWindow
from counter_app.keys import KEYS
from counter_app.outcome.state import OutcomeState
from counter_app.ports import Changes
from counter_app.queue_panel.presenter import QueueState
from counter_app.scan.view_listener import KeyListener
from counter_app.sign_in.ports import WindowSession
from counter_app.sign_in.presenter import SignInPresenter, SignInState, Stage
from counter_app.sign_in.view import LockView, SignInView
from counter_app.status.presenter import StatusPresenter
from counter_app.take_in.state import Step
from counter_app.visit.presenter import VisitPresenter
from counter_app.visit.slices import Slices
from counter_app.visit.view import DeskView
from ui.style_roles import set_role
from ui.tokens import Theme


@dataclass(frozen=True)
class Presenters:
    """Everything the window draws from."""

    sign_in: SignInPresenter
    visit: VisitPresenter
    slices: Slices
    status: StatusPresenter


class CounterWindow(QWidget):
    """The clerk's window, and the citizen's beside it (`citizen`)."""

    def __init__(
        self,
        *,
        presenters: Presenters,
        changes: Changes,
        theme: Theme,
        hall_name: str,
        citizen_screen: bool,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        set_role(self, "page")
        self.setWindowTitle(self.tr("一窗 · 综合窗口"))
        self.setMinimumSize(1024, 576)
        self.presenters = presenters
        palette = theme.palette
        self._sign_in = SignInView(palette, hall_name)
        self._lock = LockView()
        self.desk = DeskView(palette)
        self.citizen = CitizenWindow(theme) if citizen_screen else None
        self._stack = QStackedWidget()
        for page in (self._sign_in, self.desk, self._lock):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._shortcuts: list[QShortcut] = []
        self._keys = KeyListener(clock, self)
        self._connect_sign_in()
        self._connect_queue()
        self._connect_take_in()
        self._connect_outcome()
        self._connect_others()
        self._connect_citizen()
        self._make_keys()
        changes.queue_changed.connect(presenters.slices.queue.refresh)
        changes.case_changed.connect(presenters.visit.refresh_case)
        changes.status_changed.connect(presenters.status.refresh)
        changes.scanned.connect(self._on_scanned)
        self._keys.scanned.connect(self._on_scanned)
        self._keys.active.connect(presenters.sign_in.activity)

    def show_citizen(self) -> None:
        """Show the second window, full screen on the second monitor where there is one."""
        if self.citizen is None:
            return
        others = [screen for screen in QApplication.screens() if screen is not self.screen()]
        if others:
            self.citizen.setGeometry(others[0].geometry())
            self.citizen.showFullScreen()
        else:
            self.citizen.resize(1024, 600)
            self.citizen.show()

    @Slot()
    def refresh(self) -> None:
        """Read queue and status again (a timer calls this)."""
        if self.presenters.sign_in.state.stage is Stage.OPEN:
            self.presenters.slices.queue.refresh()
            self.presenters.status.refresh()
            self.presenters.slices.exchange.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            # installing twice moves it to the front, it stays one
            handle.installEventFilter(self._keys)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.presenters.slices.capture.press_close()
        if self.citizen is not None:
            self.citizen.close()
        super().closeEvent(event)

    # -- wiring --------------------------------------------------------------------------------------------

    def _connect_sign_in(self) -> None:
        presenter = self.presenters.sign_in
        presenter.state_changed.connect(self._show_sign_in)
        presenter.opened.connect(self._on_opened)
        presenter.closed.connect(self._on_closed)
        presenter.locked.connect(self.presenters.slices.enlarge.close)
        presenter.locked.connect(self.presenters.visit.hide_person)
        presenter.locked.connect(self.presenters.slices.find.close)
        presenter.locked.connect(self.presenters.slices.stand_in.close)
        presenter.locked.connect(self.presenters.slices.lost_case.close)
        presenter.unlocked.connect(self.presenters.visit.come_back)
        self.presenters.visit.lock_wanted.connect(presenter.press_lock)
        self._sign_in.sign_in_pressed.connect(presenter.press_sign_in)
        self._sign_in.open_pressed.connect(presenter.press_open)
        self._sign_in.choice_stepped.connect(presenter.move_choice)
        self._sign_in.choice_placed.connect(presenter.place_choice)
        self._sign_in.back_pressed.connect(presenter.press_back)
        self._lock.unlock_pressed.connect(presenter.press_unlock)
        self._lock.sign_out_pressed.connect(presenter.press_sign_out)

    def _connect_queue(self) -> None:
        presenter, view = self.presenters.slices.queue, self.desk.queue
        presenter.state_changed.connect(self._show_queue)
        view.row_pressed.connect(presenter.press_row)
        view.slip_entered.connect(presenter.press_slip)
        view.choice_stepped.connect(presenter.move_choice)
        view.choice_placed.connect(presenter.place_choice)
        visit = self.presenters.visit
        view.choice_confirmed.connect(visit.enter)
        self.desk.next.painted.connect(visit.step_painted)
        visit.state_changed.connect(self.desk.show_visit)
        visit.queue_list_wanted.connect(view.focus_list)
        visit.slip_wanted.connect(view.focus_slip)
        self.desk.acted.connect(visit.act)
        self._show_queue(presenter.state)
        self.desk.next.show_step(visit.state.next_step)

    def _connect_take_in(self) -> None:
        presenter, view = self.presenters.slices.take_in, self.desk.take_in
        presenter.state_changed.connect(self.desk.show_take_in)
        view.case_picked.connect(presenter.select_case)
        view.item.text_edited.connect(presenter.type_item)
        view.item.stepped.connect(presenter.move_item)
        view.item.picked.connect(presenter.select_item)
        view.item.entered.connect(presenter.press_open_item)
        view.applicant.applicant_edited.connect(presenter.edit_applicant)
        view.applicant.agent_edited.connect(presenter.edit_agent)
        view.applicant.finished.connect(presenter.press_main)
        view.scenario.answered.connect(presenter.press_answer)
        view.scenario.question_stepped.connect(presenter.move_question)
        view.review.rows.entered.connect(self.presenters.visit.enter)
        materials, list_view = self.presenters.slices.materials, view.materials
        materials.state_changed.connect(view.show_materials)
        list_view.stepped.connect(materials.move)
        list_view.picked.connect(materials.select)
        list_view.ok_pressed.connect(materials.press_ok)
        list_view.defect_pressed.connect(materials.press_defect)
        list_view.tolerate_pressed.connect(materials.press_tolerate)
        list_view.waive_pressed.connect(materials.press_waive)
        list_view.presented_pressed.connect(materials.press_presented)
        list_view.place_pressed.connect(materials.press_original_place)
        list_view.copies_pressed.connect(materials.press_copies)
        list_view.defect_edited.connect(materials.edit_defect)
        list_view.defect_saved.connect(materials.press_save_defect)
        view.show_state(presenter.state)
        view.show_materials(materials.state)

    def _connect_outcome(self) -> None:
        presenter, view = self.presenters.slices.outcome, self.desk.take_in.outcome
        presenter.state_changed.connect(self._show_outcome)
        presenter.left_unprinted.connect(self.presenters.slices.queue.tell)
        view.stepped.connect(presenter.move)
        view.picked.connect(presenter.select)
        view.text_edited.connect(presenter.edit_text)
        view.paper_picked.connect(presenter.select_paper)
        view.page_turned.connect(self.presenters.slices.enlarge.note_outcome_page)
        view.show_state(presenter.state)

    def _connect_others(self) -> None:
        s, desk = self.presenters.slices, self.desk
        s.capture.state_changed.connect(desk.capture.show_state)
        s.capture.frame_arrived.connect(desk.capture.show_frame)
        desk.capture.shoot_pressed.connect(s.capture.press_shoot)
        desk.capture.next_pressed.connect(s.capture.press_next_material)
        desk.capture.retake_pressed.connect(s.capture.press_retake)
        desk.capture.remove_pressed.connect(s.capture.press_remove)
        desk.capture.slot_stepped.connect(s.capture.move_slot)
        desk.capture.page_stepped.connect(s.capture.move_page)
        desk.capture.page_picked.connect(s.capture.pick_page)
        desk.capture.page_shifted.connect(s.capture.press_shift)
        s.dispatch.state_changed.connect(desk.dispatch.show_state)
        desk.dispatch.stepped.connect(s.dispatch.move)
        desk.dispatch.picked.connect(s.dispatch.select)
        desk.dispatch.confirmed.connect(self.presenters.visit.enter)
        desk.dispatch.withdraw_pressed.connect(s.dispatch.press_withdraw)
        s.corrections.state_changed.connect(desk.corrections.show_state)
        desk.corrections.code_edited.connect(s.corrections.edit_code)
        desk.corrections.find_pressed.connect(s.corrections.press_find)
        desk.corrections.kind_chosen.connect(s.corrections.choose_kind)
        desk.corrections.stepped.connect(s.corrections.move)
        desk.corrections.receipt_picked.connect(s.corrections.select_receipt)
        s.delivery.state_changed.connect(desk.delivery.show_state)
        desk.delivery.text_edited.connect(s.delivery.edit_text)
        desk.delivery.stepped.connect(s.delivery.move)
        desk.delivery.picked.connect(s.delivery.select)
        desk.delivery.documents.stepped.connect(s.delivery.move_document)
        desk.delivery.documents.picked.connect(s.delivery.select_document)
        desk.delivery.documents.in_hand_pressed.connect(s.delivery.press_in_hand)
        desk.delivery.documents.number_edited.connect(s.delivery.edit_number)
        desk.delivery.receiver_edited.connect(s.delivery.edit_receiver)
        desk.delivery.entered.connect(self.presenters.visit.enter)
        s.stand_in.state_changed.connect(desk.stand_in.show_state)
        desk.stand_in.edited.connect(s.stand_in.edit)
        desk.stand_in.entered.connect(self.presenters.visit.enter)
        desk.stand_in.show_state(s.stand_in.state)
        s.lost_case.state_changed.connect(desk.lost_case.show_state)
        desk.lost_case.way_chosen.connect(s.lost_case.choose)
        desk.lost_case.paper_edited.connect(s.lost_case.edit_paper)
        desk.lost_case.order_edited.connect(s.lost_case.edit_order)
        desk.lost_case.entered.connect(self.presenters.visit.enter)
        desk.lost_case.show_state(s.lost_case.state)
        s.rating.state_changed.connect(desk.rating.show_state)
        s.exchange.state_changed.connect(desk.exchange.show_state)
        desk.exchange.stepped.connect(s.exchange.move)
        desk.exchange.picked.connect(s.exchange.select)
        s.find.state_changed.connect(desk.find_line.show_state)
        s.enlarge.state_changed.connect(desk.enlarged.show_state)
        desk.find_line.text_edited.connect(s.find.edit_text)
        desk.find_line.stepped.connect(s.find.move)
        desk.find_line.picked.connect(s.find.select)
        desk.find_line.entered.connect(self.presenters.visit.enter)
        self.presenters.status.state_changed.connect(desk.show_status)
        desk.rating.show_state(s.rating.state)
        desk.dispatch.show_state(s.dispatch.state)
        desk.corrections.show_state(s.corrections.state)
        desk.delivery.show_state(s.delivery.state)

    def _connect_citizen(self) -> None:
        if self.citizen is None:
            return
        presenter, view = self.presenters.slices.citizen, self.citizen
        presenter.state_changed.connect(view.show_state)
        view.right_pressed.connect(presenter.press_right)
        view.wrong_pressed.connect(presenter.press_wrong)
        view.signed.connect(presenter.press_signed)
        view.rated.connect(presenter.press_rating)
        view.declined.connect(presenter.press_decline_rating)

    def _make_keys(self) -> None:
        for row in KEYS:
            shortcut = QShortcut(QKeySequence(row.key), self.desk)
            shortcut.setAutoRepeat(False)
            shortcut.setProperty("action", row.action.value)
            shortcut.activated.connect(self._on_key)
            self._shortcuts.append(shortcut)
        for step in Step:
            if step is not Step.ITEM:
                shortcut = QShortcut(QKeySequence(f"Alt+{int(step)}"), self.desk)
                shortcut.setProperty("step", int(step))
                shortcut.activated.connect(self._on_step_key)
                self._shortcuts.append(shortcut)

    # -- slots ---------------------------------------------------------------------------------------------

    def _on_key(self) -> None:
        action = next(row.action for row in KEYS if row.action.value == self.sender().property("action"))
        self.presenters.visit.act(action)

    def _on_step_key(self) -> None:
        s = self.presenters.slices
        if not s.materials.keeps_writing():
            s.take_in.press_step(int(self.sender().property("step")))

    @Slot(str)
    def _on_scanned(self, code: str) -> None:
        if self.presenters.sign_in.state.stage is Stage.OPEN:
            self.presenters.visit.scanned(code)

    def _show_sign_in(self, state: SignInState) -> None:
        pages = {
            Stage.WHO: self._sign_in,
            Stage.WINDOW: self._sign_in,
            Stage.CLOSED: self._sign_in,
            Stage.LOCKED: self._lock,
        }
        self._sign_in.show_state(state)
        self._lock.show_state(state)
        before = self._stack.currentWidget()
        self._stack.setCurrentWidget(pages.get(state.stage, self.desk))
        if self._stack.currentWidget() is self.desk and before is not self.desk:
            self.desk.focus_page()

    def _show_queue(self, state: QueueState) -> None:
        self.desk.queue.show_state(state)
        self.desk.home.show_queue(state)

    def _show_outcome(self, state: OutcomeState) -> None:
        self.desk.take_in.outcome.show_state(state)
        self.desk.take_in.show_outcome_notice(state.notice)

    def _on_opened(self, session: WindowSession) -> None:
        self.desk.header.show_session(session)
        self.presenters.slices.citizen.open_window(
            session.hall_name, f"{session.window_number}号 {session.window_name}"
        )
        self.refresh()

    def _on_closed(self) -> None:
        self.presenters.visit.leave()
