"""Opens, follows and closes what is looked at large. Reads only: it prints nothing and writes nothing. QtCore only."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import notice_of
from counter_app.enlarge.state import EnlargedState, Leaf, Subject
from counter_app.enlarge.subjects import outcome_paper
from counter_app.keys import Action
from counter_app.outcome.drafts import PREVIEW_PX
from counter_app.outcome.ports import OutcomeDesk
from counter_app.outcome.state import OutcomeState
from counter_app.values import PageId
from counter_app.visit.state import Page, VisitState
from ui.runner import Runner

Picture = Callable[[PageId, int], bytes]
"""A captured page by its id, so many px wide; on a worker thread, may raise Refused."""

_CLOSING = (Action.BACK, Action.ENLARGE)
_PASSING = (Action.LOCK,)
"""Who leaves the desk need not close anything first."""


class EnlargePresenter(QObject):
    """Signals:
    state_changed: the new EnlargedState.
    """

    state_changed = Signal(object)

    def __init__(self, *, desk: OutcomeDesk, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._page = Page.HOME
        self._outcome_page = 0
        self.state = EnlargedState()

    def open(self, subject: Subject, picture: Picture | None = None) -> None:
        """`picture` is asked for the subject's `pages`, the first one looked at first."""
        if subject.pictures:
            at = min(self._outcome_page, len(subject.pictures) - 1)
            self._show(EnlargedState(replace(subject, at=at), _leaves(subject)))
        elif subject.paper is not None:
            self._show(EnlargedState(subject, (Leaf(told=self.tr("正在打开文书")),)))
            paper = subject.paper
            self._runner.submit(
                lambda: self._desk.paper_pages(paper, PREVIEW_PX),
                lambda pages: self._put_all(subject, tuple(Leaf(page) for page in pages)),
                lambda error: self._put_all(subject, (Leaf(told=notice_of(error).text),)),
            )
        elif picture is not None:
            self._show(EnlargedState(subject, (Leaf(told=self.tr("正在打开这一页")),) * len(subject.pages)))
            order = [subject.at, *(n for n in range(len(subject.pages)) if n != subject.at)]
            self._ask_next(subject, picture, order)

    def takes(self, action: Action) -> bool:
        """While it is open the keys are its own: none of them prints or writes what lies below it."""
        if self.state.subject is None:
            return False
        if action in _CLOSING or action in _PASSING:
            self.close()
            return action in _CLOSING
        self._show(replace(self.state, held=True))
        return True

    @Slot()
    def close(self) -> None:
        if self.state.subject is not None:
            self._show(EnlargedState())

    @Slot(object)
    def follow_visit(self, visit: VisitState) -> None:
        """Another page stands below: what is looked at belongs to it no more."""
        if visit.page is not self._page:
            self._page = visit.page
            self.close()

    @Slot(object)
    def follow_outcome(self, outcome: OutcomeState) -> None:
        """A draft is made anew while it is looked at; another paper never takes its place."""
        subject, now = self.state.subject, outcome_paper(outcome)
        if subject is None or now is None or subject.key != now.key:
            return
        fresh = replace(now, at=subject.at)
        if fresh != subject:
            self._show(replace(self.state, subject=fresh, leaves=_leaves(fresh)))

    @Slot(int)
    def note_outcome_page(self, at: int) -> None:
        """Which page of a paper the small picture shows."""
        self._outcome_page = at

    def _ask_next(self, subject: Subject, picture: Picture, order: list[int]) -> None:
        """One after the other: between two, the runner is free for other work, and a closed view asks no more."""
        if not order or self.state.subject != subject:
            return
        n, rest = order[0], order[1:]

        def put(leaf: Leaf) -> None:
            if self.state.subject == subject:
                leaves = (*self.state.leaves[:n], leaf, *self.state.leaves[n + 1 :])
                self._show(replace(self.state, leaves=leaves))
                self._ask_next(subject, picture, rest)

        self._runner.submit(
            lambda: picture(subject.pages[n], PREVIEW_PX),
            lambda found: put(Leaf(found)),
            lambda error: put(Leaf(told=notice_of(error).text)),
        )

    def _put_all(self, subject: Subject, leaves: tuple[Leaf, ...]) -> None:
        if self.state.subject == subject:
            self._show(replace(self.state, leaves=leaves))

    def _show(self, state: EnlargedState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _leaves(subject: Subject) -> tuple[Leaf, ...]:
    return tuple(Leaf(page) for page in subject.pictures)
