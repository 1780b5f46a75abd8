"""Handlers of rating and rectification. Run by Store.handle."""

from hall.feedback import commands as cmd
from hall.feedback import events as ev
from hall.feedback import model, views
from hall.feedback.model import RatingAct, advance_rating
from hall.feedback.views import RatingRow
from hall.intake.receiving import give_back
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal

SCOPE = "case"


def request_rating(ledger: Ledger, c: cmd.RequestRating) -> None:
    """Each service is asked once (R21)."""
    if views.rating_of_service(ledger.conn, c.session, c.service_no) is not None:
        raise Refusal("asked_before", "这次服务已经请求过评价。")
    ledger.open(c.rating, "rating", scope=SCOPE, actor=c.staff or "kiosk")
    requested = ev.RatingRequested(
        c.session, c.service_no, c.service_name, c.ticket, c.number, c.case, c.case_no, c.item_id, c.window,
        c.staff, c.business_day,
    )  # fmt: skip
    ledger.append(c.rating, requested, actor=c.staff or "kiosk")


def submit_rating(ledger: Ledger, c: cmd.SubmitRating) -> None:
    """Never editable; level 1 or 2 opens a rectification in the same commit."""
    row = _owned(ledger, c.rating)
    advance_rating(row.state, RatingAct.SUBMIT)
    model.check_answer(c.level, c.reasons, c.text)
    submitted = ev.RatingSubmitted(c.level, c.reasons, c.channel, c.anonymous, c.text.strip() or None)
    ledger.append(c.rating, submitted, actor=c.actor)
    if c.level in model.BAD:
        ledger.open(c.rectification, "rectification", scope=SCOPE, actor=c.actor)
        opened = ev.RectificationOpened(c.rating, row.case_no, row.window, c.verify_by)
        ledger.append(c.rectification, opened, actor=c.actor)
        give_back(ledger, c.rectification, c.actor)
    give_back(ledger, c.rating, c.actor)


def end_rating(ledger: Ledger, c: cmd.EndRating) -> None:
    """Not rated: timed out or declined. It can still be rated later by another channel (R22)."""
    row = _owned(ledger, c.rating)
    advance_rating(row.state, RatingAct.DECLINE if c.declined else RatingAct.TIME_OUT)
    ledger.append(c.rating, ev.RatingDeclined() if c.declined else ev.RatingTimedOut(), actor=c.actor)
    give_back(ledger, c.rating, c.actor)


def move_rectification(ledger: Ledger, c: cmd.MoveRectification) -> None:
    ledger.owned(c.rectification)
    row = next((r for r in views.rectifications(ledger.conn) if r.id == c.rectification), None)
    if row is None:
        raise Refusal("unknown_rectification", "没有这张整改单。")
    model.advance_rectification(row.state, c.to)
    if not c.note.strip():
        raise Refusal("note_missing", "请写明处理情况。")
    ledger.append(c.rectification, ev.RectificationMoved(c.to.value, c.by, c.note.strip()), actor=c.by)


def _owned(ledger: Ledger, rating: str) -> RatingRow:
    ledger.owned(rating)
    row = views.rating_by_id(ledger.conn, rating)
    if row is None:
        raise Refusal("unknown_rating", "没有这次评价。")
    return row
