"""What happens at a window with each visitor of the demo."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hall.catalogue.model import ServiceItem
from yichuang.demo.cast import Cast, Person
from yichuang.demo.clerk import Clerk, Sheet
from yichuang.demo.transcript import Transcript

CAPTURES = {"slow": 6}
FEWER = 2
"""Pages that are photographed of a visit: all that a department decides by, of the others a few; of what is not
photographed the original is kept.
"""


@dataclass(slots=True)
class Visit:
    """One visitor and what became of them."""

    kind: str
    person: Person
    item: str
    number: str = ""
    case_no: str = ""
    window: str = ""
    served: bool = False


@dataclass(slots=True)
class Visits:
    """How clerks serve; shared by both windows, one visit at a time each."""

    cast: Cast
    log: Transcript
    out: Path
    precheck: bool
    seed: int
    by_number: dict[str, Visit] = field(default_factory=dict)

    def serve(self, clerk: Clerk, visit: Visit) -> None:
        """From the call to the end of the service."""
        visit.window = clerk.name
        if visit.kind == "no_show" and not visit.served:
            with self.log.step(clerk.name, f"{visit.number} 三次呼叫无人，过号"):
                clerk.recall_and_miss()
            visit.served = True
            return
        with self.log.step(clerk.name, f"{visit.number} 开始办理：{visit.person.name}"):
            clerk.start()
        acts: dict[str, Callable[[Clerk, Visit], None]] = {
            "quick": self._quick,
            "slow": self._slow,
            "correction": self._correction,
            "package": self._package,
            "no_show": self._consult,
        }
        acts[visit.kind](clerk, visit)
        visit.served = True

    def _applicant(self, clerk: Clerk, visit: Visit) -> int:
        """Identity, scenario; returns how many materials the exact list has."""
        clerk.read_card(visit.person.card())
        clerk.phone(visit.person.phone)
        clerk.save_applicant()
        visit.case_no = clerk.case_no()
        return clerk.material_count()

    def sheets(self, visit: Visit, item: ServiceItem | None, count: int) -> tuple[Sheet, ...]:
        """Papers of this person: no two visits look the same to the camera."""
        name = item.name if item else visit.item
        return tuple(
            Sheet(
                title=f"{name[:14]} 材料{n + 1}",
                lines=(
                    f"申请人：{visit.person.name}",
                    f"办件编号：{visit.case_no}",
                    f"第 {n + 1} 份材料，演示",
                ),
                seed=self.seed * 100 + int(visit.number[-3:] or 0) * 10 + n,
            )
            for n in range(count)
        )

    def _take_in(self, clerk: Clerk, visit: Visit, item: ServiceItem | None, *, but: int = 0) -> None:
        """Capture, check, receive. `but`: 1 when one material is not right."""
        count = self._applicant(clerk, visit)
        captured = min(CAPTURES.get(visit.kind, FEWER), count - but)
        clerk.capture(self.sheets(visit, item, captured))
        clerk.to_first_material()
        clerk.check_all(count - but, captured=captured)
        if but:
            clerk.find_fault("没有签名，请申请人签名并写上日期")
        clerk.grab(self.out / f"counter-{visit.kind}-materials.png")
        clerk.receive()

    def _quick(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 收件，出收件凭证"):
            self._take_in(clerk, visit, self.cast.quick)
        if self.precheck:
            self._to_precheck(clerk, visit)
            return
        with self.log.step(clerk.name, f"{visit.number} 受理"):
            clerk.main_act("受理并打印通知书", "已受理")
        if self.cast.may_decide:
            with self.log.step(clerk.name, f"{visit.number} 即办件当场准予"):
                clerk.main_act("准予并打印决定书", "准予")
        else:
            with self.log.step(clerk.name, f"{visit.number} 本窗口没有办理权，即办件派给部门"):
                clerk.dispatch()
        self._finish(clerk, visit, "受理", 5)

    def _slow(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 收件，出收件凭证"):
            self._take_in(clerk, visit, self.cast.slow)
        if self.precheck:
            self._to_precheck(clerk, visit)
            return
        with self.log.step(clerk.name, f"{visit.number} 受理，出受理通知书"):
            clerk.main_act("受理并打印通知书", "已受理")
        with self.log.step(clerk.name, f"{visit.number} 派往部门"):
            clerk.dispatch()
        self._finish(clerk, visit, "受理", 4)

    def _to_precheck(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 送部门初审"):
            clerk.dispatch("送部门初审")
        self._finish(clerk, visit, "受理", 4)

    def _correction(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 收件，一份材料不符"):
            self._take_in(clerk, visit, self.cast.slow, but=1)
        with self.log.step(clerk.name, f"{visit.number} 一次性告知补正"):
            clerk.main_act("出具一次性告知书", "补正中")
            clerk.wait("正在打开文书", gone=True)
            clerk.grab(self.out / "counter-correction.png")
        self._finish(clerk, visit, "受理", 5)

    def _package(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 一件事：一张表、一套材料，收件"):
            self._take_in(clerk, visit, None)
        if self.precheck:
            self._to_precheck(clerk, visit)
            return
        with self.log.step(clerk.name, f"{visit.number} 一件事：各事项受理"):
            clerk.main_act("受理并打印通知书", "已受理")
        with self.log.step(clerk.name, f"{visit.number} 一件事：分别派往各部门"):
            clerk.dispatch()
        self._finish(clerk, visit, "受理", 5)

    def _consult(self, clerk: Clerk, visit: Visit) -> None:
        with self.log.step(clerk.name, f"{visit.number} 过号后回来，咨询完毕"):
            clerk.done("咨询")

    def _finish(self, clerk: Clerk, visit: Visit, outcome: str, level: int) -> None:
        with self.log.step(clerk.name, f"{visit.number} 请群众评价，结束本号"):
            clerk.rate(level)
            clerk.done(outcome)
