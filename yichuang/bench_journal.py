"""Measurements of the journal and of the queue over it: real stores, encrypted, FULL, in a temporary folder."""

import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from devices.ticket_printer.compose import PrinterProfile, compose
from devices.ticket_printer.layout import Align, TicketFeed, TicketLine, TicketQr, TicketRule, TicketText
from devices.ticket_printer.raster import TextRaster
from hall.assembly import event_types, projections
from hall.catalogue.loading import resources_dir
from hall.intake import events as intake
from hall.intake.model import CaseType
from hall.journal import schema
from hall.journal.ids import new_id
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.sealing import KeyRing, new_key_pair
from hall.journal.store import GROUP, Store, Who
from hall.papers import slip as paper
from hall.papers.slip import TicketSlip, slip_lines
from hall.queueing import commands as cmd
from hall.queueing import events as queue_events
from hall.queueing import handlers
from hall.queueing.model import MISSED_RULE_ZH, Priority, Source, slip_code
from hall.queueing.tables import ticket
from yichuang.bench_timing import Timing, at_once

SECONDS = 3.0
CLIENTS = 8
DAY = date(2026, 3, 2)
QUEUES = ("A", "B", "C", "D")


def measure_journal() -> dict[str, Any]:
    """Facts a second and milliseconds a commit, for plain facts and for facts with sealed personal data."""
    with node_store() as store:
        plain = store.write(lambda ledger: machine_dossier(ledger, actor="bench"))
        case = store.write(_open_case)
        one_by_one = _single(store, lambda: _plain(plain))
        sealed = _single(store, lambda: _sealed(case))
        grouped_per_s = _grouped(store, lambda: _plain(plain))
        grouped_sealed_per_s = _grouped(store, lambda: _sealed(case))
        size = _journal_bytes(store)
    return {
        "seconds_each": SECONDS,
        "single_per_s": one_by_one.per_s,
        "single_p50_ms": one_by_one.at(0.5),
        "single_p99_ms": one_by_one.at(0.99),
        "sealed_per_s": sealed.per_s,
        "sealed_p50_ms": sealed.at(0.5),
        "sealed_p99_ms": sealed.at(0.99),
        "grouped_per_s": grouped_per_s,
        "grouped_sealed_per_s": grouped_sealed_per_s,
        "group_most": GROUP,
        "bytes_per_record": size,
    }


def measure_tickets() -> dict[str, Any]:
    """Numbers a second by `CLIENTS` threads, milliseconds from asking to committed, and of a slip's bytes."""
    with node_store() as store:
        alone = _one_client(store, SECONDS / 2)
        began = time.perf_counter()
        clients: list[Timing] = []
        lock = threading.Lock()

        def work() -> None:
            timing = _one_client(store, SECONDS)
            with lock:
                clients.append(timing)

        at_once([work] * CLIENTS)
        seconds = time.perf_counter() - began
        numbers = _duplicate_numbers(store)
    together = Timing(tuple(ms for c in clients for ms in c.ms))
    slip = _slip_bytes()
    return {
        "clients": CLIENTS,
        "issued_per_s": round(len(together.ms) / seconds),
        "p50_ms": together.at(0.5),
        "p99_ms": together.at(0.99),
        "one_client_p50_ms": alone.at(0.5),
        "one_client_p95_ms": alone.at(0.95),
        "slip_bytes_p50_ms": slip.at(0.5),
        "slip_bytes_p95_ms": slip.at(0.95),
        "duplicate_numbers": numbers,
        "seconds": round(seconds, 2),
    }


@contextmanager
def node_store() -> Iterator[Store]:
    """An empty hall node's journal with every room's tables."""
    hall_private, hall_public = new_key_pair()
    _, centre_public = new_key_pair()
    with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
        store = Store.sqlite(
            Path(folder) / "journal.db", secrets.token_bytes(32), Who(new_id(), "hall", "bench"),
            event_types(), projections(), KeyRing(hall_public, centre_public, hall_private),
        )  # fmt: skip
        try:
            yield store
        finally:
            store.close()


# -- appends ---------------------------------------------------------------------------------------------


