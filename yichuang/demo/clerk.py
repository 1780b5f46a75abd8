"""A window clerk at the counter app: only keys, fields and what can be read on the screen."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counter_app.visit.step_guard import LEAST_S
from yichuang.demo.site import DEMO_PIN
from yichuang.processes import AppHands, ProcessFault

NO_ANSWER = "联系不上大厅节点"
LOOK_AGAIN = "这一步刚打开"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that a citizen brings: what the document camera sees of it."""

    title: str
    lines: tuple[str, ...]
    seed: int


RESULT_NO = "示例〔2026〕第0001号"
"""What stands on the result that the department sends; invented."""
_TOO_FEW = "只登记了"


class Clerk:
    """One clerk at one window. Blocking; one thread."""

    def __init__(self, hands: AppHands, name: str, camera: Any, reader: Any, pad: Any) -> None:
        self.hands = hands
        self.name = name
        self.camera = camera
        self._reader = reader
        self._pad = pad
        self.before_shot: Callable[[], None] | None = None
        """What befalls the camera just before the next picture; once."""
        self.node_was_cut = False
        """The node was down in this run, so that an answer may be late."""
        self._main_at = 0.0
        """When F9 was pressed last: a step that it opened cannot be passed before LEAST_S (monotonic seconds)."""

    # -- the desk -------------------------------------------------------------------------------------

    def sign_in(self, employee_no: str, window: int) -> None:
        h = self.hands
        h.ask("type", name="工号", text=employee_no)
        h.ask("type", name="PIN", text=DEMO_PIN, enter=True)
        h.ask("wait", text="请选择窗口")
        h.ask("choose", name="可开的窗口", text=f"{window}  ", enter=True)
        h.ask("wait", name="等候情况", text="等候")

    def press(self, key: str) -> None:
        self.hands.ask("key", key=key)
        if key == "F9":
            self._main_at = time.monotonic()

    def wait(self, text: str, **more: Any) -> str:
        return str(self.hands.ask("wait", text=text, **more))

    def begin_call_next(self) -> None:
        """Press F2 without waiting: another window presses at the same moment."""
        self.hands.send("key", key="F2")

    def called(self) -> str:
        """After F2: the number that was called, or nothing when nobody waits.

        Pressed again only when this run has cut the node off: else a lost answer is a fault of the hall.
        """
        self.hands.answer()
        for _ in range(5):
            seen = self.wait_any(("重呼（已呼", "没有人在等候", NO_ANSWER))
            if seen != NO_ANSWER:
                break
            must(self.node_was_cut, "the answer to F2 was lost, and nothing had been cut")
            time.sleep(1.0)
            self.press("F2")
            time.sleep(0.3)
        return self.number() if seen.startswith("重呼") else ""

    def call_until(self, timeout_s: float) -> str:
        """F2 again until somebody is there."""
        deadline = time.monotonic() + timeout_s
        while not (number := self.call_next()):
            if time.monotonic() > deadline:
                raise ProcessFault("nobody came back into the queue")
            time.sleep(0.5)
        return number

    def call_next(self) -> str:
        self.begin_call_next()
        return self.called()

    def number(self) -> str:
        return str(self.hands.ask("text", name="当前号码"))

    def start(self) -> None:
        """F5; the matter chosen at the kiosk opens by itself."""
        self.press("F5")
        self.wait("保存申请人")

    def recall_and_miss(self) -> None:
        """Nobody comes: two more calls, then missed."""
        for count in (2, 3):
            self.press("F3")
            self.wait(f"已呼 {count} 次")
        self.press("F4")
        self.choose("")
        self.wait("没有正在办理的号")

    def done(self, outcome: str) -> None:
        """F12 with the outcome's word."""
        self.press("F12")
        self.choose(outcome)
        self.wait("没有正在办理的号")

    def choose(self, text: str) -> None:
        """A line of the inline choice, and Enter; the first one for no text."""
        self.wait("数字或方向键选择")
        if text:
            self.hands.ask("choose", name="选择", text=text)
        self.press("Return")

    # -- taking in -----------------------------------------------------------------------------------

    def open_item(self, query: str, name: str) -> None:
        """Find an item by its words and open a case for it."""
        self.hands.ask("type", name="查找事项", text=query)
        self.hands.ask("choose", name="事项列表", text=name, enter=True)

    def read_card(self, card: dict[str, Any]) -> None:
        self._reader({"card": card})
        self.press("Ctrl+I")
        self.wait("已读卡")
        self._reader({"card": None})

    def phone(self, number: str) -> None:
        self.hands.ask("type", name="申请人电话", text=number)

    def save_applicant(self) -> None:
        """F9, and the first option of every scenario question, until the material list is there."""
        self.press("F9")
        for _ in range(20):
            seen = self.wait_any(("已核 0 项", "看材料清单", "数字选择"))
            if seen == "已核 0 项":
                return
            before = self.answered()
            self.press("F9" if seen == "看材料清单" else "1")
            if seen != "看材料清单":
                self.wait_changed(before)
        raise ProcessFault("the scenario has no end")

    def answered(self) -> str:
        return "|".join(t for t in self.seen() if "？" in t or "清单" in t)

    def wait_changed(self, before: str, timeout_s: float = 8.0) -> None:
        deadline = time.monotonic() + timeout_s
        while self.answered() == before:
            if time.monotonic() > deadline:
                raise ProcessFault("an answer had no effect")
            time.sleep(0.05)

    def wait_any(self, texts: tuple[str, ...], timeout_s: float = 15.0) -> str:
        """The first of these texts that can be read, in their order."""
        return str(self.hands.ask("wait_any", texts=list(texts), timeout_s=timeout_s))

    def material_count(self) -> int:
        for text in self.seen():
            found = re.search(r"材料 (\d+) 项", text)
            if found:
                return int(found[1])
        raise ProcessFault("no material list")

    def capture(self, sheets: tuple[Sheet, ...]) -> None:
        """From the material under the cursor on: one sheet each."""
        h = self.hands
        self.press("F8")
        for n, sheet in enumerate(sheets):
            self.camera({"page": {"title": sheet.title, "lines": list(sheet.lines), "seed": sheet.seed}})
            if n:
                self.press("Return")
                self.wait("已拍 0 页")
            self.wait("实时")
            if self.before_shot is not None:
                befall, self.before_shot = self.before_shot, None
                befall()
            self.press("F8")
            h.ask("wait", text="已拍 1 页", timeout_s=30)
        self.press("F9")
        self.wait("核对无误")

    def to_first_material(self) -> None:
        self.press("Home")

    def reactivate(self, number: str) -> None:
        """Enter on the missed number in the list."""
        self.wait(number, name="等候名单")
        self.hands.ask("choose", name="等候名单", text=number, enter=True)
        self.wait("等候 1")

    def take_errand(self, case_no: str, sheet: Sheet) -> None:
        """Ctrl+B: somebody brings what a notice asked for, to whatever window."""
        self.press("Ctrl+B")
        self.wait("输入办件编号")
        self.hands.ask("type", name="办件编号", text=case_no, enter=True)
        self.main_act("打开收件", "收下并打印凭证")
        self.capture_errand(sheet)
        self.main_act("收下并打印凭证", "已收下")

    def capture_errand(self, sheet: Sheet) -> None:
        self.camera({"page": {"title": sheet.title, "lines": list(sheet.lines), "seed": sheet.seed}})
        self.press("F8")
        self.wait("实时")
        self.press("F8")
        self.hands.ask("wait", text="已拍 1 页", timeout_s=30)
        self.press("F9")
        self.wait("收下并打印凭证")

    def open_case(self, case_no: str) -> None:
        """Ctrl+K and the case number."""
        self.press("Ctrl+K")
        self.hands.ask("type", name="查找", text=case_no)
        self.wait(case_no, name="查找结果")
        self.press("Return")

    def have_in_hand(self, case_no: str) -> None:
        """Ctrl+D: choose the result, print its decision, say that both documents lie there."""
        self.press("Ctrl+D")
        self.wait("选定，核对原件")
        self.hands.ask("wait", text=case_no, name="待领结果", timeout_s=25)
        self.hands.ask("choose", name="待领结果", text=case_no)
        self.press("F9")
        self.wait("由部门送来")
        self.press("F10")
        self.wait("《准予决定书》已打印")
        for _ in range(2):
            self.press("Space")
        self.hands.ask("type", name="结果编号", text=RESULT_NO, enter=True)

    def hand_out(self, card: dict[str, Any]) -> None:
        """Read the card, hand the result over on paper signature."""
        self.press("F9")
        self.wait("领取人姓名")
        self._reader({"card": card})
        self.press("Ctrl+I")
        self.wait("已读卡")
        self._reader({"card": None})
        self.press("F9")
        self.wait("可以交付")
        self.confirm("请领取人在回证上签字")
        self.main_act("回证已签字", "已交付，送达回证")

    def may_not_hand_out(self, case_no: str) -> None:
        """Ctrl+D: the result is listed with the reason why this window may not hand it over."""
        self.press("Ctrl+D")
        deadline = time.monotonic() + 25.0
        while not any(
            case_no in row and "未授予颁发权" in row for row in self.hands.ask("rows", name="待领结果")
        ):
            must(time.monotonic() < deadline, f"{case_no} is not listed as blocked")
            time.sleep(0.2)

    def serve_slip(self, code: str) -> None:
        """Ctrl+S, and the scanner types what the slip's QR code holds: that is the claim."""
        self.press("Ctrl+S")
        self.hands.ask("type", name="号票号码", text=code, enter=True)
        self.wait("办理中")

    def home(self) -> None:
        """Esc until the desk is there."""
        for _ in range(4):
            if (
                self.can_see("没有正在办理的号")
                and self.can_see("Ctrl+K 查找")
                and not self.can_see("Esc 返回")
            ):
                return
            self.press("Esc")
            time.sleep(0.3)

    def check_all(self, count: int, *, captured: int) -> None:
        """Look at each material, then say it is right; the cursor goes on by itself.

        The first `captured` have their page. Of the others a licence is shown as e-licence (nobody's identity card
        stays in a hall), else the original is kept.
        """
        for n in range(count):
            if n >= captured:
                licence = any(t.startswith("需要：") and "电子证照" in t for t in self.seen())
                self.press("3" if licence else "K")
                self.wait("电子证照" if licence else "原件留存", name="当前材料登记")
            self.press("Space")
            while self.wait_any((f"已核 {n + 1} 项", _TOO_FEW)) == _TOO_FEW:
                said = next(t for t in self.seen() if _TOO_FEW in t)
                has = int(said.partition(_TOO_FEW)[2].split()[0])
                self.press("+")
                self.wait(f"原件 {has + 1} 份", name="当前材料登记")
                self.press("Space")
                if f"要 {has + 1} 份" not in said:
                    self.wait(f"{_TOO_FEW} {has + 1} 份")

    def find_fault(self, text: str) -> None:
        """X at the material under the cursor: what is wrong with it."""
        self.press("1")
        self.press("X")
        self.hands.ask("type", name="不符说明", text=text, enter=True)
        self.wait("有不符 1 项")

    def receive(self) -> None:
        """④ 确认, then 收件 with its receipt."""
        self.press("F9")
        self.main_act("收件并打印收件凭证", "已收件")

    def case_no(self) -> str:
        """The number of the case on the screen."""
        for text in self.seen():
            found = re.search(r"\b(\d{24})\b", text)
            if found:
                return found[1]
        raise ProcessFault("no case number on the screen")

    def main_act(self, expected: str, result: str) -> None:
        """F9, when the main button says `expected`, until `result` is to be read."""
        self.wait(expected)
        self.confirm(result)

    def confirm(self, result: str) -> None:
        """Look at the step, then F9; again where the app says that it was pressed too early."""
        for _ in range(5):
            time.sleep(max(0.0, self._main_at + LEAST_S - time.monotonic()))
            self.press("F9")
            if not self.can_see(LOOK_AGAIN):
                self.wait(result)
                return
        raise ProcessFault("F9 is ignored")

    def dispatch(self, button: str = "选席位派件") -> None:
        """To the recommended desk."""
        self.main_act(button, "承办")
        self.confirm("已派")

    def rate(self, level: int) -> None:
        """F11; the citizen presses the pad."""
        for _ in range(12):
            self.press("F11")
            try:
                self.hands.ask("wait", text="请群众评价中", timeout_s=1)
            except ProcessFault:
                continue
            break
        deadline = time.monotonic() + 10.0
        while not self._pad({"press": level}).get("taken"):
            if time.monotonic() > deadline:
                raise ProcessFault("the pad was not asked")
            time.sleep(0.1)
        self.wait("已评价，谢谢")

    def grab(self, path: Path) -> None:
        self.hands.ask("grab", path=str(path))

    def seen(self) -> list[str]:
        return [str(t) for t in self.hands.ask("texts")]

    def can_see(self, text: str) -> bool:
        return any(text in t for t in self.seen())


def must(condition: bool, what: str) -> None:
    """A step of the demo that did not happen. Raises ProcessFault."""
    if not condition:
        raise ProcessFault(what)
