"""The ticket as neutral lines."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hall.papers.slip import AWAY_ADVICE, QR_CAPTION, SlipQr, SlipText, TicketSlip, slip_lines
from hall.papers.wording import REPRINT_MARK, SAMPLE_MARK

SLIP = TicketSlip(
    "昌吉市政务服务中心", "A017", "企业开办", "一楼企业开办专区 3—5 号窗口", 4, 12,
    datetime(2026, 11, 22, 2, 5, tzinfo=UTC), "T1.0192f3",
    "叫号3次没到就作废；30分钟内回来，到窗口说一声就能恢复一次",
)  # fmt: skip


def texts(slip: TicketSlip) -> list[str]:
    return [line.text for line in slip_lines(slip) if isinstance(line, SlipText)]


def test_a_slip_says_what_a_waiting_person_needs() -> None:
    shown = "\n".join(texts(SLIP))
    for word in (
        SLIP.hall,
        "A017",
        "企业开办",
        "一楼企业开办专区",
        "3—5 号窗口",
        "4 人",
        "12 分钟",
        "2026-11-22 10:05",
        SLIP.missed_rule,
        "号码只在当天有效",
    ):
        assert word in shown
    assert [line for line in slip_lines(SLIP) if isinstance(line, SlipQr)] == [SlipQr("T1.0192f3")]


def test_the_number_is_the_largest_thing_on_the_slip() -> None:
    sizes = {line.text: line.size for line in slip_lines(SLIP) if isinstance(line, SlipText)}
    assert sizes["A017"] == 4
    assert all(size < 4 for text, size in sizes.items() if text != "A017")


def test_where_to_go_is_as_large_as_what_it_is_about() -> None:
    looks = {line.text: (line.size, line.bold) for line in slip_lines(SLIP) if isinstance(line, SlipText)}
    assert looks["一楼企业开办专区"] == looks["3—5 号窗口"] == looks["企业开办"]


def test_with_the_node_away_the_slip_sends_to_the_comprehensive_window_and_guesses_nothing() -> None:
    shown = texts(replace(SLIP, away=True, people_ahead=None, estimate_min=None))
    assert AWAY_ADVICE in shown
    assert not any("等候" in text for text in shown)


def test_under_the_code_stands_what_it_is_for() -> None:
    lines = slip_lines(SLIP)
    at = next(n for n, line in enumerate(lines) if isinstance(line, SlipQr))
    under = lines[at + 1]
    assert isinstance(under, SlipText)
    assert under.text == QR_CAPTION
    assert QR_CAPTION not in texts(replace(SLIP, qr_payload=""))


def test_a_reprint_and_a_sample_are_marked() -> None:
    shown = "\n".join(texts(replace(SLIP, reprint=True, sample=True)))
    assert REPRINT_MARK in shown
    assert SAMPLE_MARK in shown
    assert REPRINT_MARK not in "\n".join(texts(SLIP))


def test_sizes_beyond_the_printer_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        SlipText("A017", size=5)
