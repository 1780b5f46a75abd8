"""`yichuang begin-anew`: a machine whose journal is lost for good begins again, on a named person's word."""

from pathlib import Path

from sync.folder_lock import FolderLock
from sync.machine_folder import begin_anew
from yichuang.machines import join_of


def give_up_journal(folder: Path, *, by: str, reason: str) -> list[str]:
    """What was done, in lines for the person who asked.

    Raises BadData, Refusal, and what sync.starting has words for; then nothing was changed.
    """
    join = join_of(folder)
    with FolderLock(folder, "从头开始"):
        aside = begin_anew(join, folder, by=by, reason=reason)
    kept = [] if aside is None else [f"原来的文件没有删除，移到了“{aside}”，请与备份一起保管。"]
    return [
        f"“{join.name}”已从头开始，决定人和理由记在 journal.begun 里。",
        *kept,
        "启动后，本机先向上级取回以前上传过的内容，取回以前不发号、不编办件号。",
        "只存在本机、没有上传过的内容无法找回：请按窗口的纸质材料和号票核对当天的办件。",
    ]
