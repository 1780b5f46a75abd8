"""The call display over its own journal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hall.queueing import commands as cmd
from hall.queueing import handlers, voiding
from hall.queueing import views as queue
from hall.queueing.model import Priority, Source
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.display import CallVoice, RealDisplayHall
from kiosk_app.display.presenter import DisplayPresenter
from kiosk_app.ports import HallUnreachable
from sync.clocks import ClockWatch
from tests.kiosk_app.backend.rig import DISPLAY, MORNING, NODE, Rig, carry, changji, open_store
from tests.kiosk_app.fakes import Clock, Speech
from tests.ui.runners import InlineRunner

DAY = MORNING.date()


class Screen:
    """A display's backend, and the node's hand on the queue. A called ticket stays at the node here."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.store = open_store(folder, DISPLAY, "terminal", rig.keys, rig.clock)
        self.hall = self.fresh()
        self.n = 0

    def fresh(self) -> RealDisplayHall:
        """As after a restart."""
        bench = KioskBench(self.store, self.rig.line, changji(), self.rig.join)
        clocks = ClockWatch(self.rig.line, bench.now)
        return RealDisplayHall(bench, self.rig.link_now, clocks, ("今天 18:00 停止取号",))

    def do(self, command: object, handler: object) -> None:
        self.rig.node.handle(command, handler)  # type: ignore[arg-type]

    def issue(self, queue: str = "M") -> str:
        self.n += 1
        ticket = f"t{self.n}"
        self.do(
            cmd.IssueTicket(
                f"i{self.n}", ticket, queue, DAY, queue, "综合受理", "户口迁移", None, Priority.NONE,
                Source.KIOSK, "k", "k",
            ),
            handlers.issue_ticket,
        )  # fmt: skip
        return ticket

    def call(self, ticket: str, window: int = 3, epoch: int = 1) -> None:
        self.n += 1
        self.do(
            cmd.CallThis(f"c{self.n}", ticket, window, f"{window}号窗口", "s1", NODE, epoch),
            handlers.call_this,
        )

    def recall(self, ticket: str) -> None:
        self.n += 1
        self.do(cmd.Recall(f"r{self.n}", ticket, "s1"), handlers.recall)

    def start(self, ticket: str) -> None:
        self.n += 1
        self.do(cmd.StartService(f"s{self.n}", ticket, "s1", "session"), handlers.start_service)

    def shown(self) -> list[tuple[str, str]]:
        carry(self.rig.node, self.store)
        return [(c.number, c.window_text) for c in self.hall.snapshot().calls]

    def ids(self) -> list[int]:
        carry(self.rig.node, self.store)
        return [c.call_id for c in self.hall.snapshot().calls]


class Shown:
    """The display's presenter as its program makes it, with a voice that remembers."""

    def __init__(self, screen: Screen) -> None:
        self.screen, self.voice, self.clock = screen, Speech(), Clock()
        carry(screen.rig.node, screen.store)
        with screen.store.read() as conn:
            seen = queue.queue_epoch(conn)
        self.presenter = DisplayPresenter(
            hall=screen.hall, runner=InlineRunner(), voice=self.voice, now_s=self.clock, seen_epoch=seen,
            remember_epoch=lambda _: None,
        )  # fmt: skip
        self.presenter.tick()

    def look(self) -> None:
        carry(self.screen.rig.node, self.screen.store)
        self.clock.now += 20
        self.presenter.tick()


@pytest.fixture
def screen(rig: Rig, tmp_path: Path) -> Iterator[Screen]:
    made = Screen(rig, tmp_path)
    yield made
    made.store.close()


def test_calls_come_in_order_and_a_recall_is_a_new_call(screen: Screen) -> None:
    one, two = screen.issue(), screen.issue()
    screen.call(one, 3)
    assert screen.shown() == [("M001", "3号窗口")]
    screen.call(two, 5)
    before = screen.ids()
    assert screen.shown() == [("M001", "3号窗口"), ("M002", "5号窗口")]
    assert screen.ids() == before, "nothing new, nothing to announce"
    screen.recall(one)
    assert screen.shown() == [("M002", "5号窗口"), ("M001", "3号窗口")]
    assert max(screen.ids()) > max(before)


def test_a_shown_call_stays_while_the_person_is_served(screen: Screen) -> None:
    ticket = screen.issue()
    screen.call(ticket)
    screen.shown()
    screen.start(ticket)
    assert screen.shown() == [("M001", "3号窗口")]


def test_a_call_heard_too_late_is_no_news(screen: Screen) -> None:
    screen.shown()
    ticket = screen.issue()
    screen.call(ticket)
    screen.start(ticket)
    assert screen.shown() == []


def test_a_restarted_display_shows_what_was_called_before(screen: Screen) -> None:
    ticket = screen.issue()
    screen.call(ticket)
    screen.start(ticket)
    screen.shown()
    screen.hall = screen.fresh()
    assert screen.shown() == [("M001", "3号窗口")]


