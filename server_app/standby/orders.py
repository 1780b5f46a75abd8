"""What the hall's IT orders at a node of a pair by the command line, carried out by the service that runs there."""

from typing import Literal

from fastapi import FastAPI

from hall.journal.refusal import Refusal, StoreFault
from server_app.signed_orders import Body, Seal, add_signed_route
from server_app.standby.station import Station
from server_app.standby.taking_over import Order
from sync.access import ChildAccess
from sync.wire import Mode

PATH = "/machine/standby"


class Asked(Body):
    """ "tell" only asks. The others need `by` and `reason`."""

    do: Literal["tell", "take_over", "serve_unheard", "tail_lost"]
    by: str = ""
    reason: str = ""


class Told(Body):
    """`refused`: why it was not done; the rest is how things stand afterwards."""

    refused: str = ""
    mode: Mode
    epoch: int
    serves: str
    copy_ms: int | None
    heard: int
    expected: int


def seal_of(private: bytes) -> Seal[Asked, Told]:
    return Seal(private, "standby", Asked, Told)


def add_order_route(app: FastAPI, station: Station, me: ChildAccess, private: bytes) -> None:
    """`me`: this machine, as it would ask itself."""

    def told(asked: Asked) -> Told:
        refused = ""
        try:
            match asked.do:
                case "take_over":
                    station.order(Order(asked.by, asked.reason))
                case "serve_unheard":
                    station.serve_unheard(Order(asked.by, asked.reason))
                case "tail_lost":
                    station.tail_lost(Order(asked.by, asked.reason))
                case "tell":
                    pass
        except (Refusal, StoreFault) as exc:
            refused = exc.text
        now = station.standing(me)
        return Told(
            refused=refused, mode=now.mode, epoch=now.epoch, serves=now.serves, copy_ms=now.copy_ms, heard=now.heard,
            expected=now.expected,
        )  # fmt: skip

    add_signed_route(app, PATH, seal_of(private), told)
