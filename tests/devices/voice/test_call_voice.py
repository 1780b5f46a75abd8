"""Call voice: which clips, one sound, which order, and silence where there is no loudspeaker."""

import io
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.voice.announcer import CallAnnouncer
from devices.voice.clips import BadClip, clips_for, duration_s, join_call, join_clips, number_clips
from devices.voice.player import ChildPlayer, SilentPlayer, WindowsPlayer, find_player
from devices.voice.queue import MAX_WAITING, Call, CallQueue

CLIPS = Path(__file__).parents[3] / "resources" / "voice" / "zh"


def test_what_is_said() -> None:
    assert clips_for("A017", 3) == (
        ["chime", "qing", "a", "0", "1", "7", "hao", "dao", "3", "hao", "chuangkou"]
    )


@pytest.mark.parametrize(
    ("number", "clips"),
    [(1, "1"), (10, "shi"), (12, "shi 2"), (20, "2 shi"), (35, "3 shi 5"), (100, "1 bai"),
     (105, "1 bai 0 5"), (110, "1 bai 1 shi"), (999, "9 bai 9 shi 9")],
)  # fmt: skip
def test_window_numbers_are_read_as_numbers(number: int, clips: str) -> None:
    assert number_clips(number) == clips.split()


@pytest.mark.parametrize(
    ("ticket", "window"), [("", 1), ("A-1", 1), ("../x", 1), ("甲1", 1), ("A1", 0), ("A1", 1000)]
)
def test_what_cannot_be_said_is_refused(ticket: str, window: int) -> None:
    with pytest.raises(ValueError, match="not a"):
        clips_for(ticket, window)


@given(st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True), st.integers(1, 999))
def test_every_call_has_its_clips(ticket: str, window: int) -> None:
    assert all((CLIPS / f"{name}.wav").is_file() for name in clips_for(ticket, window))


