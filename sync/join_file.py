"""A machine's join file: who it is, whom it trusts, where its parent and its devices are.

Written by the hall's IT when a machine is set up; holds secrets, so it is readable by its owner only and lies
beside, never inside, what is backed up. Enrolment by join code will write the same file.
"""

import json
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hall.journal.sealing import KeyRing
from hall.journal.store import Who

Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
NAME = "machine.json"


class BadJoinFile(Exception):
    """The join file is missing or wrong. `text` is for the person who sets the machine up."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Parent(BaseModel):
    """A machine that serves: the hall node or its standby for a terminal, the county centre for a node."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    node_id: str
    url: str
    """http(s)://host:port"""
    public: Hex32
    """Ed25519 public key; its answers are checked with it."""


class Child(BaseModel):
    """A machine below that may speak to this one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    node_id: str
    public: Hex32
    kind: Literal["counter", "kiosk", "display", "node"]
    subtree: tuple[str, ...] = Field(default=(), strict=False)
    """Node ids whose records it may relay (a hall node's terminals)."""
    name: str = ""
    """As people in the hall call it."""
    hall_public: Hex32 | None = None
    """At the centre, of a hall node: the key of its hall. What the centre or another hall opened is wrapped for it;
    None: all halls have the key of this join file.
    """


class JoinFile(BaseModel):
    """One machine."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    node_id: str
    name: str
    role: Literal["terminal", "hall", "county"]
    kind: Literal["counter", "kiosk", "display", "node", "centre"]
    hall: str
    """Code of the hall profile, e.g. "changji"; "county" at the centre."""
    device_no: int = Field(ge=1, le=999)
    """Third part of case numbers; unique in the hall."""
    series: str = ""
    """A kiosk's own series letter while the node is away."""
    epoch: int = 1
    """Queue epoch of a node."""
    db_key: Hex32
    sign_private: Hex32
    sign_public: Hex32
    hall_public: Hex32
    hall_private: Hex32 | None = None
    centre_public: Hex32
    centre_private: Hex32 | None = None
    parent: Parent | None = None
    children: tuple[Child, ...] = Field(default=(), strict=False)
    peer: Parent | None = None
    """At a node: the other one of the pair, which can take its place (decision 0028)."""
    stands_by: bool = False
    """At a node with a peer: the hall begins with the peer serving and this one standing by."""
    standby: Parent | None = None
    """At a terminal: the machine that can take the node's place."""
    rests_above: bool = False
    """At a node that is switched off at night: cases that wait for the citizen rest at the centre."""
    retry_within_s: int = Field(default=60, ge=1, le=300)
    """Longest pause between two tries to reach the parent; short on a hall's own network."""
    port: int = Field(default=0, ge=0, le=65535)
    """Where a node or centre listens; 0 takes any."""
    https: bool = False
    """People reach the pages of this node or centre by https only, through a proxy that ends TLS: their cookies
    are then marked Secure. No header of a request decides this: anybody could send it.
    """
    database_url: str | None = None
    """PostgreSQL at the centre; None: the encrypted file in the data folder."""
    devices: dict[str, str] = Field(default_factory=dict)
    """Addresses by kind: ticket_printer, camera, id_reader, pad."""

    @property
    def keys(self) -> KeyRing:
        def raw(text: str | None) -> bytes | None:
            return None if text is None else bytes.fromhex(text)

        return KeyRing(
            bytes.fromhex(self.hall_public),
            bytes.fromhex(self.centre_public),
            raw(self.hall_private),
            raw(self.centre_private),
        )

    @property
    def signers(self) -> dict[str, bytes]:
        """Public keys of this node and, where there is one, of the other node of its hall, by node id."""
        pair = {} if self.peer is None else {self.peer.node_id: bytes.fromhex(self.peer.public)}
        return {self.node_id: bytes.fromhex(self.sign_public), **pair}

    @property
    def who(self) -> Who:
        return Who(self.node_id, self.role, self.hall, peer="" if self.peer is None else self.peer.node_id)


def read_join_file(folder: Path) -> JoinFile:
    """Raises BadJoinFile with what to do."""
    path = folder / NAME
    if not folder.resolve().name:
        # the marker lies beside the folder (sync.marker), and a root has no beside
        raise BadJoinFile(
            f"数据文件夹不能是磁盘的根目录“{folder}”，请信息科在磁盘上建一个文件夹，把启动命令里的 --data 指向它。"
        )
    return _read(
        path,
        f"文件夹“{folder}”里没有本机的接入文件 {NAME}，请信息科检查启动命令里的 --data，或重新接入本机。",
    )


def read_kept_join_file(path: Path) -> JoinFile:
    """Under any name, as IT keeps it apart from the machine. Raises BadJoinFile with what to do."""
    if path.is_dir():
        path /= NAME
    return _read(path, f"没有文件“{path}”，请信息科核对另存的接入文件放在哪里、叫什么名字。")


def _read(path: Path, missing: str) -> JoinFile:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise BadJoinFile(missing) from exc
    except OSError as exc:
        raise BadJoinFile(f"接入文件“{path}”读不出来，请信息科检查当前账号对它的读取权限和磁盘。") from exc
    except UnicodeDecodeError as exc:
        raise BadJoinFile(
            f"接入文件“{path}”不是 UTF-8 文本，可能已损坏或被别的软件另存过，请信息科从备份恢复。"
        ) from exc
    try:
        return JoinFile.model_validate_json(text)
    except ValidationError as exc:
        where = ".".join(str(part) for part in exc.errors()[0]["loc"])
        if not where:
            raise BadJoinFile(f"接入文件“{path}”为空或不完整，请信息科从备份恢复。") from exc
        raise BadJoinFile(f"接入文件 {path.name} 中“{where}”有误，请信息科检查。") from exc


def write_join_file(folder: Path, join: JoinFile) -> None:
    """Written whole or not at all; readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / (NAME + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(join.model_dump(mode="json"), out, ensure_ascii=False, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, folder / NAME)
