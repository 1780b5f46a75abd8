"""The one style sheet of an application, generated from a theme. Pure text, no Qt."""

from ui.tokens import Look, Theme

CALLED, CALLED_WINDOW = 137, 88
"""Of the call display's list, px at 1080p: 64 mm high digits on 55 inches, read from ten metres."""


def build_style_sheet(theme: Theme) -> str:
    """Qt style sheet text for `QApplication.setStyleSheet`."""
    return "\n".join((_surfaces(theme), _labels(theme), _buttons(theme), _fields(theme), _lists(theme)))


def _surfaces(t: Theme) -> str:
    p, r = t.palette, t.px(t.radius_px)
    inset = 0 if t.look is Look.COUNTER else t.px(10)
    return f"""
QMainWindow, QDialog, QWidget[role="page"] {{ background: {p.page}; }}
QWidget {{ color: {p.text}; }}
QFrame[role="card"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {r}px; }}
QFrame[role="panel"] {{ background: {p.surface}; border: none; border-radius: {r}px; }}
QFrame[role="bar"] {{ background: {p.surface}; border: none; border-bottom: 1px solid {p.line}; }}
QFrame[role="footer"] {{ background: {p.surface}; border: none; border-top: 1px solid {p.line}; }}
QFrame[role="hairline"] {{ background: {p.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="call"] {{ background: {p.action}; border: none; border-radius: {r}px; }}
QFrame[role="newest"] {{ background: {p.action_soft}; border: {max(2, t.px(4))}px solid {p.action};
  border-radius: {r}px; }}
QFrame[role="notice"] {{ border: 1px solid {p.line}; border-radius: {r}px; background: {p.surface};
  padding: {inset // 2}px {inset}px; }}
QFrame[role="notice"][tone="info"] {{ background: {p.action_soft}; border-color: {p.action}; }}
QFrame[role="notice"][tone="done"] {{ background: {p.done_soft}; border-color: {p.done}; }}
QFrame[role="notice"][tone="attention"] {{ background: {p.attention_soft}; border-color: {p.attention}; }}
QFrame[role="notice"][tone="wrong"] {{ background: {p.wrong_soft}; border-color: {p.wrong}; }}
QFrame[role="sample"] {{ background: {p.attention_soft}; border: 1px dashed {p.attention};
  border-radius: {r}px; }}
QToolTip {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line}; padding: {t.px(6)}px; }}
"""


def _labels(t: Theme) -> str:
    p = t.palette
    sizes = "\n".join(
        f'QLabel[role="{name}"], IconLabel[role="{name}"], QPushButton[role="{name}"] '
        f"{{ font-size: {t.font_px(getattr(t.type, name))}px; }}"
        for name in ("caption", "body", "lead", "title", "number")
    )
    tones = "\n".join(
        f'QLabel[tone="{name}"], IconLabel[tone="{name}"], '
        f'*[tone="{name}"] > IconLabel {{ color: {colour}; }}'
        for name, colour in (
            ("muted", p.muted),
            ("info", p.action),
            ("action", p.action),
            ("done", p.done),
            ("attention", p.attention),
            ("wrong", p.wrong),
            ("on_action", p.on_action),
        )
    )
    return f"""
QLabel {{ background: transparent; }}
{sizes}
QLabel[role="title"], QLabel[role="number"], QLabel[role="called"] {{ font-weight: 700; }}
QLabel[role="called"], IconLabel[role="called"] {{ font-size: {t.font_px(CALLED)}px; }}
QLabel[role="window"] {{ font-size: {t.font_px(CALLED_WINDOW)}px; }}
QLabel[weight="bold"] {{ font-weight: 700; }}
QLabel[tone="plain"] {{ color: {p.text}; }}
{tones}
"""


