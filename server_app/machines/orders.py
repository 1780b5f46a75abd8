"""The hall's IT at the command line: how the machines below stand, and closing one that is lost for good.

Order and answer are signed with a key that only who can read machine.json has (decision 0023).
"""

import hashlib
from typing import Literal

from fastapi import FastAPI, Request, Response
from itsdangerous import BadSignature, TimestampSigner
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from hall.journal.closing import Order
from hall.journal.refusal import Refusal, StoreFault
from server_app.accounts.signing_in import derived_secret
from server_app.machines.listing import MachineRow
from server_app.machines.routes import MachineRoom

PATH = "/machine/machines"
FRESH_S = 30


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Asked(_Body):
    """ "list" only asks. `machine`: node id or name."""

    do: Literal["list", "close"]
    machine: str = ""
    by: str = ""
    reason: str = ""


class Row(_Body):
    node: str
    name: str
    kind: str
    standing: Literal["online", "away", "never", "cloned", "closed"]
    heard: str
    dossiers: int
    tail: int
    closed: str


class Told(_Body):
    """`refused`: why it was not done. `rows`: how all stand afterwards."""

    refused: str = ""
    again: bool = False
    seized: int = 0
    voided: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


class Seal:
    """Signs what goes between command line and service of one machine."""

    def __init__(self, private: bytes) -> None:
        secret = derived_secret(private, "machines")
        self._asked = TimestampSigner(secret, salt="order", digest_method=hashlib.sha256)
        self._told = TimestampSigner(secret, salt="answer", digest_method=hashlib.sha256)

    def asked(self, asked: Asked) -> bytes:
        return self._asked.sign(asked.model_dump_json().encode())

    def read_asked(self, raw: bytes) -> Asked:
        """Raises BadSignature, ValidationError."""
        return Asked.model_validate_json(self._asked.unsign(raw, max_age=FRESH_S))

    def told(self, told: Told) -> bytes:
        return self._told.sign(told.model_dump_json().encode())

    def read_told(self, raw: bytes) -> Told:
        """Raises BadSignature, ValidationError."""
        return Told.model_validate_json(self._told.unsign(raw, max_age=FRESH_S))


def carry_out(room: MachineRoom, asked: Asked) -> Told:
    """Blocking."""
    try:
        if asked.do == "list":
            return Told(rows=_rows(room.rows()))
        row = named(room.rows(), asked.machine)
        done = room.machines.close(row.node, row.name, Order(asked.by, asked.by, asked.reason))
        return Told(again=done.again, seized=done.seized, voided=done.voided, rows=_rows(room.rows()))
    except (Refusal, StoreFault) as exc:
        return Told(refused=exc.text)


def named(rows: tuple[MachineRow, ...], machine: str) -> MachineRow:
    """By node id, or by a name that only one has. Raises Refusal."""
    found = [row for row in rows if machine in (row.node, row.name)]
    if len(found) == 1:
        return found[0]
    known = "、".join(f"{row.name}（{row.node}）" for row in rows)
    why = "有几台机器都叫这个名字，请用编号" if found else "没有登记这台机器"
    raise Refusal("unknown_machine", f"{why}。登记的有：{known}。")


def _rows(rows: tuple[MachineRow, ...]) -> tuple[Row, ...]:
    return tuple(Row.model_validate({name: getattr(row, name) for name in Row.model_fields}) for row in rows)


def add_machine_order_route(app: FastAPI, room: MachineRoom, seal: Seal) -> None:
    @app.post(PATH, include_in_schema=False)
    async def take(request: Request) -> Response:
        try:
            asked = seal.read_asked(await request.body())
        except (BadSignature, ValidationError):
            return Response(status_code=404)
        return Response(seal.told(await run_in_threadpool(carry_out, room, asked)), media_type="text/plain")
