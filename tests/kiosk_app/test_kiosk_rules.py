"""Small rules of the kiosk: idle times, typed codes, card polling, progress and rating."""

from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from kiosk_app.card_poller import CardPoller
from kiosk_app.idle import IdleClock
from kiosk_app.ports import ProgressQuery, Refused
from kiosk_app.progress.presenter import ProgressPresenter
from kiosk_app.rate.presenter import RatePresenter, RateStep
from kiosk_app.typed import query_from
from kiosk_app.wording import spaced
from tests.kiosk_app.fakes import CARD, SERVICE, DeskReader, MemoryHall
from tests.ui.runners import HeldRunner, InlineRunner


def test_idle_asks_at_45_and_wipes_at_60() -> None:
    clock = IdleClock()
    clock.start(0.0, elders=False)
    assert not clock.read(44.9).asking
    assert (clock.read(45.0).asking, clock.read(45.0).seconds_left) == (True, 15)
    assert clock.read(59.5).seconds_left == 1
    assert clock.read(60.0).wipe


def test_more_time_doubles_up_to_four_times_and_ends_with_the_session() -> None:
    clock = IdleClock()
    clock.start(0.0, elders=False)
    for expected in (120.0, 240.0, 240.0):
        clock.more_time(0.0)
        assert not clock.read(expected - 0.1).wipe
        assert clock.read(expected).wipe
    clock.forget()
    clock.start(0.0, elders=False)
    assert clock.read(60.0).wipe


def test_elders_have_more_time() -> None:
    clock = IdleClock()
    clock.start(0.0, elders=True)
    assert not clock.read(74.0).asking
    assert clock.read(75.0).asking
    assert not clock.read(104.0).wipe


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        (" 65230119900101001x ", ProgressQuery(id_number="65230119900101001X")),
        ("６５２３０１１９９００１０１００１Ｘ", ProgressQuery(id_number="65230119900101001X")),
        ("t017-a", ProgressQuery(code="T017-A")),
        ("652301012026112300101", ProgressQuery(code="652301012026112300101")),
    ],
)
def test_typed_text_is_forgiven(typed: str, query: ProgressQuery) -> None:
    assert query_from(typed) == query


@pytest.mark.parametrize("typed", ["", "   ", "x'; drop", "<b>", "1" * 51])
def test_typed_nonsense_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused):
        query_from(typed)


def test_no_id_number_in_a_repr() -> None:
    assert "6523" not in repr(ProgressQuery(id_number="65230119900101001X"))
    assert CARD.id_number not in repr(CARD)


def test_spacing() -> None:
    assert spaced("请到3号窗口") == "请到 3 号窗口"
    assert spaced("请坐A区等候") == "请坐 A 区等候"
    assert spaced("到一号窗口") == "到一号窗口"


def test_poller_stops_after_a_card(qtbot: QtBot) -> None:
    reader = DeskReader(CARD)
    poller = CardPoller(reader=reader, runner=InlineRunner())
    with qtbot.waitSignal(poller.card_read) as caught:
        poller.start()
    assert caught.args == [CARD]


def test_a_card_left_on_the_reader_counts_once(qtbot: QtBot) -> None:
    held, reader = HeldRunner(), DeskReader(CARD)
    poller = CardPoller(reader=reader, runner=held)
    cards: list[object] = []
    poller.card_read.connect(cards.append)

    def look() -> None:
        poller.start()
        qtbot.waitUntil(lambda: len(held) == 1)
        held.release()

    look()
    assert cards == [CARD]
    look()
    assert cards == [CARD], "it still lies there"
    reader.card = None
    look()
    reader.card = CARD
    look()
    assert cards == [CARD, CARD], "lifted and laid down again"
    poller.forget()
    look()
    assert cards == [CARD, CARD, CARD], "the next person's"


def test_back_from_an_answer_stays_at_the_question_while_the_card_lies(qtbot: QtBot) -> None:
    hall, held, reader = MemoryHall(), HeldRunner(), DeskReader(CARD)
    cards = CardPoller(reader=reader, runner=held)
    presenter = ProgressPresenter(hall=hall, cards=cards, runner=InlineRunner())
    presenter.enter()
    qtbot.waitUntil(lambda: len(held) == 1)
    held.release()
    assert presenter.state.rows is not None
    assert presenter.back()
    for _ in range(2):
        qtbot.waitUntil(lambda: len(held) == 1)
        held.release()
    assert presenter.state.rows is None
    assert len(hall.queries) == 1
    presenter.reset()


