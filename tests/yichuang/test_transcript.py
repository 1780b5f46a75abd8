"""What the demo says, and the steps that it counts."""

import io
import threading

import pytest

from yichuang.demo.clerk import must
from yichuang.demo.transcript import Transcript
from yichuang.processes import ProcessFault


def test_a_step_counts_when_its_block_ends() -> None:
    out = io.StringIO()
    transcript = Transcript(out)
    with transcript.step("窗口1", "收件"):
        transcript.say("窗口1", "拍两页")
    assert [(s.name, s.ok) for s in transcript.steps] == [("收件", True)]
    lines = out.getvalue().splitlines()
    assert "拍两页" in lines[0]
    assert "✓ 收件" in lines[1]


def test_a_failed_step_is_kept_and_its_fault_goes_on() -> None:
    out = io.StringIO()
    transcript = Transcript(out)
    with pytest.raises(ProcessFault, match="没有打出"), transcript.step("自助机", "取号"):
        must(False, "没有打出")
    assert [(s.name, s.ok) for s in transcript.steps] == [("取号", False)]
    assert "✗ 取号：没有打出" in out.getvalue()


def test_must_lets_what_happened_pass() -> None:
    must(True, "never said")


def test_lines_of_several_clerks_stay_whole() -> None:
    out = io.StringIO()
    transcript = Transcript(out)

    def speak(who: str) -> None:
        for _ in range(50):
            transcript.say(who, "一" * 40)

    threads = [threading.Thread(target=speak, args=(f"窗口{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = out.getvalue().splitlines()
    assert len(lines) == 200
    assert all(line.endswith("一" * 40) and line.count("窗口") == 1 for line in lines)


def test_times_never_run_backwards() -> None:
    transcript = Transcript(io.StringIO())
    for n in range(3):
        with transcript.step("x", str(n)):
            pass
    times = [s.at_s for s in transcript.steps]
    assert times == sorted(times)
    assert times[0] >= 0
