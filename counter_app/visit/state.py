"""What the middle and the right column draw that belongs to no single slice. No Qt."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

from counter_app.keys import Action
from counter_app.queue_panel.ports import TicketRow


class Page(StrEnum):
    """What stands in the middle."""

    HOME = "home"
    TAKE_IN = "take_in"
    CAPTURE = "capture"
    DISPATCH = "dispatch"
    CORRECTIONS = "corrections"
    DELIVERY = "delivery"
    EXCHANGE = "exchange"
    STAND_IN = "stand_in"
    LOST_CASE = "lost_case"
    HELP = "help"


PAGE_OF = {
    Action.DISPATCH: Page.DISPATCH,
    Action.CORRECTIONS: Page.CORRECTIONS,
    Action.DELIVERY: Page.DELIVERY,
    Action.EXCHANGE: Page.EXCHANGE,
    Action.STAND_IN: Page.STAND_IN,
    Action.LOST_CASE: Page.LOST_CASE,
}
"""Keys that open a page at any time."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key that acts now, with the verb it would do."""

    action: Action
    text: str
    leads: bool = False
    """The one to press here, where no main action stands."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The right column: one main action, what is missing, what else can be done."""

    main: str = ""
    missing: tuple[str, ...] = ()
    tolerable: tuple[str, ...] = ()
    deadline: str = ""
    hints: tuple[KeyHint, ...] = ()
    unchecked: tuple[str, ...] = ()
    """Materials that were received and wait for the clerk's eye."""
    defective: tuple[str, ...] = ()
    """Materials that were received and are not right."""
    by_hand: str = ""
    """What only hands can do with the paper that is out: seal, signature."""

    @property
    def leads(self) -> bool:
        """There is something here to press first."""
        return bool(self.main) or any(hint.leads for hint in self.hints)


NOTHING_NEXT = NextStep()


@dataclass(frozen=True, slots=True)
class VisitState:
    """One value, replaced whole."""

    page: Page = Page.HOME
    ticket: TicketRow | None = None
    next_step: NextStep = NOTHING_NEXT
    queue_leads: bool = True
    """No other work comes first: the queue's own main key is what to press."""
    standing: Hashable = None
    """What a confirming press would do for good now; drawn anew when it changes, so that it is seen."""
    too_early: bool = False
    """A press was ignored, because it had opened this step a moment ago."""
