"""An enrolled child whose program writes what it likes: records by hand, pushed under its true signature."""

import json
from dataclasses import dataclass, field
from typing import Any

from hall.journal.envelope import GENESIS, hash_of
from sync import wire
from sync.message import Answer
from sync.wire import PushAnswer, WrapItem
from tests.sync.rig import NODE, Rig

INC = "evil"


@dataclass
class Hostile:
    """Speaks for `name` beside, and instead of, that machine's own program."""

    rig: Rig
    name: str
    prev: bytes = GENESIS
    seq: int = 0
    pending: list[str] = field(default_factory=list)

    def write(self, dossier: str, n: int, type_name: str, data: dict[str, Any], **other: Any) -> str:
        """A record in its chain. Returns its id."""
        self.seq += 1
        its_type, _, version = type_name.partition("/")
        value = {
            "v": 1, "id": f"evil-{self.name}-{self.seq}", "origin": self.name, "inc": INC, "seq": self.seq,
            "dossier": dossier, "token": [0, 0, 0, ""], "n": n, "type": its_type, "sv": int(version),
            "actor": self.name, "wall": 0, "boot": "b", "mono": 0, "causes": [], "scope": "case", "alg": "sha256",
            "prev": self.prev.hex(), "data": data, "enc": {}, **other,
        }  # fmt: skip
        raw = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.prev = hash_of(raw.encode())
        self.pending.append(raw)
        return str(value["id"])

    def push(self, *wraps: WrapItem) -> list[str]:
        """The parent's verdicts on all that was written since."""
        first = self.seq - len(self.pending) + 1
        runs = [{"origin": self.name, "inc": INC, "from_seq": first, "records": self.pending}]
        body = {
            "inc": self._inc(), "chains": runs, "wraps": [w.model_dump() for w in wraps], "more": False,
        }  # fmt: skip
        answer = self.post("/v1/push", body)
        assert answer.status == 200, answer
        self.pending = []
        told = wire.decode(PushAnswer, answer.body, answer.headers, 10**7)
        return told.verdicts[0]

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        core, parent = self.rig[self.name].core, self.rig[NODE].parent
        assert core is not None
        assert parent is not None
        request = core.link.request("POST", path, {"content-type": wire.JSON_TYPE}, json.dumps(body).encode())
        return self.rig.serve(parent, request)

    def _inc(self) -> str:
        return self.rig[self.name].store.identity.inc
