"""Why a program does not start, in whole sentences, and the exit status that goes with it.

The statuses stand in docs/guides/install.zh.md; a supervisor may start again after 4 and 6, never after 5.
"""

import errno
import socket
from dataclasses import dataclass

from hall.calendar.loading import CalendarFileError
from hall.catalogue.loading import CatalogueFileError
from hall.journal.condition import JournalDamaged, JournalGone, JournalUnreachable
from hall.journal.refusal import StoreFault
from hall.people.loading import PeopleFileError
from sync.folder_lock import FolderInUse
from sync.join_file import BadJoinFile

NOT_SET_UP = 2
IN_USE = 4
JOURNAL = 5
SURROUNDINGS = 6
"""Port, rights, disk: nothing of ours is wrong."""

IT = "请通知信息科"
_KEPT = "以前已经上传到大厅或县中心的内容，那里都有，没有丢。"
_HANDS_OFF = f"本机不能启动，以免丢件、重号。{IT}，不要删除、改名或自行修理任何文件。{_KEPT}"

START_FAULTS = (
    FolderInUse, BadJoinFile, StoreFault, CatalogueFileError, CalendarFileError, PeopleFileError, OSError
)  # fmt: skip


class PortRefused(Exception):
    """The service cannot listen where it should. `text` is for IT."""

    def __init__(self, host: str, port: int, exc: OSError) -> None:
        super().__init__(_port_text(host, port, exc))


@dataclass(frozen=True, slots=True)
class Refused:
    """What the person who starts it reads, and the exit status."""

    text: str
    status: int


def refused(exc: Exception) -> Refused:
    """For one of START_FAULTS or PortRefused, and for resource files of an app, whose text is Chinese already."""
    if isinstance(exc, FolderInUse):
        return Refused(exc.text, IN_USE)
    if isinstance(exc, JournalDamaged):
        return Refused(
            f"{exc.text}{_HANDS_OFF}\n信息科：从备份恢复整个数据文件夹，办法见安装手册第 12 节。", JOURNAL
        )
    if isinstance(exc, JournalGone):
        return Refused(
            f"{exc.text}{_HANDS_OFF}\n信息科：把备份放回原处；确实没有备份的，按安装手册第 11 节从头开始。",
            JOURNAL,
        )
    if isinstance(exc, JournalUnreachable):
        return Refused(exc.text, SURROUNDINGS)
    if isinstance(exc, StoreFault):
        return Refused(f"本机不能启动：{exc.text}", JOURNAL)
    if isinstance(exc, PortRefused):
        return Refused(str(exc), SURROUNDINGS)
    if isinstance(exc, OSError):
        return Refused(disk_text(exc), SURROUNDINGS)
    return Refused(str(exc), NOT_SET_UP)


def disk_text(exc: OSError) -> str:
    """A file or folder that cannot be read, made or written."""
    where = f"“{exc.filename}”" if exc.filename else "数据文件夹"
    if isinstance(exc, PermissionError):
        return (
            f"当前登录的账号没有权限使用{where}，本机不能启动，数据没有改动。{IT}，把数据文件夹的读写权限"
            "给运行本程序的账号。"
        )
    if exc.errno == errno.EROFS:
        return f"{where}所在的磁盘是只读的，本机不能启动，数据没有改动。{IT}检查磁盘。"
    if exc.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return f"磁盘已满，写不了{where}，本机不能启动，已保存的内容不受影响。{IT}清理磁盘后重新启动。"
    if isinstance(exc, IsADirectoryError | NotADirectoryError | FileExistsError):
        return f"{where}应当是文件的是文件夹，或者反过来，本机不能启动，数据没有改动。{IT}检查。"
    if isinstance(exc, FileNotFoundError):
        return f"找不到{where}，本机不能启动，数据没有改动。{IT}检查程序和数据文件夹是否完整。"
    return f"使用{where}时出错（系统代码 {exc.errno}），本机不能启动。{IT}检查磁盘。"


def _port_text(host: str, port: int, exc: OSError) -> str:
    if isinstance(exc, socket.gaierror) or exc.errno == errno.EADDRNOTAVAIL:
        return (
            f"“{host}”不是本机的网络地址，不能在这里提供服务。请检查启动命令里的 --host：写本机的 IP 地址，"
            "只在本机试用时写 127.0.0.1；网线没有插好时地址也会不见。"
        )
    if exc.errno == errno.EADDRINUSE:
        return (
            f"端口 {port} 已被这台电脑上的另一个程序占用，不能启动。多半是这个服务已经在运行，不必再开一次；"
            f"否则请关掉占用端口 {port} 的程序再启动，或者在 machine.json 的 port 里换一个端口，"
            "并同样改好下级各机器 machine.json 里的上级地址（parent 的 url）。"
        )
    if isinstance(exc, PermissionError):
        return (
            f"当前账号没有权限使用端口 {port}，或系统保留了这个端口，不能启动。"
            "请在 machine.json 的 port 里换成 1024 以上的端口，或请有权限的人放行。"
        )
    return f"不能在 {host} 的端口 {port} 上提供服务（系统代码 {exc.errno}）。请检查启动命令里的 --host 和网络设置。"
