"""Machines of one invented hall, and citizens' visits on them step by step. Every person is invented."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import Engine, select

from hall.assembly import event_types, projections
from hall.delivery import commands as deliver_cmd
from hall.delivery import handlers as delivery
from hall.intake import commands as cmd
from hall.intake import drafting, errands, packages, receiving
from hall.intake import views as intake
from hall.intake.authority import Rules
from hall.intake.events import DefectLine, ItemFacts, RequiredMaterial
from hall.intake.model import AcceptMode, CaseType, CheckResult
from hall.intake.views import CaseRow
from hall.journal import rebuild as rebuilding
from hall.journal import schema
from hall.journal.kernel import DossierRow, dossier_row
from hall.journal.ledger import Ledger
from hall.journal.sealing import Wraps
from hall.journal.store import Outcome, Store, Who
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing.model import Priority, Source
from hall.review import commands as review_cmd
from hall.review import handlers as review
from tests.hall.doubles import DAY, HandClock, Letters, plain_calendar
from tests.hall.journal.world import HallKeys, memory_engine

ALL_PAPERS = ("decision", "result")
"""What a clerk has in hand when a granted result goes over the counter."""
NAME, CERT, PHONE = "古丽·示例甲", "652301199001010012", "13899990001"
DESK = "示例局@node"
COUNTY_DESK = "示例局@county"
IMAGE = "ab" * 32


def item(**changes: Any) -> ItemFacts:
    """A licence that takes twenty working days by law and ten by promise."""
    base = ItemFacts(
        id="x-01", version=1, name="示例经营许可", code="x-01", item_type="01", case_type=CaseType.COMMITTED,
        department="示例局", desk=DESK, statutory_n=20, statutory_unit="工作日", promised_n=10,
        promised_unit="工作日", result_name="示例许可证", sample=True,
    )  # fmt: skip
    return replace(base, **changes)


def needed(material: str, name: str, **changes: Any) -> RequiredMaterial:
    base = RequiredMaterial(material, name, 1, 1, True, True, False, None, ("看有效期",))
    return replace(base, **changes)


FORM = needed("m1", "申请表")
LEASE = needed("m2", "场所证明", tolerable=True)
LICENCE = needed("m3", "营业执照", waivable="数据共享")
MATERIALS = (FORM, LEASE, LICENCE)


def page(name: str) -> cmd.PageFacts:
    return cmd.PageFacts(name, IMAGE, "cd" * 32, 2480, 3508, 300, "camera-1")


_numbers = count(1)


def fresh(word: str) -> str:
    """A name that no other dossier or command of this run has."""
    return f"{word}-{next(_numbers)}"


@dataclass
class Machine:
    """One machine with its store, and the words to work on it."""

    store: Store
    engine: Engine
    letters: Letters
    rules: Rules
    hand_clock: HandClock
    day: date = DAY
    staff: str = "w1"
    heard: dict[str, int] = field(default_factory=dict)
    """How far this machine has read the journals of others."""

    @property
    def id(self) -> str:
        return self.store.identity.node_id

    def do(self, command: Any, handler: Callable[[Ledger, Any], object]) -> Outcome:
        return self.store.handle(command, handler)

    def ruled(self, command: Any, handler: Callable[..., object]) -> Outcome:
        return self.store.handle(command, partial(handler, rules=self.rules))

    def write(self, work: Callable[[Ledger], Any]) -> Any:
        return self.store.write(work)

    def look(self, view: Callable[..., Any], *values: Any, **named: Any) -> Any:
        with self.store.read() as conn:
            return view(conn, *values, **named)

    def append(self, dossier: str, event: Any) -> None:
        self.write(lambda ledger: ledger.append(dossier, event, actor=self.staff))

    def held(self, dossier: str) -> DossierRow | None:
        with self.store.read() as conn:
            return dossier_row(conn, dossier)

    def case(self, case: str) -> CaseRow:
        found = self.look(intake.case_by_id, case)
        assert found is not None
        return found  # type: ignore[no-any-return]

    # -- queue -----------------------------------------------------------------------------------------

    def ticket(self, **changes: Any) -> str:
        base = queue_cmd.IssueTicket(
            fresh("c"), fresh("ticket"), "A", self.day, "q1", "综合受理", "示例经营许可", None,
            Priority.NONE, Source.KIOSK, "k1", "k1",
        )  # fmt: skip
        command = replace(base, **changes)
        self.do(command, queueing.issue_ticket)
        return command.ticket

    def call_next(self, terminal: str, window: int = 1, **changes: Any) -> Outcome:
        base = queue_cmd.CallNext(
            fresh("c"), window, f"{window}号窗口", self.staff, terminal, ("q1",), (), 1, self.day
        )
        return self.do(replace(base, **changes), queueing.call_next)

    def serving(self) -> str:
        """A ticket called to this machine's own window and started."""
        ticket = self.ticket()
        command = queue_cmd.CallThis(fresh("c"), ticket, 1, "1号窗口", self.staff, self.id, 1)
        self.do(command, queueing.call_this)
        self.do(queue_cmd.StartService(fresh("c"), ticket, self.staff, fresh("s")), queueing.start_service)
        return ticket

    def serve_slip(self, ticket: str, window: int = 9) -> str:
        visit = fresh("visit")
        command = queue_cmd.ServeSlip(fresh("c"), visit, ticket, "A001", window, "w9", fresh("s"))
        self.do(command, queueing.serve_slip)
        return visit

    # -- cases -----------------------------------------------------------------------------------------

    def draft(self, **changes: Any) -> str:
        base = cmd.OpenCase(
            fresh("c"), fresh("case"), "652301", 1, 7, item(), MATERIALS, "accept_then_dispatch", None,
            fresh("s"), 1, self.staff, self.day,
        )  # fmt: skip
        command = replace(base, **changes)
        self.do(command, drafting.open_case)
        return command.case

    def applicant(self, case: str, **changes: Any) -> None:
        base = cmd.SetApplicant(
            fresh("c"), case, "person", "card", "111", NAME, CERT, PHONE, "示例路1号", "", "", "", "", "",
            False, self.staff,
        )  # fmt: skip
        self.do(replace(base, **changes), drafting.set_applicant)

    def present(self, case: str, material: str, form: str = "original", place: str = "kept") -> None:
        command = cmd.PresentMaterial(fresh("c"), case, material, form, 1, place, self.staff)
        self.do(command, drafting.present_material)

    def check(self, case: str, material: str, result: CheckResult, defect: str = "") -> None:
        command = cmd.CheckMaterial(fresh("c"), case, material, result, defect, self.staff)
        self.do(command, drafting.check_material)

    def check_all(self, case: str) -> None:
        for m in self.look(intake.materials, case):
            self.present(case, m.id, place="returned" if m.facts.identity_paper else "kept")
            if m.facts.identity_paper:
                attach = cmd.AttachPage(fresh("c"), case, m.id, page(fresh("p")), self.staff)
                self.do(attach, drafting.attach_page)
            self.check(case, m.id, CheckResult.OK)

    def receive(self, case: str, **changes: Any) -> None:
        base = cmd.ReceiveCase(fresh("c"), case, 1, self.staff, self.day, self.day)
        self.ruled(replace(base, **changes), receiving.receive_case)

    def received(self, **changes: Any) -> str:
        case = self.draft(**changes)
        self.applicant(case)
        self.check_all(case)
        self.receive(case)
        return case

    def accept(self, case: str, mode: AcceptMode = AcceptMode.NORMAL, **changes: Any) -> None:
        base = cmd.AcceptCase(fresh("c"), case, mode, 1, self.staff, self.day, None)
        self.ruled(replace(base, **changes), receiving.accept_case)

    def accepted(self, **changes: Any) -> str:
        case = self.received(**changes)
        self.accept(case)
        return case

    def correct(self, case: str, **changes: Any) -> None:
        defects = (DefectLine("m2", "场所证明已过期，请换新的"),)
        base = cmd.IssueCorrection(fresh("c"), case, defects, 1, self.staff, self.day, None)
        self.ruled(replace(base, **changes), receiving.issue_correction)

    def corrected(self, **changes: Any) -> str:
        case = self.received(**changes)
        self.correct(case)
        return case

    def dispatch(self, case: str, desk: str = DESK) -> None:
        self.do(review_cmd.DispatchCase(fresh("c"), case, desk, "示例局", self.staff), review.dispatch_case)

    def take(self, case: str, desk: str = DESK, officer: str = "o1") -> None:
        self.do(review_cmd.TakeCase(fresh("c"), case, desk, officer), review.take_case)

    def reviewing(self, **changes: Any) -> str:
        case = self.accepted(**changes)
        self.dispatch(case)
        self.take(case)
        return case

    def decide(self, case: str, granted: bool = True, **changes: Any) -> str:
        base = review_cmd.DecideCase(
            fresh("c"), case, granted, "" if granted else "不符合规定条件", "o1", self.day, None,
            "示例许可证", None, fresh("delivery"),
        )  # fmt: skip
        command = replace(base, **changes)
        self.ruled(command, delivery.decide)
        return command.delivery

    def decided(self, **changes: Any) -> tuple[str, str]:
        case = self.reviewing(**changes)
        return case, self.decide(case)

    # -- results ---------------------------------------------------------------------------------------

    def arrive(self, result: str) -> None:
        self.do(
            deliver_cmd.ArriveResult(fresh("c"), result, "2号柜", self.staff, ALL_PAPERS),
            delivery.arrive_result,
        )
        self.write(delivery.settle)

    def ready(self) -> tuple[str, str]:
        case, result = self.decided()
        self.arrive(result)
        return case, result

    def issue_proof(self, result: str, **changes: Any) -> None:
        base = deliver_cmd.IssueProof(
            fresh("c"), result, NAME, CERT, 1, self.staff, self.day, None, ALL_PAPERS
        )
        self.ruled(replace(base, **changes), delivery.issue_proof)

    def hand_over(self, result: str, **changes: Any) -> None:
        """On a proof that was signed by hand."""
        self.issue_proof(result, **changes)
        base = deliver_cmd.HandOver(
            fresh("c"), result, NAME, CERT, 1, self.staff, self.day, None, None, ALL_PAPERS
        )
        self.ruled(replace(base, **changes), delivery.hand_over)
        self.write(delivery.settle)

    # -- errands and numbers ---------------------------------------------------------------------------

    def errand(self, case_no: str, kind: str = "correction", **changes: Any) -> str:
        base = cmd.OpenErrand(fresh("c"), fresh("errand"), kind, case_no, 1, self.staff, None, None)
        command = replace(base, **changes)
        self.do(command, errands.open_errand)
        return command.errand

    def hand_in(self, errand: str, reason: str = "") -> None:
        command = cmd.HandInErrand(fresh("c"), errand, self.staff, self.day, reason)
        self.do(command, errands.hand_in_errand)

    def handed_in(self, case_no: str, kind: str = "correction") -> str:
        errand = self.errand(case_no, kind)
        if kind == "withdrawal":
            self.hand_in(errand, "家中有事，不办了")
            return errand
        attach = cmd.AttachErrandPage(fresh("c"), errand, "m2", page(fresh("p")), self.staff)
        self.do(attach, errands.attach_errand_page)
        self.hand_in(errand)
        return errand

    def answer(self, errand: str, granted: bool = True, why: str = "") -> None:
        command = cmd.TakeErrand(fresh("c"), errand, "o1", self.day, granted, why)
        self.do(command, errands.take_errand)

    def number(self, kind: str = "受字", **changes: Any) -> str:
        base = cmd.DrawNumber(fresh("c"), "示市示例", kind, 2026, "case-no", self.staff)
        command = replace(base, **changes)
        event: Any = self.do(command, packages.draw_number).records[-1].event
        return str(event.text)


