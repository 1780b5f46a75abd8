"""Is the journal's file there, and is it whole? Asked before and just after it is opened."""

import re
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from hall.journal.engine import fault, keyed
from hall.journal.refusal import StoreFault

CHECKED_AT_START = 64 * 1024 * 1024
"""Bytes of a journal that are read before anybody waits too long for the first screen (docs/evidence)."""
_PAGE = re.compile(r"page (\d+)")
_PAGE_BYTES = 4096
"""SQLCipher 4's own page size, which nothing here changes."""
_UNREAD = "error reading"
"""How SQLCipher's cipher_integrity_check begins the line of a page that the disk did not give."""
_NAMED = 5


class JournalGone(StoreFault):
    """This machine had a journal, and now there is none, or an empty one."""

    def __init__(self, name: str = "") -> None:
        what = f"业务数据文件 {name} " if name else "业务数据库"
        super().__init__(f"本机以前用过的{what}不见了，或者是空的。")


class JournalUnreachable(StoreFault):
    """It is there, but this account, this disk or the database server does not let it be opened."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}本机不能启动，数据没有改动。")


class JournalDamaged(StoreFault):
    """Pages of the file are not as they were written."""

    def __init__(self, name: str, pages: tuple[str, ...]) -> None:
        some = "、".join(pages[:_NAMED])
        more = f"等 {len(pages)} 页" if len(pages) > _NAMED else "页"
        super().__init__(f"业务数据文件 {name} 有损坏（第 {some} {more}），不能再往里写。")


class KeyDoesNotFit(StoreFault):
    """No page of the file answers to the key: it was written with another one, or is spoiled throughout."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"接入文件 machine.json 里的密钥打不开业务数据文件 {name}，数据没有改动。请通知信息科，先核对接入文件"
            " machine.json 是不是这台电脑的：是否放回了旧的，或拿成了别的电脑的。"
            "核对无误的，再从备份恢复整个数据文件夹。"
        )


@dataclass(frozen=True, slots=True)
class Pages:
    """What reading a file through has shown."""

    damaged: tuple[str, ...]
    """Numbers of the pages that are not as they were written, or did not come from the disk."""
    unread: bool
    """The disk did not give some of them: what stands there is not known."""
    none_good: bool


def look_at_file(path: Path, *, begun: bool) -> None:
    """Before the first opening: nothing here is touched. `begun`: this machine has had a journal.

    A log beside an empty file holds what was committed last; SQLite would delete it at the first opening.
    Raises JournalGone, JournalUnreachable.
    """
    try:
        with path.open("r+b") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        empty = True
    except IsADirectoryError as exc:
        raise JournalUnreachable(
            f"业务数据文件 {path.name} 的位置上是一个文件夹，请通知信息科检查。"
        ) from exc
    except OSError as exc:
        if path.is_dir():  # as Windows puts it
            raise JournalUnreachable(
                f"业务数据文件 {path.name} 的位置上是一个文件夹，请通知信息科检查。"
            ) from exc
        raise JournalUnreachable(
            f"业务数据文件 {path.name} 打不开：当前账号没有读写它的权限，或磁盘为只读、有故障，请通知信息科检查。"
        ) from exc
    if empty and (begun or _has_bytes(path.with_name(path.name + "-wal"))):
        raise JournalGone(path.name)


def damaged_pages(path: Path, key: bytes, *, fold: bool = True) -> tuple[str, ...]:
    """Numbers of the pages whose authentication code is wrong; reads the whole file. Raises StoreFault.

    `fold`: the log goes into the file first. A checkpoint that a power cut tore leaves half a page in the file,
    and the whole one in the log.
    """
    return look_at_pages(path, key, fold=fold).damaged


def look_at_pages(path: Path, key: bytes, *, fold: bool) -> Pages:
    """As `damaged_pages`. Without `fold` also a file whose first page cannot be read is looked through."""
    try:
        conn = keyed(path, key, "busy_timeout=5000")
        try:
            if fold:
                conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            found = conn.execute("PRAGMA cipher_integrity_check").fetchall()
        finally:
            conn.close()
    except sqlcipher.Error as exc:
        raise fault(exc) from exc
    said = [str(row[0]) for row in found]
    return Pages(
        tuple(_page_of(line) for line in said),
        any(line.startswith(_UNREAD) for line in said),
        len(said) * _PAGE_BYTES >= path.stat().st_size,
    )


def _page_of(text: str) -> str:
    page = _PAGE.search(text)
    return page.group(1) if page else "?"


def _has_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