def _buttons(t: Theme) -> str:
    p, r = t.palette, t.px(t.radius_px)
    # a finger does not grow with the type
    height = t.px(t.target_px) - 2
    pad_v, pad_h = t.px(4), t.px(16 if t.look is Look.COUNTER else 32)
    lead, body = t.font_px(t.type.lead), t.font_px(t.type.body)
    # many sentences on one page: reasons of a rating
    dense = t.font_px(t.type.body if t.look is Look.COUNTER else t.type.caption)
    focus = max(2, t.px(2 if t.look is Look.COUNTER else 5))
    return f"""
QPushButton {{ background: {p.surface}; color: {p.action}; border: 1px solid {p.action}; border-radius: {r}px;
  padding: {pad_v}px {pad_h}px; min-height: {height}px; font-size: {body}px; }}
QPushButton[density="small"] {{ padding: {pad_v}px {pad_h // 2}px; }}
QPushButton:hover {{ background: {p.action_soft}; }}
QPushButton:pressed {{ background: {p.action_soft}; border-color: {p.action_pressed}; }}
QPushButton:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton:disabled {{ color: {p.muted}; border-color: {p.line}; background: {p.page}; }}
QPushButton[kind="primary"] {{ background: {p.action}; color: {p.on_action}; border-color: {p.action};
  font-weight: 700; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {p.action_pressed}; }}
QPushButton[kind="primary"]:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton[kind="primary"]:disabled {{ background: {p.line}; color: {p.text}; border-color: {p.line}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {p.text};
  padding: {pad_v}px {pad_h // 2}px; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:pressed {{ background: {p.action_soft}; }}
QPushButton[kind="quiet"]:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton[kind="danger"] {{ color: {p.wrong}; border-color: {p.wrong}; }}
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed {{ background: {p.wrong_soft}; }}
QPushButton[kind="danger"]:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton[kind="tile"] {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line};
  font-size: {lead}px; padding: {t.px(SPACE_TILE)}px; }}
QPushButton[kind="tile"][density="small"] {{ font-size: {body}px; padding: {t.px(10)}px; }}
QPushButton[kind="tile"]:hover {{ border-color: {p.action}; }}
QPushButton[kind="tile"]:pressed {{ background: {p.action_soft}; border-color: {p.action}; }}
QPushButton[kind="tile"]:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton[kind="tile"][weight="strong"] {{ background: {p.action}; color: {p.on_action};
  border-color: {p.action}; }}
QPushButton[kind="tile"][weight="strong"]:pressed {{ background: {p.action_pressed}; }}
QPushButton[kind="tile"][weight="strong"]:focus {{ border: {focus}px solid {p.focus}; }}
QPushButton[kind="tile"]:checked {{ background: {p.action_soft}; border: {focus}px solid {p.action}; }}
QPushButton[kind="key"] {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line};
  font-size: {lead}px; padding: 0; }}
QPushButton[kind="key"]:pressed {{ background: {p.action_soft}; border-color: {p.action}; }}
QPushButton[kind="choice"] {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line}; }}
QPushButton[kind="choice"]:checked {{ background: {p.action_soft}; color: {p.action};
  border: {max(2, t.px(3))}px solid {p.action}; font-weight: 700; }}
QPushButton[kind="option"] {{ padding: {pad_v}px {pad_h // 2}px; }}
QPushButton[kind="option"][weight="strong"] {{ background: {p.action_soft}; font-weight: 700;
  border: {max(2, t.px(2))}px solid {p.action}; }}
QPushButton[kind="option"][weight="chosen"] {{ background: {p.action}; color: {p.on_action}; border-color: {p.action};
  font-weight: 700; }}
QPushButton[kind="option"][weight="chosen"]:disabled {{ background: {p.muted}; color: {p.surface};
  border-color: {p.muted}; }}
QPushButton[density="dense"] {{ padding: {pad_v}px {pad_h // 2}px; font-size: {dense}px; }}
QPushButton[kind="choice"]:focus {{ border: {focus}px solid {p.focus}; }}
"""


SPACE_TILE = 20


def _fields(t: Theme) -> str:
    p, r = t.palette, t.px(t.radius_px)
    height = t.px(t.target_px) - t.px(8)
    size = t.font_px(t.type.lead if t.look is not Look.COUNTER else t.type.body)
    focus = max(2, t.px(2 if t.look is Look.COUNTER else 4))
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit {{ background: {p.surface};
  color: {p.text};
  border: 1px solid {p.muted}; border-radius: {r}px; padding: {t.px(2)}px {t.px(12)}px; font-size: {size}px;
  selection-background-color: {p.action}; selection-color: {p.on_action}; placeholder-text-color: {p.muted}; }}
QLineEdit, QComboBox, QSpinBox, QDateEdit {{ min-height: {height}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus
  {{ border: {focus}px solid {p.action}; }}
QLineEdit[tone="wrong"] {{ border: {focus}px solid {p.wrong}; }}
QLineEdit:disabled {{ color: {p.muted}; background: {p.page}; }}
QComboBox::drop-down {{ border: none; width: {t.px(28)}px; }}
QCheckBox, QRadioButton {{ spacing: {t.px(10)}px; font-size: {t.font_px(t.type.body)}px; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {t.font_px(t.target_px // 2)}px;
  height: {t.font_px(t.target_px // 2)}px; }}
QProgressBar {{ border: 1px solid {p.line}; border-radius: {t.px(4)}px; background: {p.page}; color: {p.text};
  text-align: center; }}
QProgressBar::chunk {{ background: {p.action}; border-radius: {t.px(3)}px; }}
"""


def _lists(t: Theme) -> str:
    p = t.palette
    bar = t.px(12 if t.look is Look.COUNTER else 28)
    row_pad = t.px(8 if t.look is Look.COUNTER else 20)
    return f"""
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QAbstractItemView {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line};
  alternate-background-color: {p.page}; outline: none; gridline-color: {p.line};
  selection-background-color: {p.action_soft}; selection-color: {p.text}; }}
QAbstractItemView::item {{ padding: {row_pad}px {t.px(8)}px; }}
QAbstractItemView::item:selected {{ background: {p.action_soft}; color: {p.text}; }}
QHeaderView::section {{ background: {p.page}; color: {p.muted}; border: none;
  border-bottom: 1px solid {p.line};
  padding: {t.px(6)}px {t.px(8)}px; font-size: {t.font_px(t.type.caption)}px; }}
QTabBar::tab {{ background: transparent; color: {p.muted}; padding: {row_pad}px {t.px(16)}px; border: none; }}
QTabBar::tab:selected {{ color: {p.action}; border-bottom: {max(2, t.px(3))}px solid {p.action}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {p.line}; }}
QSplitter::handle {{ background: {p.line}; }}
QScrollBar:vertical {{ background: {p.page}; width: {bar}px; margin: 0; }}
QScrollBar:horizontal {{ background: {p.page}; height: {bar}px; margin: 0; }}
QScrollBar::handle {{ background: {p.muted}; border-radius: {bar // 3}px; min-height: {bar * 3}px;
  min-width: {bar * 3}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
