"""One thread that acts after commits: queue, results, errands, cases that an officer asked for.

Every step looks at rows, not at the commit that woke it, and names its commands after what it found: a step
that runs twice, or in two processes, has one effect.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence

from hall.delivery import handlers as delivery
from hall.journal.facts import DossierMoved
from hall.journal.projection import Recorded
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from hall.queueing import handlers as queueing
from server_app.reactors.duplicates import DuplicateWatch
from server_app.reactors.errands import HallOf, settle_errands
from server_app.reactors.resting import rest_above, take_resting
from server_app.reactors.rounds import file_opinions
from server_app.reactors.taking import take_arrived
from server_app.standby.taking_over import seize_what_is_left

log = logging.getLogger(__name__)

IDLE_S = 60.0
REST = 4.0
"""It rests so many times as long as it has looked."""
MOST_ROUNDS = 20
"""A round follows a round that changed something; more would be a fault of ours."""
_QUIET = frozenset(
    {
        "ticket.issued", "ticket.called", "ticket.started", "ticket_request.made", "ticket_request.ended",
        "slip.begun", "slip.printed", "window.opened", "window.paused", "window.resumed", "window.closed",
        "dossier.opened", "material.presented", "material.checked", "page.attached", "page.removed",
        "case.applicant_set", "case.scenario_answered", "data.read", "claim.answered",
        "paper.print_begun", "paper.printed",
    }
)  # fmt: skip
"""Records that never give a reactor anything to do: most of a busy day."""
Wish = Callable[[str, str, str], bool]
"""Ask for a dossier that lies below: (ask id, dossier, actor)."""


def gives_work(recorded: Recorded, me: str) -> bool:
    """Whether a step may find something to do after this record. `me`: this machine."""
    event = recorded.event
    if isinstance(event, DossierMoved) and recorded.env.scope == queueing.SCOPE:
        # a called ticket goes to its window; only what comes here is put in line or closed
        return event.to == me
    return recorded.env.type not in _QUIET


class Reactor:
    """start() and stop() once each; wake() from any thread."""

    def __init__(
        self, store: Store, want: Wish, parent: str | None, serving: Callable[[], bool] = lambda: True,
        hall_of: HallOf = lambda _: None, rests_above: bool = False, below: Collection[str] = (),
        take_back_rest: Callable[[], int] = lambda: 0,
    ) -> None:  # fmt: skip
        """`serving`: False while another node of the hall acts. `hall_of`: at the centre, whose a machine is.
        `rests_above`: this node is switched off at night. `below`: at the centre, the machines of its halls.
        `take_back_rest`: of machines that were closed.
        """
        self._store = store
        self._want = want
        self._parent = parent
        self._serving = serving
        self._hall_of = hall_of
        self._rests_above, self._below = rests_above, below
        self._take_back_rest = take_back_rest
        self._duplicates = DuplicateWatch(store, hall_of)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="reactor", daemon=True)

    def start(self) -> None:
        self._unsubscribe = self._store.subscribe(self._committed)
        self._thread.start()
        self.wake()

    def stop(self) -> None:
        self._unsubscribe()
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        self._woken.set()

    def settle(self) -> int:
        """Everything that can be done now. Returns how many dossiers changed. Blocking; any thread."""
        total = 0
        if not self._serving():
            return 0
        for _ in range(MOST_ROUNDS):
            changed = sum(self._step(name, step) for name, step in self._steps())
            total += changed
            if not changed:
                return total
        log.error("the reactor still finds work after %d rounds", MOST_ROUNDS)
        return total

    def _steps(self) -> Sequence[tuple[str, Callable[[], int]]]:
        store = self._store
        steps: list[tuple[str, Callable[[], int]]] = [
            ("errands", lambda: settle_errands(store, self._want, self._parent, self._hall_of)),
            ("closed machines", self._take_back_rest),
            ("asked cases", lambda: take_arrived(store)),
            ("package rounds", lambda: file_opinions(store)),
            ("results", lambda: store.write(delivery.settle)),
        ]
        if store.identity.role == "hall":
            steps.append(("queue", lambda: store.write(queueing.settle)))
            steps.append(("former node", lambda: seize_what_is_left(store)))
            if self._rests_above:
                steps.append(("resting", lambda: rest_above(store)))
        else:
            steps.insert(0, ("duplicates", self._duplicates.look))
            steps.append(("resting", lambda: take_resting(store, self._want, self._below)))
        return steps

    def _step(self, name: str, step: Callable[[], int]) -> int:
        try:
            return step()
        except Refusal as exc:
            # e.g. restored and not settled yet: the next commit or minute tries again
            log.info("%s wait: %s", name, exc.code)
        except StoreFault as exc:
            log.error("%s could not be settled: %s", name, exc.text)
        return 0

    def _committed(self, recorded: Sequence[Recorded]) -> None:
        me = self._store.identity.node_id
        if any(gives_work(r, me) for r in recorded):
            self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.wait(IDLE_S)
            self._woken.clear()
            if self._stopping.is_set():
                return
            began = time.monotonic()
            try:
                self.settle()
            except Exception:
                # our bug: the hall goes on, a person reads the log, the next commit tries again
                log.exception("the reactor failed")
            # a machine that takes in a week commits all the time: its looks are for all the commits of a while
            self._stopping.wait(REST * (time.monotonic() - began))