def machine(
    node: str, role: str = "terminal", *, keys: HallKeys | None = None, reads: bool = True,
    engine: Engine | None = None, clock: HandClock | None = None, letters: Letters | None = None,
) -> Machine:  # fmt: skip
    """A machine on a database in memory. `reads` False: a kiosk, which holds no private key."""
    engine, clock, letters = engine or memory_engine(), clock or HandClock(), letters or Letters()
    ring = (keys or HallKeys()).ring(role, reads=reads)
    store = Store(engine, Who(node, role, "H1"), event_types(), projections(), ring, clock.clock())
    return Machine(store, engine, letters, Rules(letters, plain_calendar()), clock)


def carry(source: Machine, target: Machine) -> None:
    """Bring wraps and records from one machine to another: what it has got since the last time."""
    t = schema.record.c
    least = target.heard.get(source.id, 0)
    with source.store.read() as conn:
        rows = conn.execute(select(t.pos, t.raw, t.dossier).where(t.pos > least).order_by(t.pos)).all()
        news = {row.dossier for row in rows}
        wraps = [w for w in conn.execute(select(schema.dossier_key)) if w.dossier in news] if news else []
    if not rows:
        return

    def work(ledger: Ledger) -> None:
        ledger.admit_guarded()
        for row in wraps:
            ledger.put_wraps(row.dossier, Wraps(bytes(row.wrap_hall), bytes(row.wrap_centre)))
        for row in rows:
            ledger.admit(bytes(row.raw), source.id)

    target.write(work)
    target.heard[source.id] = rows[-1].pos


