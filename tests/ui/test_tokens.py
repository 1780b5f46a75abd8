"""Contrast of every ink on every ground it is used on, and the tokens' ways out."""

import pytest

from ui.style_sheet import build_style_sheet
from ui.tokens import (
    COUNTER_PALETTE,
    DISPLAY_PALETTE,
    HIGH_CONTRAST_PALETTE,
    KIOSK_PALETTE,
    Palette,
    contrast_ratio,
    counter_theme,
    css_variables,
    display_theme,
    kiosk_theme,
)

PAIRS = [
    (ink, ground)
    for ink in ("text", "muted", "action", "done", "attention", "wrong")
    for ground in ("page", "surface")
] + [
    ("on_action", "action"),
    ("text", "action_soft"),
    ("action", "action_soft"),
    ("text", "done_soft"),
    ("done", "done_soft"),
    ("text", "attention_soft"),
    ("attention", "attention_soft"),
    ("text", "wrong_soft"),
    ("wrong", "wrong_soft"),
]


@pytest.mark.parametrize(
    ("palette", "least"),
    [(COUNTER_PALETTE, 4.5), (KIOSK_PALETTE, 7.0), (HIGH_CONTRAST_PALETTE, 7.0), (DISPLAY_PALETTE, 7.0)],
    ids=["counter", "kiosk", "high_contrast", "display"],
)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_contrast(palette: Palette, least: float, ink: str, ground: str) -> None:
    assert contrast_ratio(getattr(palette, ink), getattr(palette, ground)) >= least


def test_contrast_of_black_on_white() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)


def test_css_variables_carry_the_tokens() -> None:
    css = css_variables(counter_theme())
    assert "--yc-action: #1B5FAA;" in css
    assert "--yc-on-action: #FFFFFF;" in css
    assert "--yc-type-body: 15px;" in css
    assert "--yc-space-6: 24px;" in css


def test_a_kiosk_is_read_at_arm_s_length() -> None:
    # ui.md: 0.7 degrees of capital height at 600 mm is 27 px on an upright 32 inches, 40 px on 21.5 inches
    assert kiosk_theme().type.caption >= 27
    assert kiosk_theme(lying=True).type.body >= 40


def test_elders_mode_enlarges_type_and_scale_enlarges_all() -> None:
    assert kiosk_theme(elders=True).font_px(40) == 46
    assert kiosk_theme(elders=True, lying=True).font_px(100) == 108
    assert display_theme(scale=2.0).font_px(260) == 520
    assert display_theme(scale=2.0).px(64) == 128


@pytest.mark.parametrize("theme", [counter_theme(), kiosk_theme(high_contrast=True), display_theme()])
def test_style_sheet_is_balanced(theme: object) -> None:
    sheet = build_style_sheet(theme)  # type: ignore[arg-type]
    assert sheet.count("{") == sheet.count("}")
    assert "None" not in sheet
