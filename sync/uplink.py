"""What a terminal's desks ask of its hall node. Any thread; the same request id twice has one effect."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from hall.journal.refusal import Refusal
from sync.child import CALL_S, Child, ParentAway
from sync.home import Home
from sync.wire import ClaimAnswer

LINK_PATH = "/v1/hall/link"


@dataclass(frozen=True, slots=True)
class Link:
    """How the line to the node stands."""

    up: bool
    waiting: int
    """Facts of this machine that the node has not confirmed."""
    problem: str
    county_up: bool | None
    """What the node says of its own line to the centre; None: not told."""
    connecting: bool = False
    """Just started and not up yet, but nothing has failed either."""
    node_ms: int | None = None
    """The node's clock when it was asked, UTC milliseconds; None: not told."""


class Uplink(Protocol):
    """The hall node as a terminal sees it."""

    def call(self, path: str, body: dict[str, Any], *, timeout_s: float = CALL_S) -> dict[str, Any]:
        """A signed request. Raises ParentAway, Refusal (the node's rules said no)."""

    def take(self, path: str, body: dict[str, Any], actor: str) -> str:
        """A request that moves a dossier here. Its records are in the journal on return; gives its id."""

    def claim(self, dossier: str, actor: str) -> None:
        """Take one dossier. Raises ParentAway, Refusal."""

    def up(self) -> bool:
        """What is known now; asks nobody."""

    def cut_off(self) -> bool:
        """Likewise; not the same as not up: False while the first try is under way."""

    def link(self) -> Link:
        """Asks the node about its own line; up to a second."""


class ChildUplink:
    """Uplink over the line to the node that serves."""

    def __init__(self, child: Child | Home) -> None:
        self._child = child

    def call(self, path: str, body: dict[str, Any], *, timeout_s: float = CALL_S) -> dict[str, Any]:
        return self._child.call(path, body, timeout_s=timeout_s)

    def take(self, path: str, body: dict[str, Any], actor: str) -> str:
        """The node answers with a signed parcel, as /v1/claims does."""
        value = self._child.call(path, body)
        try:
            told = ClaimAnswer.model_validate_json(json.dumps(value))
        except ValidationError as exc:
            raise ParentAway from exc
        self._child.accept(told, told.dossier, actor)
        return told.dossier

    def claim(self, dossier: str, actor: str) -> None:
        self._child.claim(dossier, actor)

    def up(self) -> bool:
        return self._child.link_state().up

    def cut_off(self) -> bool:
        state = self._child.link_state()
        return not (state.up or state.connecting)

    def link(self) -> Link:
        state = self._child.link_state()
        county: bool | None = None
        node_ms: int | None = None
        if state.up:
            try:
                answer = self._child.call(LINK_PATH, {}, timeout_s=1.0)
                told, time_ms = answer.get("county_up"), answer.get("time_ms")
                county = told if isinstance(told, bool) else None
                node_ms = time_ms if type(time_ms) is int else None
            except Refusal:
                # away, or a node that does not tell
                county = None
        problem = state.problem_zh or ""
        return Link(state.up, state.waiting_facts, problem, county, state.connecting, node_ms)