def test_poller_drops_a_card_after_stop(qtbot: QtBot) -> None:
    held = HeldRunner()
    poller = CardPoller(reader=DeskReader(CARD), runner=held)
    cards: list[object] = []
    poller.card_read.connect(cards.append)
    poller.start()
    qtbot.waitUntil(lambda: len(held) == 1)
    poller.stop()
    held.release()
    assert cards == []


def test_poller_tells_a_fault_once_and_recovers(qtbot: QtBot) -> None:
    reader = DeskReader(faulty=True)
    poller = CardPoller(reader=reader, runner=InlineRunner())
    faults: list[bool] = []
    poller.fault_changed.connect(faults.append)
    poller.start()
    qtbot.waitUntil(lambda: faults == [True])
    reader.faulty = False
    qtbot.waitUntil(lambda: faults == [True, False])
    poller.stop()


def test_progress_by_card(qtbot: QtBot) -> None:
    hall = MemoryHall()
    presenter = ProgressPresenter(
        hall=hall, cards=CardPoller(reader=DeskReader(CARD), runner=InlineRunner()), runner=InlineRunner()
    )
    presenter.enter()
    qtbot.waitUntil(lambda: presenter.state.rows is not None)
    assert hall.queries == [ProgressQuery(id_number=CARD.id_number)]
    presenter.reset()
    assert presenter.state.rows is None


def test_progress_asks_once_for_two_presses(qtbot: QtBot) -> None:
    hall, held = MemoryHall(), HeldRunner()
    presenter = ProgressPresenter(
        hall=hall, cards=CardPoller(reader=DeskReader(), runner=InlineRunner()), runner=held
    )
    presenter.enter()
    presenter.type_text("T017X")
    presenter.submit()
    presenter.submit()
    assert presenter.state.busy
    held.release()
    assert len(hall.queries) == 1
    presenter.reset()


def test_progress_when_unreachable_keeps_what_was_typed(qtbot: QtBot) -> None:
    hall = MemoryHall(unreachable=True)
    presenter = ProgressPresenter(
        hall=hall, cards=CardPoller(reader=DeskReader(), runner=InlineRunner()), runner=InlineRunner()
    )
    presenter.enter()
    presenter.type_text("T017X")
    presenter.submit()
    assert presenter.state.typed == "T017X"
    assert presenter.state.notice is not None
    presenter.reset()


@pytest.fixture
def rating(qtbot: QtBot) -> tuple[RatePresenter, MemoryHall]:
    hall = MemoryHall()
    cards = CardPoller(reader=DeskReader(), runner=InlineRunner())
    presenter = RatePresenter(hall=hall, cards=cards, runner=InlineRunner(), new_id=uuid4)
    presenter.enter()
    presenter.type_text("T017X")
    return presenter, hall


def test_rating_counts_once_over_a_retry(rating: tuple[RatePresenter, MemoryHall]) -> None:
    presenter, hall = rating
    presenter.submit()
    steps = [presenter.state.step]
    hall.broken = True
    presenter.rate("satisfied", (), False)
    steps.append(presenter.state.step)
    hall.broken = False
    presenter.rate("satisfied", (), False)
    presenter.rate("satisfied", (), False)
    steps.append(presenter.state.step)
    assert steps == [RateStep.RATE, RateStep.RATE, RateStep.THANKS]
    assert len(hall.ratings) == 1


def test_second_rating_is_refused(rating: tuple[RatePresenter, MemoryHall]) -> None:
    presenter, hall = rating
    presenter.submit()
    presenter.rate("satisfied", (), False)
    presenter.choose(SERVICE)
    presenter.rate("dissatisfied", (), False)
    assert presenter.state.notice is not None
    assert "已经评价过" in presenter.state.notice.text
    assert [r.level for r in hall.ratings.values()] == ["satisfied"]


def test_nothing_to_rate(rating: tuple[RatePresenter, MemoryHall]) -> None:
    presenter, hall = rating
    hall.services = ()
    presenter.submit()
    assert presenter.state.step is RateStep.ENTER
    assert presenter.state.notice is not None
    presenter.reset()