def _open_case(ledger: Ledger) -> str:
    case = new_id()
    facts = intake.ItemFacts(
        id="bench", version=1, name="示例经营许可", code="bench", item_type="01", case_type=CaseType.COMMITTED,
        department="示例局", desk="示例局@node", statutory_n=20, statutory_unit="工作日", promised_n=10,
        promised_unit="工作日", result_name="示例许可证", sample=True,
    )  # fmt: skip
    ledger.open(case, "case", scope="case", actor="bench")
    opened = intake.CaseOpened(
        "652301012026030200100013", facts, "counter", "accept_then_dispatch", None, None, 1, "bench", DAY
    )
    ledger.append(case, opened, actor="bench")
    return case


def _plain(dossier: str) -> Callable[[Ledger], object]:
    event = queue_events.SlipPrinted(new_id(), "A001", "confirmed")
    return lambda ledger: ledger.append(dossier, event, actor="bench")


def _sealed(dossier: str) -> Callable[[Ledger], object]:
    event = intake.ApplicantSet(
        "person", "typed", False, False, "111", name="示例甲", cert_no="652301199001010012",
        phone="13899990001", address="示例路1号",
    )  # fmt: skip
    return lambda ledger: ledger.append(dossier, event, actor="bench")


def _single(store: Store, work: Callable[[], Callable[[Ledger], object]]) -> Timing:
    ms: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        store.write(work())
        ms.append((time.perf_counter() - began) * 1000)
    return Timing(tuple(ms))


def _grouped(store: Store, work: Callable[[], Callable[[Ledger], object]]) -> int:
    """Facts a second with four groups always waiting, as when many machines push at once."""
    done, waiting = 0, list[Future[object]]()
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        while len(waiting) < 4 * GROUP:
            waiting.append(store.submit(work()))
        for future in waiting[:GROUP]:
            future.result()
            done += 1
        del waiting[:GROUP]
    for future in waiting:
        future.result()
        done += 1
    return round(done / (time.perf_counter() - began))


def _journal_bytes(store: Store) -> int:
    with store.read() as conn:
        return round(conn.scalar(select(func.avg(func.length(schema.record.c.raw)))) or 0)


# -- the queue -------------------------------------------------------------------------------------------


def _issue(n: int) -> cmd.IssueTicket:
    series = QUEUES[n % len(QUEUES)]
    priority = Priority.ELDER if n % 11 == 0 else Priority.NONE
    return cmd.IssueTicket(
        new_id(), new_id(), series, DAY, series, "综合受理", "示例经营许可", None, priority, Source.KIOSK,
        "kiosk", "kiosk",
    )  # fmt: skip


def _one_client(store: Store, seconds: float) -> Timing:
    ms: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        store.handle(_issue(len(ms)), handlers.issue_ticket)
        ms.append((time.perf_counter() - began) * 1000)
    return Timing(tuple(ms))


def _duplicate_numbers(store: Store) -> int:
    with store.read() as conn:
        numbers = list(conn.scalars(select(ticket.c.number)))
    return len(numbers) - len(set(numbers))


def _slip_bytes() -> Timing:
    """The ESC/POS job of a number's slip, from its content."""
    fonts = resources_dir() / "fonts"
    raster = TextRaster(
        [fonts / "NotoSansSC-Regular.ttf", fonts / "NotoNaskhArabic-Regular.ttf"],
        [fonts / "NotoSansSC-Bold.ttf", fonts / "NotoNaskhArabic-Bold.ttf"],
    )
    profile = PrinterProfile()
    ms: list[float] = []
    for n in range(60):
        number = f"A{n:03d}"
        slip = TicketSlip(
            "示例市政务服务大厅", number, "示例经营许可", "一楼综合专区", 3, 12,
            datetime(2026, 3, 2, 2, n, tzinfo=UTC), slip_code(new_id(), number),
            MISSED_RULE_ZH,
        )  # fmt: skip
        began = time.perf_counter()
        compose([_line(line) for line in slip_lines(slip)], profile, raster)
        ms.append((time.perf_counter() - began) * 1000)
    return Timing(tuple(ms))


def _line(line: paper.SlipLine) -> TicketLine:
    match line:
        case paper.SlipText():
            align = Align.CENTER if line.align is paper.Align.CENTRE else Align.LEFT
            return TicketText(line.text, line.size, line.bold, align)
        case paper.SlipQr():
            return TicketQr(line.data)
        case paper.SlipRule():
            return TicketRule()
        case paper.SlipFeed():
            return TicketFeed(line.lines)
