"""Long random but possible days on several machines: rebuilt equals live, and all machines agree.

Each day is drawn from a seed that a failure names; whatever the rules refuse is simply refused.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hall.delivery import commands as out_cmd
from hall.delivery import handlers as delivery
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import AcceptMode, CheckResult
from hall.journal import schema
from hall.journal.facts import DossierMoved, DossierOffered, LateAdopted, LateRejected
from hall.journal.rebuild import rows
from hall.journal.refusal import Refusal
from hall.journal.verify import verify
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing.model import Outcome as Served
from hall.review import commands as review_cmd
from hall.review import handlers as review
from tests.hall.builders import (
    DAY,
    DESK,
    HandClock,
    Machine,
    carry,
    differences_after_rebuild,
    exchange,
    fresh,
    machine,
    quarantined,
)
from tests.hall.journal.world import EVERYBODY, HallKeys

STEPS = 200


class Walk:
    """Draws one act after the other; remembers what there is to act on."""

    def __init__(self, seed: int, machines: tuple[Machine, ...]) -> None:
        self.random = random.Random(seed)
        self.machines = machines
        self.node = machines[0]
        self.tickets: list[str] = []
        self.cases: list[str] = []
        self.results: list[str] = []
        self.errands: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def step(self) -> None:
        acts = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        act: Callable[[Machine], None] = self.random.choice(acts)
        m = self.random.choice((self.node, self.node, *self.machines))
        m.hand_clock.later(seconds=self.random.randrange(-400, 900))
        try:
            act(m)
        except Refusal as no:
            self.refused[no.code] += 1
        else:
            self.done[act.__name__] += 1

    def pick(self, of: list[str], m: Machine | None = None) -> str:
        """One of them; mostly one that `m` holds, else the rules would refuse nearly everything."""
        if m is not None and self.random.random() < 0.9:
            of = [d for d in of if (h := m.held(d)) is not None and h.owner == m.id]
        if not of:
            raise Refusal("nothing_yet", "还没有。")
        return self.random.choice(of[-6:])

    # -- queue
    def do_issue(self, m: Machine) -> None:
        self.tickets.append(m.ticket(series=m.id[0].upper(), away=m is not self.node))

    def do_call(self, m: Machine) -> None:
        self.node.call_next(m.id)
        carry(self.node, m)

    def do_serve(self, m: Machine) -> None:
        ticket = self.pick(self.tickets, m)
        m.do(queue_cmd.StartService(fresh("c"), ticket, "w1", fresh("s")), queueing.start_service)
        how = self.random.randrange(4)
        if how == 0:
            m.do(queue_cmd.HoldTicket(fresh("c"), ticket, "w1", "取件"), queueing.hold)
        elif how == 1:
            move = queue_cmd.TransferTicket(fresh("c"), ticket, "w1", "q2", "发证", "领证")
            m.do(move, queueing.transfer)
        else:
            m.do(queue_cmd.FinishTicket(fresh("c"), ticket, "w1", Served.ACCEPTED), queueing.finish)

    def do_recall(self, m: Machine) -> None:
        m.do(queue_cmd.Recall(fresh("c"), self.pick(self.tickets, m), "w1"), queueing.recall)

    def do_miss(self, m: Machine) -> None:
        m.do(queue_cmd.MissTicket(fresh("c"), self.pick(self.tickets, m), "w1", "未到"), queueing.miss)

    def do_reactivate(self, m: Machine) -> None:
        m.do(queue_cmd.ReactivateTicket(fresh("c"), self.pick(self.tickets, m), "w1"), queueing.reactivate)

    def do_slip(self, m: Machine) -> None:
        visit = m.serve_slip(self.pick(self.tickets))
        m.do(queue_cmd.FinishVisit(fresh("c"), visit, "w1", Served.CONSULT), queueing.finish_visit)

    # -- cases
    def do_receive(self, m: Machine) -> None:
        self.cases.append(m.received(device_no=1 + self.machines.index(m)))

    def do_take_in(self, m: Machine) -> None:
        case = m.accepted(device_no=1 + self.machines.index(m))
        self.cases.append(case)
        if self.random.random() < 0.5:
            m.dispatch(case)

    do_take_in_again = do_take_in

    def do_check(self, m: Machine) -> None:
        case, result = self.pick(self.cases, m), self.random.choice(list(CheckResult))
        m.present(case, self.random.choice(("m1", "m2", "m3")))
        m.check(case, self.random.choice(("m1", "m2", "m3")), result, "缺页")

    def do_accept(self, m: Machine) -> None:
        m.accept(self.pick(self.cases, m), self.random.choice((AcceptMode.NORMAL, AcceptMode.TOLERANT)))

    def do_correct(self, m: Machine) -> None:
        m.correct(self.pick(self.cases, m), supervisor="z1", supervisor_reason="换场所")

    def do_errand(self, m: Machine) -> None:
        case = self.node.look(intake.case_by_id, self.pick(self.cases))
        if case is None:
            raise Refusal("unknown_case", "没有。")
        kind = self.random.choice(("correction", "withdrawal", "supplement"))
        self.errands.append(m.handed_in(case.case_no, kind))

    def do_answer(self, m: Machine) -> None:
        m.answer(self.pick(self.errands, m), self.random.random() < 0.6, "不同意")

    def do_dispatch(self, m: Machine) -> None:
        m.dispatch(self.pick(self.cases, m))

    def do_take(self, m: Machine) -> None:
        m.take(self.pick(self.cases, m), DESK)

    def do_review(self, m: Machine) -> None:
        case, how = self.pick(self.cases, m), self.random.randrange(4)
        if how == 0:
            m.do(review_cmd.SendBack(fresh("c"), case, "o1", "不属本科室"), review.send_back)
        elif how == 1:
            start = review_cmd.StartSpecial(fresh("c"), case, "o1", "testing", "送检", 5, DAY, None)
            m.do(start, review.start_special)
        elif how == 2:
            m.do(review_cmd.EndSpecial(fresh("c"), case, "o1", "合格", DAY), review.end_special)
        else:
            longer = review_cmd.ExtendLimit(fresh("c"), case, "负责人", 5, "复杂", DAY, None)
            m.ruled(longer, review.extend_limit)

    def do_decide(self, m: Machine) -> None:
        case = self.pick(self.cases, m) if self.random.random() < 0.3 else m.reviewing(device_no=9)
        self.cases.append(case)
        self.results.append(m.decide(case, self.random.random() < 0.7))

    do_decide_again = do_decide

    def do_end(self, m: Machine) -> None:
        case = self.pick(self.cases, m)
        late = DAY + timedelta(days=60)
        if self.random.random() < 0.5:
            m.do(cmd.TerminateCase(fresh("c"), case, "逾期", "w1", late), receiving.terminate_case)
        else:
            m.do(cmd.VoidCase(fresh("c"), case, "z1", "录错"), receiving.void_case)

    # -- results
    def do_arrive(self, m: Machine) -> None:
        m.arrive(self.pick(self.results, m))

    def do_hand_over(self, m: Machine) -> None:
        m.hand_over(self.pick(self.results, m))

    def do_post(self, m: Machine) -> None:
        result = self.pick(self.results, m)
        m.do(out_cmd.PackResult(fresh("c"), result, "w1"), delivery.pack_result)
        m.do(out_cmd.MailResult(fresh("c"), result, "EX1", "w1"), delivery.mail_result)

    # -- dossiers
    def do_hear(self, m: Machine) -> None:
        other = self.random.choice([x for x in self.machines if x is not m])
        carry(other, m)

    do_hear_again = do_hear

    def do_claim(self, m: Machine) -> None:
        """Somebody asks the owner for a dossier, and the answer reaches them."""
        dossier = self.pick(self.tickets + self.cases + self.results + self.errands)
        owner = next((x for x in self.machines if (h := x.held(dossier)) and h.owner == x.id), None)
        if owner is None or owner is m:
            raise Refusal("no_owner", "没有持有人。")
        owner.write(lambda ledger: ledger.append(dossier, DossierMoved(m.id, fresh("ask")), actor="w1"))
        carry(owner, m)

    do_claim_again = do_claim

    def do_offer(self, m: Machine) -> None:
        m.append(self.pick(self.cases, m), DossierOffered("hall"))

    def do_seize(self, m: Machine) -> None:
        if m is not self.node:
            held = [d for d in self.cases + self.tickets if (h := m.held(d)) is not None and h.owner == m.id]
            dossier = self.pick(held)
            self.node.write(lambda ledger: ledger.seize(dossier, below=EVERYBODY, by="m1", reason="主机损坏"))
            m.append(dossier, DossierOffered("hall"))  # it has not heard, so this comes late
            carry(m, self.node)

    def do_late(self, m: Machine) -> None:
        with self.node.store.read() as conn:
            late = schema.late
            waiting = conn.execute(select(late).where(late.c.verdict == "waiting")).mappings().all()
        if not waiting:
            raise Refusal("nothing_late", "没有。")
        row = self.random.choice(waiting)
        adopt = self.random.random() < 0.5
        fact: Any = LateAdopted(row["id"]) if adopt else LateRejected(row["id"], "已重新办理")
        self.node.append(row["dossier"], fact)

    def do_settle(self, m: Machine) -> None:
        m.write(queueing.settle)
        m.write(delivery.settle)


@pytest.fixture
def machines() -> Iterator[tuple[Machine, ...]]:
    keys = HallKeys()
    made = (
        machine("node-1", "hall", keys=keys, clock=HandClock()),
        machine("pc-1", keys=keys, clock=HandClock()),
        machine("kiosk-1", keys=keys, clock=HandClock()),
    )
    yield made
    for m in made:
        m.store.close()


def facts(m: Machine) -> dict[str, list[str]]:
    """All rows that follow from the records, without those whose order of arrival may differ."""
    tables = (schema.dossier, *m.store.kernel.projections.tables)
    with m.store.read() as conn:
        return {t.name: sorted(map(repr, rows(conn, t))) for t in tables}


@pytest.mark.parametrize("seed", [1, 2])
def test_rebuilt_equals_live_and_everybody_agrees(seed: int, machines: tuple[Machine, ...]) -> None:
    walk = Walk(seed, machines)
    for _ in range(STEPS):
        walk.step()
    exchange(*machines)
    assert sum(walk.done.values()) > STEPS // 3, (walk.done, walk.refused)
    for m in machines:
        assert differences_after_rebuild(m) == []
        assert [code for code in quarantined(m) if not code.startswith("not_projected")] == []
    assert verify(machines[0].store) == []
    first, *others = [facts(m) for m in machines]
    for other in others:
        for name, table in first.items():
            assert other[name] == table, name
