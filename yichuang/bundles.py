"""What `sync bundle export` and `import` do, in lines for the person who asked."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx2
from itsdangerous import BadSignature
from pydantic import ValidationError

from hall.journal import closing
from hall.journal.blobs import BlobStore
from hall.journal.refusal import Refusal
from server_app.bundles.steps import PATH, Asked, Told, seal_of, told_of
from server_app.serving import address_in
from server_app.sync_routes.children import children_of
from sync.bundle_file import BadBundle
from sync.bundle_in import Opened, Take, open_bundle, take_in
from sync.bundle_out import Exported, write_back, write_up
from sync.bundle_steps import At, Step, StepDone, TakenIn
from sync.folder_lock import FolderInUse, FolderLock
from sync.join_file import JoinFile
from sync.machine_folder import open_journal
from yichuang.machines import join_of, reading

ANSWER_S = 60.0
BACK = ".back"
CLOSED_ZH = "这台机器已停用，不写回程文件：它的数据文件夹移开保管，不用再导入什么。"
_WORDS = {
    "accepted": "生效", "duplicate": "早已有了", "held": "等前面的到", "late": "迟到", "quarantined": "隔离",
    "forked": "同名不同内容，隔离",
}  # fmt: skip


def export(folder: Path, out: Path, now: datetime, *, everything: bool) -> list[str]:
    """The program may run. Raises BadData, Refusal, OSError."""
    join = join_of(folder)
    with reading(folder) as conn:
        done = write_up(conn, join, BlobStore(folder / "blobs"), out, now_ms=_ms(now), everything=everything)
    left = []
    if done.left_records or done.left_blobs:
        left = ["没有全部装下：带去导入、把回程文件带回来导入以后，再导出一次。"]
    return [
        f"已写好“{out}”：{done.records} 条记录，{done.blobs} 份扫描件，{_size(done.bytes)}。",
        *left,
        "内容已加密，只有上级能打开；安全弹出 U 盘再拔。到了上级那台机器上执行：",
        f"  ./run yichuang sync bundle import {out.name} --data 它的数据文件夹",
    ]


def bring_in(folder: Path, path: Path, now: datetime) -> tuple[list[str], bool]:
    """(lines, whether all of it counts). Raises BadData, Refusal, FolderInUse, StoreFault, OSError."""
    join = join_of(folder)
    _same_account(folder)
    opened = open_bundle(path, join, children_of(join.children))
    with _taking(folder, join, opened) as take:
        done = take_in(opened, take, BlobStore(folder / "blobs"))
    if opened.child is None:
        return _home_lines(opened, done), True
    whole = not (done.gap or done.refused or done.blobs_spoilt)
    back = path.with_name(path.name + BACK)
    with reading(folder) as conn:
        if any(each.machine == opened.child.node_id for each in closing.closed(conn)):
            # it is given nothing any more: neither keys nor what the hall has written since
            return [*_up_lines(opened, done), CLOSED_ZH], whole
        written = write_back(conn, join, opened.child, opened.header, done, back, now_ms=_ms(now))
    return [*_up_lines(opened, done), *_back_lines(opened, back, written)], whole


@contextmanager
def _taking(folder: Path, join: JoinFile, opened: Opened) -> Iterator[Take]:
    """Here, or where a service has the folder, by that service."""
    sender = opened.child
    try:
        with FolderLock(folder, "导入"):
            journal = open_journal(join, folder)
            try:
                at = At(journal.store, join, sender)
                yield lambda step: _done(told_of(at, step))
            finally:
                journal.close()
    except FolderInUse as exc:
        url = address_in(folder) if exc.is_service else None
        if url is None:
            raise
        with httpx2.Client(trust_env=False, timeout=ANSWER_S) as client:
            yield _by_service(client, url, join, "" if sender is None else sender.node_id)


def _by_service(client: httpx2.Client, url: str, join: JoinFile, sender: str) -> Callable[[Step], StepDone]:
    seal = seal_of(bytes.fromhex(join.sign_private))

    def take(step: Step) -> StepDone:
        try:
            answer = client.post(url + PATH, content=seal.asked(Asked(sender=sender, step=step)))
            told = seal.read_told(answer.content)
        except httpx2.HTTPError as exc:
            raise Refusal(
                "no_answer", "服务没有答复，导入中断。已导入的都算数；请稍后把同一个文件再导入一次。"
            ) from exc
        except (BadSignature, ValidationError) as exc:
            raise Refusal(
                "not_the_service",
                "答复的不是用这份 machine.json 启动的本版服务。改过 machine.json 或升级过程序的，"
                "请重新启动服务，再导入一次。",
            ) from exc
        return _done(told)

    return take


def _done(told: Told) -> StepDone:
    if told.done is None:
        raise BadBundle(told.outcome, told.text)
    return told.done


def _same_account(folder: Path) -> None:
    """Files written by another account could not be read by the program afterwards."""
    owner = (folder / "machine.json").stat()
    if hasattr(os, "geteuid") and owner.st_uid != os.geteuid():
        raise Refusal(
            "account", "请用运行程序的那个账号执行（数据文件夹不归当前账号），否则导入的文件程序读不了。"
        )


def _up_lines(opened: Opened, done: TakenIn) -> list[str]:
    h = opened.header
    lines = [
        f"“{h.sender_name}”（{h.sender}）的文件：{_records(done.words)}；新收扫描件 {done.blobs_new} 份。"
    ]
    if done.gap:
        lines.append(
            "本机还缺这个文件以前的记录，所以没有接上（没有存半截）。把回程文件带回去导入，对方再导出一次就能接上。"
        )
    if done.refused:
        lines.append(f"有 {done.refused} 段来自没有登记的机器，没有收：请先在本机的 machine.json 里登记。")
    if late := done.words["late"]:
        lines.append(
            f"有 {late} 条迟到，还没有生效：请大厅管理人员现在到网页“机器”的“迟到与搁置”里采纳或不采纳。"
        )
    if done.blobs_spoilt:
        lines.append(f"有 {done.blobs_spoilt} 份扫描件在对方磁盘上已损坏，没有收：请对方检查磁盘或重新扫描。")
    return lines


def _back_lines(opened: Opened, back: Path, written: Exported) -> list[str]:
    return [
        f"回程文件：“{back}”（回执，和对方还没有的 {written.records} 条记录，{_size(written.bytes)}）。带回去执行：",
        f"  ./run yichuang sync bundle import {back.name} --data {opened.header.sender_name}的数据文件夹",
    ]


def _home_lines(opened: Opened, done: TakenIn) -> list[str]:
    h = opened.header
    if done.passed_over and not done.words["records"]:
        return [f"“{h.sender_name}”的这份回程文件，本机已经有了，或比本机知道的旧：没有改动。"]
    return [
        f"“{h.sender_name}”的回程文件：回执已记下，新收 {done.words['records']} 条记录，"
        f"上级已有扫描件 {done.words['blobs']} 份，取得卷宗 {done.words['taken']} 份。",
        *(
            [f"按上级的要求交出了 {done.words['moved']} 份卷宗，请再导出一次带去。"]
            if done.words["moved"]
            else []
        ),
    ]


def _records(words: Counter[str]) -> str:
    told = [f"{_WORDS.get(word, word)} {count}" for word, count in sorted(words.items())]
    return "记录" + ("，".join(told) if told else "没有新的")


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{max(1, count // 1024)} KB"


def _ms(now: datetime) -> int:
    return int(now.timestamp() * 1000)
