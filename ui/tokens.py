"""Design tokens: colours, type and space for every screen, in one place.

Qt style sheets (style_sheet.py), painted widgets (through the palette) and the centre's web pages
(`css_variables`) all read these values; nothing else in the project names a colour.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

SCREEN_FAMILIES = ("Noto Sans SC", "Noto Naskh Arabic")
PAPER_FAMILIES = ("Noto Serif SC", "Noto Naskh Arabic")

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8, SPACE_12, SPACE_16 = 4, 8, 12, 16, 24, 32, 48, 64
"""The 4 px grid; SPACE_n is n times 4 px at 1080p."""


class Look(StrEnum):
    """Which kind of screen a theme is for."""

    COUNTER = "counter"
    KIOSK = "kiosk"
    DISPLAY = "display"


class Tone(StrEnum):
    """What a mark or notice means. Always shown with an icon and a word, never by colour alone."""

    PLAIN = "plain"
    INFO = "info"
    DONE = "done"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB. `x` is ink on `surface` and on `x_soft`; `on_action` is ink on `action`."""

    page: str
    surface: str
    line: str
    text: str
    muted: str
    action: str
    action_pressed: str
    on_action: str
    action_soft: str
    done: str
    done_soft: str
    attention: str
    attention_soft: str
    wrong: str
    wrong_soft: str
    focus: str


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Font sizes in px at 1080p."""

    caption: int
    body: int
    lead: int
    title: int
    number: int


@dataclass(frozen=True, slots=True)
class Theme:
    """One screen's look.

    scale: screen px per design px (2.0 on a 3840x2160 call display).
    type_factor: 1.0, or 1.15 in elders' mode; it enlarges type, not targets or margins.
    """

    look: Look
    palette: Palette
    type: TypeScale
    radius_px: int
    target_px: int
    scale: float = 1.0
    type_factor: float = 1.0

    def px(self, design_px: float) -> int:
        """A length in screen px."""
        return max(1, round(design_px * self.scale)) if design_px else 0

    def font_px(self, design_px: int) -> int:
        """A font size in screen px, enlarged in elders' mode."""
        return max(1, round(design_px * self.scale * self.type_factor))


COUNTER_PALETTE = Palette(
    page="#F3F6FA",
    surface="#FFFFFF",
    line="#D3DBE6",
    text="#16202C",
    muted="#4D5B6B",
    action="#1B5FAA",
    action_pressed="#134A88",
    on_action="#FFFFFF",
    action_soft="#E6F0FB",
    done="#17703D",
    done_soft="#E4F5EA",
    attention="#855000",
    attention_soft="#FFF3DC",
    wrong="#B3261E",
    wrong_soft="#FDEAE8",
    focus="#F08C00",
)

KIOSK_PALETTE = replace(
    COUNTER_PALETTE,
    page="#EEF3F9",
    line="#B9C6D6",
    text="#0E1721",
    muted="#36424F",
    action="#124A8C",
    action_pressed="#0B3364",
    done="#0C5229",
    attention="#613900",
    wrong="#86140D",
)

HIGH_CONTRAST_PALETTE = Palette(
    page="#000000",
    surface="#000000",
    line="#FFFFFF",
    text="#FFFFFF",
    muted="#F2F2F2",
    action="#FFD83D",
    action_pressed="#FFFFFF",
    on_action="#000000",
    action_soft="#2A2600",
    done="#7CF2A5",
    done_soft="#00210F",
    attention="#FFD83D",
    attention_soft="#2A2000",
    wrong="#FFB4AB",
    wrong_soft="#330805",
    focus="#4FD8FF",
)

DISPLAY_PALETTE = Palette(
    page="#0A1A33",
    surface="#11294D",
    line="#2D4B7A",
    text="#FFFFFF",
    muted="#C3D2E8",
    action="#FFCE54",
    action_pressed="#FFE29A",
    on_action="#0A1A33",
    action_soft="#1B3A68",
    done="#8FE3AC",
    done_soft="#0D3323",
    attention="#FFCE54",
    attention_soft="#3A2E0A",
    wrong="#FFB3AB",
    wrong_soft="#4A1512",
    focus="#FFCE54",
)

COUNTER_TYPE = TypeScale(caption=13, body=15, lead=18, title=24, number=36)
KIOSK_TYPE = TypeScale(caption=34, body=42, lead=54, title=80, number=320)
"""Upright, 32 inches: 0.7 degrees of capital height at 600 mm is 27 px there; the page has room for more."""
KIOSK_TYPE_LYING = TypeScale(caption=31, body=40, lead=46, title=62, number=220)
"""21.5 inches: 0.7 degrees is 40 px, for all that must be read to go on."""
DISPLAY_TYPE = TypeScale(caption=40, body=56, lead=64, title=120, number=260)

ELDERS_TYPE_FACTOR = 1.15
ELDERS_TYPE_FACTOR_LYING = 1.08
"""A lying 1080p screen has 1080 px of height; more would push what matters off the page."""


def counter_theme(*, high_contrast: bool = False, scale: float = 1.0, type_factor: float = 1.0) -> Theme:
    """The clerk's screens, and the citizen screen beside them at a type_factor of the caller's choice."""
    palette = HIGH_CONTRAST_PALETTE if high_contrast else COUNTER_PALETTE
    return Theme(Look.COUNTER, palette, COUNTER_TYPE, 6, 36, scale, type_factor)


def kiosk_theme(
    *, high_contrast: bool = False, elders: bool = False, lying: bool = False, scale: float = 1.0
) -> Theme:
    """The citizens' touch screens: 7:1 contrast, targets of at least 18 mm (96 px on 21.5 inches)."""
    palette = HIGH_CONTRAST_PALETTE if high_contrast else KIOSK_PALETTE
    larger = ELDERS_TYPE_FACTOR_LYING if lying else ELDERS_TYPE_FACTOR
    scale_of_type = KIOSK_TYPE_LYING if lying else KIOSK_TYPE
    return Theme(Look.KIOSK, palette, scale_of_type, 16, 96, scale, larger if elders else 1.0)


def display_theme(*, scale: float = 1.0) -> Theme:
    """The call display, dark, read from across the hall."""
    return Theme(Look.DISPLAY, DISPLAY_PALETTE, DISPLAY_TYPE, 16, 96, scale)


def contrast_ratio(ink: str, ground: str) -> float:
    """WCAG 2 contrast of two #RRGGBB colours, 1.0 to 21.0."""
    high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def css_variables(theme: Theme) -> str:
    """A `:root { --yc-... }` block with these tokens, for web pages."""
    lines = [f"  --yc-{_css_name(name)}: {getattr(theme.palette, name)};" for name in Palette.__slots__]
    lines += [
        f"  --yc-type-{name}: {theme.font_px(getattr(theme.type, name))}px;" for name in TypeScale.__slots__
    ]
    lines += [f"  --yc-space-{n}: {4 * n}px;" for n in (1, 2, 3, 4, 6, 8, 12, 16)]
    lines.append(f"  --yc-radius: {theme.px(theme.radius_px)}px;")
    lines.append(f"  --yc-font-screen: {_css_families(SCREEN_FAMILIES)}, sans-serif;")
    lines.append(f"  --yc-font-paper: {_css_families(PAPER_FAMILIES)}, serif;")
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def _css_name(name: str) -> str:
    return name.replace("_", "-")


def _css_families(families: tuple[str, ...]) -> str:
    return ", ".join(f'"{family}"' for family in families)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
