"""A window's PC or a kiosk without its screens: the app's own journal and line, and the words to work with them."""

import hashlib
from datetime import date
from typing import Any

from hall.catalogue.loading import load_calendar, resources_dir
from hall.delivery import views as delivery
from hall.intake import commands as cmd
from hall.intake import errands
from hall.intake import views as intake
from hall.intake.authority import Rules
from hall.intake.model import CheckResult
from hall.journal.blobs import BlobStore
from hall.journal.facts import OfferWithdrawn
from hall.journal.ledger import Ledger
from hall.journal.sealing import seal_blob
from hall.queueing import views as queue
from hall.reference import Reference
from sync.home import Home
from sync.join_file import read_join_file
from sync.machine_folder import open_journal
from sync.uplink import ChildUplink
from tests.hall.builders import HandClock, Machine, fresh, item
from tests.hall.doubles import Letters
from yichuang.failover.site import Machine as Place
from yichuang.failover.terminals import until

SCOPES = {"counter": "hall"}


class Pc:
    """Opened and started; `close` once. `at` has the words of a machine at work (tests.hall.builders)."""

    def __init__(self, place: Place, ref: Reference, *, clock: HandClock | None = None) -> None:
        self.place, self.ref = place, ref
        self.join = read_join_file(place.folder)
        self.journal = open_journal(self.join, place.folder, clock=None if clock is None else clock.clock())
        self.store = self.journal.store
        self.home = Home(self.journal, self.join, place.folder, scope=SCOPES.get(place.kind, "queue"))
        self.up = ChildUplink(self.home)
        letters = Letters(dict.fromkeys(("ACCEPT", "HANDLE", "ISSUE", "SEAL"), date.max))
        rules = Rules(letters, load_calendar(resources_dir(), ref.profile))
        self.at = Machine(self.store, None, letters, rules, clock or HandClock())  # type: ignore[arg-type]
        self.written: set[str] = set()
        """Ids of all that this machine has written and said to be done."""
        self._unsubscribe = self.store.subscribe(self._note)
        self.home.start()

    def _note(self, recorded: Any) -> None:
        self.written |= {r.env.id for r in recorded if r.env.origin == self.place.node_id}

    def close(self) -> None:
        """Switched off."""
        self._unsubscribe()
        self.home.stop()
        self.journal.close()

    # -- the line -----------------------------------------------------------------------------------------

    @property
    def all_sent(self) -> bool:
        state = self.home.link_state()
        return state.up and state.waiting_facts == 0 and state.waiting_blobs == 0

    def in_touch(self) -> "Pc":
        """The node is there and has opened its day, by which this PC works."""
        until(lambda: self.home.link_state().up and self.today() is not None, f"{self.place.name} is up")
        self.at.day = self.today() or self.at.day
        return self

    def today(self) -> date | None:
        with self.store.read() as conn:
            return queue.business_day(conn)

    def take(self, dossier: str) -> None:
        """As a window that works on something has it first: kept, or taken from the node."""
        row = self.at.held(dossier)
        if row is not None and row.owner == self.place.node_id:
            if row.offered_to is not None:
                self.at.append(dossier, OfferWithdrawn("窗口正在办理"))
            return
        self.up.claim(dossier, "w1")

    # -- cases --------------------------------------------------------------------------------------------

    def received(self, **facts: Any) -> str:
        case = self.at.draft(
            division=self.ref.profile.division_code, device_no=self.join.device_no, business_day=self.at.day,
            item=item(**facts),
        )  # fmt: skip
        self.at.applicant(case)
        self.at.check_all(case)
        self.at.receive(case)
        return case

    def sent_to(self, desk: str, **facts: Any) -> str:
        """Accepted and offered to a department."""
        case = self.received(desk=desk, **facts)
        self.at.accept(case)
        self.at.dispatch(case, desk)
        return case

    def finds_defect(self, case: str, material: str, words: str) -> None:
        self.at.check(case, material, CheckResult.DEFECTIVE, words)

    def phone(self, case: str, number: str) -> None:
        self.at.applicant(case, phone=number)

    def corrected(self) -> str:
        """Received, and told once what is missing."""
        case = self.received()
        self.at.correct(case)
        return case

    def state(self, case: str) -> str:
        """Empty while this machine has not heard of it."""
        with self.store.read() as conn:
            row = intake.case_by_id(conn, case)
        return "" if row is None else row.state.value

    def no(self, case: str) -> str:
        return self.at.case(case).case_no

    def result_of(self, case: str) -> str | None:
        with self.store.read() as conn:
            found = delivery.deliveries_of_case(conn, case)
        return found[0].id if found else None

    # -- errands ------------------------------------------------------------------------------------------

    def brings_page(self, case_no: str, kind: str = "correction", picture: bytes = b"scan") -> str:
        """A citizen hands papers in: one page, sealed, and a receipt."""
        errand = self.at.errand(case_no, kind)
        key = self.store.write(lambda ledger: ledger.data_key(errand))
        image = BlobStore(self.place.folder / "blobs").put(seal_blob(key, picture))
        facts = cmd.PageFacts(
            fresh("p"), image, hashlib.sha256(picture).hexdigest(), 2480, 3508, 300, "camera-1"
        )
        self.at.do(cmd.AttachErrandPage(fresh("c"), errand, "m2", facts, "w1"), errands.attach_errand_page)
        self.at.hand_in(errand)
        return errand

    def look_open_errands(self, case: str) -> bool:
        """What the citizen handed in waits for an answer, and blocks the result."""
        with self.store.read() as conn:
            return bool(intake.open_errands(conn, self.no(case)))

    def files_at_night(self, case_no: str, counted: str, words: str) -> str:
        """At a kiosk, in one commit: the errand's key is known in it only, and a page is sealed with it meanwhile.
        `counted`: the day from which limits run.
        """
        errand = fresh("errand")
        blobs, picture = BlobStore(self.place.folder / "blobs"), words.encode()

        def work(ledger: Ledger) -> None:
            opened = cmd.OpenErrand(fresh("c"), errand, "correction", case_no, None, "citizen", None, None)
            errands.open_errand(ledger, opened)
            image = blobs.put(seal_blob(ledger.data_key(errand), picture))
            facts = cmd.PageFacts(
                fresh("p"), image, hashlib.sha256(picture).hexdigest(), 2480, 3508, 300, "scanner"
            )
            errands.attach_errand_page(
                ledger, cmd.AttachErrandPage(fresh("c"), errand, "m2", facts, "citizen")
            )
            given = cmd.HandInErrand(
                fresh("c"), errand, "citizen", self.at.day, words, date.fromisoformat(counted)
            )
            errands.hand_in_errand(ledger, given)

        self.store.write(work)
        return errand
