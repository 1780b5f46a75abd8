"""Records as a hall's machines write them, made without a journal: what the benches of sync send.

A visit is a number from the kiosk to its end, the case that was taken in, accepted, dispatched and decided, and
the rating. Invented people only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from hall.feedback.events import RatingRequested, RatingSubmitted
from hall.intake import events as intake
from hall.intake.model import AcceptMode, CaseType, CheckResult
from hall.journal import codec, envelope, sealing
from hall.journal.envelope import GENESIS
from hall.journal.facts import DossierOpened
from hall.journal.ids import new_id, new_incarnation
from hall.journal.marking import Event
from hall.journal.sealing import KeyRing, Wraps
from hall.journal.token import Token
from hall.queueing import events as queueing
from hall.queueing.model import Outcome, Priority, Source
from hall.review.events import CaseDecided, CaseDispatched, CaseTaken

DAY = date(2026, 3, 2)
START_MS = 1_772_400_000_000
ITEM = intake.ItemFacts(
    id="bench", version=1, name="示例经营许可", code="000100000000", item_type="01", case_type=CaseType.COMMITTED,
    department="示例局", desk="示例局@county", statutory_n=20, statutory_unit="工作日", promised_n=10,
    promised_unit="工作日", result_name="示例许可证", sample=True,
)  # fmt: skip
MATERIALS = tuple(
    intake.RequiredMaterial(
        id=f"m{n}", name=name, original_n=1, copy_n=1, electronic_ok=True, necessary=True, tolerable=False,
        waivable=None, review_points=("填写完整", "与原件一致"),
    )
    for n, name in enumerate(("示例申请表", "示例营业执照", "示例场所证明"), 1)
)  # fmt: skip


@dataclass
class Writer:
    """One machine's chain. `run` holds what it has written since `take`."""

    node: str
    keys: KeyRing
    inc: str = field(default_factory=new_incarnation)
    seq: int = 0
    prev: bytes = GENESIS
    run: list[bytes] = field(default_factory=list)
    wraps: dict[str, Wraps] = field(default_factory=dict)
    _n: dict[str, int] = field(default_factory=dict)
    _data_keys: dict[str, bytes] = field(default_factory=dict)

    def open(self, kind: str, scope: str) -> str:
        dossier = new_id()
        self._data_keys[dossier] = sealing.new_data_key()
        self.wraps[dossier] = self.keys.wraps(self._data_keys[dossier])
        self.write(dossier, scope, DossierOpened(kind))
        return dossier

    def write(self, dossier: str, scope: str, event: Event) -> None:
        data, private = codec.split(event)
        record_id = new_id()
        enc = sealing.seal_fields(self._data_keys[dossier], record_id, private)
        self.seq += 1
        n = self._n[dossier] = self._n.get(dossier, 0) + 1
        env = envelope.build(
            record_id=record_id, origin=self.node, inc=self.inc, seq=self.seq, dossier=dossier, token=Token(),
            n=n, type_name=event.TYPE, actor="w001", wall_ms=START_MS + self.seq * 100, boot="bench",
            mono_ms=self.seq * 100, causes=(f"cmd:{record_id}",), scope=scope, prev=self.prev, data=data, enc=enc,
        )  # fmt: skip
        self.prev = env.h
        self.run.append(env.raw)

    def take(self) -> tuple[int, list[bytes], dict[str, Wraps]]:
        """(first seq, records, wraps of the dossiers opened in them) since the last call."""
        taken = self.seq - len(self.run) + 1, self.run, self.wraps
        self.run, self.wraps = [], {}
        return taken


class Pen(Protocol):
    """Whoever writes dossiers of its own: a chain without a journal, or a machine with one."""

    def open(self, kind: str, scope: str) -> str: ...
    def write(self, dossier: str, scope: str, event: Event) -> None: ...


def visits(writer: Pen) -> Iterator[None]:
    """One whole visit at each step."""
    number = 0
    while True:
        number += 1
        _visit(writer, number)
        yield


def _visit(w: Pen, n: int) -> None:
    name = f"{'ABCD'[n % 4]}{n % 1000:03d}"
    ticket = w.open("ticket", "queue")
    for event in _ticket(n, name, ticket):
        w.write(ticket, "queue", event)
    case = w.open("case", "case")
    for event in _case(n, ticket):
        w.write(case, "case", event)
    w.write(ticket, "queue", queueing.TicketDone(Outcome.ACCEPTED))
    rating = w.open("rating", "case")
    w.write(
        rating, "case",
        RatingRequested("s1", n, ITEM.name, ticket, name, case, None, ITEM.id, 97, "w001", DAY),
    )  # fmt: skip
    w.write(rating, "case", RatingSubmitted(5, (), "pad", False))


def _ticket(n: int, name: str, ticket: str) -> Iterator[Event]:
    matter = f"{ITEM.name}{n % 7}"
    yield queueing.TicketIssued(
        name, name[0], n, DAY, name[0], "综合受理", matter, ITEM.id, Priority.NONE, Source.KIOSK, "kiosk"
    )
    yield queueing.SlipPrinted(ticket, name, "confirmed")
    yield queueing.TicketCalled(n % 20, f"{n % 20}号窗口", "w001", 1, 1)
    yield queueing.TicketStarted(n % 20, "w001", "s1")


def _case(n: int, ticket: str) -> Iterator[Event]:
    yield intake.CaseOpened(
        f"652301202603{n:018d}", ITEM, "counter", "accept_then_dispatch", ticket, "s1", 97, "w001", DAY
    )
    yield intake.ApplicantSet(
        "person", "typed", False, False, "111", name=f"示例{n}", cert_no=f"65230119900101{n % 10000:04d}",
        phone="13800000000", address="示例路1号",
    )  # fmt: skip
    yield intake.ScenarioAnswered((intake.Answer("q1", "o1"),), MATERIALS)
    for m in MATERIALS:
        yield intake.MaterialPresented(m.id, "original", 1, "returned")
        yield intake.MaterialChecked(m.id, CheckResult.OK)
    yield intake.CaseReceived(DAY, DAY, 97, "w001")
    yield intake.CaseAccepted(
        AcceptMode.NORMAL, DAY, DAY, DAY, False, "示", "示例局", f"示受〔2026〕{n}号", "w001"
    )
    yield CaseDispatched(ITEM.desk, ITEM.department)
    yield CaseTaken(ITEM.desk, "officer")
    yield CaseDecided(True, DAY, "officer", "示例局", f"示决〔2026〕{n}号", "示例许可证", None, False)
