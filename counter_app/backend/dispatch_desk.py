"""Dispatching over the real hall: a case is offered to its department's desk and stays until it is taken."""

from dataclasses import dataclass
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.package_desk import PackageDesk
from counter_app.dispatch.ports import DeskRow, Dispatched, OfferRow, OfferState
from counter_app.values import CaseId
from hall import paperwork
from hall.catalogue.hall_profile import DeskAt
from hall.intake import commands as intake_cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.views import CaseRow
from hall.journal.refusal import Refusal
from hall.review import commands as cmd
from hall.review import handlers as review
from sync.child import ParentAway

_SHOWN = (CaseState.PRECHECK, CaseState.DISPATCHED, CaseState.REVIEWING, CaseState.SUSPENDED)
_UNSENT = (CaseState.DRAFT, CaseState.RECEIVED, CaseState.CORRECTION, CaseState.ACCEPTED)
"""Why such a case did not go is worth a word; what lies at a desk or is decided is none of this press."""


@dataclass(frozen=True, slots=True)
class Dispatching:
    """Implements DispatchDesk."""

    bench: Bench
    packages: PackageDesk

    @refusing
    def desks(self, case_id: CaseId) -> tuple[DeskRow, ...]:
        b = self.bench
        rows = self._rows(case_id)
        if len(rows) > 1:
            names = "、".join(dict.fromkeys(_unit(r.desk) for r in rows))
            return (DeskRow("each", f"各事项送各自部门（{names}）", "大厅", True),)
        wanted = rows[0].desk
        found = [DeskRow(wanted, _unit(wanted), _place(wanted), True)]
        for d in b.ref.profile.departments:
            desk = f"{d.name}@{'node' if d.desk_at is DeskAt.NODE else 'county'}"
            if desk != wanted:
                found.append(DeskRow(desk, d.name, _place(desk)))
        return tuple(found)

    @refusing
    def offers(self) -> tuple[OfferRow, ...]:
        b = self.bench
        with b.store.read() as conn:
            rows = [r for r in intake.cases_in(conn, _SHOWN) if r.window == b.window.no]
        return tuple(self._offer(r) for r in reversed(rows))

    @refusing
    def dispatch(self, command_id: UUID, case_id: CaseId, desk_id: str) -> Dispatched:
        """Each child of a package goes for itself: one that cannot go yet holds no other back."""
        rows = self._rows(case_id)
        sent: list[OfferRow] = []
        left: list[tuple[CaseRow, Refusal]] = []
        for n, row in enumerate(rows):
            try:
                self._send(text_id(command_id, str(n)), row, desk_id)
            except Refusal as exc:
                if len(rows) == 1 or row.state in _UNSENT or self._idle_here(row):
                    left.append((row, exc))
            else:
                sent.append(self._offer(self._row(row.id)))
        if sent:
            return Dispatched(tuple(sent), tuple(f"{row.item.name}：{exc.text}" for row, exc in left))
        if not left:
            raise Refusal("nothing_to_dispatch", "没有需要分派的办件。")
        away = next((exc for _, exc in left if isinstance(exc, ParentAway)), None)
        if away is not None or len(rows) == 1:
            raise away or left[0][1]
        raise Refusal("none_can_go", "".join(f"{row.item.name}：{exc.text}" for row, exc in left))

    def _send(self, name: str, row: CaseRow, desk_id: str) -> None:
        """Offer one case. One that is not to be sent reaches its handler too, but is neither taken here nor
        called back from where it stands: a repeated command gets its first answer, a new one its refusal."""
        b = self.bench
        precheck = row.state is CaseState.RECEIVED and row.intake_mode == "precheck_then_accept"
        if precheck or row.state is CaseState.ACCEPTED or self._idle_here(row):
            b.hold_here(row.id)
        if precheck:
            b.handle(intake_cmd.AskPrecheck(name, row.id, b.staff.id), receiving.ask_precheck)
            return
        desk = row.desk if desk_id == "each" else desk_id
        b.handle(cmd.DispatchCase(name, row.id, desk, _unit(desk), b.staff.id), review.dispatch_case)

    def _idle_here(self, row: CaseRow) -> bool:
        """Dispatched before, but called back or sent back: it waits on this PC for another desk."""
        mine = row.owner == self.bench.node_id and row.offered_to in (None, "hall")
        return row.state is CaseState.DISPATCHED and mine

    @refusing
    def withdraw_offer(self, command_id: UUID, case_id: CaseId) -> None:
        b = self.bench
        for n, row in enumerate(self._rows(case_id)):
            if row.state is CaseState.DISPATCHED and row.offered_to is not None:
                if row.owner != b.node_id:
                    # one that lies here is not held first: that would withdraw the offer under the handler
                    b.hold_here(row.id)
                command = cmd.RecallDispatch(text_id(command_id, str(n)), row.id, b.staff.id, "窗口撤回")
                b.handle(command, review.recall_dispatch)

    def _offer(self, row: CaseRow) -> OfferRow:
        at = f"{paperwork.china_time_of(row.changed_ms):%H:%M}"
        county = row.desk.endswith("@county")
        link = self.bench.up.link()
        if row.state is CaseState.RECEIVED:
            state, text = OfferState.RETURNED, f"{at} 初审已返回"
        elif row.offered_to is None:
            state, text = OfferState.TAKEN, f"{at} 部门已接件"
        elif county and link.county_up is False:
            state, text = OfferState.WAITING_LINK, f"{at} 已派，等县中心网络恢复后送达"
        else:
            state, text = OfferState.OFFERED, f"{at} 已派，待接收"
        return OfferRow(CaseId(row.id), row.case_no, row.item.name, _unit(row.desk), state, text)

    def _rows(self, case_id: str) -> list[CaseRow]:
        cases = self.packages.children(case_id) if self.packages.knows(case_id) else (case_id,)
        return [self._row(c) for c in cases]

    def _row(self, case_id: str) -> CaseRow:
        with self.bench.store.read() as conn:
            row = intake.case_by_id(conn, case_id)
        if row is None:
            raise Refusal("unknown_case", "没有这个办件。")
        return row


def _unit(desk: str) -> str:
    return desk.rpartition("@")[0]


def _place(desk: str) -> str:
    return "县中心" if desk.endswith("@county") else "大厅"
