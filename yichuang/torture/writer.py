"""A counter without a screen: writes, takes numbers and calls them, as long as it lives. Run by the forge.

It ends in order at SIGTERM; at SIGUSR1 it begins nothing new, finishes what it wanted and only exchanges.
"""

import argparse
import json
import logging
import random
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from hall.journal.blobs import BlobStore
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal, StoreFault
from sync.child import Child, ParentAway
from sync.folder_lock import FolderLock
from sync.join_file import JoinFile, read_join_file
from sync.link import Credentials
from sync.machine_folder import Journal, open_journal
from sync.starting import START_FAULTS, refused
from sync.wire import ClaimAnswer
from yichuang.torture.deeds import Deeds
from yichuang.torture.works import OpenTicket, open_ticket

PAUSE_S = 0.08
CALL_S = 2.0


class Writer:
    def __init__(
        self, join: JoinFile, journal: Journal, child: Child, deeds: Deeds, queues: list[str], early: bool
    ) -> None:
        self._join, self._journal, self._child, self._deeds = join, journal, child, deeds
        self._queues, self._early = queues, early
        self._chance = random.Random()
        self.ending = threading.Event()
        self.resting = threading.Event()

    def run(self) -> None:
        # a live call may wait for a node that is away; what this machine can do alone goes on meanwhile
        line = threading.Thread(target=self._work, args=(("issue", "next"),), name="live-calls")
        line.start()
        self._work(("own",))
        line.join()

    def _work(self, kinds: tuple[str, ...]) -> None:
        while not self.ending.wait(self._chance.uniform(0, 2 * PAUSE_S)):
            for deed_id, what in self._deeds.open.items():
                if what["kind"] in kinds:
                    self._try(deed_id, what)
            if not self.resting.is_set():
                self._new(self._chance.choice(kinds))
            problem = self._child.link_state().problem_zh
            if problem:
                self._deeds.say(problem)

    def _new(self, kind: str) -> None:
        what: dict[str, Any] = {"kind": kind}
        match kind:
            case "own":
                what |= {"dossier": new_id(), "notes": self._chance.randint(1, 5)}
            case "issue":
                what |= {"dossier": new_id(), "queue": self._chance.choice(self._queues)}
        deed_id = new_id()
        self._deeds.want(deed_id, **what)
        self._try(deed_id, what)

    def _try(self, deed_id: str, what: dict[str, Any]) -> None:
        """Once. What is not certain stays wanted."""
        try:
            match what["kind"]:
                case "own":
                    command = OpenTicket(deed_id, what["dossier"], what["notes"])
                    if self._early:
                        self._deeds.told(deed_id)
                        self.ending.wait(PAUSE_S)
                    self._journal.store.handle(command, open_ticket)
                    if not self._early:
                        self._deeds.told(deed_id)
                case "issue":
                    body = {
                        "command_id": deed_id, "ticket": what["dossier"], "queue": what["queue"],
                        "matter": "示例",
                    }  # fmt: skip
                    answer = self._child.call("/v1/queue/issue", body, timeout_s=CALL_S)
                    self._deeds.told(deed_id, number=answer["number"])
                case _:
                    self._call(deed_id)
        except ParentAway as exc:
            self._deeds.say(exc.text)
        except Refusal as exc:
            # the hall's rules said no: an answer, and an end
            self._deeds.told(deed_id, refused=exc.code)
            self._deeds.say(exc.text)
        except StoreFault as exc:
            self._deeds.say(exc.text)

    def _call(self, deed_id: str) -> None:
        body = {
            "command_id": deed_id, "window": self._join.device_no, "window_name": f"{self._join.name}号窗口",
            "staff": "w001", "queues": self._queues,
        }  # fmt: skip
        answer = self._child.call("/v1/queue/next", body, timeout_s=CALL_S)
        parcel = ClaimAnswer.model_validate(answer, strict=False)
        self._child.accept(parcel, parcel.dossier, "w001")
        self._deeds.told(deed_id, dossier=parcel.dossier)


def _child_of(join: JoinFile, journal: Journal, folder: Path) -> Child:
    if join.parent is None:
        raise ValueError(join.name)
    credentials = Credentials(
        join.node_id, bytes.fromhex(join.sign_private), join.parent.node_id, bytes.fromhex(join.parent.public)
    )
    return Child(
        journal.store, credentials, BlobStore(folder / "blobs"), base_url=join.parent.url, scope="hall",
        longest_wait_s=join.retry_within_s, marker=journal.marker,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="writer")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--deeds", type=Path, required=True)
    parser.add_argument("--queues", nargs="+", required=True)
    parser.add_argument(
        "--early-word", action="store_true", help="a planted fault: told before it is written"
    )
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        join = read_join_file(chosen.data)
        with FolderLock(chosen.data, "writer"):
            journal = open_journal(join, chosen.data)
            try:
                child = _child_of(join, journal, chosen.data)
                writer = Writer(
                    join, journal, child, Deeds.read(chosen.deeds), chosen.queues, chosen.early_word
                )
                signal.signal(signal.SIGTERM, partial(_set, writer.ending))
                signal.signal(signal.SIGUSR1, partial(_set, writer.resting))
                with child:
                    print(json.dumps({"node_id": join.node_id}), flush=True)
                    writer.run()
            finally:
                journal.close()
    except START_FAULTS as exc:
        told = refused(exc)
        print(told.text, file=sys.stderr)
        return told.status
    return 0


def _set(event: threading.Event, *_: object) -> None:
    event.set()
