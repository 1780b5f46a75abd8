"""A window clerk at the counter app: only keys, fields and what can be read on the screen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yichuang.demo.site import DEMO_PIN
from yichuang.processes import AppHands, ProcessFault


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that a citizen brings: what the document camera sees of it."""

    title: str
    lines: tuple[str, ...]
    seed: int


class Clerk:
    """One clerk at one window. Blocking; one thread."""

    def __init__(self, hands: AppHands, name: str, camera: Any, reader: Any, pad: Any) -> None:
        self.hands = hands
        self.name = name
        self._camera = camera
        self._reader = reader
        self._pad = pad

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

    def wait(self, text: str, **more: Any) -> str:
        return str(self.hands.ask("wait", text=text, **more))

    def begin_call_next(self) -> None:
        """Press F2 without waiting: another window presses at the same moment."""
        self.hands.send("key", key="F2")

    def called(self) -> str:
        """After F2: the number that was called."""
        self.hands.answer()
        self.wait("正在呼叫")
        return self.number()

    def call_next(self) -> str:
        self.begin_call_next()
        return self.called()

    def number(self) -> str:
        return str(self.hands.ask("text", name="当前号码"))

    def start(self) -> None:
        self.press("F5")
        self.wait("办理中")

    def recall_and_miss(self) -> None:
        """Nobody comes: two more calls, then missed."""
        for count in (2, 3):
            self.press("F3")
            self.wait(f"已呼 {count} 次")
        self.press("F4")
        self.choose("")
        self.wait("按 F2 呼叫")

    def done(self, outcome: str) -> None:
        """F12 with the outcome's word."""
        self.press("F12")
        self.choose(outcome)
        self.wait("按 F2 呼叫")

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
        self.press("F9")
        self.hands.ask("wait", text="申请人姓名", gone=True, timeout_s=10)

    def answer(self, number: int = 1) -> None:
        """A scenario question by the digit of its option."""
        self.press(str(number))

    def capture(self, sheets: tuple[Sheet, ...]) -> None:
        """From the material under the cursor on: one sheet each."""
        h = self.hands
        self.press("F8")
        for n, sheet in enumerate(sheets):
            self._camera({"page": {"title": sheet.title, "lines": list(sheet.lines), "seed": sheet.seed}})
            if n:
                self.press("Return")
            self.wait("实时")
            self.press("F8")
            h.ask("wait", text="已拍 1 页", timeout_s=20)
        self.press("F9")
        self.wait("已核")

    def check_all(self, count: int) -> None:
        """Look at each material, then say it is right."""
        for n in range(count):
            self.press("1")
            self.press("Space")
            self.wait(f"已核 {n + 1} 份")

    def grab(self, path: Path) -> None:
        self.hands.ask("grab", path=str(path))

    def seen(self) -> list[str]:
        return [str(t) for t in self.hands.ask("texts")]

    def can_see(self, text: str) -> bool:
        return any(text in t for t in self.seen())

    def press_pad(self, level: int) -> None:
        self._pad({"press": level})


def must(condition: bool, what: str) -> None:
    """A step of the demo that did not happen. Raises ProcessFault."""
    if not condition:
        raise ProcessFault(what)