def exchange(*machines: Machine) -> None:
    """Everybody hears everything."""
    for _ in range(2):
        for source in machines:
            for target in machines:
                if source is not target:
                    carry(source, target)


def raws(m: Machine) -> list[bytes]:
    t = schema.record.c
    with m.store.read() as conn:
        return [bytes(raw) for raw in conn.scalars(select(t.raw).order_by(t.pos))]


def verdicts(m: Machine, dossier: str) -> list[tuple[str, str]]:
    """(type, verdict) of a dossier's records, in the order in which they came."""
    t = schema.record.c
    with m.store.read() as conn:
        query = select(t.type, t.verdict).where(t.dossier == dossier).order_by(t.pos)
        return [(row.type, row.verdict) for row in conn.execute(query)]


def quarantined(m: Machine) -> list[str]:
    with m.store.read() as conn:
        return list(conn.scalars(select(schema.quarantine.c.code)))


def differences_after_rebuild(m: Machine) -> list[str]:
    """Rows that differ between the tables as they are and as the records make them anew."""
    tables = rebuilding.rebuilt_tables(m.store.kernel)

    def all_rows() -> dict[str, list[str]]:
        with m.store.read() as conn:
            rows = {t.name: sorted(map(repr, rebuilding.rows(conn, t))) for t in tables}
            marks = conn.execute(select(schema.record.c.pos, schema.record.c.verdict)).all()
        return rows | {"verdicts": sorted(map(repr, marks))}

    before = all_rows()
    m.write(lambda ledger: rebuilding.rebuild(ledger.conn, m.store.kernel))
    after = all_rows()
    return [
        f"{name}: {set(before[name]) ^ set(after[name])}" for name in before if before[name] != after[name]
    ]
