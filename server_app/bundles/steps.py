"""POST /machine/bundle: one step of a bundle, carried out by the service that has the journal (decision 0023)."""

from collections.abc import Mapping
from typing import Literal

from fastapi import FastAPI
from pydantic import Field

from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from server_app.signed_orders import Body, Seal, add_signed_route
from sync import signing
from sync.access import ChildAccess
from sync.bundle_steps import At, Step, StepDone, carry_out
from sync.join_file import JoinFile
from sync.wire import BadBody

PATH = "/machine/bundle"
FRESH_S = 60


class Asked(Body):
    sender: str
    """Node id of the child whose bundle it is; empty for the parent's answer."""
    step: Step = Field(discriminator="do")


class Told(Body):
    outcome: Literal["done", "refused", "fault"]
    text: str = ""
    done: StepDone | None = None


def seal_of(private: bytes) -> Seal[Asked, Told]:
    return Seal(private, "bundles", Asked, Told, FRESH_S)


def told_of(at: At, step: Step) -> Told:
    """Blocking. Never raises for what a bundle holds."""
    try:
        return Told(outcome="done", done=carry_out(at, step))
    except Refusal as exc:
        return Told(outcome="refused", text=exc.text)
    except StoreFault as exc:
        return Told(outcome="fault", text=exc.text)
    except (BadBody, signing.BadSignature):
        return Told(outcome="refused", text="这个文件里有一段不是对方签的，或不合协议，没有使用。")


def add_bundle_route(
    app: FastAPI, store: Store, join: JoinFile, children: Mapping[str, ChildAccess], private: bytes
) -> None:
    def told(asked: Asked) -> Told | None:
        sender = children.get(asked.sender)
        if sender is None and asked.sender:
            return None
        return told_of(At(store, join, sender), asked.step)

    add_signed_route(app, PATH, seal_of(private), told)
