"""What IT orders at a node of a pair: told to the service that runs in its folder."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from itsdangerous import BadSignature
from pydantic import ValidationError

from hall.calendar.opening import china_time
from hall.journal.refusal import Refusal
from server_app.serving import address_in
from server_app.signed_orders import Seal
from server_app.standby.orders import PATH, Asked, Told, seal_of
from sync.join_file import JoinFile, read_join_file

ANSWER_S = 20.0
TAKES_S = 60.0
_SILENT = "服务没有答复：可能刚停下或正在启动。请看服务是否开着，过几秒再执行一次。"
_MODE_ZH = {
    "serving": "正在服务：叫号、发号、接件都由它办",
    "waiting": "刚启动，还没有联系上别的机器，暂不叫号发号",
    "standby": "备用：跟着正在服务的那台抄记录，不受理业务",
    "promoting": "正在接替，正在收各窗口手里的记录",
}


def ask(folder: Path, asked: Asked) -> Told:
    """Raises Refusal, BadJoinFile."""
    join = read_join_file(folder)
    if join.peer is None:
        raise Refusal("no_pair", "这台机器的 machine.json 没有写 peer：它没有备用节点，也不是备用节点。")
    url = address_in(folder)
    if url is None:
        raise Refusal("no_service", "这台机器的服务没有开着，请先启动服务。")
    try:
        told = _sent(url, seal_of(bytes.fromhex(join.sign_private)), asked)
    except NoAnswer as exc:
        if asked.do == "tell":
            # nothing was ordered; and it is this very command that the other words send people to
            raise Refusal("no_answer", _SILENT) from exc
        raise
    if told.refused:
        raise Refusal("refused", told.refused)
    return told


def take_over(folder: Path, by: str, reason: str, say: Callable[[str], None]) -> Told:
    """Returns when this node serves. Raises Refusal, BadJoinFile."""
    told = ask(folder, Asked(do="take_over", by=by, reason=reason))
    last, until = "", time.monotonic() + TAKES_S
    while told.mode != "serving":
        if time.monotonic() > until:
            raise Refusal("slow", "接替还没有完成。请用 node show 查看；若一直是备用，请再执行一次。")
        if told.mode == "promoting" and (line := f"正在收记录：{told.heard}/{told.expected} 台") != last:
            say(line)
            last = line
        time.sleep(0.3)
        told = ask(folder, Asked(do="tell"))
    return told


def lines_of(join: JoinFile, told: Told) -> list[str]:
    """How this node stands, in plain words."""
    peer = "" if join.peer is None else join.peer.node_id
    who = {join.node_id: "本机", peer: "另一台", "": "还没有哪台开过营业日"}.get(told.serves, told.serves)
    found = [f"本机：{_MODE_ZH[told.mode]}", f"取号期次 {told.epoch}，由{who}开启"]
    if told.mode == "standby":
        copied = "还没有抄到" if told.copy_ms is None else _time(told.copy_ms)
        found.append(f"记录抄到：{copied}")
    return found


def _time(ms: int) -> str:
    return china_time(datetime.fromtimestamp(ms / 1000, UTC)).strftime("%m-%d %H:%M:%S")


class NotTheService(Refusal):
    """Somebody answers who does not know this machine's key."""

    def __init__(self) -> None:
        super().__init__(
            "not_the_service",
            "答复的不是用这份 machine.json 启动的服务。改过 machine.json 或升级过程序的，请重新启动服务再试。",
        )


class NoAnswer(Refusal):
    """Nothing came back; what was ordered may have been done."""

    def __init__(self) -> None:
        super().__init__("no_answer", "服务没有答复，请用 node show 看看是否已经办成。")


def post(url: str, body: bytes) -> bytes:
    """Raises Refusal."""
    try:
        with httpx2.Client(trust_env=False, timeout=ANSWER_S) as client:
            return client.post(url, content=body).content
    except httpx2.HTTPError as exc:
        raise NoAnswer from exc


def _sent(url: str, seal: Seal[Asked, Told], asked: Asked) -> Told:
    try:
        return seal.read_told(post(url + PATH, seal.asked(asked)))
    except (BadSignature, ValidationError) as exc:
        raise NotTheService from exc
