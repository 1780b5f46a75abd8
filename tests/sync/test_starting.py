"""Whole Chinese sentences for whatever keeps a program from starting."""

import errno
import os
import re
import socket
from pathlib import Path

import pytest

from hall.catalogue.loading import CatalogueFileError
from hall.journal.condition import JournalDamaged, JournalGone, JournalUnreachable
from hall.journal.refusal import StoreFault
from sync.folder_lock import FolderInUse
from sync.join_file import NAME, BadJoinFile, read_join_file
from sync.starting import IN_USE, JOURNAL, NOT_SET_UP, SURROUNDINGS, PortRefused, refused

FOLDER = Path("数据")


def system(code: int) -> OSError:
    return OSError(code, os.strerror(code), "journal.db")


@pytest.mark.parametrize(
    ("exc", "status", "says"),
    [
        (FolderInUse(FOLDER, "窗口工作台，进程号 7"), IN_USE, "窗口工作台，进程号 7"),
        (FolderInUse(FOLDER, ""), IN_USE, "数据"),
        (JournalGone("journal.db"), JOURNAL, "不要删除"),
        (JournalDamaged("journal.db", ("3", "9")), JOURNAL, "第 3、9 页"),
        (JournalDamaged("journal.db", tuple("123456789")), JOURNAL, "等 9 页"),
        (JournalUnreachable("业务数据文件的位置上是一个文件夹。"), SURROUNDINGS, "没有改动"),
        (StoreFault("这个数据库属于另一台机器。"), JOURNAL, "本机不能启动"),
        (CatalogueFileError("事项目录有误。"), NOT_SET_UP, "事项目录"),
        (system(errno.EACCES), SURROUNDINGS, "没有权限"),
        (system(errno.EROFS), SURROUNDINGS, "只读"),
        (system(errno.ENOSPC), SURROUNDINGS, "磁盘已满"),
        (system(errno.EISDIR), SURROUNDINGS, "文件夹"),
        (system(errno.ENOENT), SURROUNDINGS, "找不到"),
        (system(errno.EIO), SURROUNDINGS, "系统代码 5"),
        (PortRefused("127.0.0.1", 8443, OSError(errno.EADDRINUSE, "")), SURROUNDINGS, "端口 8443 已被"),
        (PortRefused("10.9.9.9", 1, OSError(errno.EADDRNOTAVAIL, "")), SURROUNDINGS, "--host"),
        (PortRefused("hall", 1, socket.gaierror(-2, "")), SURROUNDINGS, "--host"),
        (PortRefused("127.0.0.1", 80, OSError(errno.EACCES, "")), SURROUNDINGS, "1024"),
        (PortRefused("127.0.0.1", 80, OSError(errno.EMFILE, "")), SURROUNDINGS, "端口 80"),
    ],
)
def test_each_reason_is_a_sentence_with_its_status(exc: Exception, status: int, says: str) -> None:
    told = refused(exc)
    assert told.status == status
    assert says in told.text
    assert told.text.endswith(("。", "）"))
    assert not re.search(r"Errno|[a-z]+ [a-z]+ [a-z]+", told.text), "no English sentence"


@pytest.mark.parametrize(
    ("raw", "says"), [(None, "--data"), (b"", "为空或不完整"), (b"\xff\xfe{", "UTF-8"), (b"{}", "node_id")]
)
def test_a_join_file_that_cannot_be_used_says_why(tmp_path: Path, raw: bytes | None, says: str) -> None:
    if raw is not None:
        (tmp_path / NAME).write_bytes(raw)
    with pytest.raises(BadJoinFile, match=says):
        read_join_file(tmp_path)


def test_the_root_of_a_disk_is_no_data_folder() -> None:
    with pytest.raises(BadJoinFile, match="根目录"):
        read_join_file(Path(Path.cwd().anchor))


def test_a_join_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(BadJoinFile, match="读不出来"):
        read_join_file(tmp_path)
