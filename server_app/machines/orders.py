"""The hall's IT at the command line: how the machines below stand, and closing one that is lost for good."""

from functools import partial
from typing import Literal, TypeVar

from fastapi import FastAPI

from hall.journal.closing import Order
from hall.journal.refusal import Refusal, StoreFault
from server_app.machines.listing import MachineRow
from server_app.machines.routes import MachineRoom
from server_app.signed_orders import Body, Seal, add_signed_route

PATH = "/machine/machines"


class Asked(Body):
    """ "list" only asks. `machine`: node id or name."""

    do: Literal["list", "close"]
    machine: str = ""
    by: str = ""
    reason: str = ""


class Row(Body):
    node: str
    name: str
    kind: str
    standing: Literal["online", "away", "never", "cloned", "closed"]
    heard: str
    dossiers: int
    tail: int
    closed: str


R = TypeVar("R", MachineRow, Row)


class Told(Body):
    """`refused`: why it was not done. `rows`: how all stand afterwards."""

    refused: str = ""
    again: bool = False
    seized: int = 0
    voided: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def seal_of(private: bytes) -> Seal[Asked, Told]:
    return Seal(private, "machines", Asked, Told)


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


def named(rows: tuple[R, ...], machine: str) -> R:
    """By node id, or by a name that only one has. Raises Refusal."""
    found = [row for row in rows if machine in (row.node, row.name)]
    if len(found) == 1:
        return found[0]
    known = "、".join(f"{row.name}（{row.node}）" for row in rows)
    why = "有几台机器都叫这个名字，请用编号" if found else "没有登记这台机器"
    raise Refusal("unknown_machine", f"{why}。登记的有：{known}。")


def _rows(rows: tuple[MachineRow, ...]) -> tuple[Row, ...]:
    return tuple(Row.model_validate({name: getattr(row, name) for name in Row.model_fields}) for row in rows)


def add_machine_order_route(app: FastAPI, room: MachineRoom, private: bytes) -> None:
    add_signed_route(app, PATH, seal_of(private), partial(carry_out, room))