def test_a_killed_display_shows_the_calls_again_and_says_only_new_ones(
    screen: Screen, tmp_path: Path, qtbot: QtBot
) -> None:
    first, second, third = screen.issue(), screen.issue(), screen.issue()
    before = Shown(screen)
    screen.call(first, 3)
    before.look()
    assert before.voice.said == ["请 M001 号到 3号窗口"]

    screen.store.close()
    screen.store = open_store(tmp_path, DISPLAY, "terminal", screen.rig.keys, screen.rig.clock)
    screen.hall = screen.fresh()
    after = Shown(screen)
    assert [(c.number, c.window_text) for c in after.presenter.state.last] == [("M001", "3号窗口")]
    assert after.voice.said == []
    screen.start(first)
    screen.call(second, 5)
    after.look()
    assert after.voice.said == ["请 M002 号到 5号窗口"]

    screen.call(third, 6)
    screen.hall = screen.fresh()
    late = Shown(screen)
    assert [c.number for c in late.presenter.state.last] == ["M003", "M002", "M001"]
    assert late.voice.said == []


def test_calls_of_a_replaced_node_are_not_shown(screen: Screen) -> None:
    old, new, late = screen.issue(), screen.issue(), screen.issue()
    screen.call(old, 3, epoch=1)
    assert screen.shown() == [("M001", "3号窗口")]
    screen.do(cmd.OpenDay("d2", DAY, 2, "n"), handlers.open_day)
    assert screen.shown() == []
    screen.call(new, 4, epoch=2)
    screen.call(late, 5, epoch=1)
    assert screen.shown() == [("M002", "4号窗口")]
    assert screen.hall.snapshot().epoch == 2
    screen.recall(old)
    assert screen.shown() == [("M002", "4号窗口"), ("M001", "3号窗口")], "its window follows the new node"


def test_waiting_is_counted_by_zone_the_fullest_first(screen: Screen) -> None:
    for series in ("F", "FH", "FH", "M"):
        screen.issue(series)
    screen.shown()
    snapshot = screen.hall.snapshot()
    assert [(z.name, z.waiting) for z in snapshot.zones[:2]] == [
        ("公安事务专区", 3),
        ("无差别综合受理窗口", 1),
    ]
    assert snapshot.notices == ("今天 18:00 停止取号",)


def test_a_silent_node_is_said_to_be_silent(screen: Screen) -> None:
    screen.rig.line.away = True
    with pytest.raises(HallUnreachable):
        screen.hall.snapshot()


class Said:
    """An announcer that remembers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    def announce(self, ticket_no: str, window: int, priority: int = 0) -> bool:
        if window > 999:
            raise ValueError(window)
        self.calls.append((ticket_no, window))
        return True


def test_void_numbers_are_named_and_not_called(rig: Rig, screen: Screen) -> None:
    called, waiting = screen.issue(), screen.issue()
    screen.call(called)
    assert screen.shown() == [("M001", "3号窗口")]
    screen.rig.node.write(
        lambda ledger: voiding.void_ticket(ledger, called, "1号窗口", by="z1", reason="主机烧毁")
    )
    assert screen.shown() == []
    words = "已作废的号：M001，请重新取号，先给您办"
    told = screen.hall.snapshot()
    assert (told.void, told.void_words, told.notices) == (("M001",), words, ("今天 18:00 停止取号",))
    rig.sync()
    assert rig.hall.link().voided == words
    screen.call(waiting)
    assert screen.shown() == [("M002", "3号窗口")]


def test_the_voice_says_number_and_window(screen: Screen) -> None:
    screen.call(screen.issue(), 12)
    screen.shown()
    said = Said()
    voice = CallVoice(said, screen.hall.window_of)
    voice.say("请 M001 号到 12号窗口")
    voice.say("您还在吗？")
    assert said.calls == [("M001", 12)]


def test_a_window_that_cannot_be_said_stays_on_the_screen(screen: Screen) -> None:
    screen.call(screen.issue(), 1200)
    screen.shown()
    said = Said()
    CallVoice(said, screen.hall.window_of).say("请 M001 号到 1200号窗口")
    assert said.calls == []


def test_kiosk_and_display_tell_a_wrong_clock(rig: Rig, screen: Screen) -> None:
    assert (rig.hall.link().clock_off, screen.hall.snapshot().clock_off) == ("", "")
    rig.line.node_ms = int((rig.clock.at + timedelta(hours=3)).timestamp() * 1000)
    late = KioskBench(screen.store, rig.line, changji(), rig.join)
    clocks = ClockWatch(rig.line, late.now)
    assert RealDisplayHall(late, rig.link_now, clocks).snapshot().clock_off == "慢 3 小时"
