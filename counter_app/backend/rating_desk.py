"""Asking for a rating over the real hall. Nothing here tells a clerk how they were rated."""

from dataclasses import dataclass
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.queue_desk import session_of, ticket_of
from counter_app.rating.ports import RatingAnswer, RatingAsked, RatingBefore, RatingLevelRow
from counter_app.values import TicketId
from hall.feedback import commands as cmd
from hall.feedback import handlers
from hall.feedback import views as feedback
from hall.feedback.model import RatingState
from hall.intake import views as intake
from hall.journal.refusal import Refusal
from hall.queueing import views as queue

VERIFY_DAYS = 1
"""Working days to verify a bad rating (R23, a hall setting)."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Implements RatingDesk."""

    bench: Bench
    levels: tuple[RatingLevelRow, ...]

    @refusing
    def rating_before(self, ticket_id: TicketId) -> RatingBefore:
        b = self.bench
        session = session_of(b, ticket_id)
        with b.store.read() as conn:
            asked = feedback.rating_of_service(conn, session, 1)
        if asked is None:
            return RatingBefore()
        if asked.state is RatingState.REQUESTED:
            return RatingBefore(waiting=RatingAsked(asked.id, self.levels))
        return RatingBefore(rated=asked.state is RatingState.SUBMITTED)

    @refusing
    def ask_rating(self, command_id: UUID, ticket_id: TicketId) -> RatingAsked:
        b = self.bench
        session = session_of(b, ticket_id)
        with b.store.read() as conn:
            ticket = queue.ticket_by_id(conn, ticket_of(b, ticket_id))
            cases = intake.cases_of_session(conn, session)
            asked = feedback.rating_of_service(conn, session, 1)
        if asked is not None and asked.id != text_id(command_id, "rating"):
            if asked.state is not RatingState.REQUESTED:
                raise Refusal("asked_before", "这次服务已请过评价，每次服务只请一次。")
            return RatingAsked(asked.id, self.levels)
        case = cases[-1] if cases else None
        command = cmd.RequestRating(
            command_id=text_id(command_id), rating=text_id(command_id, "rating"), session=session,
            service_no=1, service_name="申报" if case else "咨询", ticket=ticket.id if ticket else None,
            number=ticket.number if ticket else None, case=case.id if case else None,
            case_no=case.case_no if case else None, item_id=case.item.id if case else None,
            window=b.window.no, staff=b.staff.id, business_day=b.day(),
        )  # fmt: skip
        b.handle(command, handlers.request_rating)
        return RatingAsked(command.rating, self.levels)

    @refusing
    def record_rating(self, command_id: UUID, request_id: str, answer: RatingAnswer) -> None:
        b = self.bench
        command = cmd.SubmitRating(
            command_id=text_id(command_id), rating=request_id, level=answer.level,
            reasons=tuple(str(r) for r in answer.reasons), text="", channel=answer.channel,
            anonymous=answer.anonymous, rectification=text_id(command_id, "rectification"),
            verify_by=b.ref.calendar.add_working_days(b.day(), VERIFY_DAYS).day,
        )  # fmt: skip
        b.handle(command, handlers.submit_rating)

    @refusing
    def rating_missed(self, command_id: UUID, request_id: str) -> None:
        b = self.bench
        b.handle(cmd.EndRating(text_id(command_id), request_id, False, b.staff.id), handlers.end_rating)
