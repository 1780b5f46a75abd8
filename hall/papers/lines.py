"""Text into lines: line-breaking rules of Chinese, words kept whole, Uyghur names shaped and set right to
left.

Right-to-left text is set as islands in Chinese lines: Uyghur words with the blanks, dots and figures
between them are one island, read from its right end, as Unicode annex 9 has it in a paragraph that runs
left to right. One thing differs on purpose: a number behind the last Uyghur word stays behind it, as if
it were isolated; annex 9 would carry an ID number to the far side of the name. Papers wholly in Uyghur
are not set here.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from hall.papers.faces import FaceChain, Glyph

# GB/T 15834-2011, 5.1: what may not begin and what may not end a line.
_NO_START = frozenset("，。、；：？！）》〉」』】〕］｝”’％‰℃·・…—～〗,.;:?!)]}%")
_NO_END = frozenset("（《〈「『【〔［｛“‘〖([{¥￥№")
_BRACKETS = "()[]«»（）《》"
"""Pairs that face the other way in right-to-left text."""
_JOINERS = "\u200c\u200d"
_TOLERANCE = 0.01
_CLOSING = frozenset("，。、；：）》〉」』】〕］｝”’〗")
"""Marks with their ink in the left half of the square."""
_FULL_WIDTH = 900.0
_HALF = 500.0
_LONG_ENOUGH = 6
"""Atoms of a line that can spare one."""
_ORPHAN = 4000.0
"""A last line shorter than four characters is a word that was left over."""
_CONDENSED = 1.02
"""By how much a line may be overfull: set that much closer, nobody sees it."""
_NARROWER = 250.0
_NARROWEST = 12
"""Lines are made shorter in steps of a quarter character, by three characters at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """What no line break may divide: a Chinese character, a word, a blank. `width` in thousandths of the
    size.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    chain: FaceChain
    rtl: bool = False

    @property
    def width(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)

    @property
    def blank(self) -> bool:
        return self.text == " "


@dataclass(frozen=True, slots=True)
class Island:
    """Atoms of one direction, in reading order."""

    atoms: tuple[Atom, ...]
    rtl: bool


def atoms_of(text: str, chain: FaceChain) -> list[Atom]:
    """Cut one line of cleaned text (no line feeds) into atoms."""
    atoms: list[Atom] = []
    for piece in _pieces(text):
        if _is_rtl(piece[0]):
            atoms.append(_rtl_atom(piece, chain))
        elif piece == " " and atoms and atoms[-1].rtl and (face := chain.face_for(atoms[-1].text[0])):
            # The blank of the Uyghur face keeps a name one run, which some readers need to copy it in order.
            atoms.append(Atom(piece, (face.glyph(piece),), chain))
        elif len(piece) > 1 and any(_joins_previous(ch) for ch in piece[1:]):
            face = chain.face_for(piece[0])
            glyphs = face.shape(piece, rtl=False) if face else (chain.glyph(piece[0]),)
            atoms.append(Atom(piece, glyphs, chain))
        else:
            atoms.append(Atom(piece, tuple(chain.glyph(ch) for ch in piece), chain))
    return [_beside(atom, after) for atom, after in zip_longest(atoms, atoms[1:])]


def _beside(atom: Atom, after: Atom | None) -> Atom:
    """Two full-width marks share the blank between them (标点挤压), as in `”，` and `》（`."""
    if after is None or len(atom.text) != 1 or atom.width < _FULL_WIDTH or after.width < _FULL_WIDTH:
        return atom
    closes = atom.text in _CLOSING and after.text in _CLOSING | _NO_END
    opens = atom.text in _NO_END and after.text in _NO_END
    if not (closes or opens):
        return atom
    (glyph,) = atom.glyphs
    return replace(atom, glyphs=(replace(glyph, advance=glyph.advance - _HALF),))


def break_lines(atoms: list[Atom], width: float, first_indent: float = 0.0) -> list[list[Atom]]:
    """Fill lines of `width` (thousandths of the size); the first is shorter by `first_indent`.

    Every atom lands in exactly one line, except blanks at a break; an atom wider than a line is cut into
    pieces.
    """
    queue = atoms[::-1]
    lines: list[list[Atom]] = []
    line: list[Atom] = []
    room = width - first_indent
    used = 0.0
    while queue:
        atom = queue.pop()
        if atom.blank and not line and lines:
            continue
        if used + atom.width <= room + _TOLERANCE:
            line.append(atom)
            used += atom.width
            continue
        if atom.blank:
            continue
        if len(atom.text) > 1 and atom.width > width and room - used >= min(room, width / 3):
            queue.extend(reversed(_cut(atom, room - used)))
            continue
        if not line:
            # One character wider than its line still has to stand somewhere.
            line.append(atom)
            used += atom.width
            continue
        back = _take_back(line, atom)
        queue.append(atom)
        queue.extend(reversed(back))
        lines.append(_trimmed(line))
        line, used, room = [], 0.0, width
    if line or not lines:
        lines.append(_trimmed(line))
    _accompany_last(lines)
    return lines


def filled_lines(atoms: list[Atom], width: float, first_indent: float = 0.0) -> list[list[Atom]]:
    """As `break_lines`, for text set to both margins: no word or two stand alone on the last line.

    They find room in the lines before, which may then be wider than `width` by a fiftieth; or all lines give
    something to the last, so that none of them alone is pulled apart.
    """
    lines = break_lines(atoms, width, first_indent)
    if len(lines) < 2 or _length(lines[-1]) >= _ORPHAN:
        return lines
    condensed = break_lines(atoms, width * _CONDENSED, first_indent)
    if len(condensed) < len(lines):
        return condensed
    for step in range(1, _NARROWEST + 1):
        narrower = break_lines(atoms, width - step * _NARROWER, first_indent)
        if len(narrower) > len(lines):
            break
        if _length(narrower[-1]) >= _ORPHAN:
            return narrower
    return lines


def _length(line: list[Atom]) -> float:
    return sum(atom.width for atom in line)


def islands(line: list[Atom]) -> list[Island]:
    """Group a line into left-to-right stretches and right-to-left islands, in the order they stand on
    paper.
    """
    result: list[Island] = []
    index = 0
    while index < len(line):
        end = index
        if line[index].rtl:
            end = _island_end(line, index)
            result.append(Island(tuple(line[index:end]), rtl=True))
        else:
            while end < len(line) and not line[end].rtl:
                end += 1
            result.append(Island(tuple(line[index:end]), rtl=False))
        index = end
    return result


def visual_order(island: Island) -> tuple[Atom, ...]:
    """The island's atoms from left to right; brackets of a right-to-left island are mirrored."""
    if not island.rtl:
        return island.atoms
    return tuple(_mirrored(atom) for atom in reversed(island.atoms))


