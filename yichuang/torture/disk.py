"""A disk that keeps for certain only what was flushed: what of the rest is there after a power cut, chance says.

A file's bytes are certain after its own flush, its name after the flush of its folder, as POSIX has it; a folder's
names change in the order in which they were changed. An unflushed write may be there in whole or not at all, or in
some of its 512-byte sectors, and a later one without an earlier one.
"""

import enum
import random
from dataclasses import dataclass, field
from pathlib import PurePosixPath

SECTOR = 512


class Loss(enum.Enum):
    """What the cut does to everything that was not flushed."""

    ALL = "all"
    NONE = "none"
    TAIL = "tail"
    """In order up to one moment; the write of that moment is torn."""
    SOME = "some"
    """Each write is there or not, whatever came before it."""
    SECTORS = "sectors"
    """Each sector of each write is there or not."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A write at `at`, or a truncation to `at` where `data` is None."""

    at: int
    data: bytes | None

    def on(self, content: bytearray) -> None:
        if self.data is None:
            if self.at < len(content):
                del content[self.at :]
            else:
                content.extend(bytes(self.at - len(content)))
            return
        if self.at > len(content):
            content.extend(bytes(self.at - len(content)))
        content[self.at : self.at + len(self.data)] = self.data

    def sectors(self) -> list["_Change"]:
        if self.data is None:
            return [self]
        found, at, data = [], self.at, self.data
        while data:
            size = SECTOR - at % SECTOR
            found.append(_Change(at, data[:size]))
            at, data = at + size, data[size:]
        return found


@dataclass
class _File:
    certain: bytearray = field(default_factory=bytearray)
    changes: list[_Change] = field(default_factory=list)

    def now(self) -> bytes:
        return self.left(Loss.NONE, random.Random(0))

    def left(self, loss: Loss, chance: random.Random) -> bytes:
        content = bytearray(self.certain)
        for change in _left_of(self.changes, loss, chance):
            change.on(content)
        return bytes(content)


def _left_of(changes: list[_Change], loss: Loss, chance: random.Random) -> list[_Change]:
    match loss:
        case Loss.ALL:
            return []
        case Loss.NONE:
            return changes
        case Loss.TAIL:
            at = chance.randint(0, len(changes))
            torn = changes[at].sectors() if at < len(changes) else []
            return [*changes[:at], *torn[: chance.randint(0, len(torn))]]
        case Loss.SOME:
            likely = chance.choice((0.1, 0.5, 0.9))
            return [c for c in changes if chance.random() < likely]
        case Loss.SECTORS:
            likely = chance.choice((0.1, 0.5, 0.9))
            return [s for c in changes for s in c.sectors() if chance.random() < likely]


@dataclass
class _Folder:
    names: dict[str, "_File | _Folder"] = field(default_factory=dict)
    """As a program sees it now."""
    certain: dict[str, "_File | _Folder"] = field(default_factory=dict)
    changes: list[dict[str, "_File | _Folder | None"]] = field(default_factory=list)
    """Each is one step: a rename takes a name away and gives one."""

    def change(self, **names: "_File | _Folder | None") -> None:
        self.changes.append(names)
        _apply(self.names, names)

    def flush(self) -> None:
        for change in self.changes:
            _apply(self.certain, change)
        self.changes.clear()

    def left(self, loss: Loss, chance: random.Random) -> dict[str, "_File | _Folder"]:
        kept = {Loss.ALL: 0, Loss.NONE: len(self.changes)}.get(loss)
        if kept is None:
            kept = chance.randint(0, len(self.changes))
        names = dict(self.certain)
        for change in self.changes[:kept]:
            _apply(names, change)
        return names


def _apply(names: dict[str, "_File | _Folder"], change: dict[str, "_File | _Folder | None"]) -> None:
    for name, what in change.items():
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what


class Disk:
    """Paths are relative to its root, which always exists. Opened files stay theirs when their name goes."""

    def __init__(self) -> None:
        self._root = _Folder()
        self._open: dict[int, _File] = {}

    # -- what programs do -------------------------------------------------------------------------------

    def open(self, handle: int, path: str) -> None:
        self._open[handle] = self._file(path)

    def write(self, handle: int, offset: int, data: bytes) -> None:
        self._open[handle].changes.append(_Change(offset, data))

    def truncate(self, handle: int, size: int) -> None:
        self._open[handle].changes.append(_Change(size, None))

    def flush(self, handle: int) -> None:
        _flush(self._open[handle])

    def set(self, path: str, data: bytes) -> None:
        """The whole content, not flushed yet."""
        file = self._file(path)
        if file.now() != data:
            file.changes += [_Change(0, None), _Change(0, data)]

    def flush_path(self, path: str) -> None:
        found = self._at(path)
        if isinstance(found, _Folder):
            found.flush()
        elif found is not None:
            _flush(found)

    def make_folder(self, path: str) -> None:
        folder, name = self._place(path)
        folder.change(**{name: _Folder()})

    def remove(self, path: str, *, flushed: bool = False) -> None:
        folder, name = self._place(path)
        folder.change(**{name: None})
        if flushed:
            folder.flush()

    def rename(self, old: str, new: str) -> None:
        what = self._at(old)
        if what is None:
            return
        (source, old_name), (target, new_name) = self._place(old), self._place(new)
        if source is target:
            source.change(**{new_name: what, old_name: None})
        else:
            target.change(**{new_name: what})
            source.change(**{old_name: None})

    def link(self, old: str, new: str) -> None:
        what = self._at(old)
        if what is not None:
            folder, name = self._place(new)
            folder.change(**{name: what})

    # -- what is left -----------------------------------------------------------------------------------

    def after_cut(self, loss: Loss, chance: random.Random) -> dict[str, bytes]:
        """Every file that the next start finds, by its path; a path that ends in "/" is an empty folder."""
        found: dict[str, bytes] = {}
        contents: dict[int, bytes] = {}

        def look(folder: _Folder, prefix: str) -> None:
            names = folder.left(loss, chance)
            if not names and prefix:
                found[prefix] = b""
            for name, what in sorted(names.items()):
                if isinstance(what, _Folder):
                    look(what, f"{prefix}{name}/")
                    continue
                if id(what) not in contents:  # two names of one file tell the same
                    contents[id(what)] = what.left(loss, chance)
                found[prefix + name] = contents[id(what)]

        look(self._root, "")
        return found

    # -- names ------------------------------------------------------------------------------------------

    def _file(self, path: str) -> _File:
        found = self._at(path)
        if isinstance(found, _File):
            return found
        folder, name = self._place(path)
        made = _File()
        folder.change(**{name: made})
        return made

    def _at(self, path: str) -> "_File | _Folder | None":
        at: _File | _Folder | None = self._root
        for name in PurePosixPath(path).parts:
            if not isinstance(at, _Folder):
                return None
            at = at.names.get(name)
        return at

    def _place(self, path: str) -> tuple[_Folder, str]:
        parts = PurePosixPath(path).parts
        folder = self._root
        for name in parts[:-1]:
            inner = folder.names.get(name)
            if not isinstance(inner, _Folder):
                inner = _Folder()
                folder.change(**{name: inner})
            folder = inner
        return folder, parts[-1]


def _flush(file: _File) -> None:
    for change in file.changes:
        change.on(file.certain)
    file.changes.clear()
