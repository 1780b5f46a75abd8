"""What people type: how long it may be, and which characters never get in.

A command annotates its fields, `reason: Annotated[str, NOTE]`; Store checks them before the handler runs, whoever
sent the command (window, kiosk, desk form, another machine). Facts are not checked again: they stay readable.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar, get_type_hints

from hall.journal.refusal import Refusal

T = TypeVar("T")

_JOINERS: Final = "\u200c\u200d\u180e"
"""Shape the letters beside them in Mongolian, and in some words in Arabic letters: kept there, nowhere else."""
_JOINED: Final = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0x1800, 0x18AF), (0xFB50, 0xFDFF))
_EMPTY_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by their class, blank to the eye."""
_BREAKS: Final = "\n\r\t\v\f\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class TextRule:
    """`what` names the text in a refusal; `most` counts characters, a rare hanzi of four bytes as one."""

    what: str
    most: int
    lines: bool = False
    """May hold line breaks."""


NAME: Final = TextRule("姓名或名称", 100)
"""domain.md 4: GB/T 39046's 30 are too few for long names; names of organisations reach 100."""
NUMBER: Final = TextRule("号码", 40)
PHONE: Final = TextRule("电话", 30)
ADDRESS: Final = TextRule("地址", 200)
LONG_NAME: Final = TextRule("名称", 200)
SHORT: Final = TextRule("填写的内容", 100)
NOTE: Final = TextRule("填写的内容", 500, lines=True)
DEFECT: Final = TextRule("不符说明", 500, lines=True)
OPINION: Final = TextRule("意见或理由", 2000, lines=True)


def visible(text: str, *, lines: bool = False) -> str:
    """`text` without what nobody sees: control characters, direction marks, blank letters, lone surrogates.

    They are dropped and not refused, because nobody could find them to mend them. Breaks become a space, or stay
    line breaks where `lines`. Every letter of every script stays, private ones of rare hanzi on ID cards too.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for character in text.replace("\r\n", "\n"):
        if character in _BREAKS:
            kept.append("\n" if lines and character != "\t" else " ")
        elif character in _JOINERS:
            if kept and _is_joined(kept[-1]):
                kept.append(character)
        elif character not in _EMPTY_LETTERS and unicodedata.category(character) not in ("Cc", "Cf", "Cs"):
            kept.append(character)
    return "".join(kept)


def too_long(text: str, rule: TextRule) -> str:
    """Why `text` does not fit, in words for who typed it; empty when it does."""
    length = len(visible(text, lines=rule.lines).strip())
    if length <= rule.most:
        return ""
    return f"{rule.what}最多 {rule.most} 个字，现在有 {length} 个字，请写短些。"


def checked(command: T) -> T:
    """The command with its typed fields made visible, also those of the lines it carries. Raises Refusal."""
    changes: dict[str, Any] = {}
    kind: Any = type(command)
    rules = rules_of(kind)
    for f in fields(command):  # type: ignore[arg-type]
        value, rule = getattr(command, f.name), rules.get(f.name)
        if rule is not None and isinstance(value, str):
            new: Any = _fitting(value, rule)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            new = tuple(checked(line) for line in value)
        else:
            continue
        if new != value:
            changes[f.name] = new
    return replace(command, **changes) if changes else command  # type: ignore[type-var]


@cache
def rules_of(cls: type[Any]) -> Mapping[str, TextRule]:
    """The rule of each typed field of a command, by the field's name."""
    hints = get_type_hints(cls, include_extras=True)
    found = ((name, r) for name, hint in hints.items() for r in getattr(hint, "__metadata__", ()))
    return {name: rule for name, rule in found if isinstance(rule, TextRule)}


def _fitting(text: str, rule: TextRule) -> str:
    refused = too_long(text, rule)
    if refused:
        raise Refusal("too_long", refused)
    return visible(text, lines=rule.lines)


def _is_joined(character: str) -> bool:
    code = ord(character)
    return character in _JOINERS or any(low <= code <= high for low, high in _JOINED)
