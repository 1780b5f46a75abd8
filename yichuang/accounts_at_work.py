"""Where a wish about accounts is carried out: here, or where a service has the folder, by that service."""

from pathlib import Path

import httpx2
from itsdangerous import BadSignature
from pydantic import ValidationError

from hall.journal.refusal import Refusal
from server_app.accounts import manage
from server_app.accounts.wishes import PATH, Outcome, Row, Told, Wish, carry_out, seal_of
from server_app.serving import address_in
from server_app.signed_orders import Seal
from sync.folder_lock import FolderInUse, FolderLock
from sync.join_file import JoinFile
from sync.machine_folder import open_journal

ANSWER_S = 20.0


def accounts_after(folder: Path, join: JoinFile, wish: Wish) -> tuple[Row, ...]:
    """Raises Refusal, FolderInUse, and what open_journal raises."""
    try:
        with FolderLock(folder, "账号"):
            journal = open_journal(join, folder)
            try:
                manage.create_tables(journal.store)
                return carry_out(journal.store, wish)
            finally:
                journal.close()
    except FolderInUse as exc:
        url = address_in(folder) if exc.is_service else None
        if url is None:
            raise
        return _by_service(url, seal_of(bytes.fromhex(join.sign_private)), wish)


def _by_service(url: str, seal: Seal[Wish, Told], wish: Wish) -> tuple[Row, ...]:
    """Raises Refusal."""
    try:
        with httpx2.Client(trust_env=False, timeout=ANSWER_S) as client:
            answer = client.post(url + PATH, content=seal.asked(wish))
        told = seal.read_told(answer.content)
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as exc:
        raise Refusal("no_service", "服务正在启动或停止，没有改动。请稍后再试一次。") from exc
    except httpx2.HTTPError as exc:
        raise Refusal("no_answer", "服务没有答复，可能已经改动。请用 officer list 核对。") from exc
    except (BadSignature, ValidationError) as exc:
        raise Refusal(
            "not_the_service",
            "答复的不是用这份 machine.json 启动的服务，可能已经改动。改过 machine.json 或升级过程序的，"
            "请重新启动服务；再用 officer list 核对。",
        ) from exc
    if told.outcome is not Outcome.DONE:
        raise Refusal(told.outcome.value, told.text)
    return told.rows