def frames(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        data: bytes = sound.readframes(sound.getnframes())
        return data


def test_the_call_is_one_sound_that_says_it_twice() -> None:
    sound = frames(join_call(CLIPS, "A017", 3))
    phrase = frames(join_clips(CLIPS, clips_for("A017", 3)[1:]))
    chime = frames(join_clips(CLIPS, ["chime"]))
    assert sound.startswith(chime)
    assert sound.count(phrase) == 2
    assert 4 < duration_s(join_call(CLIPS, "A017", 3)) < 15


def test_shipped_clips_are_small_and_audible() -> None:
    assert sum(path.stat().st_size for path in CLIPS.glob("*.wav")) < 1_500_000
    for path in CLIPS.glob("*.wav"):
        samples = memoryview(frames(path.read_bytes())).cast("h")
        assert len(samples) > 1_600, path.name
        assert max(samples) > 5_000, path.name


def test_clips_of_another_format_are_named(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as clip:
        clip.setnchannels(2)
        clip.setsampwidth(2)
        clip.setframerate(16_000)
        clip.writeframes(bytes(400))
    (tmp_path / "b.wav").write_bytes(b"RIFF rubbish")
    for name in ("a", "b", "c"):
        with pytest.raises(BadClip) as caught:
            join_clips(tmp_path, [name])
        assert f"{name}.wav" in caught.value.hint


def test_urgent_calls_first_then_in_order() -> None:
    queue = CallQueue()
    for call in (Call("A1", 1), Call("A2", 2), Call("B1", 3, priority=5), Call("A3", 4)):
        assert queue.push(call, 0)
    assert [call.ticket_no for call in iter(queue.pop, None)] == ["B1", "A1", "A2", "A3"]


def test_the_same_call_within_three_seconds_is_one() -> None:
    queue = CallQueue()
    assert queue.push(Call("A1", 1), 0)
    assert queue.pop() == Call("A1", 1)
    assert not queue.push(Call("A1", 1), 2.9)
    assert queue.pop() is None
    assert queue.push(Call("A1", 1), 6.0), "called again on purpose"
    assert not queue.push(Call("A1", 1, priority=9), 20), "still waiting: more urgent, but once"
    assert queue.pop() == Call("A1", 1, priority=9)


def test_a_newer_window_replaces_the_older_one() -> None:
    queue = CallQueue()
    queue.push(Call("A1", 1), 0)
    queue.push(Call("A1", 2), 1)
    assert [call.window for call in iter(queue.pop, None)] == [2]


def test_the_queue_does_not_grow_without_end() -> None:
    queue = CallQueue()
    for i in range(MAX_WAITING + 5):
        queue.push(Call(f"A{i}", 1, priority=int(i == 0)), 0)
    waiting = [call.ticket_no for call in iter(queue.pop, None)]
    assert len(waiting) == MAX_WAITING
    assert waiting[0] == "A0"
    assert waiting[-1] == f"A{MAX_WAITING + 4}"


class Recorder:
    """A player whose sound is kept, and that can be held up."""

    def __init__(self) -> None:
        self.sounds: list[bytes] = []
        self.may_play = threading.Event()
        self.may_play.set()

    def play(self, wav: bytes) -> bool:
        self.may_play.wait(10)
        self.sounds.append(wav)
        return True


@pytest.fixture
def said() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def start(said: list[tuple[str, bool]]) -> Iterator[Callable[..., CallAnnouncer]]:
    made: list[CallAnnouncer] = []

    def start(*args: object) -> CallAnnouncer:
        announcer = CallAnnouncer(*args, said=lambda call, heard: done(call.ticket_no, heard))  # type: ignore[arg-type]
        made.append(announcer)
        return announcer

    def done(ticket_no: str, heard: bool) -> None:
        with DONE:
            said.append((ticket_no, heard))
            DONE.notify_all()

    yield start
    for announcer in made:
        announcer.close()


DONE = threading.Condition()


def wait_for(said: list[tuple[str, bool]], count: int) -> None:
    with DONE:
        assert DONE.wait_for(lambda: len(said) >= count, 20)


def test_announcer_says_calls_one_by_one(
    start: Callable[..., CallAnnouncer], said: list[tuple[str, bool]]
) -> None:
    player = Recorder()
    player.may_play.clear()
    announcer = start(CLIPS, player)
    assert announcer.announce("A001", 1)
    assert not announcer.announce("A001", 1)
    announcer.announce("A002", 2)
    announcer.announce("V003", 3, priority=1)
    player.may_play.set()
    wait_for(said, 3)
    assert {ticket for ticket, _ in said} == {"A001", "A002", "V003"}
    assert said.index(("V003", True)) < said.index(("A002", True))
    assert player.sounds[-1] == join_call(CLIPS, "A002", 2)
    with pytest.raises(ValueError, match="ticket"):
        announcer.announce("no such", 1)


def test_missing_clips_and_no_loudspeaker_are_only_silence(
    start: Callable[..., CallAnnouncer], said: list[tuple[str, bool]], tmp_path: Path
) -> None:
    start(tmp_path, Recorder()).announce("A001", 1)
    wait_for(said, 1)
    start(CLIPS, SilentPlayer()).announce("A002", 1)
    wait_for(said, 2)
    assert sorted(said) == [("A001", False), ("A002", False)]


def script(tmp_path: Path, name: str, body: str) -> list[str]:
    path = tmp_path / f"{name}.py"
    path.write_text(f"import pathlib, sys, time\n{body}\n")
    return [sys.executable, str(path)]


def test_child_player_falls_back_and_survives_a_hang(tmp_path: Path) -> None:
    wav = join_clips(CLIPS, ["1"])
    copy = tmp_path / "heard.wav"
    hangs = script(tmp_path, "hangs", "time.sleep(600)")
    fails = script(tmp_path, "fails", "sys.exit(1)")
    works = script(
        tmp_path, "works", f"pathlib.Path({str(copy)!r}).write_bytes(pathlib.Path(sys.argv[1]).read_bytes())"
    )
    assert ChildPlayer([["/no/such/player"], fails, works]).play(wav)
    assert copy.read_bytes() == wav
    assert not ChildPlayer([fails]).play(wav)
    assert not ChildPlayer([hangs], grace_s=0.1).play(wav)
    assert not ChildPlayer([]).play(wav)


def test_windows_player_is_silent_without_a_sound_device() -> None:
    heard: list[bytes] = []
    assert WindowsPlayer(heard.append).play(b"wav")
    assert heard == [b"wav"]

    def no_device(wav: bytes) -> None:
        raise RuntimeError("Failed to play sound")

    assert not WindowsPlayer(no_device).play(b"wav")


def test_a_player_is_always_found() -> None:
    assert find_player() is not None
