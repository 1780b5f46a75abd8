"""The call display: fencing by epoch, ten seconds, last eight, lost link."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk_app.display.presenter import DisplayPresenter
from kiosk_app.main import DisplayWindow
from kiosk_app.ports import Call, DisplaySnapshot
from tests.kiosk_app.fakes import NOON, ZONES, Clock, MemoryQueue, Speech
from tests.ui.runners import InlineRunner
from ui.fit_label import FitLabel
from ui.labels import StatusDot


class Hall:
    def __init__(self, seen_epoch: int = 0) -> None:
        self.queue = MemoryQueue(DisplaySnapshot(5, (), ZONES))
        self.voice, self.clock = Speech(), Clock()
        self.kept: list[int] = []
        self.presenter = DisplayPresenter(
            hall=self.queue,
            runner=InlineRunner(),
            voice=self.voice,
            now_s=self.clock,
            seen_epoch=seen_epoch,
            remember_epoch=self.kept.append,
        )
        self.presenter.tick()

    def call(self, *calls: Call, epoch: int = 5) -> None:
        snap = self.queue.snap
        self.queue.snap = replace(snap, epoch=epoch, calls=(*snap.calls, *calls))
        self.presenter.tick()


@pytest.fixture
def hall(qtbot: QtBot) -> Hall:
    return Hall()


def test_newest_call_is_shown_ten_seconds_and_spoken(hall: Hall) -> None:
    hall.call(Call(1, "A017", "3 号窗口"))
    assert hall.presenter.state.newest == Call(1, "A017", "3 号窗口")
    assert hall.voice.said == ["请 A017 号到 3 号窗口"]
    hall.clock.now += 9.9
    hall.presenter.tick()
    assert hall.presenter.state.newest is not None
    hall.clock.now += 0.2
    hall.presenter.tick()
    assert hall.presenter.state.newest is None
    assert [call.number for call in hall.presenter.state.last] == ["A017"]
    assert len(hall.voice.said) == 1


def test_recall_is_a_new_call(hall: Hall) -> None:
    hall.call(Call(1, "A017", "3 号窗口"))
    hall.clock.now += 11
    hall.presenter.tick()
    hall.call(Call(2, "A017", "3 号窗口"))
    assert len(hall.voice.said) == 2
    assert len(hall.presenter.state.last) == 1


def test_two_calls_at_once_are_both_seen_at_once_then_one_after_the_other(hall: Hall) -> None:
    hall.call(Call(1, "M003", "97号窗口"), Call(2, "M001", "98号窗口"))
    seen = hall.presenter.state
    assert seen.newest is not None
    assert seen.newest.number == "M003"
    assert {call.number for call in seen.last} == {"M003", "M001"}
    hall.clock.now += 3
    hall.presenter.tick()
    after = hall.presenter.state
    assert after.newest is not None
    assert after.newest.number == "M001"
    assert [call.number for call in after.last] == ["M001", "M003"]
    assert [text.split()[1] for text in hall.voice.said] == ["M003", "M001"]


def test_a_call_that_comes_within_a_second_is_not_lost(hall: Hall) -> None:
    hall.call(Call(1, "M003", "97号窗口"))
    hall.clock.now += 0.7
    hall.call(Call(2, "M001", "98号窗口"))
    assert "M001" in [call.number for call in hall.presenter.state.last]
    hall.clock.now += 2.4
    hall.presenter.tick()
    assert hall.presenter.state.newest == Call(2, "M001", "98号窗口")
    assert len(hall.voice.said) == 2


VOID_WORDS = "已作废的号：A017、V 字头 V008 以后，请重新取号，先给您办"


def make_void(hall: Hall, *numbers: str) -> None:
    hall.queue.snap = replace(hall.queue.snap, void=numbers, void_words=VOID_WORDS)
    hall.presenter.tick()


def test_a_call_of_a_number_that_is_void_leaves_the_screen_at_once(hall: Hall) -> None:
    hall.call(Call(1, "A016", "2 号窗口"))
    hall.clock.now += 11
    hall.call(Call(2, "A017", "3 号窗口"))
    assert hall.presenter.state.newest == Call(2, "A017", "3 号窗口")
    make_void(hall, "A017")
    seen = hall.presenter.state
    assert (seen.newest, [call.number for call in seen.last]) == (None, ["A016"])
    assert seen.void == VOID_WORDS


def test_a_void_number_whose_call_waits_for_its_turn_is_not_spoken(hall: Hall) -> None:
    hall.call(Call(1, "A016", "2 号窗口"), Call(2, "A017", "3 号窗口"))
    make_void(hall, "A017")
    hall.clock.now += 4
    hall.presenter.tick()
    assert [text.split()[1] for text in hall.voice.said] == ["A016"]


def test_last_eight_newest_first(hall: Hall) -> None:
    hall.call(*(Call(n, f"A{n:03d}", "3 号窗口") for n in range(1, 11)))
    for _ in range(12):
        hall.clock.now += 4
        hall.presenter.tick()
    assert [call.number for call in hall.presenter.state.last] == [f"A{n:03d}" for n in range(10, 2, -1)]


def test_lower_epoch_is_ignored(hall: Hall) -> None:
    hall.call(Call(1, "A017", "3 号窗口"), epoch=6)
    hall.queue.snap = DisplaySnapshot(5, (Call(99, "Z999", "9 号窗口"),))
    hall.clock.now += 11
    hall.presenter.tick()
    assert hall.presenter.state.old_epoch
    assert "Z999" not in [call.number for call in hall.presenter.state.last]
    assert not any("Z999" in text for text in hall.voice.said)


def test_epoch_survives_a_restart(hall: Hall) -> None:
    hall.call(Call(1, "A017", "3 号窗口"), epoch=7)
    assert hall.kept == [5, 7]
    again = Hall(seen_epoch=hall.kept[-1])
    again.call(Call(1, "A018", "3 号窗口"), epoch=6)
    assert again.presenter.state.newest is None
    assert again.presenter.state.old_epoch


def test_new_node_counts_calls_anew(hall: Hall) -> None:
    hall.call(Call(40, "A017", "3 号窗口"))
    hall.clock.now += 11
    hall.queue.snap = DisplaySnapshot(6, (Call(1, "A018", "4 号窗口"),))
    hall.presenter.tick()
    assert hall.presenter.state.newest == Call(1, "A018", "4 号窗口")


def test_a_display_switched_on_does_not_shout_old_calls(qtbot: QtBot) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (Call(1, "A001", "1 号窗口"),)))
    voice = Speech()
    presenter = DisplayPresenter(
        hall=queue,
        runner=InlineRunner(),
        voice=voice,
        now_s=Clock(),
        seen_epoch=1,
        remember_epoch=lambda _: None,
    )
    presenter.tick()
    assert voice.said == []
    assert [call.number for call in presenter.state.last] == ["A001"]


def test_silence_is_counted_and_ends(hall: Hall) -> None:
    hall.queue.silent = True
    hall.clock.now += 130
    hall.presenter.tick()
    assert hall.presenter.state.lost_s == 130
    hall.queue.silent = False
    hall.presenter.tick()
    assert hall.presenter.state.lost_s is None


@pytest.fixture
def make_display(dressed: QApplication) -> Iterator[Callable[..., DisplayWindow]]:
    made: list[DisplayWindow] = []

    def make(queue: MemoryQueue, width_px: int, height_px: int, clock: Clock | None = None) -> DisplayWindow:
        window = DisplayWindow(
            hall_name="昌吉市政务服务中心",
            width_px=width_px,
            height_px=height_px,
            app=dressed,
            hall=queue,
            voice=Speech(),
            runner=InlineRunner(),
            seen_epoch=0,
            remember_epoch=lambda _: None,
            now_s=clock or Clock(),
            now=lambda: NOON,
        )
        made.append(window)
        window.show()
        return window

    yield make
    for window in made:
        window.close()
        shiboken6.delete(window)


SIZES = [(1920, 1080), (3840, 2160)]
LONG = "不动产登记综合受理（含抵押、查封）12号窗口"


def label(window: DisplayWindow, name: str) -> QLabel:
    return next(label for label in window.findChildren(QLabel) if label.accessibleName() == name)


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def cut(window: DisplayWindow) -> list[str]:
    """Visible texts that do not fit their place."""
    fitting = [x for x in window.findChildren(FitLabel) if x.isVisible() and x.text()]
    return [x.text() for x in fitting if not x.fits()]


def ink_rows(picture: QImage, left: float) -> int:
    """Height of what is drawn first from this share of the width to the right, up to a gap as wide as a space."""
    paper = picture.pixel(0, 0)
    columns: list[set[int]] = []
    for x in range(int(picture.width() * left), picture.width()):
        rows = {y for y in range(picture.height()) if picture.pixel(x, y) != paper}
        columns.append(rows)
        if any(columns) and not any(columns[-12:]):
            break
    drawn = set[int]().union(*columns)
    return max(drawn) - min(drawn) + 1


@pytest.mark.parametrize("size", SIZES)
def test_window_shows_the_call_over_the_whole_width(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot, size: tuple[int, int]
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (), ZONES, ("请保管好随身物品。",)))
    window = make_display(queue, *size)
    queue.snap = replace(queue.snap, calls=(Call(1, "A017", "不动产登记综合受理 12 号窗口"),))
    window.presenter.tick()
    settle()
    number, where = label(window, "正在呼叫"), label(window, "呼叫窗口")
    assert number.text() == "请 A017 号"
    assert where.text() == "到不动产登记综合受理 12 号窗口"
    assert isinstance(number, FitLabel)
    assert number.shown_px() == 260 * size[1] // 1080
    picture = number.grab().toImage()
    ink = [ink_rows(picture, share) for share in (0.0, 0.5)]
    assert ink[0] < ink[1] * 0.8, "the words around the number are smaller than it"
    assert number.width() > size[0] * 0.85
    assert label(window, "综合受理专区等候").text() == "等候 12 人"


@pytest.mark.parametrize("size", SIZES)
def test_a_wrong_clock_is_told_below_and_not_shown_above(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot, size: tuple[int, int]
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (), ZONES, ("请保管好随身物品。",), "慢 9 小时"))
    window = make_display(queue, *size)
    settle()
    window._show_time()
    assert label(window, "现在时间").text() == "--:--"
    assert "本屏时间比大厅慢 9 小时，请工作人员校准" in label(window, "大厅通知").text()
    queue.snap = replace(queue.snap, clock_off="")
    window.presenter.tick()
    window._show_time()
    assert ":" in label(window, "现在时间").text()
    assert "校准" not in label(window, "大厅通知").text()


@pytest.mark.parametrize("size", SIZES)
def test_calls_before_the_newest_stay_on_the_screen(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot, size: tuple[int, int]
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (Call(1, "A016", LONG), Call(2, "A017", "5号窗口")), ZONES))
    window = make_display(queue, *size)
    queue.snap = replace(queue.snap, calls=(*queue.snap.calls, Call(3, "A018", LONG)))
    window.presenter.tick()
    settle()
    assert label(window, "正在呼叫").text() == "请 A018 号"
    assert [label(window, f"前次呼叫 {n} 号码").text() for n in (1, 2, 3)] == ["A017", "A016", ""]
    assert label(window, "前次呼叫 1 窗口").text() == "5 号窗口"
    assert label(window, "前次呼叫 1 号码").isVisible()
    assert cut(window) == []


@pytest.mark.parametrize("size", SIZES)
def test_the_list_marks_the_newest_and_is_read_from_ten_metres(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot, size: tuple[int, int]
) -> None:
    calls = tuple(Call(n, f"A{n:03d}", LONG if n % 3 else "3号窗口") for n in range(1, 9))
    window = make_display(MemoryQueue(DisplaySnapshot(1, calls, ZONES)), *size)
    settle()
    numbers = [label(window, f"已叫 {n} 号码") for n in range(1, 9)]
    assert [x.text() for x in numbers] == [f"A{n:03d}" for n in range(8, 0, -1)]
    marked = [x.text() for x in window.findChildren(QLabel) if x.text() == "最新" and x.isVisible()]
    assert marked == ["最新"]
    # 64 mm on 55 inches; a digit is 0.735 em high
    for number in numbers:
        assert isinstance(number, FitLabel)
        assert number.shown_px() >= 130 * size[1] // 1080
    assert cut(window) == []


def test_just_switched_on_it_says_connecting_and_only_later_cut_off(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (), ZONES), silent=True)
    clock = Clock()
    window = make_display(queue, *SIZES[0], clock)
    link = next(dot for dot in window.findChildren(StatusDot))
    assert link.words() == "叫号系统 正在连接"
    clock.now += 20
    window.presenter.tick()
    assert "断开" in link.words()
    assert "口头叫号" in label(window, "大厅通知").text()
    queue.silent = False
    window.presenter.tick()
    assert link.words() == "叫号系统 正常"


def test_cut_off_it_tells_people_what_to_do_and_shows_no_old_figures(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (Call(1, "A016", "3号窗口"),), ZONES, ("请保管好随身物品。",)))
    clock = Clock()
    window = make_display(queue, *SIZES[0], clock)
    settle()
    waiting = label(window, "综合受理专区等候")
    assert waiting.isVisible()
    queue.silent = True
    clock.now += 200
    window.presenter.tick()
    settle()
    assert not shiboken6.isValid(waiting) or not waiting.isVisible()
    assert "您的号码一直有效" in label(window, "大厅通知").text()
    assert label(window, "已叫 1 号码").text() == "A016"


def test_void_numbers_stand_large_also_while_another_is_called(
    make_display: Callable[..., DisplayWindow], qtbot: QtBot
) -> None:
    queue = MemoryQueue(DisplaySnapshot(1, (), ZONES, ("请保管好随身物品。",)))
    clock = Clock()
    window = make_display(queue, *SIZES[0], clock)
    settle()
    void = label(window, "作废的号")
    assert not void.isVisible()
    called = (Call(1, "A016", "3号窗口"),)
    queue.snap = replace(queue.snap, calls=called, void=("A017",), void_words=VOID_WORDS)
    window.presenter.tick()
    settle()
    assert void.isVisible()
    assert isinstance(void, FitLabel)
    assert void.fits()
    assert void.shown_px() > 1.5 * label(window, "大厅通知").fontInfo().pixelSize()
    queue.silent = True
    clock.now += 200
    window.presenter.tick()
    settle()
    assert void.isVisible()
    assert "作废的号以外" in label(window, "大厅通知").text()
