"""POST /v1/progress, /v1/ratings/late, /v1/hall/alert: a kiosk's questions. The kiosk keeps none of it."""

import asyncio
from datetime import date
from typing import Any

from sqlalchemy import Connection

from hall.delivery.model import DeliveryState
from hall.delivery.views import DeliveryRow, deliveries_of_case
from hall.feedback import commands as cmd
from hall.feedback import handlers
from hall.feedback import views as feedback
from hall.feedback.model import RatingState
from hall.feedback.views import RatingRow
from hall.identity.masking import mask_name
from hall.intake import views as intake
from hall.intake.model import STATE_ZH, CaseState
from hall.intake.views import CaseRow
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.paperwork import china_time_of
from hall.queueing import views as queue
from hall.reference import Reference
from server_app.citizen.alerts import Alert, AlertBook
from server_app.citizen.bodies import AlertBody, AskBody, RateBody, read_body
from sync.access import ChildAccess
from sync.parent import LiveHandler

VERIFY_DAYS = 1
"""Working days to verify a bad rating (R23, a hall setting)."""
_RATEABLE = (RatingState.REQUESTED, RatingState.TIMEOUT, RatingState.DECLINED)


class CitizenRoom:
    """Reads what lies at this node; rates what it owns."""

    def __init__(self, store: Store, reference: Reference, alerts: AlertBook) -> None:
        self._store = store
        self._reference = reference
        self._alerts = alerts

    def routes(self) -> dict[str, LiveHandler]:
        return {
            "/v1/progress": self.progress,
            "/v1/ratings/late/find": self.services,
            "/v1/ratings/late": self.rate,
            "/v1/hall/alert": self.alert,
        }

    async def progress(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> rows: case_no, item, state, state_text, masked_name, due (date or null), where."""
        asked = read_body(AskBody, body)
        return {"rows": await asyncio.to_thread(self._rows, asked)}

    async def services(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> services that can still be rated: rating, item, window, served."""
        asked = read_body(AskBody, body)
        return {"services": await asyncio.to_thread(self._services, asked)}

    async def rate(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """Once for each service, never changed; by the same rules as at the window."""
        asked = read_body(RateBody, body)
        await asyncio.to_thread(self._rate, asked)
        return {"rating": asked.rating}

    async def alert(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> told: whether a board that staff look at shows it."""
        asked = read_body(AlertBody, body)
        at_ms = int(self._store.now().timestamp() * 1000)
        told = self._alerts.add(
            Alert(asked.command_id, child.node_id, asked.kind, asked.page, asked.number, at_ms)
        )
        return {"told": told}

    def _rows(self, asked: AskBody) -> list[dict[str, Any]]:
        with self._store.read() as conn:
            return [self._row(conn, case) for case in self._cases(conn, asked)]

    def _cases(self, conn: Connection, asked: AskBody) -> list[CaseRow]:
        """By the number of a case or of a package, or by the certificate."""
        if asked.cert_no is not None:
            found = list(intake.cases_of_cert(conn, asked.cert_no))
        else:
            number = asked.case_no or ""
            one = intake.case_by_no(conn, number)
            found = [] if one is None else [one]
            package = None if found else intake.package_by_no(conn, number)
            if package is not None:
                found = [c for c in (intake.case_by_id(conn, k.case) for k in package.children) if c]
        # drafts, and children of a package that were void before they were taken in, are nothing to the citizen
        return [case for case in found if case.received_on is not None]

    def _row(self, conn: Connection, case: CaseRow) -> dict[str, Any]:
        due = case.return_by if case.state is CaseState.CORRECTION else case.due
        return {
            "case_no": case.case_no,
            "item": case.item.name,
            "state": case.state.value,
            "state_text": STATE_ZH[case.state],
            "masked_name": mask_name(case.applicant_name or ""),
            "due": None if due is None else _day_zh(due),
            "where": self._reference.unit_name(case.department),
            "handed": _handed(deliveries_of_case(conn, case.id)),
        }

    def _services(self, asked: AskBody) -> list[dict[str, Any]]:
        me = self._store.identity.node_id
        with self._store.read() as conn:
            pairs = [(c, feedback.rating_by_case_no(conn, c.case_no)) for c in self._cases(conn, asked)]
        return [
            _service(case, rating)
            for case, rating in pairs
            if rating is not None and rating.state in _RATEABLE and rating.owner == me
        ]

    def _rate(self, asked: RateBody) -> None:
        with self._store.read() as conn:
            row = feedback.rating_by_id(conn, asked.rating)
            day = queue.business_day(conn)
        if row is None:
            raise Refusal("unknown_rating", "没有找到这次服务。")
        if row.owner != self._store.identity.node_id:
            raise Refusal("rating_at_window", "窗口正在等您评价，请在窗口评价，或稍后再来。")
        today = day or china_time_of(int(self._store.now().timestamp() * 1000)).date()
        command = cmd.SubmitRating(
            command_id=asked.command_id, rating=asked.rating, level=asked.level,
            reasons=tuple(asked.reasons), text="", channel="kiosk", anonymous=asked.anonymous,
            rectification=f"{asked.command_id}-rectification",
            verify_by=self._reference.calendar.add_working_days(today, VERIFY_DAYS).day,
        )  # fmt: skip
        self._store.handle(command, handlers.submit_rating)


def _service(case: CaseRow, rating: RatingRow) -> dict[str, Any]:
    served = china_time_of(rating.requested_ms)
    return {
        "rating": rating.id,
        "item": case.item.name,
        "window": "" if rating.window is None else f"{rating.window}号窗口",
        "served": f"{served.month}月{served.day}日 {served:%H:%M} 办理",
    }


def _handed(results: tuple[DeliveryRow, ...]) -> str | None:
    """「已于11月23日在98号窗口领走」 of the result that was fetched last."""
    fetched = [r for r in results if r.state is DeliveryState.HANDED_OVER and r.handed_on is not None]
    if not fetched:
        return None
    last = max(fetched, key=lambda r: r.changed_ms)
    place = "" if last.window is None else f"在{last.window}号窗口"
    return None if last.handed_on is None else f"已于{_day_zh(last.handed_on)}{place}领走"


def _day_zh(day: date) -> str:
    return f"{day.month}月{day.day}日"
