"""All desks of one window as the one port that the screens take."""

from counter_app.backend.correction_desk import Corrections
from counter_app.backend.delivery_desk import Deliveries
from counter_app.backend.dispatch_desk import Dispatching
from counter_app.backend.exchange_desk import Exchange
from counter_app.backend.find_desk import Finding
from counter_app.backend.intake_desk import Intake
from counter_app.backend.lost_case_desk import LostCases
from counter_app.backend.outcome_desk import Outcomes
from counter_app.backend.queue_desk import Queueing
from counter_app.backend.rating_desk import Ratings
from counter_app.backend.sign_in_desk import SignIn
from counter_app.backend.stand_in_desk import StandIn
from counter_app.backend.status_desk import Status


class RealHallDesk:
    """Implements counter_app.ports.HallDesk: each method is one of the desks' own."""

    def __init__(
        self,
        sign_in: SignIn,
        queueing: Queueing,
        intake: Intake,
        outcomes: Outcomes,
        dispatching: Dispatching,
        corrections: Corrections,
        deliveries: Deliveries,
        ratings: Ratings,
        status: Status,
        finding: Finding,
        exchange: Exchange,
        stand_in: StandIn,
        lost: LostCases,
    ) -> None:
        self.closed, self.sign_in, self.open_window = sign_in.closed, sign_in.sign_in, sign_in.open_window
        self.lock, self.unlock, self.sign_out = sign_in.lock, sign_in.unlock, sign_in.sign_out
        self.board, self.queues, self.call_next = queueing.board, queueing.queues, queueing.call_next
        self.recall, self.miss, self.start = queueing.recall, queueing.miss, queueing.start
        self.hold, self.resume, self.reactivate = queueing.hold, queueing.resume, queueing.reactivate
        self.transfer, self.done, self.serve_slip = queueing.transfer, queueing.done, queueing.serve_slip
        self.search_items, self.open_case = intake.search_items, intake.open_case
        self.cases_of, self.case = intake.cases_of, intake.case
        self.find_case = intake.find_case
        self.set_applicant, self.set_answer = intake.set_applicant, intake.set_answer
        self.present_material, self.check_material = intake.present_material, intake.check_material
        self.attach_page, self.remove_page = intake.attach_page, intake.remove_page
        self.order_pages, self.page_picture = intake.order_pages, intake.page_picture
        self.acts, self.receive, self.accept = outcomes.acts, outcomes.receive, outcomes.accept
        self.correct, self.refuse, self.decide = outcomes.correct, outcomes.refuse, outcomes.decide
        self.papers_of, self.paper_pages = outcomes.papers_of, outcomes.paper_pages
        self.preview = outcomes.preview
        self.desks, self.offers = dispatching.desks, dispatching.offers
        self.dispatch, self.withdraw_offer = dispatching.dispatch, dispatching.withdraw_offer
        self.find_correction, self.open_errand = corrections.find_correction, corrections.open_errand
        self.attach_errand_page = corrections.attach_errand_page
        self.remove_errand_page = corrections.remove_errand_page
        self.order_errand_pages = corrections.order_errand_pages
        self.errand_page_picture = corrections.errand_page_picture
        self.finish_errand, self.receipts = corrections.finish_errand, corrections.receipts
        self.results, self.check_receiver = deliveries.results, deliveries.check_receiver
        self.count_in = deliveries.count_in
        self.issue_proof, self.hand_over = deliveries.issue_proof, deliveries.hand_over
        self.ask_rating, self.record_rating = ratings.ask_rating, ratings.record_rating
        self.rating_missed, self.rating_before = ratings.rating_missed, ratings.rating_before
        self.status, self.sync_marks = status.status, status.sync_marks
        self.find = finding.find
        self.exchange = exchange.exchange
        self.stand_in, self.take_over = stand_in.stand_in, stand_in.take_over
        self.reenter, self.take_back = lost.reenter, lost.take_back
