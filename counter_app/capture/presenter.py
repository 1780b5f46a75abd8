"""The capture page: live picture, shutter, the strip of pages, which material next. QtCore only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtCore import Slot as QtSlot

from counter_app.capture.slots import PageTarget, Slot
from counter_app.commands import Commands
from counter_app.device_ports import Camera, CameraFeed, CameraFrame, CapturedPage
from counter_app.take_in.ports import PageRow
from counter_app.values import NO_NOTICE, MaterialId, NewId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

_FROZEN_AFTER_S = 3.0


class Feed(StrEnum):
    """What the live picture is worth right now."""

    OFF = "off"
    WAITING = "waiting"
    LIVE = "live"
    FROZEN = "frozen"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class CaptureState:
    """Everything but the frames: those go by a signal of their own, 10-15 a second."""

    feed: Feed = Feed.OFF
    slots: tuple[Slot, ...] = ()
    at: int = 0
    page_at: int = 0
    retaking: bool = False
    warning: str = ""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def slot(self) -> Slot | None:
        return self.slots[self.at] if self.at < len(self.slots) else None

    @property
    def next_slot(self) -> Slot | None:
        """The material that Enter goes on to."""
        order = [*self.slots[self.at + 1 :], *self.slots[: self.at]]
        return next((slot for slot in order if slot.open), None)

    @property
    def page_count(self) -> int:
        return sum(len(slot.pages) for slot in self.slots)


class CapturePresenter(QObject):
    """Signals:
    state_changed: the new CaptureState.
    frame_arrived: a CameraFrame to draw.
    finished: the clerk is done here.
    """

    state_changed = Signal(object)
    frame_arrived = Signal(object)
    finished = Signal()
    _frame_in = Signal(object)
    _lost_in = Signal(object)

    def __init__(
        self,
        *,
        camera: Camera,
        camera_runner: Runner,
        runner: Runner,
        new_id: NewId,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._runner = runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._shots = Commands(runner=camera_runner, new_id=new_id)
        self._clock = clock
        self._frame_at = 0.0
        self._target: PageTarget | None = None
        self._unbound: list[tuple[MaterialId, CapturedPage]] = []
        # frames come from the camera child's reading thread
        self._frame_in.connect(self._on_frame, Qt.ConnectionType.QueuedConnection)
        self._lost_in.connect(self._on_lost, Qt.ConnectionType.QueuedConnection)
        self.state = CaptureState()

    def open(self, target: PageTarget, material_id: MaterialId | None) -> None:
        """Start the picture; the next page belongs to `material_id`, or to the first open slot."""
        self._target = target
        self._frame_at = self._clock()
        self._show(CaptureState(feed=Feed.WAITING))

        def done(slots: tuple[Slot, ...]) -> None:
            wanted = next((i for i, slot in enumerate(slots) if slot.material_id == material_id), None)
            first_open = next((i for i, slot in enumerate(slots) if slot.open), 0)
            at = wanted if wanted is not None else first_open
            self._show(replace(self.state, slots=slots, at=at, page_at=len(slots[at].pages) if slots else 0))

        self._runner.submit(target.slots, done, self._on_slots_failed)
        self._camera.watch(self._frame_in.emit, self._lost_in.emit)

    @property
    def target(self) -> PageTarget | None:
        """Whose pages are being shot; None while the page is closed."""
        return self._target

    @QtSlot()
    def press_close(self) -> None:
        """Esc or F9: back to the list; every page shot so far is bound and safe."""
        if self._target is None:
            return
        self._camera.stop()
        self._target = None
        self._show(replace(self.state, feed=Feed.OFF, retaking=False))
        self.finished.emit()

    @QtSlot()
    def tick(self) -> None:
        """About twice a second: is the picture still moving?"""
        stale = self._clock() - self._frame_at > _FROZEN_AFTER_S
        if stale and self.state.feed is Feed.LIVE:
            self._say_frozen()

    @QtSlot()
    def press_shoot(self) -> None:
        """F8, space, pedal. The page is stored first, then bound to its material."""
        slot = self.state.slot
        if slot is None or self._target is None:
            return
        if self._commands.busy or not self._shots.ready(self.press_shoot):
            return
        if self._unbound:
            self._bind(self._retaken())
            return
        material_id, retake = slot.material_id, self._retaken()
        self._show(replace(self.state, busy=self.tr("正在拍摄"), notice=NO_NOTICE))

        def done(page: CapturedPage) -> None:
            self._unbound.append((material_id, page))
            self._bind(retake)

        shot_key = ("shoot", material_id, len(slot.pages))
        self._shots.run(
            shot_key, self.tr("正在拍摄"), lambda _id: self._camera.shoot(), done, self._on_shot_failed
        )

    @QtSlot()
    def press_retake(self) -> None:
        """R: the next shot takes the place of the chosen page."""
        if self._chosen_page() is not None:
            self._show(replace(self.state, retaking=not self.state.retaking, notice=NO_NOTICE))

    @QtSlot()
    def press_remove(self) -> None:
        page, slot, target = self._chosen_page(), self.state.slot, self._target
        if page is None or slot is None or target is None or not self._commands.ready(self.press_remove):
            return
        page_id, material_id = page.page_id, slot.material_id
        self._run(("remove", page_id), lambda command_id: target.remove(command_id, material_id, page_id))

    @QtSlot(int)
    def press_shift(self, step: int) -> None:
        """Ctrl+Left and Ctrl+Right: move the chosen page within its material."""
        page, slot, target = self._chosen_page(), self.state.slot, self._target
        if page is None or slot is None or target is None or not self._commands.ready(self.press_shift, step):
            return
        at, to = self.state.page_at, self.state.page_at + step
        if not 0 <= to < len(slot.pages):
            return
        order = [row.page_id for row in slot.pages]
        order[at], order[to] = order[to], order[at]
        pages, material_id = tuple(order), slot.material_id
        self._show(replace(self.state, page_at=to))
        self._run(
            ("order", material_id, pages), lambda command_id: target.reorder(command_id, material_id, pages)
        )

    @QtSlot(int)
    def move_page(self, step: int) -> None:
        self.pick_page(self.state.page_at + step)

    @QtSlot(int)
    def pick_page(self, at: int) -> None:
        slot = self.state.slot
        if slot is not None and slot.pages:
            at = min(max(at, 0), len(slot.pages) - 1)
            self._show(replace(self.state, page_at=at, retaking=False))

    @QtSlot(int)
    def move_slot(self, step: int) -> None:
        """Up and Down: another material."""
        at = min(max(self.state.at + step, 0), max(len(self.state.slots) - 1, 0))
        self._to_slot(at)

    @QtSlot()
    def press_next_material(self) -> None:
        """Enter: on to the next material that still waits for pages."""
        following = self.state.next_slot
        if following is None:
            self._show(
                replace(
                    self.state, notice=Notice(self.tr("每份材料都已有页面。按 Esc 回到材料清单。"), Tone.DONE)
                )
            )
            return
        self._to_slot(self.state.slots.index(following))

    def _to_slot(self, at: int) -> None:
        pages = len(self.state.slots[at].pages) if self.state.slots else 0
        self._show(replace(self.state, at=at, page_at=max(pages - 1, 0), retaking=False, notice=NO_NOTICE))

    def _bind(self, retaken: PageRow | None = None) -> None:
        """Bind the stored page; when that fails the page is kept and the next press binds it, not a new shot."""
        target = self._target
        if target is None or not self._unbound:
            return
        material_id, page = self._unbound[0]

        def work(command_id: UUID) -> tuple[Slot, ...]:
            return target.attach(command_id, material_id, page.page_id)

        def done(slots: tuple[Slot, ...]) -> None:
            self._unbound.pop(0)
            at = next((i for i, slot in enumerate(slots) if slot.material_id == material_id), self.state.at)
            notice = Notice(page.warning, Tone.ATTENTION) if page.warning else NO_NOTICE
            last = len(slots[at].pages) - 1
            self._show(
                replace(self.state, slots=slots, at=at, page_at=last, busy="", retaking=False, notice=notice)
            )
            if retaken is not None:
                self._swap_in(target, material_id, retaken)

        self._commands.run(("attach", page.page_id), self.tr("正在存入"), work, done, self._on_bind_failed)

    def _swap_in(self, target: PageTarget, material_id: MaterialId, old: PageRow) -> None:
        """The retaken page leaves, the new one moves to its place."""
        slot = self.state.slot
        if slot is None:
            return
        ids = [row.page_id for row in slot.pages]
        new = ids.pop()
        place = ids.index(old.page_id) if old.page_id in ids else len(ids)

        def done(slots: tuple[Slot, ...]) -> None:
            left = [row.page_id for row in slots[self.state.at].pages if row.page_id != new]
            left.insert(place, new)
            self._show(replace(self.state, slots=slots, page_at=place, busy=""))
            pages = tuple(left)
            self._run(("order", material_id, pages), lambda cid: target.reorder(cid, material_id, pages))

        self._commands.run(
            ("remove", old.page_id),
            self.tr("正在替换"),
            lambda command_id: target.remove(command_id, material_id, old.page_id),
            done,
            self._fail,
        )

    def _run(self, key: tuple[object, ...], work: Callable[[UUID], tuple[Slot, ...]]) -> None:
        busy = self.tr("正在保存")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))

        def done(slots: tuple[Slot, ...]) -> None:
            last = max(len(slots[self.state.at].pages) - 1, 0) if self.state.at < len(slots) else 0
            self._show(replace(self.state, slots=slots, page_at=min(self.state.page_at, last), busy=""))

        self._commands.run(key, busy, work, done, self._fail)

    def _retaken(self) -> PageRow | None:
        return self._chosen_page() if self.state.retaking else None

    def _chosen_page(self) -> PageRow | None:
        slot = self.state.slot
        if slot is None or not self.state.page_at < len(slot.pages):
            return None
        return slot.pages[self.state.page_at]

    @QtSlot(object)
    def _on_frame(self, frame: CameraFrame) -> None:
        if self._target is None:
            return
        self._frame_at = self._clock()
        if self.state.feed is not Feed.LIVE or frame.warning != self.state.warning:
            came_back = self.state.feed in (Feed.FROZEN, Feed.LOST)
            notice = (
                Notice(self.tr("高拍仪已恢复，可继续拍摄。"), Tone.DONE) if came_back else self.state.notice
            )
            self._show(replace(self.state, feed=Feed.LIVE, warning=frame.warning, notice=notice))
        self.frame_arrived.emit(frame)

    @QtSlot(object)
    def _on_lost(self, why: CameraFeed) -> None:
        if self._target is None:
            return
        if why is CameraFeed.FROZEN:
            self._say_frozen()
            return
        text = self.tr("高拍仪断开了。%1正在重新连接；请检查连接线。Esc 可先回清单，稍后再拍。")
        self._show(
            replace(self.state, feed=Feed.LOST, notice=Notice(text.replace("%1", self._safe()), Tone.WRONG))
        )

    def _say_frozen(self) -> None:
        text = self.tr("画面停住了。%1正在等高拍仪恢复；若不恢复请重新插拔。").replace("%1", self._safe())
        self._show(replace(self.state, feed=Feed.FROZEN, notice=Notice(text, Tone.WRONG)))

    def _safe(self) -> str:
        count = self.state.page_count
        return self.tr("已拍的 %1 页都已保存。").replace("%1", str(count)) if count else ""

    def _on_slots_failed(self, _error: Exception) -> None:
        self._fail(Notice(self.tr("材料清单没有读到。按 Esc 返回后再试；已拍的页都已保存。"), Tone.WRONG))

    def _on_shot_failed(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _on_bind_failed(self, notice: Notice) -> None:
        kept = self.tr("这一页已拍好并保存，再按 F8 归入材料。")
        self._fail(Notice(f"{notice.text}{kept}", notice.tone))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _show(self, state: CaptureState) -> None:
        self.state = state
        self.state_changed.emit(state)