def _island_end(line: list[Atom], start: int) -> int:
    """Behind the last Uyghur word that only blanks, marks and figures part from the first."""
    end = start + 1
    for index in range(start + 1, len(line)):
        if line[index].rtl:
            end = index + 1
        elif not _neutral(line[index].text):
            break
    return end


def _neutral(text: str) -> bool:
    return all(not ch.isalpha() for ch in text)


def _mirrored(atom: Atom) -> Atom:
    at = _BRACKETS.find(atom.text)
    if atom.rtl or len(atom.text) != 1 or at < 0:
        return atom
    twin = atom.chain.glyph(_BRACKETS[at ^ 1])
    return Atom(atom.text, (Glyph(twin.face, twin.gid, atom.text, twin.advance),), atom.chain)


def _take_back(line: list[Atom], following: Atom) -> list[Atom]:
    """Remove from the line's end what may not be parted from `following`; nothing when all would go."""
    keep = len(line)
    after = following
    while keep > 0 and (_no_start(after) or _no_end(line[keep - 1])):
        keep -= 1
        after = line[keep]
    if keep == 0:
        return []
    back = line[keep:]
    del line[keep:]
    return back


def _accompany_last(lines: list[list[Atom]]) -> None:
    """A last line of one character gets the one before it as company, where nothing forbids it."""
    if len(lines) < 2 or len(lines[-2]) < _LONG_ENOUGH or any(atom.rtl for atom in lines[-1]):
        return
    before, last = lines[-2], lines[-1]
    if sum(not _no_start(atom) for atom in last) != 1 or len(last[0].text) > 1:
        return
    moved = before[-1]
    if moved.rtl or moved.blank or len(moved.text) > 3 or _no_start(moved) or _no_end(before[-2]):
        return
    last.insert(0, before.pop())
    _trimmed(before)


def _no_start(atom: Atom) -> bool:
    return atom.text[0] in _NO_START and not atom.rtl


def _no_end(atom: Atom) -> bool:
    return atom.text[-1] in _NO_END and not atom.rtl


def _trimmed(line: list[Atom]) -> list[Atom]:
    while line and line[-1].blank:
        line.pop()
    return line


def _cut(atom: Atom, room: float) -> list[Atom]:
    """Cut an atom in two so that the head fits in `room`; the head has at least one character."""
    if len(atom.text) == 1:
        return [atom]
    count = max(1, min(len(atom.text) - 1, int(len(atom.text) * room / atom.width)))
    while count > 1 and _rejoin(atom, atom.text[:count]).width > room:
        count -= max(1, count // 16)
    return [_rejoin(atom, atom.text[:count]), _rejoin(atom, atom.text[count:])]


def _rejoin(atom: Atom, text: str) -> Atom:
    if atom.rtl:
        return _rtl_atom(text, atom.chain)
    return Atom(text, tuple(atom.chain.glyph(ch) for ch in text), atom.chain)


def _rtl_atom(text: str, chain: FaceChain) -> Atom:
    face = next((face for face in map(chain.face_for, text) if face is not None), None)
    if face is None or not all(face.has(ch) or ch in _JOINERS for ch in text):
        return Atom(text, tuple(chain.glyph(ch) for ch in reversed(text)), chain, rtl=True)
    return Atom(text, face.shape(text, rtl=True), chain, rtl=True)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + 1
        if _is_rtl(text[start]):
            while end < len(text) and (_is_rtl(text[end]) or _joins_previous(text[end])):
                end += 1
        elif _in_word(text[start]):
            while end < len(text) and (_in_word(text[end]) or _joins_previous(text[end])):
                end += 1
        elif text[start] in "—…":
            while end < len(text) and text[end] == text[start] and end - start < 2:
                end += 1
        else:
            while end < len(text) and _joins_previous(text[end]) and end - start < 8:
                end += 1
        yield text[start:end]
        start = end


def _is_rtl(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


def _joins_previous(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) in ("Mn", "Me", "Mc")


def _in_word(character: str) -> bool:
    """Letters, figures and the marks of codes: what stands together in Latin text."""
    return character < "\u0590" and character not in " ·×÷—()[]{}" and not character.isspace()
